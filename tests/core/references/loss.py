"""Losses, in the plainest words: one row after the other, one number after the other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def _rows(of_row: Callable[..., float]) -> Callable[..., Any]:
    """A function of two lists, for every row; then the mean over all rows, unless reduction is "none"."""

    def loss(prediction: Any, target: Any, reduction: str = "mean", **how: Any) -> Any:
        rows = prediction.shape[:-1]
        width = prediction.shape[-1] if prediction.ndim else 1
        count = math.prod(rows)
        pairs = zip(prediction.reshape(count, width), target.reshape(count, width), strict=True)
        values = np.array([of_row(p.tolist(), t.tolist(), **how) for p, t in pairs], prediction.dtype)
        return np.mean(values) if reduction == "mean" else values.reshape(rows)

    return loss


def _elements(of_element: Callable[..., float]) -> Callable[..., Any]:
    """A function of two numbers, averaged over every row."""

    def of_row(row: Any, targets: Any, **how: Any) -> float:
        return sum(of_element(p, t, **how) for p, t in zip(row, targets, strict=True)) / max(len(row), 1)

    return _rows(of_row)


def _kept(p: float, high: float = 1 - 1e-7) -> float:
    return min(max(p, 1e-7), high)


def _huber(p: float, t: float, delta: float = 1.0) -> float:
    gap = abs(p - t)
    return gap**2 / 2 if gap <= delta else delta * gap - delta**2 / 2


def _binary(p: float, t: float, from_logits: bool = False, label_smoothing: float = 0.0) -> float:
    t = t * (1 - label_smoothing) + label_smoothing / 2
    p = 1 / (1 + math.exp(-p)) if from_logits else _kept(p)
    return -(t * math.log(p) + (1 - t) * math.log(1 - p))


def _categorical(p: Any, t: Any, from_logits: bool = False, label_smoothing: float = 0.0) -> float:
    t = [v * (1 - label_smoothing) + label_smoothing / len(t) for v in t]
    if from_logits:
        logs = [q - math.log(sum(map(math.exp, p))) for q in p]
    else:
        logs = [math.log(_kept(q / sum(p))) for q in p]
    return -sum(v * log for v, log in zip(t, logs, strict=True))


def _sparse(p: Any, t: Any, reduction: str = "mean", **how: Any) -> Any:
    return PLAIN["categorical_crossentropy"](
        p, np.eye(p.shape[-1])[t.reshape(p.shape[:-1])], reduction=reduction, **how
    )


def _divergence(p: Any, t: Any) -> float:
    return sum(_kept(v, 1) * math.log(_kept(v, 1) / _kept(q, 1)) for q, v in zip(p, t, strict=True))


def _cosine(p: Any, t: Any) -> float:
    long = max(math.hypot(*p), 1e-7) * max(math.hypot(*t), 1e-7)
    return -sum(a * b for a, b in zip(p, t, strict=True)) / long


def _signed(function: Callable[..., float]) -> Callable[..., Any]:
    """With targets of −1 and 1 made of 0 and 1."""

    def loss(p: Any, t: Any, reduction: str = "mean") -> Any:
        return _elements(function)(p, 2 * t - 1 if set(t.flat) <= {0, 1} else t, reduction)

    return loss


def _categorical_hinge(p: Any, t: Any) -> float:
    right = sum(a * b for a, b in zip(p, t, strict=True))
    wrong = max(((1 - b) * a for a, b in zip(p, t, strict=True)), default=0.0)
    return max(wrong - right + 1, 0.0)


def _one_hot(x: Any, num_classes: int = 2, dtype: str = "float32") -> Any:
    return np.eye(num_classes, dtype=dtype)[x.astype(int)]


PLAIN = {
    "mse": _elements(lambda p, t: (p - t) ** 2),
    "mae": _elements(lambda p, t: abs(p - t)),
    "huber": _elements(_huber),
    "log_cosh": _elements(lambda p, t: math.log(math.cosh(p - t))),
    "cosine_similarity": _rows(_cosine),
    "binary_crossentropy": _elements(_binary),
    "categorical_crossentropy": _rows(_categorical),
    "kl_divergence": _rows(_divergence),
    "poisson": _elements(lambda p, t: p - t * math.log(p + 1e-7)),
    "hinge": _signed(lambda p, t: max(1 - t * p, 0.0)),
    "squared_hinge": _signed(lambda p, t: max(1 - t * p, 0.0) ** 2),
    "categorical_hinge": _rows(_categorical_hinge),
    "one_hot": _one_hot,
}
COMPOSED = {"sparse_categorical_crossentropy": _sparse}
