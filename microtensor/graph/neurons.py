"""The lecture's picture of a net: circles for neurons, lines for weights.

The one idea: a line is as wide as its weight is large, solid where it is positive and dashed where it is
negative, so one sees what a neuron listens to before one reads a number. In each circle is its activation's
curve; under it stand the bias and, if the net was run on an input, what the neuron answered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .lettering import clean, escape, fitted, mono_width, number, width
from .markup import document, n, rect, text
from .models import LayerRecord, ModelRecord, curve, model_caption
from .records import Array
from .routing import Box, Point
from .words import WORDS, count, joined

RADIUS, GAP, STEP, TOP = 21.0, 150.0, 78.0, 84.0  # of a circle; between columns; between rows; above them
MOST = 10  # circles in a column: of more, the first and the last ones are drawn
LABELLED = 9  # numbers stand at the lines between two columns if there are no more than so many
NUMBER = 10.5  # their font size


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Neurons of one layer; `shown` are those that are drawn."""

    layer: LayerRecord | None  # None: the inputs
    size: int
    shown: tuple[int, ...]
    values: Array | None

    def name(self, unit: int) -> str:
        """x₂, or "dense 2"."""
        subscript = str(unit + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
        return f"x{subscript}" if self.layer is None else f"{self.layer.name} {unit + 1}"


def neurons(model: ModelRecord, lang: str = "both", theme: str = "auto", title: str | None = None) -> str:
    """The SVG of a chain of Dense layers.

    Raises:
        ValueError: a layer that is no Dense, or is not built; an unknown theme.
    """
    columns = _columns(model)
    spots = _spots(columns)
    heading = clean(model_caption(model, lang) if title is None else title)
    height = max(y for column in spots for _, y in column) + RADIUS + 92.0
    legend, right = _legend(height - 16.0, lang, model.values is not None)
    w = max(right, spots[-1][0][0] + 110.0, min(52 + width(heading, 11.5), 1100.0))
    sizes = ", ".join(str(column.size) for column in columns)
    parts = [
        text("caption", 26, 22, heading),
        *_weights(columns, spots),
        *(
            line
            for column, places in zip(columns, spots, strict=True)
            for line in _column(column, places, lang)
        ),
        legend,
    ]
    said = f"Columns of {sizes} neurons, inputs first. Lines are weights."
    return document(parts, w, height, theme, heading, said)


# --- what is drawn ------------------------------------------------------------------------------------------


def _columns(model: ModelRecord) -> list[Column]:
    found: list[Column] = []
    for layer in model.layers:
        if layer.kernel is None and found and not layer.parameters and layer.shape == found[-1].layer.shape:  # type: ignore[union-attr]
            found[-1] = _with_activation(found[-1], layer)
            continue
        if layer.kernel is None or layer.kernel.ndim != 2:
            raise ValueError(
                f'style="neurons" draws Dense layers that are built; {layer.name!r} is a {layer.kind}'
                f"{'' if layer.parameters is not None else ' that is not built yet'}. "
                'style="layers" draws any.'
            )
        inputs, units = layer.kernel.shape
        if not found:
            found.append(Column(None, inputs, _shown(inputs), _row(model.values)))
        found.append(Column(layer, units, _shown(units), _row(layer.output)))
    if not found:
        raise ValueError(f"model {model.name!r} has no layers yet: add some, then draw it.")
    return found


def _with_activation(column: Column, layer: LayerRecord) -> Column:
    """A layer without weights that keeps the shape (Activation, Dropout) is part of the one before."""
    before = column.layer
    assert before is not None
    merged = LayerRecord(
        before.name, f"{before.kind}, {layer.kind}", layer.shape, before.parameters,
        layer.activation or before.activation, before.kernel, before.bias, layer.output,
    )  # fmt: skip
    return Column(merged, column.size, column.shown, _row(layer.output))


def _shown(size: int) -> tuple[int, ...]:
    return tuple(range(size)) if size <= MOST else (*range(MOST // 2), *range(size - MOST // 2, size))


def _row(values: Array | None) -> Array | None:
    """The first sample."""
    return None if values is None or values.ndim < 1 else values.reshape(-1, values.shape[-1])[0]


def _spots(columns: list[Column]) -> list[list[Point]]:
    """The centres of the circles; columns are centred beside each other."""
    heights = [STEP * (len(c.shown) - 1) + (STEP / 2 if len(c.shown) < c.size else 0.0) for c in columns]
    spots, x = list[list[Point]](), 26.0 + 60.0
    for column, height in zip(columns, heights, strict=True):
        y = TOP + RADIUS + (max(heights) - height) / 2
        half = len(column.shown) // 2 if len(column.shown) < column.size else len(column.shown)
        spots.append([(x, y + STEP * k + (STEP / 2 if k >= half else 0.0)) for k in range(len(column.shown))])
        x += GAP + 2 * RADIUS
    return spots


# --- lines --------------------------------------------------------------------------------------------------


def _weights(columns: list[Column], spots: list[list[Point]]) -> Iterator[str]:
    kernels = [c.layer.kernel for c in columns[1:] if c.layer is not None and c.layer.kernel is not None]
    largest = max((float(abs(k).max()) for k in kernels if k.size), default=0.0) or 1.0
    for k, kernel in enumerate(kernels):
        before, after = columns[k], columns[k + 1]
        many = len(before.shown) * len(after.shown) > LABELLED
        taken: list[Box] = []
        labels: list[str] = []
        for j, unit in enumerate(after.shown):
            for i, source in enumerate(before.shown):
                weight = float(kernel[source, unit])
                a, b = _ends(spots[k][i], spots[k + 1][j])
                sign = "negative" if weight < 0 else "positive"
                part = abs(weight) / largest if math.isfinite(weight) else 0.0
                figure = number(weight, 3)
                yield (
                    f'<g class="weight {sign}" data-source="{escape(before.name(source))}" '
                    f'data-target="{escape(after.name(unit))}"><title>'
                    f"{escape(f'{before.name(source)} → {after.name(unit)}: {figure}')}</title>"
                    f'<path style="stroke-width:{0.6 + 4.4 * part:.1f}" '
                    f'd="M{n(a[0])},{n(a[1])} L{n(b[0])},{n(b[1])}"/></g>'
                )
                wide = mono_width(figure, NUMBER)
                if not many and (at := _room(a, b, wide, taken)):
                    labels.append(rect("page", at[0] - wide / 2 - 2, at[1] - 10.0, wide + 4, 13.0, 3))
                    labels.append(text(f"label {sign}", *at, figure, "middle"))
        yield from labels


def _ends(a: Point, b: Point) -> tuple[Point, Point]:
    """From the one circle's border to the other's."""
    length = math.dist(a, b)
    dx, dy = (b[0] - a[0]) / length * RADIUS, (b[1] - a[1]) / length * RADIUS
    return (a[0] + dx, a[1] + dy), (b[0] - dx, b[1] - dy)


def _room(a: Point, b: Point, w: float, taken: list[Box]) -> Point | None:
    """A place for the line's number, which interrupts it as on a map; none stands there yet."""
    for part in (0.3, 0.7, 0.5, 0.2, 0.8, 0.4, 0.6):
        x, y = a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]) + 3.5
        box = Box(x - w / 2 - 2, y - 10.0, w + 4, 13.0)
        if not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return x, y
    return None


# --- circles ------------------------------------------------------------------------------------------------


def _column(column: Column, spots: list[Point], lang: str) -> Iterator[str]:
    layer = column.layer
    x = spots[0][0]
    name = joined(*WORDS["input"], lang=lang) if layer is None else layer.name
    said = "" if layer is None else " · ".join(
        part for part in (layer.activation_name, count(layer.parameters or 0, "params", lang)) if part
    )  # fmt: skip
    for y, kind, words in ((48.0, "name column", name), (62.0, "sub", said)):
        if words:
            yield text(
                kind, x, y, fitted(clean(words), GAP + RADIUS, lambda t: width(t, 11.5, bold=True)), "middle"
            )
    shape = None if layer is None or not layer.activation_name else curve(layer.activation)
    for unit, spot in zip(column.shown, spots, strict=True):
        yield _neuron(column, unit, spot, shape)
    if len(column.shown) < column.size:
        y = (spots[MOST // 2 - 1][1] + spots[MOST // 2][1]) / 2
        yield text("sub column", x, y + 14, f"⋮ {column.size - len(column.shown):,}", "middle")


def _neuron(column: Column, unit: int, spot: Point, shape: Array | None) -> str:
    layer, (x, y) = column.layer, spot
    bias = None if layer is None or layer.bias is None else float(layer.bias.reshape(-1)[unit])
    value = None if column.values is None else float(column.values[unit])
    said = [column.name(unit), *([layer.activation_name] if layer and layer.activation_name else [])]
    said += [] if bias is None else [f"bias {number(bias, 3)}"]
    said += [] if value is None else [f"value {number(value, 4)}"]
    kind = "input" if layer is None else "operation"
    name = escape(column.name(unit))
    parts = [f'<g class="{kind} neuron" data-node="{name}"><title>{escape(", ".join(said))}</title>']
    parts.append(f'<circle class="card" cx="{n(x)}" cy="{n(y)}" r="{n(RADIUS)}"/>')
    inside = column.name(unit) if layer is None else layer.activation_name or "Σ"
    if shape is not None:
        parts.append(_curve(shape, x, y))
    else:
        short = fitted(clean(inside), 2 * RADIUS + 2, lambda t: width(t, 9.5))  # widths are a wide font's
        parts.append(text("sub formula", x, y + 4, short, "middle"))
    below = y + RADIUS + 12
    if bias is not None:
        parts.append(text("sub column", x, below, f"b {number(bias, 3)}", "middle"))
        below += 12
    if value is not None:
        parts.append(text("num value column", x, below, number(value, 3), "middle"))
    return "".join(parts) + "</g>"


def _curve(y: Array, cx: float, cy: float) -> str:
    """The activation's graph in the circle, 0 at the height of the centre where it has both signs."""
    low, high = min(0.0, float(y.min())), max(0.0, float(y.max()))
    room, reach = 2 * RADIUS * 0.52, RADIUS * 0.66
    scale = room / ((high - low) or 1.0)
    points = [
        (cx - reach + 2 * reach * k / (len(y) - 1), cy + room / 2 - (v - low) * scale)
        for k, v in enumerate(y.tolist())
    ]
    path = " L".join(f"{n(a)},{n(b)}" for a, b in points)
    zero = cy + room / 2 + low * scale
    axis = f'<path class="axis" d="M{n(cx - reach)},{n(zero)} h{n(2 * reach)}"/>'
    return axis + f'<path class="curve" d="M{path}"/>'


def _legend(y: float, lang: str, has_values: bool) -> tuple[str, float]:
    """What the lines mean, and how far to the right that reaches."""
    x, parts = 26.0, list[str]()
    signs: tuple[tuple[str, tuple[str, str]], ...] = (
        ("positive", ("positive weight", "양의 가중치")),
        ("negative", ("negative weight", "음의 가중치")),
    )
    for sign, words in signs:
        said = joined(*words, lang=lang)
        line = f'<path style="stroke-width:2.5" d="M{n(x)},{n(y - 4)} h26"/>'
        parts.append(f'<g class="weight {sign}">{line}</g>{text("sub", x + 33, y, said)}')
        x += 33 + width(said, 9.5) + 18
    if has_values:
        said = joined("blue number: the answer", "파란 수: 출력", lang)
        parts.append(text("sub", x, y, said))
        x += width(said, 9.5) + 18
    return '<g class="legend">' + "".join(parts) + "</g>", x + 8.0
