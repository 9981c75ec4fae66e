"""The graph as a table of text: for terminals, logs and diffs.

The one idea: one line an operation, in the order in which they ran, so that the table read downwards is
the forward pass and read upwards the backward pass. A Korean character fills two cells of a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable

from .captions import caption
from .cards import Style
from .identity import is_derivative
from .lettering import cells, clean, fitted, number, padded, shape_text, summary
from .records import Array, Edge, Graph, Node

HEADINGS = {
    "en": ("#", "layer", "op", "in", "shape", "value", "grad", "local derivative"),
    "ko": ("#", "층", "연산", "입력", "모양", "값", "기울기", "국소 미분"),
}
MAX_CELLS = 66  # of one column
MAX_NUMBERS = 8  # arrays up to so many are written out


def table(graph: Graph, style: Style | None = None, title: str | None = None) -> str:
    """The table: a line an operation, then a line a parameter."""
    style = style or Style()
    incoming: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        incoming.setdefault(edge.target, []).append(edge)
    computed = [n for n in graph.nodes if n.number]
    rows = [_operation(n, incoming.get(n.id, []), graph, style) for n in computed]
    whole = graph.operations or computed  # without operations, what there is are leaves
    rows += [_leaf(n, style) for n in graph.nodes if n.kind == "parameter" or not whole]
    for node in graph.nodes:
        if node.kind == "update":
            (source,) = (_argument(graph.node(edge.source)) for edge in incoming[node.id])
            rows.append((*(leaf := _leaf(node, style))[:3], f"← {source}", *leaf[4:]))
    headings: tuple[str, ...] = HEADINGS["ko" if style.lang == "ko" else "en"]
    if all(
        node.value is None for node in computed or graph.nodes
    ):  # a model, or a program: there are no numbers
        headings, rows = headings[:5], [row[:5] for row in rows]
    heading = caption(graph, "ko" if style.lang == "ko" else "en") if title is None else title
    return clean(heading) + "\n" + "\n".join(_aligned([headings, *rows]))


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    fitting = [[fitted(text, MAX_CELLS, cells) for text in row[:-1]] + [row[-1]] for row in rows]
    widths = [max(cells(row[k]) for row in fitting) for k in range(len(rows[0]))]
    return [
        "  ".join(padded(text, widths[k], right=k == 0) for k, text in enumerate(row)).rstrip()
        for row in fitting
    ]


def _operation(node: Node, edges: list[Edge], graph: Graph, style: Style) -> tuple[str, ...]:
    layer = clean(node.scope or ("loss" if node.kind == "loss" else "-"))
    if node.kind == "layer":
        layer = clean(node.label)
    said = node.formula if node.kind == "group" else node.label if is_derivative(node.label) else ""
    name = clean(f"{said}: {node.operation}" if said else node.operation)
    arguments = ",".join(_argument(graph.node(edge.source)) for edge in edges)
    return (
        str(node.number), layer, name, arguments, shape_text(node.shape).replace("scalar", "()"),
        *_numbers(node, style), " | ".join(_local(edge) for edge in edges if edge.flows and edge.count == 1),
    )  # fmt: skip


def _argument(node: Node) -> str:
    return f"#{node.number}" if node.number else clean(node.label)


def _leaf(node: Node, style: Style) -> tuple[str, ...]:
    shape = shape_text(node.shape).replace("scalar", "()")
    return "", clean(node.scope or "-"), clean(node.label), node.role, shape, *_numbers(node, style), ""


def _numbers(node: Node, style: Style) -> tuple[str, str]:
    if node.value is None:
        return "", ""
    value = array_text(node.value, 4 if node.kind == "loss" else 3) if style.values else ""
    if not style.grads:
        return value, ""
    return value, "–" if node.gradient is None else array_text(node.gradient, 4, signed=True)


def _local(edge: Edge) -> str:
    text = clean(edge.local)
    if edge.local_value is not None and edge.local_value.size <= MAX_NUMBERS:
        text += f" = {array_text(edge.local_value, 3)}"
    return f"{text} {edge.note}".rstrip()


def array_text(array: Array, digits: int = 3, signed: bool = False) -> str:
    """An array on one line: `[[0.620 -0.840] [-0.530 0.910]]`, or its statistics.

    Leading axes of length 1 are not written: `[0.620 -0.840]`; the shape has a column of its own.
    """
    if not array.size:
        return "[]"
    if array.size > MAX_NUMBERS:
        low, mean, high = summary(array, digits, signed, minus="-")
        return f"min {low}  mean {mean}  max {high}"
    texts = [number(x, digits, signed, minus="-") for x in array.ravel().tolist()]
    while array.ndim and array.shape[0] == 1:
        array = array[0]
    for length in reversed(array.shape):
        texts = [_bracketed(texts[k : k + length]) for k in range(0, len(texts), length)]
    return texts[0]


def _bracketed(texts: Iterable[str]) -> str:
    return f"[{' '.join(texts)}]"
