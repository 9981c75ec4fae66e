"""Large graphs: one card for many operations.

The one idea: in the order in which they ran, operations of one layer follow each other; a run becomes one
card, and as runs are intervals of that order, what is between them is a graph without cycles again. If there
are still too many, runs that repeat (thirty Dense layers of one size) become one card that says how often;
and if layers alternate too wildly for that, neighbours are joined until few enough remain.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from .identity import Ids
from .records import Edge, Graph, Node, numbers
from .words import count

MAX_CARDS = 24
LONGEST_PATTERN = 8  # in runs: an encoder's block is attention, add, normalization, dense, dense, ...
TIMES = 3  # a pattern that occurs so often in a row is drawn once


@dataclass(frozen=True, slots=True)
class Run:
    """Operations that follow each other, as `times` repetitions of one pattern."""

    nodes: list[Node]
    times: int = 1


def collapse(graph: Graph, lang: str = "both", depth: int | None = None) -> Graph:
    """The same computation, with a card for each run of operations; the output keeps its own card.

    Parameters, numbers and data that a run uses are counted on its card and not drawn.

    Args:
        graph: a trace; it needs no detail.
        lang: of the words on the cards.
        depth: how many levels of nested scopes have cards of their own; None: all levels, and then as few
            cards as can be read.

    >>> import microtensor as mt
    >>> x = mt.Variable(0.5, name="x")
    >>> for k in range(30):
    ...     with mt.scope(f"dense_{k}"):
    ...         x = mt.tanh(x * 2.0)
    >>> from microtensor.graph import trace
    >>> [node.label for node in collapse(trace(x), "en").nodes]
    ['dense_0', 'dense_1 … dense_28', 'dense_29', 'tanh']
    """
    computed = [node for node in graph.nodes if node.number and node.id != graph.root]
    runs = [Run(nodes) for nodes in _by_layer(computed, depth)]
    used: dict[str, list[Node]] = {}
    for edge in graph.edges:
        if (source := graph.node(edge.source)).kind == "parameter":
            used.setdefault(edge.target, []).append(source)
    if depth is None and len(runs) > MAX_CARDS:
        runs = _joined(_by_pattern(runs, used))
    ids, cards, owner = Ids(node.id for node in graph.nodes), list[Node](), {graph.root: graph.root}
    for run in runs:
        parameters = {p.id: p for node in run.nodes for p in used.get(node.id, ())}
        made = _card(run, list(parameters.values()), ids, lang, depth)
        cards.append(made)
        owner.update((node.id, made.id) for node in run.nodes)
    own = {e.source for e in graph.edges if e.target == graph.root and e.source not in owner}
    edges = _joined_edges(graph, owner)
    edges += [e for e in graph.edges if e.target == graph.root and e.source in own]
    leaves = [node for node in graph.nodes if node.id in own]
    root = graph.node(graph.root)
    return Graph((*cards, *leaves, root), tuple(edges), (), graph.root, graph.operations, len(cards) + 1)


def _layer(node: Node, depth: int | None) -> str:
    return node.scope if depth is None else "/".join(node.scope.split("/")[:depth])


def _by_layer(nodes: list[Node], depth: int | None) -> list[list[Node]]:
    runs: list[list[Node]] = []
    for node in nodes:
        if not runs or _layer(runs[-1][-1], depth) != _layer(node, depth):
            runs.append([])
        runs[-1].append(node)
    return runs


def _by_pattern(runs: list[Run], used: dict[str, list[Node]]) -> list[Run]:
    """Runs that do the same, one after the other, as one: the longest repetition from each place on."""
    kinds = dict[tuple[object, ...], int]()
    does = [
        kinds.setdefault(
            tuple((n.operation, n.shape, *(p.shape for p in used.get(n.id, ()))) for n in run.nodes),
            len(kinds),
        )
        for run in runs
    ]
    found, k = list[Run](), 0
    while k < len(runs):
        period, times = 1, 1
        for length in range(1, LONGEST_PATTERN + 1):
            repeats, pattern = 1, does[k : k + length]
            while does[k + repeats * length : k + (repeats + 1) * length] == pattern:
                repeats += 1
            if repeats >= TIMES and repeats * length > period * times:
                period, times = length, repeats
        part = runs[k : k + period * times]
        found.append(Run([node for run in part for node in run.nodes], times))
        k += len(part)
    return found


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours as one, until there are few enough."""
    step = -(-len(runs) // MAX_CARDS)
    if step <= 1:
        return runs
    return [Run([n for run in runs[k : k + step] for n in run.nodes]) for k in range(0, len(runs), step)]


def _card(run: Run, parameters: list[Node], ids: Ids, lang: str, depth: int | None) -> Node:
    scopes = list(dict.fromkeys(_layer(node, depth) for node in run.nodes))
    name = scopes[0] if len(scopes) == 1 else f"{scopes[0]} … {scopes[-1]}"
    first, last = run.nodes[0], run.nodes[-1]
    kinds = Counter(node.operation for node in run.nodes)
    parts = [count(len(run.nodes), "operations", lang)]
    if run.times > 1:
        parts[0] = f"{run.times:,} × {count(len(run.nodes) // run.times, 'operations', lang)}"
    if parameters:
        parts.append(count(sum(map(numbers, parameters)), "params", lang))
    frequent = " · ".join(f"{kind} ×{times:,}" for kind, times in kinds.most_common(3))
    return replace(
        last, id=ids.new(scopes[0], "operations"), kind="group", role="group",
        label=name if name.strip(" …") else f"#{first.number} … #{last.number}",
        operations=len(run.nodes),
        formula=" · ".join(parts), operation=frequent + (" · …" if len(kinds) > 3 else ""),
    )  # fmt: skip


def _joined_edges(graph: Graph, owner: dict[str, str]) -> list[Edge]:
    """One edge for all values that go from one card to another."""
    found: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        pair = owner.get(edge.source), owner.get(edge.target)
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            found.setdefault((pair[0], pair[1]), []).append(edge)
    return [
        replace(
            edges[0],
            source=source,
            target=target,
            flows=any(e.flows for e in edges),
            count=len(edges),
            local=edges[0].local if target == graph.root else "",  # inside a card nobody sees whose it is
            note="",
            stretch="",
        )
        for (source, target), edges in found.items()
    ]
