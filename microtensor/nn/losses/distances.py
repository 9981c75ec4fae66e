"""Distances: how far a prediction is from its target, averaged over the last axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...core.operations import loss as operations
from ...core.operations.loss import EPSILON
from ...serialization import serializable
from .loss import OwnLoss
from .pairing import pair, tensor
from .reduction import MEANS


def rows(operation: Any, y_true: Any, y_pred: Any, axis: int = -1, **how: Any) -> Tensor:
    """What an operation of the table gives for each row along an axis. The shapes must match."""
    if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
        raise ValueError(f"`axis` must be of type `int`. Received: axis={axis} of type {type(axis)}")
    y_true, y_pred = pair(y_true, y_pred)
    if axis not in (-1, y_pred.ndim - 1):
        y_true, y_pred = np.moveaxis(y_true, axis, -1), np.moveaxis(y_pred, axis, -1)
    made: Tensor = operation(y_pred, y_true, reduction="none", **how)
    return made


@serializable("keras.losses")
def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """mean((y_true − y_pred)²) over the last axis: one number for each sample.

    >>> mean_squared_error([[0.0, 1.0]], [[1.0, 1.0]]).tolist()
    [0.5]
    """
    return rows(operations.mse, y_true, y_pred)


@serializable("keras.losses")
def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """mean(|y_true − y_pred|) over the last axis: one number for each sample."""
    return rows(operations.mae, y_true, y_pred)


@serializable("keras.losses")
def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Tensor:
    """100 · mean(|y_true − y_pred| / max(|y_true|, 1e-7)) over the last axis."""
    y_true, y_pred = pair(y_true, y_pred)
    share = np.abs((y_true - y_pred) / np.maximum(np.abs(y_true), EPSILON))
    return tensor(100.0 * np.mean(share, axis=-1))


@serializable("keras.losses")
def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Tensor:
    """mean((log(1 + y_true) − log(1 + y_pred))²) over the last axis, of values that are at least 1e-7."""
    t, p = (np.log1p(np.maximum(y, EPSILON)) for y in pair(y_true, y_pred))
    return rows(operations.mse, t, p)


@serializable("keras.losses")
def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Tensor:
    """mean of d²/2 where |d| ≤ delta, delta (|d| − delta/2) beyond; d = y_pred − y_true."""
    return rows(operations.huber, y_true, y_pred, delta=delta)


@serializable("keras.losses")
def log_cosh(y_true: Any, y_pred: Any) -> Tensor:
    """mean(log(cosh(y_pred − y_true))) over the last axis."""
    return rows(operations.log_cosh, y_true, y_pred)


@serializable("keras.losses")
def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """−cos of the angle between target and prediction along an axis: −1 where they point the same way."""
    return rows(operations.cosine_similarity, y_true, y_pred, axis)


@serializable("keras.losses")
class MeanSquaredError(OwnLoss):
    """The mean of (y_true − y_pred)². Source: `keras.losses.MeanSquaredError`.

    Args:
        reduction, name, dtype: as for `Loss`.

    >>> float(MeanSquaredError()([[0.0], [1.0]], [[1.0], [1.0]]))
    0.5
    """

    operation = operations.mse

    def __init__(
        self, reduction: Any = MEANS[0], name: str | None = "mean_squared_error", dtype: Any = None
    ) -> None:
        super().__init__(mean_squared_error, reduction, name, dtype)


@serializable("keras.losses")
class MeanAbsoluteError(OwnLoss):
    """The mean of |y_true − y_pred|. Source: `keras.losses.MeanAbsoluteError`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.mae

    def __init__(
        self, reduction: Any = MEANS[0], name: str | None = "mean_absolute_error", dtype: Any = None
    ) -> None:
        super().__init__(mean_absolute_error, reduction, name, dtype)


@serializable("keras.losses")
class MeanAbsolutePercentageError(OwnLoss):
    """100 · the mean of |y_true − y_pred| / |y_true|. Source: `keras.losses.MeanAbsolutePercentageError`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self,
        reduction: Any = MEANS[0],
        name: str | None = "mean_absolute_percentage_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)


@serializable("keras.losses")
class MeanSquaredLogarithmicError(OwnLoss):
    """The mean of (log(1 + y_true) − log(1 + y_pred))². Source: `keras.losses.MeanSquaredLogarithmicError`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self,
        reduction: Any = MEANS[0],
        name: str | None = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)


@serializable("keras.losses")
class Huber(OwnLoss):
    """Squared for small errors, straight for large ones, so that outliers cannot dominate.

    Source: `keras.losses.Huber`.

    Args:
        delta: where the parabola becomes a line.
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.huber
    unsaid = {"delta": 1.0}  # noqa: RUF012

    def __init__(
        self,
        delta: float = 1.0,
        reduction: Any = MEANS[0],
        name: str | None = "huber_loss",
        dtype: Any = None,
    ) -> None:
        super().__init__(huber, reduction, name, dtype, delta=delta)


@serializable("keras.losses")
class LogCosh(OwnLoss):
    """The mean of log(cosh(y_pred − y_true)). Source: `keras.losses.LogCosh`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.log_cosh

    def __init__(self, reduction: Any = MEANS[0], name: str | None = "log_cosh", dtype: Any = None) -> None:
        super().__init__(log_cosh, reduction, name, dtype)


@serializable("keras.losses")
class CosineSimilarity(OwnLoss):
    """−cos of the angle between target and prediction. Source: `keras.losses.CosineSimilarity`.

    Args:
        axis: along which the vectors lie.
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.cosine_similarity
    unsaid = {"axis": -1}  # noqa: RUF012

    def __init__(
        self,
        axis: int = -1,
        reduction: Any = MEANS[0],
        name: str | None = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
