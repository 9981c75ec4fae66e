"""A model as boxes one after the other, and a picture of them in pure Python.

The one idea: a model here is a chain, so its picture is a row or a column of boxes; models inside it are
frames around some of them. What stands in a box is decided once, for the SVG and for Graphviz alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .graph.identity import Ids
from .graph.lettering import clean, escape, width
from .graph.style import style_sheet
from .nn.sequential import Sequential

DIRECTIONS = ("TB", "BT", "LR", "RL")
TITLE, SUB = 12.5, 9.5  # font sizes, as in the style sheet
HEAD, ROW, SIDE, GAP, PAD = 26.0, 22.0, 10.0, 34.0, 24.0  # GAP between boxes, PAD inside frames


@dataclass(frozen=True, slots=True)
class Cell:
    """`Output shape: **(None, 2)**`; `learns` is whether weights learn, for the cell that says so."""

    label: str
    text: str
    learns: bool | None = None

    @property
    def line(self) -> str:
        return f"{self.label}: {self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Box:
    """A layer. `inside` are the names of the models around it, outermost first."""

    id: str
    name: str
    kind: str
    rows: tuple[tuple[Cell, ...], ...]
    inside: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.name} ({self.kind})" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Shown:
    """What the user chose to see, by Keras' names."""

    shapes: bool = False
    dtype: bool = False
    layer_names: bool = True
    activations: bool = False
    trainable: bool = False
    nested: bool = False


def boxes(model: Any, shown: Shown) -> list[Box]:
    """The layers in the order in which they run; a model that is no Sequential is one box."""
    shape = getattr(model, "input_shape", None)
    found, ids = list[Box](), Ids()
    # Models that are being gone through: (the rest of its layers, the names around them).
    waiting: list[tuple[Iterator[Any], tuple[str, ...]]] = [
        (iter(model.layers if isinstance(model, Sequential) else [model]), ())
    ]
    while waiting:
        layers, inside = waiting[-1]
        layer = next(layers, None)
        if layer is None:
            waiting.pop()
        elif shown.nested and isinstance(layer, Sequential) and layer is not model:
            waiting.append((iter(layer.layers), (*inside, layer.name)))
        else:
            after = _shape_after(layer, shape)
            id = ids.new("/".join(inside), layer.name)
            name = layer.name if shown.layer_names else ""
            found.append(Box(id, name, type(layer).__name__, _rows(layer, shape, after, shown), inside))
            shape = after
    return found


def _shape_after(layer: Any, shape: Any) -> Any:
    """The output's shape by the layer's rule; without a rule, as it was when the layer was called."""
    if shape is not None:
        try:
            return layer.compute_output_shape(shape)
        except NotImplementedError:
            pass
    return getattr(layer, "_output_shape", None)


def _rows(layer: Any, before: Any, after: Any, shown: Shown) -> tuple[tuple[Cell, ...], ...]:
    rows = []
    activation = getattr(layer, "activation", None)
    if shown.activations and activation is not None:
        name = getattr(activation, "name", None) or getattr(activation, "__name__", str(activation))
        rows.append((Cell("Activation", str(name)),))
    cells = []
    if shown.shapes:
        cells += [Cell("Input shape", _shape_text(before)), Cell("Output shape", _shape_text(after))]
    if shown.dtype:
        cells.append(Cell("Output dtype", str(layer.dtype)))
    if shown.trainable and layer.weights:
        learns = bool(layer.trainable)
        cells.append(Cell("", "Trainable" if learns else "Non-trainable", learns))
    return (*rows, tuple(cells)) if cells else tuple(rows)


def _shape_text(shape: Any) -> str:
    if isinstance(shape, dict):
        return ", ".join(f"{name}: {part}" for name, part in shape.items())
    return "?" if shape is None else str(shape)


# --- the picture --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Place:
    """A rectangle by its extent along the chain, `start` to `end`, and across it, around the middle line."""

    start: float
    end: float = 0.0
    across: float = 0.0
    name: str = ""
    children: list[Place] = field(default_factory=list)


