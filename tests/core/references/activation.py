"""Activation functions, in the plainest words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .each import each


def _softmax(x: Any, axis: int = -1) -> Any:
    def row(values: Any) -> Any:
        exponentials = [math.exp(v) for v in values]
        return np.array(exponentials) / math.fsum(exponentials)

    return np.apply_along_axis(row, axis, x) if x.ndim and x.size else np.ones_like(x)


def _maxout(x: Any, pieces: int = 2) -> Any:
    best = x[..., 0::pieces]
    for k in range(1, pieces):
        best = np.maximum(best, x[..., k::pieces])
    return best


def _log_softmax(x: Any, axis: int = -1) -> Any:
    return np.log(_softmax(x, axis))


def _sparsemax(x: Any, axis: int = -1) -> Any:
    def row(values: Any) -> Any:
        low, high = min(values) - 1, max(values)
        for _ in range(200):  # the sum falls as tau rises: halve
            tau = (low + high) / 2
            low, high = (tau, high) if sum(max(v - tau, 0) for v in values) > 1 else (low, tau)
        return np.array([max(v - tau, 0) for v in values])

    return np.apply_along_axis(row, axis, x) if x.size else np.array(x)


def _glu(x: Any, axis: int = -1) -> Any:
    values, gates = np.split(x, 2, axis)
    return values * (0.5 + 0.5 * np.tanh(gates / 2))


def _sigmoid(x: float) -> float:
    return 0.5 + 0.5 * math.tanh(x / 2)


def _gelu(x: float, approximate: bool = False) -> float:
    if approximate:
        return x * 0.5 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x * 0.5 * (1 + math.erf(x / math.sqrt(2)))


def _clipped_relu(
    x: float, negative_slope: float = 0.0, max_value: float = math.inf, threshold: float = 0.0
) -> float:
    return negative_slope * (x - threshold) if x <= threshold else min(x, max_value)


def _soft_shrink(x: float, threshold: float = 0.5) -> float:
    return x - threshold if x > threshold else x + threshold if x < -threshold else 0.0


PLAIN = {
    "identity": lambda x: x,
    "step": each(lambda x: 1.0 if x > 0 else 0.0),
    "relu": each(lambda x: max(x, 0.0)),
    "leaky_relu": each(lambda x, negative_slope=0.1: x if x > 0 else negative_slope * x),
    "elu": each(lambda x, alpha=1.0: x if x > 0 else alpha * math.expm1(x)),
    "sigmoid": each(lambda x: 0.5 + 0.5 * math.tanh(x / 2)),
    "softplus": each(lambda x: math.log1p(math.exp(x))),
    "softmax": _softmax,
    "maxout": _maxout,
    "selu": each(lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x))),
    "celu": each(lambda x, alpha=1.0: x if x > 0 else alpha * math.expm1(x / alpha)),
    "prelu": lambda x, alpha: np.maximum(x, 0) + alpha * np.minimum(x, 0),
    "log_sigmoid": each(lambda x: math.log(_sigmoid(x))),
    "squareplus": each(lambda x, b=4.0: (x + math.sqrt(x * x + b)) / 2),
    "softsign": each(lambda x: x / (1 + abs(x))),
    "log_softmax": _log_softmax,
    "silu": each(lambda x: x * _sigmoid(x)),
    "mish": each(lambda x: x * math.tanh(math.log1p(math.exp(x)))),
    "gelu": each(_gelu),
    "glu": _glu,
    "relu6": each(lambda x: min(max(x, 0.0), 6.0)),
    "clipped_relu": each(_clipped_relu),
    "threshold": each(lambda x, threshold=0.0, default_value=0.0: x if x > threshold else default_value),
    "hard_sigmoid": each(lambda x: min(max(x / 6 + 0.5, 0.0), 1.0)),
    "hard_tanh": each(lambda x: min(max(x, -1.0), 1.0)),
    "hard_silu": each(lambda x: x * min(max(x / 6 + 0.5, 0.0), 1.0)),
    "hard_shrink": each(lambda x, threshold=0.5: x if abs(x) > threshold else 0.0),
    "soft_shrink": each(_soft_shrink),
    "tanh_shrink": each(lambda x: x - math.tanh(x)),
    "sparse_plus": each(lambda x: 0.0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4),
    "sparse_sigmoid": each(lambda x: 0.0 if x <= -1 else 1.0 if x >= 1 else (x + 1) / 2),
    "sparsemax": _sparsemax,
}
