"""Metrics: numbers that are shown, and not trained on. Each is a running mean over the samples seen."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..naming import interpret
from .losses import as_float, matched_shape

Array = np.ndarray


class Metric:
    """The mean over samples of `fn(y_true, y_pred)`, which gives one number for each sample.

    Args:
        fn: of two arrays.
        name: the key in the history.
    """

    def __init__(self, fn: Callable[[Array, Array], Any], name: str) -> None:
        self.fn, self.name = fn, name
        self.total, self.count = 0.0, 0

    def update_state(self, y_true: Any, y_pred: Any) -> None:
        """Take a batch in."""
        values = np.asarray(self.fn(np.asarray(y_true), np.asarray(y_pred)), dtype=np.float64)
        self.total += float(values.sum())
        self.count += values.size

    def result(self) -> float:
        """The mean so far; 0 before anything was seen."""
        return as_float(self.total / self.count) if self.count else 0.0

    def check(self, target: tuple[int, ...], output: tuple[int, ...]) -> None:
        """Raise ValueError for shapes that it cannot compare: before training, not in the middle of it."""
        if self.fn in (_squared, _absolute, _binary_accuracy):
            matched_shape(target, output)

    def reset_state(self) -> None:
        """Forget what was seen."""
        self.total, self.count = 0.0, 0

    def __call__(self, y_true: Any, y_pred: Any) -> float:
        self.update_state(y_true, y_pred)
        return self.result()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def _same(y_true: Array, y_pred: Array) -> Any:
    return y_true.reshape(matched_shape(y_true.shape, y_pred.shape))


def _squared(y_true: Array, y_pred: Array) -> Any:
    return np.mean(np.square(_same(y_true, y_pred) - y_pred), axis=-1)


def _absolute(y_true: Array, y_pred: Array) -> Any:
    return np.mean(np.abs(_same(y_true, y_pred) - y_pred), axis=-1)


def _binary_accuracy(y_true: Array, y_pred: Array, threshold: float = 0.5) -> Any:
    return np.mean(_same(y_true, y_pred) == (y_pred > threshold), axis=-1)


def _categorical_accuracy(y_true: Array, y_pred: Array) -> Any:
    return np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1)


def _sparse_categorical_accuracy(y_true: Array, y_pred: Array) -> Any:
    return y_true.reshape(y_pred.shape[:-1]) == np.argmax(y_pred, axis=-1)


def accuracy(y_true: Array, y_pred: Array) -> Any:
    """How often the prediction is right: above 0.5 for one output, the largest for several."""
    if y_pred.shape[-1] == 1:
        return _binary_accuracy(y_true, y_pred)
    if y_true.ndim < y_pred.ndim or y_true.shape[-1] == 1:
        return _sparse_categorical_accuracy(y_true, y_pred)
    return _categorical_accuracy(y_true, y_pred)


class MeanSquaredError(Metric):
    """The mean of (y_true − y_pred)²."""

    def __init__(self, name: str = "mean_squared_error") -> None:
        super().__init__(_squared, name)


class MeanAbsoluteError(Metric):
    """The mean of |y_true − y_pred|."""

    def __init__(self, name: str = "mean_absolute_error") -> None:
        super().__init__(_absolute, name)


class BinaryAccuracy(Metric):
    """How often a prediction above the threshold meets a target of 1, and one below a target of 0."""

    def __init__(self, name: str = "binary_accuracy", threshold: float = 0.5) -> None:
        super().__init__(functools.partial(_binary_accuracy, threshold=threshold), name)


_KNOWN: dict[str, Callable[[Array, Array], Any]] = {
    **dict.fromkeys(("accuracy", "acc"), accuracy),
    **dict.fromkeys(("mse", "mean_squared_error"), _squared),
    **dict.fromkeys(("mae", "mean_absolute_error"), _absolute),
    "binary_accuracy": _binary_accuracy,
    "categorical_accuracy": _categorical_accuracy,
    "sparse_categorical_accuracy": _sparse_categorical_accuracy,
}


def get(identifier: Any) -> Metric:
    """A metric from its name (the key in the history), a function (y_true, y_pred), or itself."""
    if isinstance(identifier, Metric):
        return identifier
    fn = interpret("metric", identifier, _KNOWN)
    return Metric(fn, identifier if isinstance(identifier, str) else getattr(fn, "__name__", "metric"))


def get_all(identifiers: Sequence[Any]) -> list[Metric]:
    """The metrics, a repeated name numbered: mae, mae_1."""
    found: list[Metric] = []
    for identifier in identifiers:
        metric = get(identifier)
        taken = {other.name for other in found}
        name, number = metric.name, 1
        while metric.name in taken:
            metric.name, number = f"{name}_{number}", number + 1
        found.append(metric)
    return found
