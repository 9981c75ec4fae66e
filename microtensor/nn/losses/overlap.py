"""Overlap: how little two areas have in common, 0 where they are the same: for images cut into parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...core.operations.loss import EPSILON
from ...serialization import serializable
from .loss import OwnLoss
from .pairing import pair, tensor
from .reduction import MEANS


@serializable("keras.losses")
def dice(y_true: Any, y_pred: Any, axis: Any = None) -> Tensor:
    """1 − 2 Σ t p / (Σ t + Σ p), the sums over `axis`; None: over all."""
    t, p = pair(y_true, y_pred)
    common, both = np.sum(t * p, axis=axis), np.sum(t, axis=axis) + np.sum(p, axis=axis)
    return tensor(1 - 2 * common / (both + EPSILON))


@serializable("keras.losses")
def tversky(y_true: Any, y_pred: Any, alpha: float = 0.5, beta: float = 0.5, axis: Any = None) -> Tensor:
    """1 − c / (c + α Σ t (1 − p) + β Σ (1 − t) p), c = Σ t p, the sums over `axis`; `dice` for α = β = ½."""
    t, p = pair(y_true, y_pred)
    common, missed, wrong = (np.sum(x, axis=axis) for x in (t * p, t * (1 - p), (1 - t) * p))
    return tensor(1 - common / (common + alpha * missed + beta * wrong + EPSILON))


@serializable("keras.losses")
class Dice(OwnLoss):
    """1 − 2 Σ t p / (Σ t + Σ p). Source: `keras.losses.Dice`.

    Args:
        axis: over which is summed; None: all, so that the batch has one value.
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self, reduction: Any = MEANS[0], name: str | None = "dice", axis: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(dice, reduction, name, dtype, axis=_plain(axis))


@serializable("keras.losses")
class Tversky(OwnLoss):
    """`Dice` with a weight α for what was missed and β for what was wrong. Source: `keras.losses.Tversky`.

    Args:
        alpha, beta: α and β.
        axis: over which is summed; None: all, so that the batch has one value.
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: Any = MEANS[0],
        name: str | None = "tversky",
        axis: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=_plain(axis))


def _plain(axis: Any) -> Any:
    return tuple(axis) if isinstance(axis, list) else axis
