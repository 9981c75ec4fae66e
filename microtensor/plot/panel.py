"""Panel: one picture with two axes, as plain data.

The one idea: what a picture says is computed once, and knows nothing of how it is painted. Two painters read
panels: `svg`, which needs nothing, and `axes`, which paints with matplotlib. So both show the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Limits = tuple[float, float]

SERIES = 6  # lines of one picture that are told apart by colour and dashes; then both begin again


@dataclass(frozen=True)
class Line:
    """A line through points; nan interrupts it. kind: "value", "grad", "boundary", or a series' number."""

    x: Array
    y: Array
    kind: str | int = 0
    name: str = ""


@dataclass(frozen=True)
class Region:
    """An area, as closed loops of (n, 2) points; a loop inside another is a hole. kind: "high", "low", or a
    class' number. Regions are painted half transparent, so where they lie on each other it is darker.
    """

    loops: tuple[Array, ...]
    kind: str | int


@dataclass(frozen=True)
class Dots:
    """Points of one class, with a text beside each that has one. kind: the class: its number from 0."""

    x: Array
    y: Array
    kind: int
    name: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """A picture with two axes.

    title and formulas stand above it; marks are upright lines; `log` and `log_x`: the upright axis, and the
    other one, by logarithms; `ends` writes the names of lines at their right ends, otherwise they stand in a
    key.
    """

    title: str
    x_limits: Limits
    y_limits: Limits
    x_label: str = ""
    y_label: str = ""
    formulas: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    regions: tuple[Region, ...] = ()
    dots: tuple[Dots, ...] = ()
    marks: tuple[float, ...] = ()
    log: bool = False
    log_x: bool = False
    counted: bool = False  # are there only whole numbers along the lower axis: epochs?
    ends: bool = False
    note: str = ""  # what a reader hears, and what is written where there is nothing to show
    axes: bool = field(default=False)  # are the lines x = 0 and y = 0 drawn?


def limits(*arrays: Any, log: bool = False, margin: float = 0.06) -> Limits:
    """From the smallest to the largest finite number, and a little more; (0, 1) if there is none."""
    values = np.concatenate([np.ravel(np.asarray(a, dtype=np.float64)) for a in arrays] or [np.zeros(0)])
    values = values[np.isfinite(values) & (values > 0 if log else True)]
    if not values.size:
        return (0.1, 1.0) if log else (0.0, 1.0)
    low, high = (float(np.log10(v)) if log else float(v) for v in (values.min(), values.max()))
    more = (high - low) * margin or (0.5 if log else abs(high) * 0.1 or 0.5)
    return (10 ** (low - more), 10 ** (high + more)) if log else (low - more, high + more)
