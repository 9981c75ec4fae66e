"""Activation functions: the f of the artificial neuron f(w·x + b)."""

from __future__ import annotations

from typing import Any

import numpy as np

from .reduction import shared
from .table import elementwise, operation

identity = elementwise(
    "identity",
    lambda x: np.array(x),
    lambda g, y, x: g,
    numpy=np.copy,
    formula="x",
    local="1",
    doc="f(x) = x: the same numbers, in memory of their own. Keras calls it linear.",
)
step = elementwise(
    "step",
    lambda x: np.where(x > 0, np.ones_like(x), np.zeros_like(x)) + 0 * x,  # NaN stays NaN
    lambda g, y, x: g * 0,
    formula="1 if x > 0 else 0",
    local="0",
    convention="step(0) = 0; its derivative is 0 everywhere, the jump included",
    doc="""The perceptron's threshold: f(x) = 1 where x > 0, and 0 elsewhere.

    Its derivative is 0 wherever it exists, so nothing can be learnt through it by gradients: the reason for
    sigmoid. Source: Rosenblatt, 1958. """,
)
relu = elementwise(
    "relu",
    lambda x: np.maximum(x, 0),
    lambda g, y, x: g * (x > 0),
    formula="max(x, 0)",
    local="x > 0",
    convention="relu'(0) = 0",
    doc="Rectified linear unit: f(x) = max(x, 0). Source: Nair and Hinton, 2010.",
)
leaky_relu = elementwise(
    "leaky_relu",
    lambda x, negative_slope=0.1: np.where(x > 0, x, negative_slope * x),
    lambda g, y, x, negative_slope=0.1: g * np.where(x > 0, 1, negative_slope),
    formula="x if x > 0 else negative_slope * x",
    local="1 if x > 0 else negative_slope",
    convention="leaky_relu'(0) = negative_slope",
    doc="""f(x) = x where x > 0, negative_slope · x elsewhere: max(0.1x, x) on the slide. Source: Maas et al.,
    2013.

    Keras' function has 0.2 as its default, Keras' layer 0.3.
    """,
)
elu = elementwise(
    "elu",
    lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    lambda g, y, x, alpha=1.0: g * np.where(x > 0, 1, y + alpha),
    formula="x if x > 0 else alpha * (exp(x) - 1)",
    local="1 if x > 0 else y + alpha",
    convention="elu'(0) = alpha",
    doc="Exponential linear unit: f(x) = x where x > 0, alpha (eˣ − 1) elsewhere. Clevert et al., 2015.",
)


def _sigmoid(x: Any) -> Any:
    with np.errstate(over="ignore"):  # exp(10000) is inf, and 1 / inf is the right answer
        return 1 / (1 + np.exp(-x))


sigmoid = elementwise(
    "sigmoid",
    _sigmoid,
    lambda g, y, x: g * y * (1 - y),
    formula="1 / (1 + exp(-x))",
    local="y * (1 - y)",
    doc="""The logistic function σ(x) = 1 / (1 + e⁻ˣ), between 0 and 1. Its derivative is σ(x) (1 − σ(x)).

    Exact in both tails: σ(−30) is 9.4e-14, not 0.
    """,
)
softplus = elementwise(
    "softplus",
    lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),  # the exponent is never positive
    lambda g, y, x: g * sigmoid.on(x),
    formula="log(1 + exp(x))",
    local="1 / (1 + exp(-x))",
    doc="f(x) = log(1 + eˣ), a smooth relu; its derivative is the sigmoid. Source: Dugas et al., 2001.",
)


def _softmax(x: Any, axis: int = -1) -> Any:
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))  # the largest exponent is 0: nothing overflows
    return e / np.sum(e, axis=axis, keepdims=True)


softmax = operation(
    "softmax",
    _softmax,
    lambda g, y, x, axis=-1: y * (g - (g * y).sum(axis=axis, keepdims=True)),
    formula="exp(x) / sum(exp(x))",
    local="y * (g - sum(g * y))",
    doc="f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ along `axis`: positive, and summing to 1.",
)


def _pieces(x: Any, pieces: int) -> Any:
    """The last axis, n long, as (n / pieces, pieces)."""
    if x.ndim == 0 or pieces < 1 or x.shape[-1] % pieces:
        raise ValueError(f"the last axis must divide into pieces of {pieces}; got shape {x.shape}")
    return x.reshape((*x.shape[:-1], x.shape[-1] // pieces, pieces))


maxout = operation(
    "maxout",
    lambda x, pieces=2: np.max(_pieces(x, pieces), axis=-1),
    lambda g, y, x, pieces=2: shared(g, y, _pieces(x, pieces), -1, False).reshape(x.shape),
    formula="max(x1, x2)",
    local="x == y",
    convention="pieces that tie share the gradient equally",
    doc="""f(x) = max(w₁ᵀx + b₁, w₂ᵀx + b₂): the largest of each `pieces` neighbours along the last axis.

    (…, units · pieces) becomes (…, units). Source: Goodfellow et al., 2013.
    """,
)
