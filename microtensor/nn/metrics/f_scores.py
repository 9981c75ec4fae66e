"""F-scores: precision and recall in one number, their harmonic mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import serializable
from .metric import Metric, add, numbers
from .result import shown

EPSILON = 1e-7
AVERAGES = (None, "micro", "macro", "weighted")


@serializable("keras.metrics")
class FBetaScore(Metric):
    """(1 + β²) precision · recall / (β² precision + recall), for each class.

    Source: `keras.metrics.FBetaScore`.

    Args:
        average: None: a number for each class; "macro": their mean; "weighted": weighted by how often a class
            is true; "micro": one score of all answers together.
        beta: β, how much more recall counts.
        threshold: above which a prediction is a one; None: the largest of each row.
        name, dtype: as for `Metric`.

    Raises:
        ValueError: another average; beta or threshold that is no float, or out of range.
    """

    _direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str | None = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype, name)
        if average not in AVERAGES:
            raise ValueError(
                "Invalid `average` argument value. Expected one of: {None, 'micro', 'macro', 'weighted'}. "
                f"Received: average={average}"
            )
        _check_float("beta", beta)
        if beta <= 0.0:
            raise ValueError(f"Invalid `beta` argument value. It should be > 0. Received: beta={beta}")
        if threshold is not None:
            _check_float("threshold", threshold)
            if not 0.0 < threshold <= 1.0:
                raise ValueError(
                    "Invalid `threshold` argument value. It should verify 0 < threshold <= 1. Received: "
                    f"threshold={threshold}"
                )
        self.average, self.beta, self.threshold = average, beta, threshold
        self._built = False

    def _build(self, y_true: tuple[int, ...], y_pred: tuple[int, ...]) -> None:
        self.check(y_true, y_pred)
        shape = () if self.average == "micro" else (y_pred[-1],)
        self.true_positives, self.false_positives, self.false_negatives, self.intermediate_weights = (
            self.add_variable(shape, dtype="float64", name=name)
            for name in ("true_positives", "false_positives", "false_negatives", "intermediate_weights")
        )
        self._built = True

    def check(self, target: tuple[int, ...], output: tuple[int, ...]) -> None:
        shapes = f"Received input shapes: y_pred.shape={output} and y_true.shape={target}."
        if len(target) != 2 or len(output) != 2:
            raise ValueError(f"FBetaScore expects 2D inputs with shape (batch_size, output_dim). {shapes}")
        if output[-1] is None:
            raise ValueError(
                "FBetaScore expects 2D inputs with shape (batch_size, output_dim), with output_dim fully "
                f"defined (not None). {shapes}"
            )
        if target[-1] != output[-1]:
            raise ValueError(f"FBetaScore compares y_true and y_pred of the same shape. {shapes}")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        t, p = numbers(y_true).astype(self.dtype), numbers(y_pred).astype(self.dtype)
        if not self._built:
            self._build(t.shape, p.shape)
        self.check(t.shape, p.shape)
        if self.threshold is None:
            yes = (p >= np.max(p, axis=-1, keepdims=True)) & (np.abs(p) > 1e-9)
        else:
            yes = p > self.threshold
        weight = 1 if sample_weight is None else numbers(sample_weight).reshape(-1, 1)
        axis = None if self.average == "micro" else 0
        for variable, value in (
            (self.true_positives, yes * t),
            (self.false_positives, yes * (1 - t)),
            (self.false_negatives, (1 - yes) * t),
            (self.intermediate_weights, t),
        ):
            add(variable, np.sum(value * weight, axis=axis, dtype="float64"))

    def result(self) -> Any:
        if not self._built:
            return shown(0.0, self.dtype)
        tp, fp, fn = self.true_positives._data, self.false_positives._data, self.false_negatives._data
        precision, recall = tp / (tp + fp + EPSILON), tp / (tp + fn + EPSILON)
        square = self.beta**2
        scores = (1 + square) * precision * recall / (square * precision + recall + EPSILON)
        if self.average == "weighted":
            weights = self.intermediate_weights._data
            scores = np.sum(scores * weights) / (np.sum(weights) + EPSILON)
        elif self.average is not None:
            scores = np.mean(scores)
        return shown(scores, self.dtype)

    def get_config(self) -> dict[str, Any]:
        own = {"average": self.average, "beta": self.beta, "threshold": self.threshold}
        return {**super().get_config(), **own}


@serializable("keras.metrics")
class F1Score(FBetaScore):
    """2 precision · recall / (precision + recall), for each class. Source: `keras.metrics.F1Score`.

    Args:
        average, threshold, name, dtype: as for `FBetaScore`.
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str | None = "f1_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["beta"]
        return config


def _check_float(name: str, value: Any) -> None:
    if not isinstance(value, float):
        raise ValueError(
            f"Invalid `{name}` argument value. It should be a Python float. Received: {name}={value} of type "
            f"'{type(value)}'"
        )
