"""Losses: how far a prediction is from its target, as one number or as one for each sample.

The one idea: the loss of a sample is made of its own row alone, the last axis. So an entry says what is
averaged (or summed) along a row, and the slope of that in the prediction and in the target. What all have in
common is said once: both have the same shape (nothing is broadcast), the rows are averaged
(reduction="mean") or left as they are ("none"), and the incoming gradient finds its way back to the rows.

The numbers are Keras'; the arguments are (prediction, target). Here are the distances; `likelihood` has the
losses of probabilities, `margin` those that are content once an answer is right by enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .table import operation

if TYPE_CHECKING:
    from ..operation import Operation

EPSILON = 1e-7  # Keras': probabilities are kept this far from 0 and 1


def _check(prediction: Any, target: Any, reduction: str) -> None:
    if getattr(prediction, "shape", ()) != getattr(target, "shape", ()):  # a Python number has none
        raise ValueError("prediction and target must have the same shape; neither is broadcast")
    if reduction not in ("mean", "none"):
        raise ValueError(f"reduction is 'mean', one number, or 'none', one a sample; got {reduction!r}")


def mean_of(value: Callable[..., Any], p: Any, t: Any, reduction: str, *how: Any) -> Any:
    """The loss of a sample is the mean of `value` over its row."""
    _check(p, t, reduction)
    return np.mean(value(p, t, *how), axis=None if reduction == "mean" or not getattr(p, "ndim", 0) else -1)


def sum_of(value: Callable[..., Any], p: Any, t: Any, reduction: str, *how: Any) -> Any:
    """The loss of a sample is the sum of `value` over its row."""
    _check(p, t, reduction)
    rows = np.sum(value(p, t, *how), axis=-1)
    return np.mean(rows) if reduction == "mean" else rows


def _incoming(g: Any, p: Any, reduction: str, summed: bool) -> Any:
    """∂L/∂(the value of an element), in a shape that broadcasts against p."""
    shape = getattr(p, "shape", ())  # a Python number has none
    if reduction == "mean":
        return g / (math.prod(shape[:-1] if summed else shape) or 1)
    g = g if summed else g / (math.prod(shape[-1:]) or 1)
    return np.expand_dims(g, -1) if shape else g


def loss(
    name: str, forward: Callable[..., Any], *slopes: Callable[..., Any], summed: bool = False, **details: Any
) -> Operation:
    """Enter a loss: its value, and the slopes of an element (or of a row's sum) in prediction and target."""

    def vjp(slope: Callable[..., Any]) -> Callable[..., Any]:
        return lambda g, y, p, t, reduction="mean", **how: (
            _incoming(g, p, reduction, summed) * slope(p, t, **how)
        )

    return operation(name, forward, *map(vjp, slopes), **details)


# --- distances ----------------------------------------------------------------------------------------

mse = loss(
    "mse",
    lambda prediction, target, reduction="mean": mean_of(
        lambda p, t: np.square(p - t), prediction, target, reduction
    ),
    lambda p, t: 2 * (p - t),
    lambda p, t: 2 * (t - p),
    formula="mean((prediction - target) ** 2)",
    local=("2 * (prediction - target) / N", "2 * (target - prediction) / N"),
    doc="Mean squared error: the mean of (prediction − target)² over all N elements. Shapes must be equal.",
)
mae = loss(
    "mae",
    lambda prediction, target, reduction="mean": mean_of(
        lambda p, t: np.abs(p - t), prediction, target, reduction
    ),
    lambda p, t: np.sign(p - t),
    lambda p, t: np.sign(t - p),
    formula="mean(abs(prediction - target))",
    local=("sign(prediction - target) / N", "sign(target - prediction) / N"),
    convention="the derivative where prediction = target is 0",
    doc="Mean absolute error: the mean of |prediction − target| over all N elements. Shapes must be equal.",
)


def _huber(p: Any, t: Any, delta: float) -> Any:
    gap = np.abs(p - t)
    inner = np.minimum(gap, delta)
    return inner * (gap - inner / 2)


huber = loss(
    "huber",
    lambda prediction, target, delta=1.0, reduction="mean": mean_of(
        _huber, prediction, target, reduction, delta
    ),
    lambda p, t, delta=1.0: np.clip(p - t, -delta, delta),
    lambda p, t, delta=1.0: np.clip(t - p, -delta, delta),
    formula="mean(minimum(abs(prediction - target), delta) * (abs(prediction - target) "
    "- minimum(abs(prediction - target), delta) / 2))",
    local=("clip(prediction - target, -delta, delta) / N", "clip(target - prediction, -delta, delta) / N"),
    doc="""The mean of d²/2 where |d| ≤ delta, delta (|d| − delta/2) beyond; d = prediction − target.

    A squared error that outliers cannot dominate. Source: Huber, 1964.
    """,
)


def _log_cosh(p: Any, t: Any) -> Any:
    gap = np.abs(p - t)
    return gap + np.log1p(np.expm1(-2 * gap) / 2)  # cosh itself would overflow


log_cosh = loss(
    "log_cosh",
    lambda prediction, target, reduction="mean": mean_of(_log_cosh, prediction, target, reduction),
    lambda p, t: np.tanh(p - t),
    lambda p, t: np.tanh(t - p),
    formula="mean(log(cosh(prediction - target)))",
    local=("tanh(prediction - target) / N", "tanh(target - prediction) / N"),
    doc="The mean of log(cosh(prediction − target)): d²/2 for small d, |d| − log 2 for large.",
)


def _norm(x: Any) -> Any:
    """The length of each row; of a row of zeros EPSILON, so that dividing by it is harmless."""
    return np.sqrt(np.maximum(np.square(x).sum(axis=-1, keepdims=True), EPSILON**2))


def _cosine_slope(x: Any, other: Any) -> Any:
    """−∂(x̂ · ô)/∂x: the part of −ô that is square to x, over the length of x."""
    norm, toward = _norm(x), other / _norm(other)
    unit = x / norm
    return (unit * ((unit * toward).sum(axis=-1, keepdims=True) * (norm > EPSILON)) - toward) / norm


cosine_similarity = loss(
    "cosine_similarity",
    lambda prediction, target, reduction="mean": sum_of(
        lambda p, t: -(p / _norm(p)) * (t / _norm(t)), prediction, target, reduction
    ),
    lambda p, t: _cosine_slope(p, t),
    lambda p, t: _cosine_slope(t, p),
    summed=True,
    formula="-sum(prediction * target) / sqrt(sum(prediction ** 2) * sum(target ** 2))",
    local=(
        "-(target / norm(target) + y * prediction / norm(prediction)) / norm(prediction)",
        "-(prediction / norm(prediction) + y * target / norm(target)) / norm(target)",
    ),
    convention="a row of zeros is similar to nothing: 0",
    doc="−cos of the angle between a row and its target: −1 where they point the same way, 1 where opposite.",
)
