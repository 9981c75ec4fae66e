"""Functions that take an axis together: sums, extremes, quantiles; and the same over what is not NaN."""

from __future__ import annotations

import math
from typing import Any

from ...core import Operation
from ...core.operations.statistics import logsumexp as _logsumexp
from .entering import counted, floating, np, tensor, together


def _narrowed(y: Any, like: Any) -> Any:
    """NumPy counts in 64 bits: back to the dtype that went in."""
    return y if y.dtype == like.dtype else tensor(y, like.dtype)


def all(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Are all true? Source: `keras.ops.all`."""
    return np.all(tensor(x), axis=axis, keepdims=keepdims)


def any(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Is any true? Source: `keras.ops.any`."""
    return np.any(tensor(x), axis=axis, keepdims=keepdims)


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Σ x. Source: `keras.ops.sum`.

    >>> sum([[1, 2], [3, 4]], axis=0).tolist()
    [4, 6]
    """
    x = counted(x)
    return _narrowed(np.sum(x, axis=axis, keepdims=keepdims), x)


def prod(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    """Π x. Source: `keras.ops.prod`."""
    x = counted(x) if dtype is None else tensor(x, dtype)
    return _narrowed(np.prod(x, axis=axis, keepdims=keepdims), x)


def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running sums; without an axis, of all elements in one row. Source: `keras.ops.cumsum`."""
    x = _at_least_int(x, dtype)
    return _narrowed(np.cumsum(x, axis=axis), x)


def cumprod(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running products; without an axis, of all elements in one row. Source: `keras.ops.cumprod`."""
    x = _at_least_int(x, dtype)
    x = x.reshape(-1) if axis is None else x
    return _narrowed(np.cumprod(x, axis=axis or 0), x)


def _at_least_int(x: Any, dtype: Any) -> Any:
    x = tensor(x, dtype)
    return tensor(x, "int32") if x.dtype == bool else x


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean. Source: `keras.ops.mean`."""
    return np.mean(floating(x), axis=axis, keepdims=keepdims)


def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean square distance from the mean. Source: `keras.ops.var`."""
    return np.var(floating(x), axis=axis, keepdims=keepdims)


def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The root of `var`. Source: `keras.ops.std`."""
    return np.std(floating(x), axis=axis, keepdims=keepdims)


def moments(x: Any, axes: Any, keepdims: bool = False, synchronized: bool = False) -> Any:
    """(mean, variance) over axes; of float16 computed in float32, and at most the largest float16. Source:
    `keras.ops.moments`.
    """
    if synchronized:
        raise NotImplementedError("synchronized=True is for several devices; there is one.")
    x = floating(x)
    if x.dtype != np.float16:
        return mean(x, axes, keepdims), var(x, axes, keepdims)
    largest = float(np.finfo(np.float16).max)
    found = moments(tensor(x, "float32"), axes, keepdims)
    return tuple(tensor(np.clip(value, -largest, largest), "float16") for value in found)


def average(x: Any, axis: Any = None, weights: Any = None) -> Any:
    """Σ w x / Σ w. Source: `keras.ops.average`."""
    if weights is None:
        return mean(x, axis)
    x, weights = together(x, weights, floats=True)
    return np.average(x, axis=axis, weights=weights)


def max(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None) -> Any:
    """The largest, and at least `initial`. Source: `keras.ops.max`."""
    return _extreme(np.max, np.maximum, x, axis, keepdims, initial)


def min(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None) -> Any:
    """The smallest, and at most `initial`. Source: `keras.ops.min`."""
    return _extreme(np.min, np.minimum, x, axis, keepdims, initial)


def _extreme(function: Any, of_two: Any, x: Any, axis: Any, keepdims: bool, initial: Any) -> Any:
    x = tensor(x)
    if initial is None:
        return function(x, axis=axis, keepdims=keepdims)
    initial = tensor(initial, x.dtype)
    if not x.size:
        kept = Operation("shape of max", lambda a, axis=axis: np.sum(a, axis=axis, keepdims=keepdims))(x)
        return np.broadcast_to(initial, kept.shape)
    return of_two(function(x, axis=axis, keepdims=keepdims), initial)


def amax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The largest. Source: `keras.ops.amax`."""
    return max(x, axis, keepdims)


def amin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The smallest. Source: `keras.ops.amin`."""
    return min(x, axis, keepdims)


def ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The largest minus the smallest. Source: `keras.ops.ptp`."""
    return max(x, axis, keepdims) - min(x, axis, keepdims)


def argmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Where the largest is, the first of several. Source: `keras.ops.argmax`."""
    return tensor(np.argmax(tensor(x), axis=axis, keepdims=keepdims), "int32")


def argmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Where the smallest is, the first of several. Source: `keras.ops.argmin`."""
    return tensor(np.argmin(tensor(x), axis=axis, keepdims=keepdims), "int32")


def count_nonzero(x: Any, axis: Any = None) -> Any:
    """How many are not 0. Source: `keras.ops.count_nonzero`."""
    return tensor(np.count_nonzero(tensor(x), axis=axis), "int32")


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log Σ eˣ, without overflow. Source: `keras.ops.logsumexp`."""
    return _logsumexp(floating(x), axis=axis, keepdims=keepdims)


# --- in the order of size --------------------------------------------------------------------------------


def _axis_last(x: Any, axis: Any) -> Any:
    """The axes to be taken together as one, the last; None: all."""
    x = tensor(x)
    if axis is None:
        return x.reshape(-1)
    axes = tuple(axis) if isinstance(axis, list | tuple) else (axis,)
    moved = np.moveaxis(x, axes, tuple(range(-len(axes), 0)))
    return moved.reshape((*moved.shape[: x.ndim - len(axes)], -1))


def _kept_shape(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    axes = range(len(shape)) if axis is None else axis if isinstance(axis, list | tuple) else (axis,)
    gone = {k % len(shape) for k in axes}
    return tuple(1 if k in gone else n for k, n in enumerate(shape))


_METHODS = {
    "linear": lambda low, high, part: low + (high - low) * part,
    "lower": lambda low, high, part: low,
    "higher": lambda low, high, part: high,
    "nearest": lambda low, high, part: high if part > 0.5 else low,
    "midpoint": lambda low, high, part: (low + high) / 2 if part else low,
}


def quantile(x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    """The number below which a part q of the elements lies; several q make a first axis. Source:
    `keras.ops.quantile`.
    """
    if method not in _METHODS:
        raise ValueError(f"method is one of {', '.join(_METHODS)}; got method={method!r}.")
    given = floating(x)
    q = np.asarray(q, np.float64)
    ordered = np.sort(_axis_last(given, axis), axis=-1)
    hides = np.isnan(ordered[..., -1])  # NaN is sorted last, and must show

    def one(part: float) -> Any:
        place = part * (ordered.shape[-1] - 1)
        low = math.floor(place)
        found = ordered[..., low]
        if place > low:  # or an infinite one would be taken from itself
            found = _METHODS[method](found, ordered[..., low + 1], place - low)
        found = np.where(hides, tensor(math.nan, given.dtype), found)
        return found.reshape(_kept_shape(given.shape, axis)) if keepdims else found

    return np.stack([one(float(part)) for part in q.ravel()]) if q.ndim else one(float(q))


def percentile(x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    """`quantile`, in hundredths. Source: `keras.ops.percentile`."""
    return quantile(x, np.asarray(q, np.float64) / 100, axis, method, keepdims)


def median(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The middle one, or the mean of the middle two. Source: `keras.ops.median`."""
    return quantile(x, 0.5, axis, "linear", keepdims)


# --- over what is not NaN --------------------------------------------------------------------------------


def _filled(x: Any, value: float) -> Any:
    x = tensor(x)
    return np.where(np.isnan(x), tensor(value, x.dtype), x) if x.dtype.kind == "f" else x


def _hiding(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """NaN where there is nothing but NaN."""
    x = tensor(x)
    if x.dtype.kind != "f":
        return y
    empty = np.all(np.isnan(x), axis=axis, keepdims=keepdims)
    return np.where(empty, tensor(math.nan, y.dtype), y)


def nansum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`sum`, NaN counting as 0. Source: `keras.ops.nansum`."""
    return sum(_filled(x, 0), axis, keepdims)


def nanprod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`prod`, NaN counting as 1. Source: `keras.ops.nanprod`."""
    return prod(_filled(x, 1), axis, keepdims)


def nancumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """`cumsum`, NaN counting as 0. Source: `keras.ops.nancumsum`."""
    return cumsum(_filled(x, 0), axis, dtype)


def nancumprod(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """`cumprod`, NaN counting as 1. Source: `keras.ops.nancumprod`."""
    return cumprod(_filled(x, 1), axis, dtype)


def nanmax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`max` of what is not NaN. Source: `keras.ops.nanmax`."""
    return _hiding(max(_filled(x, -math.inf), axis, keepdims), x, axis, keepdims)


def nanmin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`min` of what is not NaN. Source: `keras.ops.nanmin`."""
    return _hiding(min(_filled(x, math.inf), axis, keepdims), x, axis, keepdims)


def nanargmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """`argmax` of what is not NaN; −1 if there is nothing else. Source: `keras.ops.nanargmax`."""
    return _nanarg(argmax(_filled(x, -math.inf), axis, keepdims), x, axis, keepdims)


def nanargmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """`argmin` of what is not NaN; −1 if there is nothing else. Source: `keras.ops.nanargmin`."""
    return _nanarg(argmin(_filled(x, math.inf), axis, keepdims), x, axis, keepdims)


def _nanarg(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    x = tensor(x)
    if x.dtype.kind != "f":
        return y
    return np.where(np.all(np.isnan(x), axis=axis, keepdims=keepdims), tensor(-1, "int32"), y)


def nanmean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`mean` of what is not NaN. Source: `keras.ops.nanmean`."""
    x = floating(x)
    return _hiding(nansum(x, axis, keepdims) / _counts(x, axis, keepdims), x, axis, keepdims)


def nanvar(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`var` of what is not NaN. Source: `keras.ops.nanvar`."""
    x = floating(x)
    away = np.square(x - nanmean(x, axis, True))
    return _hiding(nansum(away, axis, keepdims) / _counts(x, axis, keepdims), x, axis, keepdims)


def nanstd(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`std` of what is not NaN. Source: `keras.ops.nanstd`."""
    return np.sqrt(nanvar(x, axis, keepdims))


def _counts(x: Any, axis: Any, keepdims: bool) -> Any:
    there = tensor(np.logical_not(np.isnan(x)), x.dtype)
    return np.maximum(np.sum(there, axis=axis, keepdims=keepdims), 1)


def nanquantile(x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    """`quantile` of what is not NaN. Source: `keras.ops.nanquantile`."""
    given = floating(x)
    if not bool(np.isnan(given.numpy()).any()):
        return quantile(given, q, axis, method, keepdims)
    flat = _axis_last(given, axis)
    rows = flat.reshape((-1, flat.shape[-1]))
    there = ~np.isnan(rows.numpy())
    found = [
        quantile(row[np.flatnonzero(kept)] if kept.any() else row, q, None, method)
        for row, kept in zip(rows, there, strict=True)
    ]
    first = np.shape(q)
    shape = _kept_shape(given.shape, axis) if keepdims else flat.shape[:-1]
    return np.stack(found, axis=-1).reshape((*first, *shape))


def nanpercentile(x: Any, q: Any, axis: Any = None, method: str = "linear", keepdims: bool = False) -> Any:
    """`percentile` of what is not NaN. Source: `keras.ops.nanpercentile`."""
    return nanquantile(x, np.asarray(q, np.float64) / 100, axis, method, keepdims)


def nanmedian(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """`median` of what is not NaN. Source: `keras.ops.nanmedian`."""
    return nanquantile(x, 0.5, axis, "linear", keepdims)
