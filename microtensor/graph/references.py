"""Cards for what stands far away: a program's picture without lines over the whole page.

The one idea: backward reads what forward made, and the update reads the weights again, so in a picture of a
whole step most lines would run from one end to the other. As in a book, what was said long ago is not pointed
at but named: it stands again as a small card, beside the operation that reads it.
"""

from __future__ import annotations

from dataclasses import replace

from .identity import Ids
from .records import Edge, Graph, Node, groups_of
from .words import WORDS, joined


def referenced(graph: Graph, lang: str) -> Graph:
    """The same graph, in which weights and data that are read again, and values that backward reads from
    forward, have a card at each place. One line from forward to backward stays: the path of the data.
    """
    place = {node.id: k for k, node in enumerate(graph.nodes)}
    crossing = [e for e in graph.edges if not _is_backward(graph, e.source) and _is_backward(graph, e.target)]
    computed = [edge for edge in crossing if graph.node(edge.source).number]
    kept = max(computed, key=lambda e: (place[e.source], -place[e.target]), default=None)
    ids, seen = Ids(place), dict[str, str]()
    before: dict[str, list[Node]] = {}
    edges = list[Edge]()
    for edge in graph.edges:
        source = graph.node(edge.source)
        again = not source.number and seen.setdefault(source.id, edge.target) != edge.target
        far = source.number and edge in computed and edge is not kept
        if again or far:
            made = _reference(source, graph.node(edge.target).scope, ids, lang)
            before.setdefault(edge.target, []).append(made)
            edge = replace(edge, source=made.id)
        edges.append(edge)
    nodes = [node for user in graph.nodes for node in (*before.get(user.id, ()), user)]
    groups = groups_of(nodes) if graph.groups else ()
    return replace(graph, nodes=tuple(nodes), edges=tuple(edges), groups=groups)


def _is_backward(graph: Graph, id: str) -> bool:
    return graph.node(id).scope.rpartition("/")[2] == "backward"


def _reference(node: Node, scope: str, ids: Ids, lang: str) -> Node:
    label = node.symbol if node.number and node.kind != "group" else node.label
    said = f"= {node.id}" if node.id != label else joined(*WORDS[node.role], lang=lang, by=" ")
    return replace(node, id=ids.new(scope, f"{label}_again"), kind="reference", label=label, scope=scope,
                   formula=said, number=0, value=None)  # fmt: skip
