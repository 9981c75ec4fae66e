"""Reductions: many elements become one. Their vjps spread the gradient over the elements again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .table import operation


def reduced_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """The reduced axes, none of them negative."""
    if axis is None:
        return tuple(range(ndim))
    return tuple(k % ndim for k in (axis if isinstance(axis, tuple | list) else (axis,)))


def kept(g: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """A reduced array with its axes back, of length 1: (4,) to (4, 1), so that it broadcasts against x."""
    if keepdims or not x.ndim:
        return g
    axes = reduced_axes(axis, x.ndim)
    return g.reshape(tuple(1 if k in axes else n for k, n in enumerate(x.shape)))


def _spread(g: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    return np.broadcast_to(kept(g, x, axis, keepdims), x.shape)


def count_of(x: Any, axis: Any) -> int:
    return math.prod(x.shape[k] for k in reduced_axes(axis, x.ndim))


def shared(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """To the elements that are the extremum, in equal shares."""
    chosen = x == kept(y, x, axis, keepdims)
    return kept(g, x, axis, keepdims) * chosen / chosen.sum(axis=axis_of(axis), keepdims=True)


sum = operation(
    "sum",
    lambda x, axis=None, keepdims=False: np.sum(x, axis=axis_of(axis), keepdims=keepdims),
    lambda g, y, x, axis=None, keepdims=False: _spread(g, x, axis, keepdims),
    numpy=np.sum,
    formula="sum(x)",
    local="1",
    doc="Σ x over `axis` (an int, a tuple, None for all); it is dropped unless `keepdims`.",
)
mean = operation(
    "mean",
    lambda x, axis=None, keepdims=False: np.mean(x, axis=axis_of(axis), keepdims=keepdims),
    lambda g, y, x, axis=None, keepdims=False: _spread(g, x, axis, keepdims) / count_of(x, axis),
    numpy=np.mean,
    formula="mean(x)",
    local="1 / n",
    doc="The mean over `axis` (an int, a tuple, None for all); it is dropped unless `keepdims`.",
)
max = operation(
    "max",
    lambda x, axis=None, keepdims=False: np.max(x, axis=axis_of(axis), keepdims=keepdims),
    lambda g, y, x, axis=None, keepdims=False: shared(g, y, x, axis, keepdims),
    numpy=(np.max, np.amax),
    formula="max(x)",
    local="x == y",
    convention="elements that tie share the gradient equally",
    doc="The largest element over `axis` (an int, a tuple, None for all); it is dropped unless `keepdims`.",
)
min = operation(
    "min",
    lambda x, axis=None, keepdims=False: np.min(x, axis=axis_of(axis), keepdims=keepdims),
    lambda g, y, x, axis=None, keepdims=False: shared(g, y, x, axis, keepdims),
    numpy=(np.min, np.amin),
    formula="min(x)",
    local="x == y",
    convention="elements that tie share the gradient equally",
    doc="The smallest element over `axis` (an int, a tuple, None for all); it is dropped unless `keepdims`.",
)


def axis_of(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis


all = operation(
    "all",
    lambda x, axis=None, keepdims=False: np.all(x, axis=axis_of(axis), keepdims=keepdims),
    numpy=np.all,
    formula="all(x)",
    doc="Do all elements over `axis` hold? Booleans; no gradient.",
)
any = operation(
    "any",
    lambda x, axis=None, keepdims=False: np.any(x, axis=axis_of(axis), keepdims=keepdims),
    numpy=np.any,
    formula="any(x)",
    doc="Does any element over `axis` hold? Booleans; no gradient.",
)
argmax = operation(
    "argmax",
    lambda x, axis=None, keepdims=False: np.argmax(x, axis=axis, keepdims=keepdims),
    numpy=np.argmax,
    formula="argmax(x)",
    doc="Where the largest element over `axis` is (the first of several); no gradient.",
)
argmin = operation(
    "argmin",
    lambda x, axis=None, keepdims=False: np.argmin(x, axis=axis, keepdims=keepdims),
    numpy=np.argmin,
    formula="argmin(x)",
    doc="Where the smallest element over `axis` is (the first of several); no gradient.",
)
count_nonzero = operation(
    "count_nonzero",
    lambda x, axis=None, keepdims=False: np.count_nonzero(x, axis=axis_of(axis), keepdims=keepdims),
    numpy=np.count_nonzero,
    formula="sum(x != 0)",
    doc="How many elements over `axis` are not zero; no gradient.",
)
