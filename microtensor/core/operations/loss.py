"""Losses: how far a prediction is from its target, as one number."""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import operation


def _mse(prediction: Any, target: Any) -> Any:
    if np.shape(prediction) != np.shape(target):
        raise ValueError("prediction and target must have the same shape; neither is broadcast")
    return np.mean(np.square(prediction - target))


def _slope(difference: Any) -> Any:
    return difference * (2 / difference.size)


mse = operation(
    "mse",
    _mse,
    lambda g, y, prediction, target: g * _slope(prediction - target),
    lambda g, y, prediction, target: g * _slope(target - prediction),
    formula="mean((prediction - target) ** 2)",
    local=("2 * (prediction - target) / N", "2 * (target - prediction) / N"),
    doc="Mean squared error: the mean of (prediction − target)² over all N elements. Shapes must be equal.",
)
