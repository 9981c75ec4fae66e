"""Accuracies: how often a prediction is right. Each function says of every sample whether it is."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from ...core import Tensor
from ...serialization import serializable
from ...settings import floatx
from ..losses.lookup import kind_of_answer
from ..losses.pairing import equal_shapes, label_shape, same_rank
from .means import OwnMetric

F = TypeVar("F", bound=Callable[..., Any])


def on_lists(function: F) -> F:
    """Decorator: the function takes lists and arrays too, as tensors. (`__wrapped__` is fast on arrays.)"""

    @functools.wraps(function)
    def on_tensors(y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        y_true, y_pred = (y if isinstance(y, Tensor) else Tensor(y) for y in (y_true, y_pred))
        return function(y_true, y_pred, *args, **kwargs)

    return on_tensors  # type: ignore[return-value]


def _matched(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    return equal_shapes(*same_rank(y_true, y_pred))


def _labels_and_scores(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Labels, one for each row of scores."""
    label_shape(y_true.shape, y_pred.shape, "y_true")
    return y_true.reshape(y_pred.shape[:-1]), y_pred


@on_lists
def accuracy(y_true: Any, y_pred: Any) -> Any:
    """1 where y_true = y_pred, 0 elsewhere."""
    y_true, y_pred = _matched(y_true, y_pred)
    return (y_true == y_pred).astype(floatx())


@serializable("keras.metrics")
@on_lists
def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Any:
    """1 where y_pred > threshold says what y_true, 0 or 1, says; 0 elsewhere."""
    y_true, y_pred = _matched(y_true, y_pred)
    return (y_true == (y_pred > threshold)).astype(floatx())


@serializable("keras.metrics")
@on_lists
def categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """1 where the largest of y_pred's row is where the largest of y_true's is (the first, among equals)."""
    y_true, y_pred = _matched(y_true, y_pred)
    return (np.argmax(y_true, axis=-1) == np.argmax(y_pred, axis=-1)).astype(floatx())


@serializable("keras.metrics")
@on_lists
def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """1 where the label y_true is the place of the largest in y_pred's row."""
    labels, scores = _labels_and_scores(y_true, y_pred)
    return (labels == np.argmax(scores, axis=-1)).astype(floatx())


@serializable("keras.metrics")
@on_lists
def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """1 where the largest of y_true's row is among the k largest of y_pred's."""
    y_true, y_pred = _matched(y_true, y_pred)
    return _among_top(np.argmax(y_true, axis=-1), y_pred, k)


@serializable("keras.metrics")
@on_lists
def sparse_top_k_categorical_accuracy(
    y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False
) -> Any:
    """1 where the label y_true is among the k largest of y_pred's row: fewer than k are larger.

    Args:
        y_true: labels.
        y_pred: a row of scores for each; or, `from_sorted_ids`, of labels, the likeliest first.
        k: how many may be named.
        from_sorted_ids: see y_pred.
    """
    labels, scores = _labels_and_scores(y_true, y_pred)
    if from_sorted_ids:
        return np.any(labels[..., None] == scores[..., :k], axis=-1).astype(floatx())
    return _among_top(labels, scores, k)


def _among_top(labels: Any, scores: Any, k: int) -> Any:
    mine = np.take_along_axis(scores, labels.astype(np.int64)[..., None], axis=-1)
    better = np.sum(scores > mine, axis=-1)
    sound = np.isfinite(mine)[..., 0]
    return np.logical_and(better < k, sound).astype(floatx())


@on_lists
def accuracy_by_shape(y_true: Any, y_pred: Any) -> Any:
    """The accuracy that fits the shapes: binary, of labels, or of rows with a one."""
    kind = kind_of_answer(y_true.shape, y_pred.shape)
    of = {"binary": binary_accuracy, "label": sparse_categorical_accuracy, "several": categorical_accuracy}
    return inspect.unwrap(of[kind])(y_true, y_pred)


@serializable("keras.metrics")
class Accuracy(OwnMetric):
    """How often y_true = y_pred. Source: `keras.metrics.Accuracy`.

    Args:
        name, dtype: as for `Metric`.
    """

    _direction = "up"

    def __init__(self, name: str | None = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name, dtype)


@serializable("keras.metrics")
class BinaryAccuracy(OwnMetric):
    """How often y_pred > threshold says what y_true, 0 or 1, says. Source: `keras.metrics.BinaryAccuracy`.

    Args:
        name, dtype: as for `Metric`.
        threshold: where no becomes yes; the threshold itself is a no.
    """

    _direction = "up"

    def __init__(
        self, name: str | None = "binary_accuracy", dtype: Any = None, threshold: float = 0.5
    ) -> None:
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


@serializable("keras.metrics")
class CategoricalAccuracy(OwnMetric):
    """How often the largest output is the right one. Source: `keras.metrics.CategoricalAccuracy`.

    Args:
        name, dtype: as for `Metric`.
    """

    _direction = "up"

    def __init__(self, name: str | None = "categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


@serializable("keras.metrics")
class SparseCategoricalAccuracy(OwnMetric):
    """How often the largest output is at the label. Source: `keras.metrics.SparseCategoricalAccuracy`.

    Args:
        name, dtype: as for `Metric`.
    """

    _direction = "up"

    def __init__(self, name: str | None = "sparse_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


@serializable("keras.metrics")
class TopKCategoricalAccuracy(OwnMetric):
    """How often the right one is among the k largest outputs.

    Source: `keras.metrics.TopKCategoricalAccuracy`.

    Args:
        k: how many may be named.
        name, dtype: as for `Metric`.
    """

    _direction = "up"

    def __init__(
        self, k: int = 5, name: str | None = "top_k_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


@serializable("keras.metrics")
class SparseTopKCategoricalAccuracy(OwnMetric):
    """How often the label is among the k largest outputs.

    Source: `keras.metrics.SparseTopKCategoricalAccuracy`.

    Args:
        k: how many may be named.
        name, dtype: as for `Metric`.
        from_sorted_ids: are the predictions labels, the likeliest first?
    """

    _direction = "up"
    unsaid = {"from_sorted_ids": False}  # noqa: RUF012

    def __init__(
        self,
        k: int = 5,
        name: str | None = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ) -> None:
        how = {"k": k, "from_sorted_ids": from_sorted_ids}
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype, **how)
