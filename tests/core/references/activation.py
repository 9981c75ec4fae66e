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
}
