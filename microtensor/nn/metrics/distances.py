"""Metrics that are losses too: distances, crossentropies, hinges, averaged over all samples seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...core.operations import likelihood, loss, margin
from ...serialization import serializable
from ...settings import floatx
from .. import losses
from ..losses.pairing import equal_shapes, pair, same_rank
from ..losses.reduction import weighted_mask
from .means import Mean, OwnMetric
from .metric import numbers
from .result import Number


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """The cosine of the angle between target and prediction: 1 where they point the same way."""
    return -losses.cosine_similarity(y_true, y_pred, axis)


class LossMetric(OwnMetric):
    """A loss as a metric: the smaller, the better."""

    _direction = "down"
    operation: Any = None  # the loss as one operation of the table, whose forward needs no tensors

    def _values(self, y_true: Any, y_pred: Any) -> Any:
        how = dict(self._fn_kwargs)
        if self.operation is None or how.pop("axis", -1) != -1:
            return super()._values(y_true, y_pred)
        t, p = equal_shapes(*same_rank(numbers(y_true), numbers(y_pred)))
        p = p if p.dtype.kind == "f" else p.astype(floatx())
        return self.operation.forward(p, t.astype(p.dtype, copy=False), reduction="none", **how)


@serializable("keras.metrics")
class MeanSquaredError(LossMetric):
    """The mean of (y_true − y_pred)². Source: `keras.metrics.MeanSquaredError`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = loss.mse

    def __init__(self, name: str | None = "mean_squared_error", dtype: Any = None) -> None:
        super().__init__(losses.mean_squared_error, name, dtype)


@serializable("keras.metrics")
class MeanAbsoluteError(LossMetric):
    """The mean of |y_true − y_pred|. Source: `keras.metrics.MeanAbsoluteError`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = loss.mae

    def __init__(self, name: str | None = "mean_absolute_error", dtype: Any = None) -> None:
        super().__init__(losses.mean_absolute_error, name, dtype)


@serializable("keras.metrics")
class MeanAbsolutePercentageError(LossMetric):
    """100 · the mean of |y_true − y_pred| / |y_true|. Source: `keras.metrics.MeanAbsolutePercentageError`.

    Args:
        name, dtype: as for `Metric`.
    """

    def __init__(self, name: str | None = "mean_absolute_percentage_error", dtype: Any = None) -> None:
        super().__init__(losses.mean_absolute_percentage_error, name, dtype)


@serializable("keras.metrics")
class MeanSquaredLogarithmicError(LossMetric):
    """The mean of (log(1 + y_true) − log(1 + y_pred))². Source: `keras.metrics.MeanSquaredLogarithmicError`.

    Args:
        name, dtype: as for `Metric`.
    """

    def __init__(self, name: str | None = "mean_squared_logarithmic_error", dtype: Any = None) -> None:
        super().__init__(losses.mean_squared_logarithmic_error, name, dtype)


@serializable("keras.metrics")
class RootMeanSquaredError(Mean):
    """√ of the mean of (y_true − y_pred)². Source: `keras.metrics.RootMeanSquaredError`.

    Args:
        name, dtype: as for `Metric`.
    """

    _direction = "down"

    def __init__(self, name: str | None = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name, dtype)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Take a batch in."""
        t, p = (numbers(y) for y in pair(numbers(y_true), numbers(y_pred)))
        super().update_state(np.square(p - t), sample_weight)

    def check(self, target: tuple[int, ...], output: tuple[int, ...]) -> None:
        losses.matched_shape(target, output)

    def result(self) -> Number:
        return Number(self._mean() ** 0.5, self.dtype)


@serializable("keras.metrics")
class CosineSimilarity(OwnMetric):
    """The mean cosine of the angle between target and prediction. Source: `keras.metrics.CosineSimilarity`.

    Args:
        name, dtype: as for `Metric`.
        axis: along which the vectors lie.
    """

    _direction = "up"
    unsaid = {"axis": -1}  # noqa: RUF012

    def __init__(self, name: str | None = "cosine_similarity", dtype: Any = None, axis: int = -1) -> None:
        super().__init__(cosine_similarity, name, dtype, axis=axis)


