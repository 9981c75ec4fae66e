"""What is remarkable about a node: NaN, a dead ReLU, a saturated sigmoid, a parameter that learns nothing.

The one idea: a net that does not learn shows why in its numbers, if one knows where to look; a badge looks.
Each rule here reads only what the trace holds, and says what it found in words, as colours alone say nothing
to many. A badge is about this trace, of this batch: a unit that is off for these inputs may be on for others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .cards import Style
from .records import Array, Edge, Graph, Node
from .words import joined, word

DEAD = ("relu", "relu6", "clipped_relu")  # 0, with the derivative 0, on half of the line
SATURATED = 0.04  # a derivative below this part of its largest one hardly lets a gradient through


@dataclass(frozen=True, slots=True)
class Badge:
    """A sentence on a card. `kind`: "bad" is an error, "warn" a hint, "good" a proof, "note" an aside."""

    kind: str
    text: str


def badges(graph: Graph, style: Style) -> dict[str, tuple[Badge, ...]]:
    """The badges of each node that has any."""
    incoming: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        incoming.setdefault(edge.target, []).append(edge)
    parts = Counter(edge.source for edge in graph.edges if edge.flows and edge.count == 1)
    found = {}
    for node in graph.nodes:
        arguments = [graph.node(edge.source) for edge in incoming.get(node.id, ())]
        mine = tuple(_of(node, arguments, parts[node.id], graph, style))
        if mine:
            found[node.id] = mine
    return found


def _of(node: Node, arguments: list[Node], parts: int, graph: Graph, style: Style) -> Iterator[Badge]:
    lang = style.lang
    if node.value is not None and style.values:
        what = _not_finite(node.value)
        if what:
            first = node.number and not any(x.value is not None and _not_finite(x.value) for x in arguments)
            yield Badge("bad", what + (f" · {word('starts here', lang)}" if first else ""))
        elif node.number and node.kind != "group":
            yield from _stuck(node, lang)
    if not style.grads:
        return
    gradient = node.gradient
    if gradient is not None:
        what = _not_finite(gradient)
        if what:
            yield Badge("bad", f"{joined('gradient', '기울기', lang, by=' ')} {what}")
        elif gradient.size and not gradient.any() and node.kind in ("operation", "parameter"):
            yield Badge("warn", word("zero gradient", lang))
    elif node.kind == "parameter" and graph.operations:
        yield Badge("warn", word("not reached", lang))
    if parts > 1 and gradient is not None and not style.compact:
        yield Badge("note", word("sum", lang).format(*[parts] * 2))
    if node.check is not None:
        mark, key, kind = ("✓", "checked", "good") if node.check else ("✗", "wrong", "bad")
        yield Badge(kind, f"{mark} {word(key, lang)}")


def _not_finite(array: Array) -> str:
    """`NaN ×3`, `∞ ×2`, both, or nothing."""
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return ""
    nan = int(np.isnan(array).sum())
    infinite = int(np.isinf(array).sum())
    return " ".join(
        f"{name} ×{n}" if array.size > 1 else name for name, n in (("NaN", nan), ("∞", infinite)) if n
    )


def _stuck(node: Node, lang: str) -> Iterator[Badge]:
    """Units whose derivative is 0, or nearly, for all of this batch."""
    value, name = node.value, node.operation
    assert value is not None
    if not value.size or value.dtype.kind != "f":
        return
    if name in DEAD:
        units = value.reshape(-1, value.shape[-1] if value.ndim else 1)
        dead = int((units <= 0).all(axis=0).sum())
        if dead and (len(units) > 1 or dead == value.size):  # for one sample, some units are always off
            share = f" {dead}/{units.shape[1]}" if units.shape[1] > 1 else ""
            yield Badge("warn", f"ReLU {word('dead', lang)}{share}")
    elif name in ("sigmoid", "tanh"):
        slope = 4 * value * (1 - value) if name == "sigmoid" else 1 - value * value
        stuck = int((slope < SATURATED).sum())
        if 2 * stuck >= value.size:
            share = f" {stuck}/{value.size}" if value.size > 1 else ""
            yield Badge("warn", f"{word('saturated', lang)}{share}")