def svg(chain: list[Box], title: str, direction: str = "TB", theme: str = "auto") -> str:
    """The boxes as an SVG file, down, up, to the right or to the left."""
    down = direction in ("TB", "BT")
    places, frames, length = _along(chain, down)
    across = max([p.across for p in (*places, *frames)], default=0.0) + 2 * PAD
    caption = 30.0
    w, h = (across, length) if down else (length, across)
    w = max(w, width(clean(title), 11.5) + 2 * PAD)
    middle = w / 2 if down else h / 2

    def rectangle(place: Place) -> tuple[float, float, float, float]:
        """x, y, width, height on the page."""
        start = place.start if direction in ("TB", "LR") else length - place.end
        size = place.end - place.start
        if down:
            return middle - place.across / 2, caption + start, place.across, size
        return start, caption + middle - place.across / 2, size, place.across

    size = f'width="{w:.1f}" height="{h + caption:.1f}"'
    view = f'viewBox="0 0 {w:.1f} {h + caption:.1f}" {size} style="max-width:100%;height:auto" role="img"'
    parts = [
        f'<svg class="mt" xmlns="http://www.w3.org/2000/svg" {view}>',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(f'{len(chain)} layers: ' + ', '.join(box.title for box in chain[:40]))}</desc>",
        f"<style>\n{style_sheet(theme)}</style>",
        f'<rect class="page" {size}/>',
        f'<text class="caption" x="{PAD:.1f}" y="20">{escape(title)}</text>',
    ]
    for frame in frames:
        x, y, _, _ = at = rectangle(frame)
        parts.append(f"{_rect('layer', *at, 10)}{_text('name', x + 10, y + 16, frame.name)}")
    parts += [_arrow(rectangle(a), rectangle(b), down) for a, b in itertools.pairwise(places)]
    parts += [_box(box, *rectangle(place)) for box, place in zip(chain, places, strict=True)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _along(chain: list[Box], down: bool) -> tuple[list[Place], list[Place], float]:
    """(the boxes' places, the frames', the length), one after the other from 0 on."""
    at, places, frames, opened = PAD / 2, list[Place](), list[Place](), list[Place]()
    inside: tuple[str, ...] = ()

    def close(depth: int, at: float) -> float:
        while len(opened) > depth:
            frame = opened.pop()
            at += PAD
            frame.end = at
            frame.across = max(child.across for child in frame.children) + 2 * PAD
        return at

    for box in chain:
        common = shared(inside, box.inside)
        at = close(common, at) + (GAP if places else 0.0)
        for name in box.inside[common:]:
            frame = Place(at, name=name)
            for outer in opened[-1:]:
                outer.children.append(frame)
            frames.append(frame)
            opened.append(frame)
            at += PAD
        w, h = _size(box)
        place = Place(at, at + (h if down else w), w if down else h)
        for outer in opened[-1:]:
            outer.children.append(place)
        places.append(place)
        at, inside = place.end, box.inside
    return places, frames, close(0, at) + PAD / 2


def shared(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """How many models, from the outermost on, are around both."""
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))
    return sum(1 for _ in same)


def _size(box: Box) -> tuple[float, float]:
    rows = [sum(width(clean(cell.line), SUB) + 2 * SIDE for cell in row) for row in box.rows]
    w = max([width(clean(box.title), TITLE, bold=True) + 2 * SIDE, *rows, 110.0])
    return w, HEAD + ROW * len(box.rows)


def _box(box: Box, x: float, y: float, w: float, h: float) -> str:
    parts = [
        f"<g><title>{escape(box.id)}</title>{_rect('card', x, y, w, h, 6)}",
        _text("title", x + w / 2, y + 17, box.title, middle=True),
    ]
    for k, row in enumerate(box.rows):
        top, natural = y + HEAD + ROW * k, [width(clean(cell.line), SUB) + 2 * SIDE for cell in row]
        left, stretch = x, w / sum(natural)
        for cell, size in zip(row, natural, strict=True):
            kind = "" if cell.learns is None else "parameter" if cell.learns else "constant"
            shape = _rect("card", left, top, size * stretch, ROW, 0 if k + 1 < len(box.rows) else 4)
            words = _text("sub", left + size * stretch / 2, top + 14.5, cell.line, middle=True)
            parts.append(f'<g class="{kind}">{shape}</g>{words}' if kind else shape + words)
            left += size * stretch
    return "".join(parts) + "</g>"


def _arrow(a: tuple[float, ...], b: tuple[float, ...], down: bool) -> str:
    """From the edge of one rectangle to the edge of the next, along the chain."""
    if down:
        x, sign = a[0] + a[2] / 2, 1 if b[1] > a[1] else -1
        start, end = (a[1] + a[3], b[1]) if sign > 0 else (a[1], b[1] + b[3])
        line, head = f"M{x:.1f},{start:.1f} V{end - 7 * sign:.1f}", f"l-4,{-8 * sign} h8z"
        return _lines(line, f"M{x:.1f},{end:.1f} {head}")
    y, sign = a[1] + a[3] / 2, 1 if b[0] > a[0] else -1
    start, end = (a[0] + a[2], b[0]) if sign > 0 else (a[0], b[0] + b[2])
    return _lines(f"M{start:.1f},{y:.1f} H{end - 7 * sign:.1f}", f"M{end:.1f},{y:.1f} l{-8 * sign},-4 v8z")


def _lines(line: str, head: str) -> str:
    return f'<path class="forward" d="{line}"/><path class="forwardhead" d="{head}"/>'


def _rect(kind: str, x: float, y: float, w: float, h: float, radius: float) -> str:
    size = f'width="{w:.1f}" height="{h:.1f}" rx="{radius}"'
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" {size}/>'


def _text(kind: str, x: float, y: float, text: str, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{anchor}>{escape(text)}</text>'
