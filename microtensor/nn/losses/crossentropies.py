"""Crossentropies: how surprising the target is to a prediction that is made of probabilities.

With `from_logits` the prediction is what comes before a sigmoid or softmax: exact and stable, where
probabilities have to be clipped to [1e-7, 1 − 1e-7].
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core import Tensor
from ...core.operations import likelihood as operations
from ...core.operations.activation import sigmoid, softmax
from ...core.operations.likelihood import HIGH, LOW
from ...serialization import serializable
from .distances import rows
from .pairing import equal_shapes, label_shape, pair, tensor


@serializable("keras.losses")
def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """mean(−t log p − (1 − t) log(1 − p)) along an axis: several yes-or-no questions.

    Args:
        y_true: t, zeros and ones.
        y_pred: p, of the same shape.
        from_logits: is y_pred z, with p = σ(z)?
        label_smoothing: s makes the target t (1 − s) + s/2.
        axis: over which the mean is taken.
    """
    how = {"from_logits": from_logits, "label_smoothing": label_smoothing}
    return rows(operations.binary_crossentropy, y_true, y_pred, axis, **how)


@serializable("keras.losses")
def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """−Σ t log p along an axis, with p divided by its sum: one question with several answers.

    Args:
        y_true: t, rows of zeros with a one (or of probabilities).
        y_pred: p, of the same shape.
        from_logits: is y_pred z, with p = softmax(z)?
        label_smoothing: s makes the target t (1 − s) + s/K, for K classes.
        axis: along which the classes lie.
    """
    y_true, y_pred = pair(y_true, y_pred)
    _warn_of_one_class("categorical_crossentropy", y_pred)
    how = {"from_logits": from_logits, "label_smoothing": label_smoothing}
    return rows(operations.categorical_crossentropy, y_true, y_pred, axis, **how)


@serializable("keras.losses")
def sparse_categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, ignore_class: int | None = None, axis: int = -1
) -> Tensor:
    """`categorical_crossentropy` for labels 0, 1, 2, …

    Args:
        y_true: labels, y_pred's shape without the axis of classes (or with length 1 there).
        y_pred: a row of probabilities for each label.
        from_logits: is y_pred z, with p = softmax(z)?
        ignore_class: a label whose loss is 0.
        axis: along which the classes lie.

    Raises:
        ValueError: a label that is no class.
    """
    y_true, y_pred = y_true if isinstance(y_true, Tensor) else Tensor(y_true), tensor(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[axis] == 1:
        y_true = np.squeeze(y_true, axis=axis)
    if axis not in (-1, y_pred.ndim - 1):
        y_pred = np.moveaxis(y_pred, axis, -1)
    label_shape(y_true.shape, y_pred.shape, "y_true")
    crossentropy = operations.sparse_categorical_crossentropy
    if ignore_class is None:
        return tensor(crossentropy(y_pred, y_true, from_logits, reduction="none"))
    counts = y_true != ignore_class
    labels = np.where(counts, y_true, 0)
    values = crossentropy(y_pred, labels, from_logits, reduction="none")
    return tensor(np.where(counts, values, 0.0))


@serializable("keras.losses")
def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """mean((1 − q)^γ · −log q) along an axis, q the probability of what is true: easy samples hardly count.

    Source: Lin et al., 2017.

    Args:
        y_true, y_pred, from_logits, label_smoothing, axis: as for `binary_crossentropy`.
        apply_class_balancing: weigh ones by alpha and zeros by 1 − alpha.
        alpha: the weight of ones.
        gamma: γ, how little easy samples count; 0: all alike.
    """
    t, p = pair(y_true, y_pred)
    t = t * (1 - label_smoothing) + label_smoothing / 2 if label_smoothing else t
    p = sigmoid(p) if from_logits else p
    q = np.clip(p, LOW, HIGH)
    surprise = -t * np.log(q) - (1 - t) * np.log1p(-q)
    focal = (1 - t * p - (1 - t) * (1 - p)) ** gamma * surprise
    if apply_class_balancing:
        focal = (t * alpha + (1 - t) * (1 - alpha)) * focal
    return tensor(np.mean(focal, axis=axis))


@serializable("keras.losses")
def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Σ α (1 − p)^γ · −t log p along an axis: a crossentropy in which easy samples hardly count.

    Source: Lin et al., 2017.

    Args:
        y_true, y_pred, from_logits, label_smoothing, axis: as for `categorical_crossentropy`.
        alpha: a weight for all classes, or one for each.
        gamma: γ, how little easy samples count.
    """
    t, p = pair(y_true, y_pred)
    _checked_axis(axis)
    _warn_of_one_class("categorical_focal_crossentropy", p)
    t = t * (1 - label_smoothing) + label_smoothing / p.shape[axis] if label_smoothing else t
    p = softmax(p, axis=axis) if from_logits else p
    p = np.clip(p / np.sum(p, axis=axis, keepdims=True), LOW, HIGH)
    weight = alpha if np.isscalar(alpha) else tensor(alpha, p.dtype)
    return tensor(np.sum((1 - p) ** gamma * weight * (-t * np.log(p)), axis=axis))


@serializable("keras.losses")
def categorical_generalized_cross_entropy(y_true: Any, y_pred: Any, q: float) -> Tensor:
    """(1 − p^q) / q, p the probability of the label: forgives wrong labels. Source: Zhang and Sabuncu, 2018.

    Args:
        y_true: labels, or y_pred's shape without its last axis.
        y_pred: a row of probabilities for each label.
        q: between 0 (crossentropy) and 1 (mean absolute error).
    """
    labels: Any = y_true if isinstance(y_true, Tensor) else Tensor(y_true)
    y_pred = tensor(y_pred)
    if labels.ndim == y_pred.ndim and labels.shape[-1] == 1:
        labels = np.squeeze(labels, axis=-1)
    hot = operations.one_hot(labels, num_classes=y_pred.shape[-1], dtype=y_pred.dtype.name)
    equal_shapes(hot, y_pred)
    return tensor((1 - np.sum(y_pred * hot, axis=-1) ** q) / q)


@serializable("keras.losses")
def kl_divergence(y_true: Any, y_pred: Any) -> Tensor:
    """Σ t log(t / p) along the last axis, both clipped to [1e-7, 1]: the bits lost by believing p."""
    return rows(operations.kl_divergence, y_true, y_pred)


@serializable("keras.losses")
def poisson(y_true: Any, y_pred: Any) -> Tensor:
    """mean(p − t log p) over the last axis: of counts t whose expected number is p."""
    return rows(operations.poisson, y_true, y_pred)


def _checked_axis(axis: Any) -> None:
    if isinstance(axis, bool):
        raise ValueError(f"`axis` must be of type `int`. Received: axis={axis} of type {type(axis)}")


def _warn_of_one_class(name: str, y_pred: Any) -> None:
    if y_pred.ndim and y_pred.shape[-1] == 1:
        warnings.warn(
            f"In loss {name}, expected y_pred.shape to be (batch_size, num_classes) with num_classes > 1. "
            f"Received: y_pred.shape={y_pred.shape}. Consider using 'binary_crossentropy' if you only have 2 "
            "classes.",
            SyntaxWarning,
            stacklevel=3,
        )
