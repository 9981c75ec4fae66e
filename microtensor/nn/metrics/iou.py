"""Intersection over union: of what is or was called a class, how much is both. For images cut into parts."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ...serialization import serializable
from .metric import Metric, add, numbers
from .result import Number

EPSILON = 1e-7


@serializable("keras.metrics")
class IoU(Metric):
    """The mean over classes of TP / (TP + FP + FN). Source: `keras.metrics.IoU`.

    Args:
        num_classes: how many there are.
        target_class_ids: the classes that the mean is over.
        name, dtype: as for `Metric`; dtype is that of the weights, None: integers.
        ignore_class: a label that does not count at all.
        sparse_y_true, sparse_y_pred: are these labels? Otherwise the largest along `axis` says.
        axis: see there.

    Raises:
        ValueError: a class that does not exist.

    >>> round(IoU(num_classes=2, target_class_ids=[0])([0, 0, 1, 1], [0, 1, 0, 1]), 4)
    0.3333
    """

    _direction = "up"

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Any,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(dtype or "int", name)
        if max(target_class_ids) >= num_classes:
            raise ValueError(
                f"Target class id {max(target_class_ids)} is out of range, which is [0, {num_classes})."
            )
        self.num_classes, self.target_class_ids = num_classes, list(target_class_ids)
        self.ignore_class, self.axis = ignore_class, axis
        self.sparse_y_true, self.sparse_y_pred = sparse_y_true, sparse_y_pred
        shape = (num_classes, num_classes)
        self.total_cm = self.add_variable(shape, dtype=self.dtype, name="total_confusion_matrix")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in: one label (or row of scores) for each place."""
        t, p = numbers(y_true), numbers(y_pred)
        t = (t if self.sparse_y_true else np.argmax(t, axis=self.axis)).astype("int64")
        p = (p if self.sparse_y_pred else np.argmax(p, axis=self.axis)).astype("int64")
        weight = self._weights(sample_weight, t.shape)
        t, p = t.ravel(), p.ravel()
        if t.shape != p.shape:
            raise ValueError(
                f"y_true has {t.size} labels, y_pred has {p.size}; one for each place is needed."
            )
        n = self.num_classes
        counts = (t >= 0) & (t < n) & (p >= 0) & (p < n)
        if self.ignore_class is not None:
            counts &= t != self.ignore_class
        matrix = np.bincount(t[counts] * n + p[counts], weight[counts], n * n)
        add(self.total_cm, matrix.reshape(n, n))

    def _weights(self, sample_weight: Any, shape: tuple[int, ...]) -> np.ndarray:
        """One for each place."""
        if sample_weight is None:
            return np.ones(math.prod(shape))
        weight = numbers(sample_weight)
        whole = np.dtype(self.dtype).kind in "iu"
        if whole and getattr(sample_weight, "dtype", None) is not None and weight.dtype.kind == "f":
            warnings.warn(
                "You are passing weight as `float`, but dtype is `int`: the casting cuts off its fraction. "
                "Pass integers, or make the metric with dtype='float32'.",
                stacklevel=3,
            )
        weight = weight.astype(self.dtype)
        if weight.size == math.prod(shape):
            return weight.ravel()
        if weight.shape == shape[: weight.ndim]:  # one for each sample
            weight = weight.reshape(*weight.shape, *(1,) * (len(shape) - weight.ndim))
        return np.broadcast_to(weight, shape).ravel()

    def result(self) -> Number:
        matrix = self.total_cm._data.astype("float64")
        both = np.diag(matrix)[self.target_class_ids]
        either = (matrix.sum(axis=0) + matrix.sum(axis=1))[self.target_class_ids] - both
        seen = either > 1e-9
        shares = np.where(seen, both / (either + EPSILON), 0.0)
        return Number(shares.sum() / (seen.sum() + EPSILON))

    def get_config(self) -> dict[str, Any]:
        own = {key: getattr(self, key) for key in self._said}
        return {**super().get_config(), **own}

    _said: tuple[str, ...] = (
        "num_classes",
        "target_class_ids",
        "ignore_class",
        "sparse_y_true",
        "sparse_y_pred",
        "axis",
    )


@serializable("keras.metrics")
class BinaryIoU(IoU):
    """`IoU` of two classes, told apart by a threshold. Source: `keras.metrics.BinaryIoU`.

    Args:
        target_class_ids: the classes that the mean is over, of 0 and 1.
        threshold: from which on a prediction is a one.
        name, dtype: as for `IoU`.
    """

    _said = ("target_class_ids", "threshold")

    def __init__(
        self,
        target_class_ids: Any = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        super().update_state(y_true, numbers(y_pred).astype("float32") >= self.threshold, sample_weight)


@serializable("keras.metrics")
class MeanIoU(IoU):
    """`IoU`, the mean over all classes. Source: `keras.metrics.MeanIoU`.

    Args:
        num_classes, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis: as for `IoU`.
    """

    _said: tuple[str, ...] = ("num_classes", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        if isinstance(num_classes, bool) or not isinstance(num_classes, int | np.integer) or num_classes < 1:
            raise ValueError(
                f"`num_classes` must be a positive whole number; got num_classes={num_classes!r}."
            )
        every = range(num_classes)
        super().__init__(num_classes, every, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)


@serializable("keras.metrics")
class OneHotIoU(IoU):
    """`IoU` of targets that are rows with a one. Source: `keras.metrics.OneHotIoU`.

    Args:
        num_classes, target_class_ids, name, dtype, ignore_class, sparse_y_pred, axis: as for `IoU`.
    """

    _said = ("num_classes", "target_class_ids", "ignore_class", "sparse_y_pred", "axis")

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Any,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)


@serializable("keras.metrics")
class OneHotMeanIoU(MeanIoU):
    """`MeanIoU` of targets that are rows with a one. Source: `keras.metrics.OneHotMeanIoU`.

    Args:
        num_classes, name, dtype, ignore_class, sparse_y_pred, axis: as for `IoU`.
    """

    _said = ("num_classes", "ignore_class", "sparse_y_pred", "axis")

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)