@serializable("keras.metrics")
class LogCoshError(LossMetric):
    """The mean of log(cosh(y_pred − y_true)). Source: `keras.metrics.LogCoshError`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = loss.log_cosh

    def __init__(self, name: str | None = "logcosh", dtype: Any = None) -> None:
        super().__init__(losses.log_cosh, name, dtype)


@serializable("keras.metrics")
class Hinge(LossMetric):
    """The mean of max(1 − y_true · y_pred, 0). Source: `keras.metrics.Hinge`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = margin.hinge

    def __init__(self, name: str | None = "hinge", dtype: Any = None) -> None:
        super().__init__(losses.hinge, name, dtype)


@serializable("keras.metrics")
class SquaredHinge(LossMetric):
    """The mean of max(1 − y_true · y_pred, 0)². Source: `keras.metrics.SquaredHinge`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = margin.squared_hinge

    def __init__(self, name: str | None = "squared_hinge", dtype: Any = None) -> None:
        super().__init__(losses.squared_hinge, name, dtype)


@serializable("keras.metrics")
class CategoricalHinge(LossMetric):
    """The mean of max(wrong − right + 1, 0). Source: `keras.metrics.CategoricalHinge`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = margin.categorical_hinge

    def __init__(self, name: str | None = "categorical_hinge", dtype: Any = None) -> None:
        super().__init__(losses.categorical_hinge, name, dtype)


@serializable("keras.metrics")
class KLDivergence(LossMetric):
    """The mean of Σ t log(t / p). Source: `keras.metrics.KLDivergence`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = likelihood.kl_divergence

    def __init__(self, name: str | None = "kl_divergence", dtype: Any = None) -> None:
        super().__init__(losses.kl_divergence, name, dtype)


@serializable("keras.metrics")
class Poisson(LossMetric):
    """The mean of p − t log p. Source: `keras.metrics.Poisson`.

    Args:
        name, dtype: as for `Metric`.
    """

    operation = likelihood.poisson

    def __init__(self, name: str | None = "poisson", dtype: Any = None) -> None:
        super().__init__(losses.poisson, name, dtype)


@serializable("keras.metrics")
class BinaryCrossentropy(LossMetric):
    """The mean of −t log p − (1 − t) log(1 − p). Source: `keras.metrics.BinaryCrossentropy`.

    Args:
        name, dtype: as for `Metric`.
        from_logits, label_smoothing: see `keras.losses.binary_crossentropy`.
    """

    operation = likelihood.binary_crossentropy

    def __init__(
        self,
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        how = {"from_logits": from_logits, "label_smoothing": label_smoothing}
        super().__init__(losses.binary_crossentropy, name, dtype, **how)


@serializable("keras.metrics")
class CategoricalCrossentropy(LossMetric):
    """The mean of −Σ t log p. Source: `keras.metrics.CategoricalCrossentropy`.

    Args:
        name, dtype: as for `Metric`.
        from_logits, label_smoothing, axis: see `keras.losses.categorical_crossentropy`.
    """

    def __init__(
        self,
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        how = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(losses.categorical_crossentropy, name, dtype, **how)


@serializable("keras.metrics")
class SparseCategoricalCrossentropy(LossMetric):
    """The mean of −log p of the label. Source: `keras.metrics.SparseCategoricalCrossentropy`.

    Args:
        name, dtype: as for `Metric`.
        from_logits, ignore_class, axis: see `keras.losses.sparse_categorical_crossentropy`.
    """

    def __init__(
        self,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        how = {"from_logits": from_logits, "ignore_class": ignore_class, "axis": axis}
        super().__init__(losses.sparse_categorical_crossentropy, name, dtype, **how)

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take a batch in. What is ignored weighs nothing; without weights it counts as a loss of 0."""
        ignored = self._fn_kwargs["ignore_class"]
        if ignored is not None and sample_weight is not None:
            counted = numbers(y_true) != ignored
            sample_weight = weighted_mask(sample_weight, counted, self.dtype, rescaled=False)
        super().update_state(y_true, y_pred, sample_weight)
