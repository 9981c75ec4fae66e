"""Text in pictures: how wide it is, what of it may be shown, and how numbers look.

The one idea: the layout is made without a browser, so widths are estimated, and on the safe side: a card
is rather a little too wide than its text cut. Names come from the user and are shown as text, whatever
they hold.
"""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np

from .records import Array, statistics

MONO = 0.605  # the width of a character in a monospaced font, in units of the font size
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_NARROW, _WIDE_LATIN = frozenset("iljtfrI.,:;'|!()[]/ ·ᵀ⁻¹₀₁₂₃₄₅₆₇₈₉"), frozenset("mwMW@%")


def cells(text: str) -> int:
    """How many columns of a terminal it fills: a Korean character two, a combining one none."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


@functools.lru_cache(maxsize=4096)
def _cells(c: str) -> int:
    return 0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1


def padded(text: str, width: int, right: bool = False) -> str:
    """The text in a terminal column of that many cells."""
    space = " " * max(0, width - cells(text))
    return space + text if right else text + space


def width(text: str, size: float, bold: bool = False) -> float:
    """An estimate, in pixels, for a sans-serif font of that size; fonts differ, so it is a wide one's."""
    return sum(map(_em, text)) * size * (1.1 if bold else 1.0)


@functools.lru_cache(maxsize=4096)
def _em(c: str) -> float:
    """The width of one character, in units of the font size."""
    return 1.02 if _cells(c) == 2 else 0.42 if c in _NARROW else 0.96 if c in _WIDE_LATIN else 0.64


def mono_width(text: str, size: float) -> float:
    """The same for a monospaced font."""
    return (len(text) if text.isascii() else sum(max(1, _cells(c)) for c in text)) * MONO * size


def fitted(text: str, room: float, measure: Callable[[str], float]) -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    if measure(text) <= room:
        return text
    while text and measure(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def clean(text: str) -> str:
    """One line of visible text: white space is a blank; controls, and what turns writing round, is `�`."""
    if text.isprintable():  # nothing of all that is in it
        return text[:400]
    return "".join(
        " " if c.isspace() else "�" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") else c
        for c in text[:400]
    )


def escape(text: str) -> str:
    """Clean text for XML, inside elements and inside quoted attributes."""
    return clean(text).translate(_ENTITIES)


def shape_text(shape: tuple[int | None, ...]) -> str:
    """2×3; a scalar has none; ?×3, if a call decides."""
    return "×".join("?" if n is None else str(n) for n in shape) if shape else "scalar"


def number(value: Any, digits: int = 3, signed: bool = False, minus: str = "−") -> str:
    """A number as cards show it: 3 decimals for values; a sign and 4 decimals for gradients, 0 bare."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, complex | np.complexfloating):
        return f"{value:.{digits}g}".replace("-", minus)
    if isinstance(value, int | np.integer):
        text = f"{value:+d}" if signed and value else f"{value:d}"
        return text.replace("-", minus)
    real = float(value)
    if math.isnan(real):
        return "NaN"
    plus = "+" if signed else ""
    if real == 0:
        return "0" if signed else f"{0:.{digits}f}"
    if math.isinf(real):
        text = "∞" if real > 0 else "-∞"
        return (plus + text if real > 0 else text).replace("-", minus)
    if abs(real) >= 1e5 or abs(real) < 0.5 * 10**-digits:
        mantissa, exponent = f"{real:{plus}.1e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        text = f"{real:{plus}.{digits}f}"
    return text.replace("-", minus)


def summary(array: Array, digits: int = 3, signed: bool = False, minus: str = "−") -> tuple[str, str, str]:
    """The smallest, the mean and the largest number of an array, as text."""
    low, mean, high = (number(x, digits, signed, minus) for x in statistics(array))
    return low, mean, high
