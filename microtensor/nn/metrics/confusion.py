"""Counts and shares of right and wrong answers: true positives, …, precision, recall."""

from __future__ import annotations

from typing import Any

from ...serialization import serializable
from .counting import LOWEST, CountingMetric, checked_thresholds, counts
from .metric import add


class _Count(CountingMetric):
    """How many (how much weight) of one kind, at each threshold."""

    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(dtype, name)
        self.init_thresholds, self.thresholds = thresholds, checked_thresholds(thresholds)
        self.accumulator = self.add_variable((len(self.thresholds),), dtype="float64", name="accumulator")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        made = counts(y_true, y_pred, self.thresholds, sample_weight)
        add(self.accumulator, getattr(made, self.kinds[0]))

    def result(self) -> Any:
        return self._shown(self.accumulator._data)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "thresholds": self.init_thresholds}


@serializable("keras.metrics")
class FalsePositives(_Count):
    """How many zeros were called ones. Source: `keras.metrics.FalsePositives`.

    Args:
        thresholds: above which a prediction is a one; a list: one count for each.
        name, dtype: as for `Metric`.
    """

    kinds = ("false_positives",)


@serializable("keras.metrics")
class FalseNegatives(_Count):
    """How many ones were called zeros. Source: `keras.metrics.FalseNegatives`.

    Args:
        thresholds: above which a prediction is a one; a list: one count for each.
        name, dtype: as for `Metric`.
    """

    kinds = ("false_negatives",)


@serializable("keras.metrics")
class TrueNegatives(_Count):
    """How many zeros were called zeros. Source: `keras.metrics.TrueNegatives`.

    Args:
        thresholds: above which a prediction is a one; a list: one count for each.
        name, dtype: as for `Metric`.
    """

    kinds = ("true_negatives",)


@serializable("keras.metrics")
class TruePositives(_Count):
    """How many ones were called ones. Source: `keras.metrics.TruePositives`.

    Args:
        thresholds: above which a prediction is a one; a list: one count for each.
        name, dtype: as for `Metric`.

    >>> TruePositives()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])
    2.0
    """

    kinds = ("true_positives",)


class _Share(CountingMetric):
    """Of the true positives and one other kind, the share of the true positives."""

    _direction = "up"

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        self.init_thresholds, self.top_k, self.class_id = thresholds, top_k, class_id
        self.thresholds = checked_thresholds(thresholds, 0.5 if top_k is None else LOWEST)
        self._add_counters((len(self.thresholds),))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        self._count(y_true, y_pred, sample_weight, top_k=self.top_k, class_id=self.class_id)

    def result(self) -> Any:
        return self._shown(self._share(*self.kinds))

    def get_config(self) -> dict[str, Any]:
        own = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return {**super().get_config(), **own}


@serializable("keras.metrics")
class Precision(_Share):
    """How many of what was called a one are ones: TP / (TP + FP). Source: `keras.metrics.Precision`.

    Args:
        thresholds: above which a prediction is a one; a list: one result for each.
        top_k: only the k largest of each row may be ones (and all of these, without thresholds).
        class_id: look at this column only.
        name, dtype: as for `Metric`.

    >>> Precision()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])
    0.6666666865348816
    """

    kinds = ("true_positives", "false_positives")


@serializable("keras.metrics")
class Recall(_Share):
    """How many of the ones were called ones: TP / (TP + FN). Source: `keras.metrics.Recall`.

    Args:
        thresholds, top_k, class_id: as for `Precision`.
        name, dtype: as for `Metric`.
    """

    kinds = ("true_positives", "false_negatives")
