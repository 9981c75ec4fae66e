"""The best of one share that is possible while another is good enough: a point on the curve of thresholds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import serializable
from .counting import CountingMetric, even_thresholds
from .result import Number


class _OperatingPoint(CountingMetric):
    """The largest `best` among the thresholds where `bound` is at least `value`; 0 if there are none."""

    _direction = "up"
    argument: str  # the name of `value`
    bound: tuple[str, str]
    best: tuple[str, str]

    def __init__(
        self, value: float, num_thresholds: int, class_id: int | None, name: Any, dtype: Any
    ) -> None:
        super().__init__(dtype, name)
        if not 0 <= value <= 1:
            raise ValueError(
                f"Argument `{self.argument}` must be in the range [0, 1]. Received: {self.argument}={value}"
            )
        if num_thresholds <= 0:
            raise ValueError(
                f"Argument `num_thresholds` must be an integer > 0. Received: num_thresholds={num_thresholds}"
            )
        self.value, self.num_thresholds, self.class_id = value, num_thresholds, class_id
        setattr(self, self.argument, value)
        self.thresholds = even_thresholds(num_thresholds)
        self._add_counters((num_thresholds,))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        self._count(y_true, y_pred, sample_weight, class_id=self.class_id)

    def result(self) -> Number:
        feasible = self._share(*self.bound) >= self.value
        return Number(np.max(np.where(feasible, self._share(*self.best), 0)), self.dtype)

    def get_config(self) -> dict[str, Any]:
        own = {"num_thresholds": self.num_thresholds, "class_id": self.class_id, self.argument: self.value}
        return {**super().get_config(), **own}


SENSITIVITY = RECALL = ("true_positives", "false_negatives")
SPECIFICITY = ("true_negatives", "false_positives")
PRECISION = ("true_positives", "false_positives")


@serializable("keras.metrics")
class SensitivityAtSpecificity(_OperatingPoint):
    """The best TP / (TP + FN) where TN / (TN + FP) is large enough.

    Source: `keras.metrics.SensitivityAtSpecificity`.

    Args:
        specificity: how large.
        num_thresholds: how many are tried, evenly from 0 to 1.
        class_id: look at this column only.
        name, dtype: as for `Metric`.

    Raises:
        ValueError: a specificity outside [0, 1], or no thresholds.
    """

    argument, bound, best = "specificity", SPECIFICITY, SENSITIVITY

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)


@serializable("keras.metrics")
class SpecificityAtSensitivity(_OperatingPoint):
    """The best TN / (TN + FP) where TP / (TP + FN) is large enough.

    Source: `keras.metrics.SpecificityAtSensitivity`.

    Args:
        sensitivity: how large.
        num_thresholds, class_id, name, dtype: as for `SensitivityAtSpecificity`.
    """

    argument, bound, best = "sensitivity", SENSITIVITY, SPECIFICITY

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)


@serializable("keras.metrics")
class PrecisionAtRecall(_OperatingPoint):
    """The best TP / (TP + FP) where TP / (TP + FN) is large enough.

    Source: `keras.metrics.PrecisionAtRecall`.

    Args:
        recall: how large.
        num_thresholds, class_id, name, dtype: as for `SensitivityAtSpecificity`.
    """

    argument, bound, best = "recall", RECALL, PRECISION

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)


@serializable("keras.metrics")
class RecallAtPrecision(_OperatingPoint):
    """The best TP / (TP + FN) where TP / (TP + FP) is large enough.

    Source: `keras.metrics.RecallAtPrecision`.

    Args:
        precision: how large.
        num_thresholds, class_id, name, dtype: as for `SensitivityAtSpecificity`.
    """

    argument, bound, best = "precision", PRECISION, RECALL

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)
