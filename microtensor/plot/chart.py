"""A line as a small chart of characters, for terminals: plain ASCII, so that every terminal shows it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence


def chart(values: Sequence[float], width: int = 60, height: int = 8) -> str:
    """The values from left to right, as `height` lines of text; each column is the mean of its share of them.

    >>> print(chart([4.0, 3.0, 2.0, 1.0], width=4, height=4))
      4.000 |*
      3.000 | *
      2.000 |  *
      1.000 |   *
            +----
             1  4
    """
    if not values:
        return "(nothing to show: no values)"
    finite = [v for v in values if math.isfinite(v)]
    if not finite:
        return f"(nothing to show: all {len(values)} values are nan or inf)"
    columns = _columns(values, min(width, len(values)))
    low, high = min(finite), max(finite)
    span = (high - low) or 1.0
    rows = [[" "] * len(columns) for _ in range(height)]
    for k, value in enumerate(columns):
        if math.isfinite(value):
            level = min(max((high - value) / span, 0.0), 1.0)
            rows[round(level * (height - 1))][k] = "*"
    lines = [f"{high - span * k / (height - 1):7.3f} |{''.join(row)}".rstrip() for k, row in enumerate(rows)]
    last = str(len(values))
    axis = "1" + last.rjust(len(columns) - 1) if len(columns) > len(last) else "1"
    return "\n".join([*lines, f"        +{'-' * len(columns)}", f"         {axis}"])


def _columns(values: Sequence[float], width: int) -> list[float]:
    edges = [round(k * len(values) / width) for k in range(width + 1)]
    return [sum(values[a:b]) / (b - a) for a, b in itertools.pairwise(edges)]
