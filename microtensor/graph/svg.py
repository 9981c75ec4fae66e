"""The picture: an SVG of the graph, complete in one file.

The one idea: nothing is decided here. Cards know their lines and the layout knows every place; this room
writes them down as SVG, every text escaped, so that a name can only ever be text.

A page around the picture finds things by attributes, since ids would meet those of a second picture:

    g[data-node="dense/matmul"]       a card, its class is the node's kind; inside are text.title, text.sub,
                                      g.values and g.grads (a rect, then a text for each number, row by
                                      row), g.badge
    g.edge[data-source="dense/kernel"][data-target="dense/matmul"][data-argument="1"]
                                      path.forward and path.back with their heads; text.label has the same
                                      attributes, and stands after all lines
    g.frame[data-group="dense"]       a layer, or a piece of one; text.name has the same attribute, and stands
                                      after all lines

These names do not change while the program that made the graph does not.
"""

from __future__ import annotations

import math

from .captions import caption, description, frame_name, layer_title, legend, name_width
from .cards import BADGE, ROW, SIDE, SUB, Block, Card, Style
from .folding import fold
from .layout import AFTER_NAME, Frame, Layout, Placed, layout
from .lettering import clean, escape, fitted, number, shape_text, width
from .markup import document, n, rect, text
from .records import Array, Edge, Graph
from .routing import Line, Point, Wire
from .thickness import norm, thickness

RADIUS = {"layer": 9.0, "input": 14.0, "constant": 3.0, "reference": 3.0, "group": 4.0}


def svg(graph: Graph, style: Style | None = None, theme: str = "auto", title: str | None = None) -> str:
    """The SVG of a graph. ValueError for an unknown theme."""
    style = style or Style()
    plan = fold(layout(graph, style), style.width)
    heading = caption(graph, style.lang) if title is None else title
    w = max(plan.width, min(52 + width(clean(heading), 11.5), 1100.0))
    key, bottom = _legend(graph, style, plan.height - 16.0, w - 26.0)
    h = bottom + 16.0
    parts = [
        text("caption", 26, 22, fitted(clean(heading), w - 52, lambda t: width(t, 11.5))),
        *(_frame(frame, style) for frame in plan.frames),
        *_wires(plan, style),
        *(_frame_name(frame, style) for frame in plan.frames),
        *(text("sub", x, y - 4, _carried(graph, source)) for x, y, source in plan.breaks),
        *(_card(placed, style) for placed in plan.cards.values()),
        key,
    ]
    return document(parts, w, h, theme, heading, description(graph))


def _frame(frame: Frame, style: Style) -> str:
    box = frame.box
    return (
        f'<g class="frame" data-group="{escape(frame.group)}">'
        f"<title>{escape(layer_title(frame.group, frame.parameters, style.lang))}</title>"
        f"{rect('layer', box.x, box.y, box.width, box.height, 10)}</g>"
    )


def _frame_name(frame: Frame, style: Style) -> str:
    """Over the lines, since some come in from above."""
    name = frame_name(frame.group, frame.parameters if frame.first else 0, style.lang)
    name = fitted(name, frame.box.width - frame.start - AFTER_NAME, name_width)
    address = f' data-group="{escape(frame.group)}"'
    return text("name", frame.box.x + frame.start, frame.box.y + 17, name, address=address)


# --- lines --------------------------------------------------------------------------------------------------


def _wires(plan: Layout, style: Style) -> list[str]:
    """All lines; those of the gradient as wide as the gradient that flows there is large."""
    sizes = {id(wire): norm(wire.edge.contribution) for wire in plan.wires}
    largest = max(sizes.values(), default=0.0)
    lines = [_wire(wire, style, thickness(sizes[id(wire)], largest)) for wire in plan.wires]
    labels = [
        text(
            "label there" if line.there else "label",
            wire.x,
            wire.y + 11 * k,
            line,
            wire.anchor,
            _address(wire.edge),
        )
        for wire in plan.wires
        for k, line in enumerate(wire.lines)
    ]
    return [*lines, *labels]  # labels last, over all lines


