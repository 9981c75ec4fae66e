"""Left to right, or top to bottom: one layout for both.

The one idea: a layout knows no x and no y. It has a place along the data's way and a place across it. Read
left to right, along is x; read top to bottom, along is y, and every rectangle is laid on its side, text
excepted: so all that the two directions differ in is how large cards and labels are, and where a layer's name
has its room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .cards import Card
from .labels import Label, label_width
from .routing import Box, Line

DIRECTIONS = ("LR", "TB")
HEADER, PAD = 26.0, 11.0  # a layer around its cards: where its name stands, and elsewhere
MARGIN, TOP = 26.0, 40.0  # of the page; TOP holds the caption
LINE = 11.0  # of a label


def checked_direction(direction: str) -> str:
    """The direction. ValueError for one that there is none of."""
    if direction not in DIRECTIONS:
        raise ValueError(f'direction is "LR", left to right, or "TB", top to bottom; got {direction!r}.')
    return direction


@dataclass(frozen=True, slots=True)
class Axes:
    """How the page is read. `port` is where a line meets a card, from the side where its title begins."""

    down: bool = False

    @property
    def port(self) -> float:
        return 44.0 if self.down else 31.0

    def size(self, card: Card) -> tuple[float, float]:
        """(along, across)"""
        return (card.height, card.width) if self.down else (card.width, card.height)

    def along(self, lines: tuple[Label, ...]) -> float:
        """A label's extent along the way."""
        return LINE * len(lines) if self.down else label_width(lines)

    def across(self, lines: tuple[Label, ...]) -> float:
        """A label's extent across it."""
        return label_width(lines) + 4.0 if self.down else LINE * len(lines)

    @property
    def landing(self) -> float:
        """Between a label and the card at which its line ends: room for an arrow, and for a layer's frame."""
        return 26.0 + (self.pads[0] - PAD)

    @property
    def pads(self) -> tuple[float, float]:
        """How far a layer begins before its cards: (along, across)."""
        return (HEADER, PAD) if self.down else (PAD, HEADER)

    @property
    def name(self) -> float:
        """Where a layer's name begins, from its frame's left: read downwards, beside lines from above."""
        return 84.0 if self.down else 11.0

    @property
    def start(self) -> tuple[float, float]:
        """Where the picture begins: (along, across)."""
        return (TOP, MARGIN) if self.down else (MARGIN, TOP)

    def box(self, box: Box) -> Box:
        """On the page."""
        return Box(box.y, box.x, box.height, box.width) if self.down else box

    def line(self, points: Iterable[tuple[float, float]]) -> Line:
        """On the page."""
        return tuple((y, x) for x, y in points) if self.down else tuple(points)
