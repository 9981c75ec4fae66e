"""Large graphs: one card for a run of operations of one layer.

The one idea: in the order in which they ran, operations of one layer follow each other; a run becomes one
card, and as runs are intervals of that order, what is between them is a graph without cycles again. If
layers alternate too often, neighbouring runs are joined until few enough remain.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from .identity import Ids
from .records import Edge, Graph, Node
from .words import count

MAX_CARDS = 60


def collapse(graph: Graph, lang: str = "both") -> Graph:
    """The same computation, with a card for each run of operations; the output keeps its own card.

    Parameters, numbers and data that a run uses are counted on its card and not drawn.
    """
    computed = [node for node in graph.nodes if node.number and node.id != graph.root]
    runs = _runs(computed)
    leaves: dict[str, list[str]] = {}
    for edge in graph.edges:
        leaves.setdefault(edge.target, []).append(edge.source)
    ids, cards, owner = Ids(node.id for node in graph.nodes), list[Node](), {graph.root: graph.root}
    for run in runs:
        scopes = list(dict.fromkeys(node.scope for node in run))
        parameters = {
            name: graph.node(name)
            for node in run
            for name in leaves.get(node.id, ())
            if graph.node(name).kind == "parameter"
        }
        made = _card(run, scopes, list(parameters.values()), ids, lang)
        cards.append(made)
        owner.update((node.id, made.id) for node in run)
    root = graph.node(graph.root)
    edges = _joined_edges(graph, owner)
    root_leaves = {e.source for e in graph.edges if e.target == graph.root and e.source not in owner}
    used = [node for node in graph.nodes if node.id in root_leaves]
    edges += [e for e in graph.edges if e.target == graph.root and e.source in root_leaves]
    return Graph((*cards, *used, root), tuple(edges), (), graph.root, graph.operations, len(cards) + 1)


def _runs(nodes: list[Node]) -> list[list[Node]]:
    runs: list[list[Node]] = []
    for node in nodes:
        if not runs or runs[-1][-1].scope != node.scope:
            runs.append([])
        runs[-1].append(node)
    joined = -(-len(runs) // MAX_CARDS)
    return [[node for run in runs[k : k + joined] for node in run] for k in range(0, len(runs), joined or 1)]


def _card(run: list[Node], scopes: list[str], parameters: list[Node], ids: Ids, lang: str) -> Node:
    name = scopes[0] if len(scopes) == 1 else f"{scopes[0]} … {scopes[-1]}"
    last, label = run[-1], name or f"#{run[0].number} … #{run[-1].number}"
    kinds = Counter(node.operation for node in run)
    parts = [count(len(run), "operations", lang)]
    if parameters:
        parts.append(count(sum(p.value.size for p in parameters), "params", lang))
    frequent = " · ".join(f"{kind} ×{times:,}" for kind, times in kinds.most_common(3))
    return replace(
        last, id=ids.new(scopes[0], "operations"), kind="group", role="group", label=label,
        operations=len(run),
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
        )
        for (source, target), edges in found.items()
    ]