def _carried(graph: Graph, source: str) -> str:
    """What a line that comes from another row of the page carries."""
    node = graph.node(source)
    return fitted(f"#{node.number}" if node.number else clean(node.label), 44.0, lambda t: width(t, SUB))


def _wire(wire: Wire, style: Style, wide: float) -> str:
    edge = wire.edge
    parts = [f'<g class="edge"{_address(edge)}><title>{escape(_edge_title(edge, style))}</title>']
    last = len(wire.forward) - 1
    for k, line in enumerate(wire.forward):
        parts.append(f'<path class="forward" d="{_path(line, end=7 if k == last else 0)}"/>')
    parts.append(_arrow("forwardhead", wire.forward[-1][-2], wire.forward[-1][-1]))
    if edge.flows and style.grads:
        # Drawn from the source on, so that the dashes of lines that share a trunk fall on each other.
        for k, line in enumerate(wire.back):
            stroke = f'style="stroke-width:{n(wide)}"'
            parts.append(f'<path class="back" {stroke} d="{_path(line, start=0 if k else 7)}"/>')
        parts.append(_arrow("backhead", wire.back[0][1], wire.back[0][0]))
    return "".join(parts) + "</g>"


def _address(edge: Edge) -> str:
    ends = f' data-source="{escape(edge.source)}" data-target="{escape(edge.target)}"'
    return f'{ends} data-argument="{edge.argument}"'


def _edge_title(edge: Edge, style: Style) -> str:
    said = f"{edge.source} → {edge.target}"
    if edge.flows and edge.count == 1 and style.grads:
        said += f"; gradient: {edge.local} {edge.note}".rstrip()
        part = edge.contribution
        if part is not None and 0 < part.size <= 16:
            said += " = " + " ".join(number(x, 4, signed=True) for x in part.ravel().tolist())
    return said


def _path(points: Line, start: float = 0.0, end: float = 0.0) -> str:
    """A line with round corners, shortened where an arrow's head is."""
    corners = list(points)
    corners[0], corners[-1] = _toward(corners[0], corners[1], start), _toward(corners[-1], corners[-2], end)
    path = f"M{n(corners[0][0])},{n(corners[0][1])}"
    for before, at, after in zip(corners, corners[1:], corners[2:], strict=False):
        room = min(6.0, math.dist(before, at) / 2, math.dist(at, after) / 2)
        a, b = _toward(at, before, room), _toward(at, after, room)
        path += f" L{n(a[0])},{n(a[1])} Q{n(at[0])},{n(at[1])} {n(b[0])},{n(b[1])}"
    return path + f" L{n(corners[-1][0])},{n(corners[-1][1])}"


def _toward(a: Point, b: Point, step: float) -> Point:
    length = math.dist(a, b)
    if not step or not length:
        return a
    return a[0] + (b[0] - a[0]) * step / length, a[1] + (b[1] - a[1]) * step / length


def _arrow(kind: str, before: Point, tip: Point) -> str:
    x, y = n(tip[0]), n(tip[1])
    if before[0] == tip[0]:
        sign = "-" if tip[1] > before[1] else ""
        return f'<path class="{kind}" d="M{x},{y} l-3.8,{sign}8 h7.6z"/>'
    sign = "-" if tip[0] > before[0] else ""
    return f'<path class="{kind}" d="M{x},{y} l{sign}8,-3.8 v7.6z"/>'


# --- cards --------------------------------------------------------------------------------------------------


