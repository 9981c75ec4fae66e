"""What stands on a card, line by line, and how large it therefore is.

The one idea: the layout needs sizes, and the writer needs the same lines; both ask here, so that they
cannot disagree and nothing is cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import lettering
from .lettering import clean, fitted, number, shape_text, width
from .records import Array, Node
from .words import WORDS, joined, word

TITLE, SUB, NUM = 12.5, 9.5, 10.5  # font sizes
SIDE, HEAD, ROW, FOOT = 9.0, 48.0, 15.0, 6.0  # left and right; above the rows; one row; below them
MIN_WIDTH, MAX_TITLE, MAX_FORMULA = 96.0, 190.0, 230.0
HEAT_ROWS, HEAT_COLUMNS = 6, 12


@dataclass(frozen=True, slots=True)
class Style:
    """What the user chose to see."""

    lang: str = "both"
    values: bool = True
    grads: bool = True
    full: int = 8  # arrays up to full x full are written out


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of numbers on one ground: the value, or the gradient. `heat`: a large array in small."""

    gradient: bool
    rows: tuple[tuple[str, ...], ...]
    heat: Array | None = None

    @property
    def height(self) -> float:
        heat = 0.0 if self.heat is None else 6.0 * self.heat.shape[0] + 5.0
        return ROW * len(self.rows) + heat

    @property
    def width(self) -> float:
        widest = max((len(row) * max(lettering.cells(c) for c in row) for row in self.rows if row), default=0)
        columns = max((len(row) for row in self.rows), default=1)
        return widest * lettering.MONO * NUM + 9.0 * columns + 10.0


@dataclass(frozen=True, slots=True)
class Card:
    """A node as it is drawn."""

    node: Node
    title: str
    corner: str  # what it is, at the right of the title
    second: str  # the formula, or what kind of leaf it is
    third: str  # shape and dtype
    blocks: tuple[Block, ...]
    width: float
    height: float


def card(node: Node, style: Style) -> Card:
    """The card of a node."""
    title = fitted(clean(node.label), MAX_TITLE, lambda t: width(t, TITLE, bold=True))
    corner, second = _words(node, style)
    second = fitted(clean(second), MAX_FORMULA, lambda t: width(t, SUB))
    third = f"{shape_text(node.shape)} · {clean(node.dtype)}"
    if node.kind == "group":
        third = fitted(clean(node.operation), MAX_FORMULA, lambda t: width(t, SUB))
    blocks = tuple(_blocks(node, style))
    head = width(title, TITLE, bold=True) + (width(corner, SUB) + 10.0 if corner else 0.0)
    inner = max(head, width(second, SUB), width(third, SUB), *(b.width for b in blocks), 0.0)
    height = HEAD + sum(b.height + 4.0 for b in blocks) + FOOT - (4.0 if blocks else 0.0)
    return Card(node, title, corner, second, third, blocks, max(MIN_WIDTH, inner + 2 * SIDE), height)


def _words(node: Node, style: Style) -> tuple[str, str]:
    """(at the right of the title, under it)"""
    kind = joined(*WORDS[node.role], lang=style.lang, by=" ")
    if node.kind == "group":
        return "", node.formula
    if node.number:
        return kind if node.kind == "loss" else f"#{node.number}", f"{node.symbol} = {node.formula}"
    named = node.symbol != node.label
    return "", f"{node.symbol} · {kind}" if named else kind


def _blocks(node: Node, style: Style) -> list[Block]:
    blocks = []
    if style.values and node.kind != "constant":  # a constant's title is its value
        blocks.append(_block(node.value, False, style))
    if style.grads and node.kind not in ("input", "constant"):
        if node.gradient is None:
            blocks.append(Block(True, ((f"{joined(*WORDS['grad'], lang=style.lang, by=' ')} –",),)))
        else:
            blocks.append(_block(node.gradient, True, style))
    return blocks


def _block(array: Array, gradient: bool, style: Style) -> Block:
    digits = 4 if gradient else 3
    if not array.size:
        return Block(gradient, ((word("empty", style.lang),),))
    table = array.reshape(-1, array.shape[-1]) if array.ndim else array.reshape(1, 1)
    if max(table.shape) <= style.full:
        rows = tuple(tuple(number(x, digits, gradient) for x in row) for row in table.tolist())
        return Block(gradient, rows)
    low, mean, high = lettering.summary(array, digits, gradient)
    average = joined(*WORDS["mean"], lang=style.lang, by=" ")
    rows = ((f"min {low}",), (f"{average} {mean}",), (f"max {high}",))
    return Block(gradient, rows, _heat(table) if style.full >= 8 else None)


def _heat(table: Array) -> Array:
    """The array in few cells, each the mean of a part, scaled to -1 .. 1."""
    numbers = np.abs(table) if table.dtype.kind == "c" else table.astype(np.float64)
    numbers = np.where(np.isfinite(numbers), numbers, 0.0)
    for axis, most in ((0, HEAT_ROWS), (1, HEAT_COLUMNS)):
        length = numbers.shape[axis]
        if length > most:
            starts = np.arange(most) * length // most
            sizes = np.diff([*starts, length])
            shape = (-1, 1) if axis == 0 else (1, -1)
            numbers = np.add.reduceat(numbers / sizes.repeat(sizes).reshape(shape), starts, axis=axis)
    largest = float(np.abs(numbers).max())
    return numbers / largest if 0 < largest < np.inf else np.zeros_like(numbers)
