"""Correlations: do prediction and target move together?"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...serialization import serializable
from ..losses.pairing import pair, tensor
from .means import OwnMetric

EPSILON = 1e-7


@serializable("keras.metrics")
def pearson_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """mean((t − mean t)(p − mean p)) / (std t · std p) along an axis: −1 … 1."""
    standard = (
        (y - np.mean(y, axis, keepdims=True)) / np.std(y, axis, keepdims=True) for y in pair(y_true, y_pred)
    )
    t, p = standard
    return tensor(np.mean(t * p, axis=axis))


@serializable("keras.metrics")
def concordance_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """2 cov / (var t + var p + (mean t − mean p)²) along an axis: 1 only where p = t. Source: Lin, 1989."""
    t, p = pair(y_true, y_pred)
    mean_t, mean_p = np.mean(t, axis, keepdims=True), np.mean(p, axis, keepdims=True)
    spread = np.var(t, axis, keepdims=True) + np.var(p, axis, keepdims=True)
    together = 2 * (t - mean_t) * (p - mean_p)
    return tensor(np.mean(together / (spread + np.square(mean_t - mean_p) + EPSILON), axis=axis))


@serializable("keras.metrics")
class PearsonCorrelation(OwnMetric):
    """The mean correlation of prediction and target. Source: `keras.metrics.PearsonCorrelation`.

    Args:
        name, dtype: as for `Metric`.
        axis: along which the series lie.
    """

    _direction = "up"

    def __init__(self, name: str | None = "pearson_correlation", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(pearson_correlation, name, dtype, axis=axis)


@serializable("keras.metrics")
class ConcordanceCorrelation(OwnMetric):
    """The mean agreement of prediction and target. Source: `keras.metrics.ConcordanceCorrelation`.

    Args:
        name, dtype: as for `Metric`.
        axis: along which the series lie.
    """

    _direction = "up"

    def __init__(
        self, name: str | None = "concordance_correlation", dtype: Any = None, axis: int = -1
    ) -> None:
        super().__init__(concordance_correlation, name, dtype, axis=axis)
