"""Paths: lines of many points, as few as the eye needs, and as SVG writes them.

The one idea: a point that lies on the line through its neighbours says nothing.
"""

from __future__ import annotations

import numpy as np

from .panel import Array


def thinned(line: Array, tolerance: float) -> Array:
    """(n, 2) without the points that are nearer than `tolerance` to the line through those that stay.

    Source: Douglas and Peucker, 1973.

    >>> thinned(np.array([[0.0, 0.0], [1.0, 0.01], [2.0, 0.0], [3.0, 3.0]]), 0.1).tolist()
    [[0.0, 0.0], [2.0, 0.0], [3.0, 3.0]]
    """
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    parts = [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        a, b, off = line[first], line[last], line[first + 1 : last] - line[first]
        length = float(np.hypot(*(b - a)))
        away = np.hypot(*off.T) if length < 1e-9 else np.abs(off @ [a[1] - b[1], b[0] - a[0]]) / length
        furthest = int(away.argmax())
        if away[furthest] > tolerance:
            middle = first + 1 + furthest
            keep[middle] = True
            parts += [(first, middle), (middle, last)]
    return line[keep]


def runs(x: Array, y: Array) -> list[Array]:
    """The pieces between points that are nan, each (n, 2); single points too."""
    points = np.stack([x, y], axis=1)
    good = np.isfinite(points).all(axis=1)
    cuts = np.flatnonzero(np.diff(good.astype(int))) + 1
    pieces = np.split(points, cuts)
    return [piece for piece in pieces if len(piece) and np.isfinite(piece).all()]


def number(value: float) -> str:
    """A coordinate: one decimal, and none where it would be 0."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def data(line: Array, close: bool = False) -> str:
    """What stands in `d`: M3,4 L5,6 Z. A single point becomes a dot of no length, which round ends show."""
    places = [f"{number(x)},{number(y)}" for x, y in line.tolist()]
    if len(places) == 1:
        places *= 2
    return "M" + "L".join(places) + ("Z" if close else "")
