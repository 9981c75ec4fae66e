"""R²: how much of the spread of the targets a prediction explains."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...serialization import serializable
from ..losses.pairing import equal_shapes, same_rank
from .metric import Metric, add, numbers
from .result import shown

AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


@serializable("keras.metrics")
class R2Score(Metric):
    """1 − Σ (y_true − y_pred)² / Σ (y_true − mean)²: 1 is perfect, 0 as good as the mean.

    Source: `keras.metrics.R2Score`.

    Args:
        class_aggregation: "uniform_average" or "variance_weighted_average" of columns; None: one for each.
        num_regressors: how many inputs the prediction is made of, to adjust the score for; 0: not adjusted.
        name, dtype: as for `Metric`.

    Raises:
        ValueError: another aggregation, negative regressors, or inputs that are not 2-D.
    """

    _direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str | None = "r2_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        if class_aggregation not in AGGREGATIONS:
            raise ValueError(
                f"Invalid value for argument `class_aggregation`. Expected one of {AGGREGATIONS}. Received: "
                f"class_aggregation={class_aggregation}"
            )
        if num_regressors < 0:
            raise ValueError(
                "Invalid value for argument `num_regressors`. Expected a value >= 0. Received: "
                f"num_regressors={num_regressors}"
            )
        self.class_aggregation, self.num_regressors = class_aggregation, num_regressors
        self.num_samples = self.add_variable((), dtype="float64", name="num_samples")
        self._built = False

    def _build(self, y_true: tuple[int, ...], y_pred: tuple[int, ...]) -> None:
        if len(y_pred) != 2 or len(y_true) != 2:
            raise ValueError(
                "R2Score expects 2D inputs with shape (batch_size, output_dim). Received input shapes: "
                f"y_pred.shape={y_pred} and y_true.shape={y_true}."
            )
        self.squared_sum, self.sum, self.total_mse, self.count = (
            self.add_variable(y_pred[-1:], dtype="float64", name=name)
            for name in ("squared_sum", "sum", "residual", "count")
        )
        self._built = True

    def check(self, target: tuple[int, ...], output: tuple[int, ...]) -> None:
        same = target == output or (*target, 1) == output
        if len(output) != 2 or not same:
            raise ValueError(
                "R2Score expects 2D inputs with shape (batch_size, output_dim). Received input shapes: "
                f"y_pred.shape={output} and y_true.shape={target}."
            )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        t, p = equal_shapes(*same_rank(numbers(y_true).astype("float64"), numbers(y_pred).astype("float64")))
        if not self._built:
            self._build(t.shape, p.shape)
        weight: Any = np.float64(1) if sample_weight is None else numbers(sample_weight)
        weight = np.broadcast_to(weight[:, None] if weight.ndim == 1 else weight, t.shape)
        for variable, value in (
            (self.sum, t * weight),
            (self.squared_sum, t * t * weight),
            (self.total_mse, np.square(t - p) * weight),
            (self.count, weight),
        ):
            add(variable, np.sum(value, axis=0))
        add(self.num_samples, t.size)

    def result(self) -> Any:
        if not self._built:
            return shown(0.0, self.dtype)
        with np.errstate(divide="ignore", invalid="ignore"):
            total = self.squared_sum._data - self.sum._data * (self.sum._data / self.count._data)
            scores = 1 - self.total_mse._data / total
            scores = np.where(np.isinf(scores), 0.0, scores)
            if self.class_aggregation == "uniform_average":
                scores = np.mean(scores)
            elif self.class_aggregation is not None:
                scores = np.sum(total * scores) / np.sum(total)
        return shown(self._adjusted(scores), self.dtype)

    def _adjusted(self, scores: Any) -> Any:
        left = float(self.num_samples._data) - self.num_regressors - 1
        if self.num_regressors and left > 0:
            return 1 - (1 - scores) * (left + self.num_regressors) / left
        if self.num_regressors:
            why = (
                "Division by zero in Adjusted R2 score."
                if left == 0
                else "More independent predictors than datapoints in adjusted R2 score."
            )
            warnings.warn(f"{why} Falling back to standard R2 score.", stacklevel=3)
        return scores

    def get_config(self) -> dict[str, Any]:
        own = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return {**super().get_config(), **own}
