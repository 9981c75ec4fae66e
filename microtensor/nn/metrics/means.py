"""Means and sums over samples: what most metrics are.

The one idea: the totals are kept in float64, so that a million small numbers add up right; only what is shown
is rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from ..losses.pairing import same_rank
from ..losses.reduction import weighted_mask
from .metric import Metric, add, numbers
from .result import Number


def samplewise(values: np.ndarray, weight: Any, reduce: Any) -> tuple[np.ndarray, np.ndarray | None]:
    """One (weighted) value for each sample, and its weight: `reduce` takes the other axes together.

    Raises:
        ValueError: weights of a shape that fits the values in no way.
    """
    if weight is not None:
        values, weight = same_rank(values, numbers(weight))
        if values.ndim > weight.ndim:
            values = reduce(values, axis=tuple(range(weight.ndim, values.ndim)))
        try:
            weight = np.broadcast_to(weight, values.shape)
        except ValueError:
            raise ValueError(
                f"sample_weight has shape {weight.shape}, the values have shape {values.shape}: give one "
                "weight for each value, one for each sample, or one for all."
            ) from None
        values = values * weight
        weight = reduce(weight, axis=tuple(range(1, weight.ndim)))
    return reduce(values, axis=tuple(range(1, values.ndim))), weight


@serializable("keras.metrics")
class Sum(Metric):
    """The sum of all values. Source: `keras.metrics.Sum`.

    Args:
        name, dtype: as for `Metric`.

    >>> Sum()([1.0, 2.0, 4.0])
    7.0
    """

    def __init__(self, name: str | None = "sum", dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.total = self.add_variable((), dtype="float64", name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Take values in, each times its weight."""
        one_each, _ = samplewise(numbers(values), sample_weight, np.sum)
        add(self.total, np.sum(one_each, dtype="float64"))

    def result(self) -> Number:
        return Number(self.total._data, self.dtype)


@serializable("keras.metrics")
class Mean(Metric):
    """The weighted mean Σ w v / Σ w; 0 before anything was seen. Source: `keras.metrics.Mean`.

    Args:
        name, dtype: as for `Metric`.

    >>> Mean()([1.0, 3.0], sample_weight=[3.0, 1.0])
    1.5
    """

    def __init__(self, name: str | None = "mean", dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.total = self.add_variable((), dtype="float64", name="total")
        self.count = self.add_variable((), dtype="float64", name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Take values in: one for each sample, or arrays whose mean is the sample's value."""
        array = numbers(values)
        if not array.ndim and (sample_weight is None or isinstance(sample_weight, int | float)):
            weight = 1 if sample_weight is None else sample_weight
            add(self.total, float(array) * weight)
            add(self.count, weight)
            return
        if array.ndim == 1 and sample_weight is None:
            add(self.total, array.sum(dtype="float64"))
            add(self.count, array.size)
            return
        one_each, weights = samplewise(array, sample_weight, np.mean)
        add(self.total, np.sum(one_each, dtype="float64"))
        count = (
            (len(one_each) if one_each.ndim else 1) if weights is None else np.sum(weights, dtype="float64")
        )
        add(self.count, count)

    def result(self) -> Number:
        return Number(self._mean(), self.dtype)

    def _mean(self) -> float:
        count = float(self.count._data)
        return float(self.total._data) / count if count else 0.0


@serializable("keras.metrics")
class MeanMetricWrapper(Mean):
    """The mean over samples of a function (y_true, y_pred, **kwargs).

    Source: `keras.metrics.MeanMetricWrapper`.

    Args:
        fn: of two arrays; one value for each sample, or an array whose mean is the sample's value.
        name, dtype: as for `Metric`.
        kwargs: more arguments of the function.
    """

    def __init__(
        self, fn: Callable[..., Any], name: str | None = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(name or getattr(fn, "__name__", None), dtype)
        self.fn, self._fn_kwargs = fn, kwargs

    def update_state(  # type: ignore[override]  # a mean of values takes values, this one what they are made of
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take a batch in."""
        mask = getattr(y_pred, "_keras_mask", None)
        if mask is not None:
            sample_weight = weighted_mask(sample_weight, mask, self.dtype, rescaled=False)
        super().update_state(self._values(y_true, y_pred), sample_weight)

    def _values(self, y_true: Any, y_pred: Any) -> Any:
        return self.fn(numbers(y_true), numbers(y_pred), **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        more = {"fn": self.fn, **self._fn_kwargs}
        return {**super().get_config(), **{key: serialize_keras_object(value) for key, value in more.items()}}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**(deserialize_keras_object(config) if "fn" in config else config))


class OwnMetric(MeanMetricWrapper):
    """The mean of a function of this library: its class says which, so its config need not.

    Args:
        fn, name, dtype, kwargs: as for `MeanMetricWrapper`; the kwargs become attributes.
    """

    unsaid: dict[str, Any] = {}  # noqa: RUF012 - arguments that a config has only if they differ from this

    def __init__(self, fn: Callable[..., Any], name: str | None, dtype: Any, **kwargs: Any) -> None:
        super().__init__(fn, name, dtype, **kwargs)
        vars(self).update(kwargs)

    def _values(self, y_true: Any, y_pred: Any) -> Any:
        on_arrays = getattr(self.fn, "__wrapped__", self.fn)
        return on_arrays(numbers(y_true), numbers(y_pred), **self._fn_kwargs)

    def check(self, target: tuple[int, ...], output: tuple[int, ...]) -> None:
        if not target or not output or None in (*target[1:], *output[1:]):
            return
        try:  # on a row of zeros
            with np.errstate(all="ignore"):
                self._values(*(np.zeros((1, *shape[1:]), "float32") for shape in (target, output)))
        except ValueError as error:
            raise ValueError(
                f"metric {self.name!r} cannot compare y of shape {target} with an output of shape {output}: "
                f"for one row, {error}"
            ) from None

    def get_config(self) -> dict[str, Any]:
        own = {
            key: value
            for key, value in self._fn_kwargs.items()
            if key not in self.unsaid or value != self.unsaid[key]
        }
        return {**Metric.get_config(self), **own}
