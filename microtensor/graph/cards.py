"""What stands on a card, line by line, and how large it therefore is.

The one idea: the layout needs sizes, and the writer needs the same lines; both ask here, so that they
cannot disagree and nothing is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import lettering
from .lettering import clean, fitted, number, shape_text, width
from .records import Array, Node
from .words import WORDS, joined, word

if TYPE_CHECKING:
    from .badges import Badge

TITLE, SUB, NUM = 12.5, 9.5, 10.5  # font sizes
SIDE, HEAD, ROW, FOOT = 9.0, 48.0, 15.0, 6.0  # left and right; above the rows; one row; below them
LOW_HEAD, BADGE = 35.0, 15.0  # above the rows of a compact card; the height of a badge with its distance
FULL = 8  # arrays up to FULL x FULL are written out
MIN_WIDTH, MAX_TITLE, MAX_FORMULA = 96.0, 190.0, 230.0
HEAT_ROWS, HEAT_COLUMNS = 6, 12


@dataclass(frozen=True, slots=True)
class Style:
    """What the user chose to see."""

    lang: str = "both"
    values: bool = True
    grads: bool = True
    compact: bool = False  # small cards: a name, a shape, one line of numbers
    direction: str = "LR"
    width: float = 1700.0  # of the page: a longer picture is broken into rows


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
    second: str  # under the title: the formula, or what kind of leaf it is; on a small card the shape
    third: str  # shape and dtype; nothing on a small card
    blocks: tuple[Block, ...]
    badges: tuple[Badge, ...]
    head: float  # how far below the top the blocks begin
    width: float
    height: float


def card(node: Node, style: Style, badges: tuple[Badge, ...] = ()) -> Card:
    """The card of a node."""
    title = fitted(clean(node.label), MAX_TITLE, lambda t: width(t, TITLE, bold=True))
    corner, second = _words(node, style)
    size = shape_text(node.shape) if node.shape or style.lang != "ko" else word("scalar", "ko")
    shape = f"{size} · {node.dtype}" if node.dtype else size
    third = node.operation if node.kind == "group" else "" if node.kind == "reference" else shape
    if style.compact and node.kind not in ("group", "reference"):
        second = size if node.number else f"{second} · {size}"
        third = ""
    second, third = (fitted(clean(t), MAX_FORMULA, lambda t: width(t, SUB)) for t in (second, third))
    blocks = tuple(_blocks(node, style))
    head = width(title, TITLE, bold=True) + (width(corner, SUB) + 10.0 if corner else 0.0)
    texts = [width(second, SUB), width(third, SUB), *(width(badge.text, SUB) + 2.0 for badge in badges)]
    inner = max(head, *texts, *(b.width for b in blocks), 0.0)
    top = HEAD if third else LOW_HEAD
    height = top + sum(b.height + 4.0 for b in blocks) + BADGE * len(badges) + FOOT
    height -= 4.0 if blocks and not badges else 0.0
    return Card(
        node, title, corner, second, third, blocks, badges, top, max(MIN_WIDTH, inner + 2 * SIDE), height
    )


def _words(node: Node, style: Style) -> tuple[str, str]:
    """(at the right of the title, under it)"""
    kind = joined(*WORDS[node.role], lang=style.lang, by=" ")
    if node.kind in ("group", "layer", "reference"):
        return "", node.formula
    if node.kind == "update":
        return joined(*WORDS["update"], lang=style.lang, by=" "), node.formula
    if node.number:
        equation = f"{node.symbol} = {node.formula}" if node.formula else node.symbol
        return kind if node.kind == "loss" else f"#{node.number}", equation
    named = node.symbol != node.label
    return "", f"{node.symbol} · {kind}" if named else kind


def _blocks(node: Node, style: Style) -> list[Block]:
    blocks: list[Block] = []
    if node.value is None:  # a program or a model: nothing has been computed
        return blocks
    if style.values and (node.kind != "constant" or node.shape):  # a number's title is its value
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
    if style.compact and array.size > 2:
        low, _, high = lettering.summary(array, digits, gradient)
        return Block(gradient, ((f"{low} … {high}",),))
    table = array.reshape(-1, array.shape[-1]) if array.ndim else array.reshape(1, 1)
    if max(table.shape) <= FULL:
        rows = tuple(tuple(number(x, digits, gradient) for x in row) for row in table.tolist())
        return Block(gradient, rows)
    low, mean, high = lettering.summary(array, digits, gradient)
    average = joined(*WORDS["mean"], lang=style.lang, by=" ")
    rows = ((f"min {low}",), (f"{average} {mean}",), (f"max {high}",))
    return Block(gradient, rows, _heat(table))


def _heat(table: Array) -> Array | None:
    """The array in few cells, each the mean of a part, scaled to -1 .. 1; None where all are 0."""
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
    return numbers / largest if 0 < largest < np.inf else None
