"""Which cell of a grid each node stands in: columns by rank, rows by path.

The one idea: the data path is a straight line, the spine. From the output backwards each node continues
the row of the node that uses it, through its first computed argument; what branches off takes the next
free row below. Columns count from the output, so a node stands right before the first one that needs it;
of several outputs, as programs have, each stands right after what it needs. What is used once and was not
computed (weights, targets, numbers) stands under its user as a satellite, and takes no cell. Each cell
holds one node, so cards cannot overlap, whatever the graph is.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass

from .records import Edge, Graph, Node

MAX_SATELLITES = 3  # more would make a card as wide as a page; the others stand before it, as branches
COMPUTED = ("operation", "loss", "group", "layer", "update")


@dataclass(frozen=True, slots=True)
class Placement:
    """Heads are the nodes in cells; satellites stand under one. `spine`: the argument in a head's row."""

    column: dict[str, int]
    track: dict[str, int]
    satellites: dict[str, list[str]]  # of every head
    spine: dict[str, str]

    @property
    def heads(self) -> list[str]:
        return list(self.column)


def place(graph: Graph) -> Placement:
    """The cell of each node of the graph."""
    incoming: dict[str, list[Edge]] = {}
    users: dict[str, dict[str, None]] = {}
    for edge in graph.edges:
        incoming.setdefault(edge.target, []).append(edge)
        users.setdefault(edge.source, {})[edge.target] = None
    nodes = {node.id: node for node in graph.nodes}
    spine, satellites = {}, {}
    under: set[str] = set()
    for node in graph.nodes:
        arguments = list(dict.fromkeys(edge.source for edge in incoming.get(node.id, ())))
        once = [a for a in arguments if nodes[a].kind not in COMPUTED and len(users[a]) == 1]
        before = [a for a in arguments if a not in once]
        first = before[0] if before else _starts(once, nodes)
        if first is not None:
            spine[node.id] = first
        below = [a for a in once if a != first][:MAX_SATELLITES]
        satellites[node.id] = below
        under.update(below)
    order = [node.id for node in graph.nodes if node.id not in under]
    column = _columns(order, users)
    track = _tracks(order, column, users, spine)
    return Placement(column, track, {head: satellites[head] for head in order}, spine)


def _starts(leaves: list[str], nodes: dict[str, Node]) -> str | None:
    """With which of its leaves a path begins: with data, if there are any."""
    kinds = {"input": 0, "parameter": 1, "reference": 2, "constant": 3}
    return min(leaves, key=lambda leaf: kinds[nodes[leaf].kind], default=None)


def _columns(order: list[str], users: dict[str, dict[str, None]]) -> dict[str, int]:
    """`order` is topological, so a walk there finds where each end can stand at the earliest, and one back
    sets everything right before the first that needs it.
    """
    earliest = dict.fromkeys(order, 0)
    for head in order:
        for user in users.get(head, ()):
            earliest[user] = max(earliest[user], earliest[head] + 1)
    column: dict[str, int] = {}
    for head in reversed(order):
        column[head] = min((column[user] - 1 for user in users.get(head, ())), default=earliest[head])
    return {head: column[head] for head in order}


def _tracks(
    order: list[str], column: dict[str, int], users: dict[str, dict[str, None]], spine: dict[str, str]
) -> dict[str, int]:
    track: dict[str, int] = {}
    taken: list[list[tuple[int, int]]] = []  # of each track: the column intervals in use, sorted
    for head in reversed(order):
        if head in track:
            continue
        path = [head]
        while (before := spine.get(path[-1])) is not None and before not in track:
            path.append(before)
        interval = (column[path[-1]], column[head])
        above = min((track[user] for user in users.get(head, ())), default=-1)
        row = next((k for k in range(above + 1, len(taken)) if _is_free(taken[k], interval)), len(taken))
        if row == len(taken):
            taken.append([])
        insort(taken[row], interval)
        track.update(dict.fromkeys(path, row))
    return track


def _is_free(intervals: list[tuple[int, int]], wanted: tuple[int, int]) -> bool:
    """Is there room, with an empty column on either side, so that lines of two paths do not run into one?"""
    at = bisect_left(intervals, wanted)
    left_is_free = at == 0 or intervals[at - 1][1] + 1 < wanted[0]
    return left_is_free and (at == len(intervals) or intervals[at][0] > wanted[1] + 1)
