"""AUC: the area under a curve of thresholds: how well scores tell ones from zeros, whatever the threshold."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.operations.activation import sigmoid
from ...serialization import serializable
from .counting import CountingMetric, even_thresholds, no_nan
from .metric import numbers
from .result import Number

EPSILON = 1e-7


@serializable("keras.metrics")
class AUC(CountingMetric):
    """The area under the ROC curve (recall over false alarms), or under another. Source: `keras.metrics.AUC`.

    ½ is chance, 1 is perfect. The curve is drawn through points at thresholds: the area is approximate.

    Args:
        num_thresholds: how many points.
        curve: "ROC"; "PR", precision over recall; "PRGAIN", the same as gains over always saying yes.
        summation_method: between two points: "interpolation", "majoring" (the higher) or "minoring".
        name, dtype: as for `Metric`.
        thresholds: these, instead of `num_thresholds` even ones.
        multi_label: a curve for each column, and the mean of their areas.
        num_labels: how many columns; None: as the first batch says.
        label_weights: how much a column counts.
        from_logits: are predictions logits?

    Raises:
        ValueError: a curve, method, threshold or shape that does not exist.

    >>> AUC(num_thresholds=3)([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
    0.75
    """

    _direction = "up"
    curves = ("ROC", "PR", "PRGAIN")
    methods = ("interpolation", "majoring", "minoring")

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Any = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(dtype, name)
        if str(curve).upper() not in self.curves:
            raise ValueError(f'Invalid AUC curve value: "{curve}". Expected values are {list(self.curves)}')
        if str(summation_method).lower() not in self.methods:
            raise ValueError(
                f'Invalid AUC summation method value: "{summation_method}". Expected values are '
                f"{list(self.methods)}"
            )
        if thresholds is None and num_thresholds <= 1:
            raise ValueError(
                f"Argument `num_thresholds` must be an integer > 1. Received: num_thresholds={num_thresholds}"
            )
        if num_labels and not multi_label:
            raise ValueError("`num_labels` is needed only when `multi_label` is True.")
        inner = even_thresholds(num_thresholds)[1:-1] if thresholds is None else sorted(thresholds)
        self._init_from_thresholds = thresholds is not None
        self.thresholds = [-EPSILON, *inner, 1 + EPSILON]
        self.num_thresholds = len(self.thresholds)
        self.curve, self.summation_method = str(curve).upper(), str(summation_method).lower()
        self.multi_label, self.num_labels = multi_label, num_labels
        self.label_weights = None if label_weights is None else np.asarray(label_weights, self.dtype)
        self._from_logits, self._built = from_logits, False
        if num_labels or not multi_label:
            self._build((None, num_labels))

    def _build(self, shape: Any) -> None:
        if self.multi_label and len(shape) != 2:
            raise ValueError(
                f"`y_pred` must have rank 2 when `multi_label=True`. Found rank {len(shape)}. Full shape "
                f"received for `y_pred`: {shape}"
            )
        self._add_counters((self.num_thresholds, shape[1]) if self.multi_label else (self.num_thresholds,))
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        y_pred = numbers(y_pred)
        if not self._built:
            self._build(y_pred.shape)
        if self._from_logits:
            y_pred = sigmoid.forward(y_pred)
        weights = None if self.multi_label else self.label_weights
        self._count(y_true, y_pred, sample_weight, label_weights=weights, per_label=self.multi_label)

    def result(self) -> Number:
        if not self._built:
            return Number(0.0, self.dtype)
        interpolated_pr = self.curve == "PR" and self.summation_method == "interpolation"
        areas = self._pr_pieces() if interpolated_pr else self._pieces()
        by_label = np.sum(areas, axis=0)
        if self.multi_label and self.label_weights is not None:
            return Number(
                no_nan(np.sum(by_label * self.label_weights), np.sum(self.label_weights)), self.dtype
            )
        return Number(np.mean(by_label), self.dtype)

    def _pieces(self) -> Any:
        """The areas between neighbouring points: width times a height between theirs."""
        x, y = self._points()
        between = {"interpolation": _middle, "minoring": np.minimum, "majoring": np.maximum}
        height: Any = between[self.summation_method]
        return (x[:-1] - x[1:]) * height(y[:-1], y[1:])

    def _points(self) -> tuple[Any, Any]:
        """The curve, from the lowest threshold to the highest."""
        recall = self._share("true_positives", "false_negatives")
        if self.curve == "ROC":
            return self._share("false_positives", "true_negatives"), recall
        if self.curve == "PR":
            return recall, self._share("true_positives", "false_positives")
        tp, fp, tn, fn = (getattr(self, kind)._data for kind in self.kinds)
        odds = no_nan(tp + fn, tn + fp)
        recall_gain = np.where(tp == 0, 0, 1 - odds * no_nan(fn, tp))
        precision_gain = np.where(tp == 0, 1, 1 - odds * no_nan(fp, tp))
        return np.maximum(recall_gain, 0), precision_gain

    def _pr_pieces(self) -> Any:
        """Areas under precision over recall, with true positives and predictions (not their ratio) drawn
        straight between points. Source: Davis and Goadrich, 2006.
        """
        tp, fp, _, fn = (getattr(self, kind)._data for kind in self.kinds)
        p = tp + fp
        d_tp, d_p = tp[:-1] - tp[1:], np.maximum(p[:-1] - p[1:], 0)
        slope = no_nan(d_tp, d_p)
        intercept = tp[1:] - slope * p[1:]
        ratio = np.where((p[:-1] > 0) & (p[1:] > 0), no_nan(p[:-1], p[1:]), 1)
        return no_nan(slope * (d_tp + intercept * np.log(ratio)), tp[1:] + fn[1:])

    def get_config(self) -> dict[str, Any]:
        own = {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": None if self.label_weights is None else self.label_weights.tolist(),
            "from_logits": self._from_logits,
        }
        if self._init_from_thresholds:
            own["thresholds"] = self.thresholds[1:-1]
        return {**super().get_config(), **own}


def _middle(a: Any, b: Any) -> Any:
    return (a + b) / 2
