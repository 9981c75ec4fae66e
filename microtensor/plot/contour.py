"""Contours: where a function that is known on a grid is at least some number.

The one idea: go round the four corners of each cell. Where the way leaves the region, an outline begins that
runs through the cell to where the way comes in again; the neighbour walks the shared edge the other way
round, so there the same crossing ends an outline. Thus the pieces of all cells chain up by themselves.
"""

from __future__ import annotations

import numpy as np

from .panel import Array, Limits, Region
from .path import thinned

Crossing = tuple[int, int, int]  # row and column of the edge's first corner, and 0 (along the row) or 1


def region(values: Array, level: float, x: Limits, y: Limits, kind: str | int) -> Region:
    """Where values ≥ level. values: (rows, columns), evenly over `x` (columns) and `y` (rows, upwards).

    >>> area = region(np.array([[0.0, 1.0], [0.0, 1.0]]), 0.5, (0.0, 1.0), (0.0, 1.0), "high")
    >>> sorted(set(area.loops[0][:, 0].tolist()))
    [0.5, 1.0]
    """
    values = _finite(values, level)
    ring = np.pad(values, 1, constant_values=min(float(values.min()), level) - 1)  # so all outlines close
    loops = (_simplified(_places(chain, ring, level) - 1, values.shape) for chain in _chains(ring >= level))
    return Region(tuple(_scaled(loop, values.shape, x, y) for loop in loops if len(loop) > 2), kind)


def outline(values: Array, level: float, x: Limits, y: Limits) -> tuple[Array, ...]:
    """The lines where values = level, each (n, 2)."""
    values = _finite(values, level)
    chains = (_places(chain, values, level) for chain in _chains(values >= level))
    lines = (_simplified(chain, values.shape) for chain in chains)
    return tuple(_scaled(line, values.shape, x, y) for line in lines)


def _finite(values: Array, level: float) -> Array:
    """With numbers for inf, just beyond the others, and for nan, which is outside."""
    known = np.append(values[np.isfinite(values)], level)
    low, high = float(known.min()) - 1, float(known.max()) + 1
    return np.nan_to_num(np.asarray(values, dtype=np.float64), nan=low, posinf=high, neginf=low)


def _chains(inside: Array) -> list[list[Crossing]]:
    """All outlines: open ones from end to end, closed ones with their first crossing again at the end."""
    following = dict(_pieces(inside))
    ends = set(following.values())
    chains = []
    while following:
        at = next((c for c in following if c not in ends), None)
        if at is None:
            at = next(iter(following))  # only closed ones are left
        chain = [at]
        while at in following:
            at = following.pop(at)
            ends.discard(at)
            chain.append(at)
        chains.append(chain)
    return chains


def _pieces(inside: Array) -> list[tuple[Crossing, Crossing]]:
    count = inside[:-1, :-1].astype(int) + inside[:-1, 1:] + inside[1:, :-1] + inside[1:, 1:]
    pieces, rows = [], inside.tolist()
    for i, j in np.argwhere((count > 0) & (count < 4)).tolist():
        corners = [rows[i][j], rows[i][j + 1], rows[i + 1][j + 1], rows[i + 1][j]]
        edges = [(i, j, 0), (i, j + 1, 1), (i + 1, j, 0), (i, j, 1)]
        crossed = [k for k in range(4) if corners[k] != corners[k - 3]]
        for n, k in enumerate(crossed):
            if corners[k]:  # the way goes out here; it comes in at the next crossing
                pieces.append((edges[k], edges[crossed[(n + 1) % len(crossed)]]))
    return pieces


def _places(chain: list[Crossing], values: Array, level: float) -> Array:
    """(n, 2): column and row of each crossing, by linear interpolation."""
    i, j, upright = np.array(chain).T
    a, b = values[i, j], values[i + upright, j + 1 - upright]
    t = (level - a) / (b - a)
    return np.stack([j + t * (1 - upright), i + t * upright], axis=1)


def _simplified(line: Array, shape: tuple[int, ...]) -> Array:
    line = np.clip(line, 0, [shape[1] - 1, shape[0] - 1])  # the ring around the grid has no width
    return thinned(line, 0.03)


def _scaled(line: Array, shape: tuple[int, ...], x: Limits, y: Limits) -> Array:
    size = np.array([x[1] - x[0], y[1] - y[0]])
    cells = np.array([shape[1] - 1, shape[0] - 1])
    scaled: Array = np.array([x[0], y[0]]) + line / cells * size
    return scaled
