"""Losses of probabilities: how surprising the target is to the prediction.

From probabilities they are Keras' numbers, clipped at 1e-7. From logits they are exact and stable: the
logarithm meets the exponential on paper, not in the machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .activation import log_softmax, sigmoid, softmax
from .loss import EPSILON, loss, mean_of, sum_of
from .table import composed, operation, tensor

LOW, HIGH = EPSILON, 1 - EPSILON


def _softened(t: Any, smoothing: float, classes: int) -> Any:
    """Targets moved a little towards "every class alike"."""
    return t * (1 - smoothing) + smoothing / classes if smoothing else t


def _binary(p: Any, t: Any, from_logits: bool, smoothing: float) -> Any:
    t = _softened(t, smoothing, 2)
    if from_logits:
        return np.maximum(p, 0) - p * t + np.log1p(np.exp(-np.abs(p)))
    p = np.clip(p, LOW, HIGH)
    return -t * np.log(p) - (1 - t) * np.log1p(-p)


def _binary_in_p(p: Any, t: Any, from_logits: bool = False, label_smoothing: float = 0.0) -> Any:
    t = _softened(t, label_smoothing, 2)
    if from_logits:  # σ(p) − t, without its cancellation where the prediction is right
        return (1 - t) * sigmoid.on(p) - t * sigmoid.on(-p)
    q = np.clip(p, LOW, HIGH)
    return (p == q) * (q - t) / (q * (1 - q))


def _binary_in_t(p: Any, t: Any, from_logits: bool = False, label_smoothing: float = 0.0) -> Any:
    if not from_logits:
        p = np.clip(p, LOW, HIGH)
        p = np.log(p) - np.log1p(-p)
    return p * (label_smoothing - 1)


binary_crossentropy = loss(
    "binary_crossentropy",
    lambda prediction, target, from_logits=False, label_smoothing=0.0, reduction="mean": mean_of(
        _binary, prediction, target, reduction, from_logits, label_smoothing
    ),
    _binary_in_p,
    _binary_in_t,
    formula="mean(-target * log(prediction) - (1 - target) * log(1 - prediction))",
    local=(
        "(prediction - target) / (prediction * (1 - prediction)) / N",
        "log((1 - prediction) / prediction) / N",
    ),
    convention="a probability outside [1e-7, 1 - 1e-7] counts as the bound, and gets no gradient",
    doc="""The mean of −t log p − (1 − t) log(1 − p): several yes-or-no questions.

    With `from_logits` the prediction is z and p = σ(z); the derivative in z is then p − t. `label_smoothing`
    s makes the target t (1 − s) + s/2.
    """,
)


def _share(p: Any) -> Any:
    return p / p.sum(axis=-1, keepdims=True)


def _categorical(p: Any, t: Any, from_logits: bool, smoothing: float) -> Any:
    t = _softened(t, smoothing, t.shape[-1])
    return -t * (log_softmax.forward(p) if from_logits else np.log(np.clip(_share(p), LOW, HIGH)))


def _categorical_in_p(p: Any, t: Any, from_logits: bool = False, label_smoothing: float = 0.0) -> Any:
    t = _softened(t, label_smoothing, t.shape[-1])
    if from_logits:
        return softmax.on(p) * t.sum(axis=-1, keepdims=True) - t
    share = _share(p)
    clipped = np.clip(share, LOW, HIGH)
    slope = (share == clipped) * t / clipped  # −∂L/∂share
    return ((slope * share).sum(axis=-1, keepdims=True) - slope) / p.sum(axis=-1, keepdims=True)


def _categorical_in_t(p: Any, t: Any, from_logits: bool = False, label_smoothing: float = 0.0) -> Any:
    log_p = log_softmax.on(p) if from_logits else np.log(np.clip(_share(p), LOW, HIGH))
    return log_p * (label_smoothing - 1)


categorical_crossentropy = loss(
    "categorical_crossentropy",
    lambda prediction, target, from_logits=False, label_smoothing=0.0, reduction="mean": sum_of(
        _categorical, prediction, target, reduction, from_logits, label_smoothing
    ),
    _categorical_in_p,
    _categorical_in_t,
    summed=True,
    formula="-sum(target * log(prediction / sum(prediction)))",
    local=(
        "sum(target) / sum(prediction) - target / prediction",
        "-log(prediction / sum(prediction))",
    ),
    convention="a probability outside [1e-7, 1 - 1e-7] counts as the bound, and gets no gradient of its own",
    doc="""−Σ t log p along the last axis, averaged over the samples: one question with several answers.

    Probabilities are divided by their sum first. With `from_logits` the prediction is z and
    p = softmax(z); the derivative in z is then p − t. `label_smoothing` s makes the target t (1 − s) + s/K,
    for K classes.
    """,
)


def _one_hot(x: Any, num_classes: int = 2, dtype: str = "float32") -> Any:
    x = np.asarray(x)
    hot = x[..., None] == np.arange(num_classes)
    if np.count_nonzero(hot) < x.size:
        wrong = x[~hot.any(axis=-1)]
        raise ValueError(f"labels are whole numbers from 0 to {num_classes - 1}; one is {wrong.flat[0]}")
    return hot.astype(dtype)


one_hot = operation(
    "one_hot",
    _one_hot,
    formula="x == k",
    doc="A label k as a row of `num_classes` numbers: 1 at place k, 0 elsewhere; no gradient.",
)


@composed()
def sparse_categorical_crossentropy(
    prediction: Any, target: Any, from_logits: bool = False, reduction: str = "mean"
) -> Any:
    """categorical_crossentropy, for targets that are labels 0, 1, 2, …: shape (N,) or (N, 1) for predictions
    (N, K). Labels have no gradient; ValueError for one that is no class.
    """
    prediction, target = tensor(prediction), tensor(target)
    rows = prediction.shape[:-1]
    if not prediction.ndim or target.shape not in (rows, (*rows, 1)):
        raise ValueError(
            f"sparse_categorical_crossentropy takes one label for each row: predictions of shape "
            f"{prediction.shape} need labels of shape {rows}; got {target.shape}"
        )
    labels = target if target.shape == rows else target.reshape(rows)
    hot = one_hot(labels, num_classes=prediction.shape[-1], dtype=prediction.dtype.name)
    return categorical_crossentropy(prediction, hot, from_logits=from_logits, reduction=reduction)


def _divergence(p: Any, t: Any) -> Any:
    t = np.clip(t, EPSILON, 1)
    return t * np.log(t / np.clip(p, EPSILON, 1))


def _divergence_in_p(p: Any, t: Any) -> Any:
    q = np.clip(p, EPSILON, 1)
    return (p == q) * np.clip(t, EPSILON, 1) / -q


def _divergence_in_t(p: Any, t: Any) -> Any:
    s = np.clip(t, EPSILON, 1)
    return (t == s) * (np.log(s / np.clip(p, EPSILON, 1)) + 1)


kl_divergence = loss(
    "kl_divergence",
    lambda prediction, target, reduction="mean": sum_of(_divergence, prediction, target, reduction),
    _divergence_in_p,
    _divergence_in_t,
    summed=True,
    formula="sum(target * log(target / prediction))",
    local=("-target / prediction", "log(target / prediction) + 1"),
    convention="a probability outside [1e-7, 1] counts as the bound, and gets no gradient",
    doc="""Σ t log(t / p) along the last axis, averaged over the samples: the bits lost by believing p.

    Source: Kullback and Leibler, 1951.
    """,
)
poisson = loss(
    "poisson",
    lambda prediction, target, reduction="mean": mean_of(
        lambda p, t: p - t * np.log(p + EPSILON), prediction, target, reduction
    ),
    lambda p, t: 1 - t / (p + EPSILON),
    lambda p, t: -np.log(p + EPSILON),
    formula="mean(prediction - target * log(prediction + 1e-7))",
    local=("(1 - target / (prediction + 1e-7)) / N", "-log(prediction + 1e-7) / N"),
    doc="The mean of p − t log p: of counts t whose expected number is p, without what p does not change.",
)
