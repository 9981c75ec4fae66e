"""What is said about a picture as a whole: the caption, the description, the legend.

The one idea: whoever sees the picture without having seen the code must know what it is of, how large it
is, and whether something was left out.
"""

from __future__ import annotations

from .cards import Style
from .lettering import clean, fitted, number, width
from .records import Graph, numbers
from .words import WORDS, count, joined, word

NAME, MAX_NAME = 11.5, 300.0  # the font size of a layer's name; the room it gets at most


def caption(graph: Graph, lang: str) -> str:
    """`mse = 0.1597 · 7 operations, 4 parameters (9 numbers)`, and what was collapsed."""
    root = graph.node(graph.root)
    counts = totals(graph, lang)
    value = f" = {number(root.value[()], 4)}" if root.shape == () and root.value is not None else ""
    text = f"{root.label}{value}"
    if counts:
        text += f" · {counts}"
    if graph.collapsed:
        text += " " + _collapsed(graph, lang)
    if root.shape and root.gradient is not None:
        text += " · " + joined("gradients of the sum of its elements", "원소 합의 기울기", lang)
    return text


def totals(graph: Graph, lang: str) -> str:
    """`7 operations, 4 parameters (9 numbers)`."""
    parameters = [numbers(node) for node in graph.nodes if node.kind == "parameter"]
    parts = [count(graph.operations, "operations", lang)] if graph.operations else []
    if parameters and not graph.collapsed:
        size = count(sum(parameters), "numbers", lang)
        parts.append(f"{count(len(parameters), 'parameters', lang)} ({size})")
    if updates := sum(node.kind == "update" for node in graph.nodes):
        parts.append(count(updates, "updates", lang))
    return ", ".join(parts)


def _collapsed(graph: Graph, lang: str) -> str:
    """Where nothing is left out nothing is said; here each card stands for many operations."""
    cards = f"{graph.collapsed:,}"
    return joined(f"in {cards} groups", f"카드 {cards}개에 묶음", lang)


def description(graph: Graph) -> str:
    """For those who do not see the picture."""
    layers = [group.id for group in graph.groups]
    models = [node for node in graph.nodes if node.kind == "layer"]
    if models:
        return f"A model of {count(len(models), 'layers', 'en')}, in the order in which data pass them."
    text = f"A graph of {count(graph.operations, 'operations', 'en')}"
    if layers:
        text += f" in {', '.join(layers[:12])}"
    root = graph.node(graph.root)
    if root.shape == () and root.value is not None:
        text += f"; {root.label} is {number(root.value[()], 4)}"
    flows = any(edge.flows for edge in graph.edges)
    return f"{text}. Values flow along solid lines{', gradients back along dashed ones' if flows else ''}."


def legend(graph: Graph, style: Style) -> list[tuple[str, str]]:
    """(kind, words) of each line and border in the picture."""
    lang, kinds = style.lang, {node.kind for node in graph.nodes}
    items = []
    if graph.edges:
        items.append(("forward", joined("value", "값", lang) + _aside("forward", "순전파", lang)))
    if style.grads and any(edge.flows for edge in graph.edges):
        back = joined("gradient", "기울기", lang) + _aside("backward", "역전파", lang)
        items.append(("back", f"{back}: {word('local', lang)}" if not graph.collapsed else back))
    if "input" in kinds:
        items.append(("input", f"{word('input', lang)} ({joined(*WORDS['no gradient'], lang=lang)})"))
    items += [
        (kind, word(kind, lang))
        for kind in (
            *("parameter", "constant", "operation", "loss", "update", "reference", "layer", "group"),
        )
        if kind in kinds
    ]
    return items


def _aside(english: str, korean: str, lang: str) -> str:
    return f" ({joined(english, korean, lang)})"


def frame_name(group: str, parameters: int, lang: str) -> str:
    """The layer's title as its frame bears it: one line, and no wider than a few cards."""
    return fitted(clean(layer_title(group, parameters, lang)), MAX_NAME, name_width)


def name_width(name: str) -> float:
    """Of a layer's name on its frame."""
    return width(name, NAME, bold=True)


def layer_title(group: str, parameters: int, lang: str) -> str:
    """`dense · 6 params`; the loss's own group, and what runs backward, are called by their words."""
    layer, _, last = group.rpartition("/")
    where = [layer if last == "backward" else group]
    where[0] = joined(*WORDS["loss"], lang=lang) if where[0] == "loss" else where[0]
    name = " · ".join([*filter(None, where), *([word("backward", lang)] if last == "backward" else [])])
    return f"{name} · {count(parameters, 'params', lang)}" if parameters else name
