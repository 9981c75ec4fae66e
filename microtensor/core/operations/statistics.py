"""Statistics: running sums and products, deviations, middles: what reduces elements in more than one step."""

from __future__ import annotations

from typing import Any

import numpy as np

from .reduction import axis_of, count_of, kept, reduced_axes
from .table import composed, operation, tensor


def _others(x: Any, axis: Any) -> Any:
    """For each element the product of all others over `axis`: no quotient, so zeros do no harm.

    Each axis in turn: the product of those before times the product of those after, times, from then on, the
    products of the other slices.
    """
    result, rest = np.ones_like(x), x
    for k in reduced_axes(axis, x.ndim):
        result = result * _before(rest, k) * np.flip(_before(np.flip(rest, k), k), k)
        rest = np.prod(rest, axis=k, keepdims=True)
    return result


def _before(x: Any, axis: int) -> Any:
    """Along `axis`, the product of all elements before each one; 1 before the first."""
    n = x.shape[axis]
    if n == 0:
        return x
    first, upto = (slice(None),) * axis + (slice(0, 1),), (slice(None),) * axis + (slice(0, n - 1),)
    return np.concatenate([np.ones_like(x[first]), np.cumprod(x, axis)[upto]], axis)


prod = operation(
    "prod",
    lambda x, axis=None, keepdims=False: np.prod(x, axis=axis_of(axis), keepdims=keepdims),
    lambda g, y, x, axis=None, keepdims=False: kept(g, x, axis, keepdims) * _others(x, axis),
    numpy=np.prod,
    formula="prod(x)",
    local="prod(others)",
    doc="Π x over `axis` (an int, a tuple, None for all); it is dropped unless `keepdims`. Zeros do no harm.",
)
cumsum = operation(
    "cumsum",
    lambda x, axis=None: np.cumsum(x, axis),
    lambda g, y, x, axis=None: _turned(np.cumsum(_turned(g, axis), axis), axis).reshape(x.shape),
    numpy=np.cumsum,
    formula="cumsum(x)",
    local="cumsum(g from the end)",
    doc="The running sum along `axis`; None: of all elements in one row.",
)


def _turned(x: Any, axis: int | None) -> Any:
    return np.flip(x, 0 if axis is None else axis)


def _cumprod_vjp(g: Any, x: Any, axis: int) -> Any:
    """gᵢ' = (Π of those before i) · sᵢ, with sᵢ = gᵢ + xᵢ₊₁ sᵢ₊₁ from the end: no quotient, so zeros do no
    harm.
    """
    g, x = np.moveaxis(g, axis, 0), np.moveaxis(x, axis, 0)
    if len(x) == 0:
        return np.moveaxis(g, 0, axis)
    sums = [g[len(x) - 1]]
    for k in range(len(x) - 2, -1, -1):
        sums.append(g[k] + x[k + 1] * sums[-1])
    return np.moveaxis(_before(x, 0) * np.stack(sums[::-1]), 0, axis)


cumprod = operation(
    "cumprod",
    lambda x, axis=None: np.cumprod(x, axis),
    lambda g, y, x, axis=None: (
        _cumprod_vjp(g, x.reshape(-1), 0).reshape(x.shape) if axis is None else _cumprod_vjp(g, x, axis)
    ),
    numpy=np.cumprod,
    formula="cumprod(x)",
    local="sum of g times the other factors",
    doc="The running product along `axis`; None: of all elements in one row. Zeros do no harm.",
)
var = operation(
    "var",
    lambda x, axis=None, ddof=0, keepdims=False: np.var(x, axis=axis_of(axis), ddof=ddof, keepdims=keepdims),
    lambda g, y, x, axis=None, ddof=0, keepdims=False: (
        kept(g, x, axis, keepdims) * _deviation(x, axis) * (2 / (count_of(x, axis) - ddof))
    ),
    numpy=np.var,
    formula="sum((x - mean(x)) ** 2) / (n - ddof)",
    local="2 * (x - mean(x)) / (n - ddof)",
    doc="The variance over `axis`: Σ (x − mean)² / (n − ddof).",
)
std = operation(
    "std",
    lambda x, axis=None, ddof=0, keepdims=False: np.std(x, axis=axis_of(axis), ddof=ddof, keepdims=keepdims),
    lambda g, y, x, axis=None, ddof=0, keepdims=False: (
        kept(g / (y + (y == 0)), x, axis, keepdims) * _deviation(x, axis) / (count_of(x, axis) - ddof)
    ),
    numpy=np.std,
    formula="sqrt(sum((x - mean(x)) ** 2) / (n - ddof))",
    local="(x - mean(x)) / (y * (n - ddof))",
    convention="where all elements are equal, the derivative is 0",
    doc="The standard deviation over `axis`: √(Σ (x − mean)² / (n − ddof)).",
)


def _deviation(x: Any, axis: Any) -> Any:
    return x - np.mean(x, axis=axis_of(axis), keepdims=True)


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    highest = np.max(x, axis=axis_of(axis), keepdims=True)
    shift = np.where(np.isfinite(highest), highest, 0)  # the largest exponent is 0: nothing overflows
    total = np.sum(np.exp(x - shift), axis=axis_of(axis), keepdims=True)
    with np.errstate(divide="ignore"):  # the logarithm of nothing at all is -inf, and that is right
        result = np.log(total) + shift
    return result if keepdims else result.reshape(np.sum(x, axis=axis_of(axis)).shape)


logsumexp = operation(
    "logsumexp",
    _logsumexp,
    lambda g, y, x, axis=None, keepdims=False: (
        kept(g, x, axis, keepdims) * np.exp(x - kept(y, x, axis, keepdims))
    ),
    formula="log(sum(exp(x)))",
    local="exp(x - y)",
    doc="log Σ eˣ over `axis` (an int, a tuple, None for all), without overflow.",
)


@composed(np.median)
def median(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The middle of the elements over `axis` (an int, a tuple, None for all), or the mean of the two
    middles.
    """
    x = tensor(x)
    axes = reduced_axes(axis, x.ndim)
    others = tuple(n for k, n in enumerate(x.shape) if k not in axes)
    rows = np.moveaxis(x, axes, range(-len(axes), 0)) if axes else x
    ordered = np.sort(rows.reshape((*others, count_of(x, axes))), axis=-1)
    n = ordered.shape[-1]
    if n == 0:
        raise ValueError(f"median of no elements: shape {x.shape}, axis {axis}.")
    middle = (ordered[..., (n - 1) // 2] + ordered[..., n // 2]) / 2
    return kept(middle, x, axes, False) if keepdims else middle


@composed(np.average)
def average(x: Any, axis: Any = None, weights: Any = None, keepdims: bool = False) -> Any:
    """Σ w x / Σ w over `axis`; the mean if there are no weights. They have x's shape, or its length along
    `axis`.
    """
    x = tensor(x)
    if weights is None:
        return np.mean(x, axis=axis_of(axis), keepdims=keepdims)
    weights = tensor(weights)
    if weights.shape != x.shape:
        if weights.ndim != 1 or not isinstance(axis, int) or len(weights) != x.shape[axis]:
            raise ValueError(
                f"weights have shape {weights.shape}; x has {x.shape}, averaged over axis {axis}."
            )
        weights = weights.reshape(tuple(-1 if k == axis % x.ndim else 1 for k in range(x.ndim)))
    over = {"axis": axis_of(axis), "keepdims": keepdims}
    return np.sum(x * weights, **over) / np.sum(weights * np.ones_like(x), **over)