def _card(placed: Placed, style: Style) -> str:
    card, box = placed.card, placed.box
    node = card.node
    parts = [
        f'<g class="{node.kind}" data-node="{escape(node.id)}">',
        f"<title>{escape(_card_title(card, style))}</title>",
        rect("card", box.x, box.y, box.width, box.height, RADIUS.get(node.kind, 7.0)),
        text("title", box.x + SIDE, box.y + 17, card.title),
    ]
    if card.corner:
        parts.append(text("corner", box.right - SIDE, box.y + 16, card.corner, "end"))
    is_formula = card.third and node.number and node.kind != "group"
    parts.append(text("sub formula" if is_formula else "sub", box.x + SIDE, box.y + 30, card.second))
    if card.third:
        parts.append(text("sub", box.x + SIDE, box.y + 43, card.third))
    y = box.y + card.head
    for block in card.blocks:
        parts.append(_block(block, box.x + 5, y, box.width - 10))
        y += block.height + 4
    for badge in card.badges:
        parts.append(
            f'<g class="badge {badge.kind}">{rect("pill", box.x + 5, y, box.width - 10, BADGE - 2, 6)}'
            f"{text('sub', box.x + SIDE, y + 10, badge.text)}</g>"
        )
        y += BADGE
    return "\n".join(parts) + "\n</g>"


def _card_title(card: Card, style: Style) -> str:
    """What a reader hears, and sees when pointing at the card."""
    node = card.node
    parts = [node.id, node.role, f"shape {shape_text(node.shape)}"]
    if node.formula and node.kind not in ("group", "layer"):
        parts.insert(1, f"{node.symbol} = {node.formula}")
    value, gradient = node.value if style.values else None, node.gradient if style.grads else None
    for name, array, digits in (("value", value, 4), ("gradient", gradient, 6)):
        if array is not None and 0 < array.size <= 16:
            parts.append(f"{name} {' '.join(number(x, digits) for x in array.ravel().tolist())}")
    return ", ".join([*parts, *(badge.text for badge in card.badges)])


def _block(block: Block, x: float, y: float, w: float) -> str:
    kind = "grad" if block.gradient else "value"
    parts = [f'<g class="{kind}s">', rect("", x, y, w, block.height, 3)]
    for k, row in enumerate(block.rows):
        step = w / max(1, len(row))
        parts += [text("", x + step * (j + 0.5), y + ROW * k + 11, words) for j, words in enumerate(row)]
    if block.heat is not None:
        parts.append(_heat(block.heat, kind, x + 4, y + ROW * len(block.rows) + 1, w - 8))
    return "\n".join(parts) + "</g>"


def _heat(heat: Array, kind: str, x: float, y: float, w: float) -> str:
    """A cell's darkness is its size; negative ones are lower."""
    step, cells = w / heat.shape[1], []
    for i, row in enumerate(heat.tolist()):
        for j, size in enumerate(row):
            if abs(size) < 0.02:
                continue
            top, height = (y + 6 * i, 5.0) if size > 0 else (y + 6 * i + 2.5, 2.5)
            cells.append(
                f'<rect class="{kind}" x="{n(x + step * j)}" y="{n(top)}" width="{n(step - 1)}" '
                f'height="{n(height)}" fill-opacity="{abs(size):.2f}"/>'
            )
    return "".join(cells)


# --- the legend ---------------------------------------------------------------------------------------------


def _legend(graph: Graph, style: Style, y: float, right: float) -> tuple[str, float]:
    """What the lines and borders mean (only those that occur), in rows; and the last row's height."""
    x, parts = 26.0, list[str]()
    for kind, words in legend(graph, style):
        room = 34.0 if kind in ("forward", "back") else 22.0
        step = room + width(words, SUB)
        if x > 26.0 and x + step > right:
            x, y = 26.0, y + 19.0
        if kind == "forward":
            parts.append(f'<path class="forward" d="M{n(x)},{n(y - 4)} h20"/>')
            parts.append(_arrow("forwardhead", (x, y - 4), (x + 28, y - 4)))
        elif kind == "back":
            parts.append(f'<path class="back" style="stroke-width:1.8" d="M{n(x + 8)},{n(y - 4)} h20"/>')
            parts.append(_arrow("backhead", (x + 28, y - 4), (x, y - 4)))
        else:
            radius = min(5.0, RADIUS.get(kind, 3.0))
            parts.append(f'<g class="{kind}">{rect("card", x, y - 11, 16, 13, radius)}</g>')
        parts.append(text("sub", x + room, y, words))
        x += step + 20
    return '<g class="legend">' + "\n".join(parts) + "</g>", y
