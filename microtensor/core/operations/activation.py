"""Activation functions: the f of the artificial neuron f(w·x + b).

Here are those of the lecture and their nearest kin. `gating` has the smooth ones that multiply x by a gate,
`piecewise` those made of straight pieces.
"""

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
    lambda x: np.where(np.isnan(x), x, np.where(x > 0, np.ones_like(x), np.zeros_like(x))),
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
    floats=True,
    formula="x if x > 0 else alpha * (exp(x) - 1)",
    local="1 if x > 0 else y + alpha",
    convention="elu'(0) = alpha",
    doc="Exponential linear unit: f(x) = x where x > 0, alpha (eˣ − 1) elsewhere. Clevert et al., 2015.",
)

_SCALE, _ALPHA = 1.0507009873554805, 1.6732632423543772  # such that mean 0 and variance 1 stay so

selu = elementwise(
    "selu",
    lambda x: _SCALE * np.maximum(x, 0) + _SCALE * _ALPHA * np.expm1(np.minimum(x, 0)),
    lambda g, y, x: np.where(x > 0, _SCALE * g, _SCALE * _ALPHA * g * np.exp(np.minimum(x, 0))),
    floats=True,
    formula=f"{_SCALE} * x if x > 0 else {_SCALE} * {_ALPHA} * (exp(x) - 1)",
    local=f"{_SCALE} if x > 0 else {_SCALE} * {_ALPHA} * exp(x)",
    convention=f"selu'(0) = {_SCALE * _ALPHA:.6g}, the slope on the left",
    doc="""The elu that keeps activations normalised: 1.0507 x where x > 0, 1.7581 (eˣ − 1) elsewhere.

    Source: Klambauer et al., 2017.
    """,
)
celu = elementwise(
    "celu",
    lambda x, alpha=1.0: np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0) / alpha),
    lambda g, y, x, alpha=1.0: np.where(x > 0, g, g * np.exp(np.minimum(x, 0) / alpha)),
    floats=True,
    formula="x if x > 0 else alpha * (exp(x / alpha) - 1)",
    local="1 if x > 0 else exp(x / alpha)",
    convention="celu'(0) = 1, from both sides",
    doc="The elu without a corner: x where x > 0, alpha (e^(x/alpha) − 1) elsewhere. Source: Barron, 2017.",
)
prelu = elementwise(
    "prelu",
    lambda x, alpha: np.where(x > 0, x, alpha * x),
    lambda g, y, x, alpha: np.where(x > 0, g, alpha * g),
    lambda g, y, x, alpha: np.where(x > 0, 0, g * x),
    formula="x if x > 0 else alpha * x",
    local=("1 if x > 0 else alpha", "0 if x > 0 else x"),
    convention="at x = 0 the slope is alpha",
    doc="""A leaky relu whose slope is learnt: x where x > 0, alpha · x elsewhere. Shapes broadcast.

    Source: He et al., 2015.
    """,
)


def _sigmoid(x: Any) -> Any:
    with np.errstate(over="ignore"):  # exp(10000) is inf, and 1 / inf is the right answer
        return 1 / (1 + np.exp(-x))


sigmoid = elementwise(
    "sigmoid",
    _sigmoid,
    lambda g, y, x: g * y * (1 - y),
    floats=True,
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
    floats=True,
    formula="log(1 + exp(x))",
    local="1 / (1 + exp(-x))",
    doc="f(x) = log(1 + eˣ), a smooth relu; its derivative is the sigmoid. Source: Dugas et al., 2001.",
)

log_sigmoid = elementwise(
    "log_sigmoid",
    lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))),
    lambda g, y, x: g * sigmoid.on(-x),
    floats=True,
    formula="-log(1 + exp(-x))",
    local="1 / (1 + exp(x))",
    doc="log σ(x) = −log(1 + e⁻ˣ), without computing σ(x), which may be 0. Its derivative is σ(−x).",
)
squareplus = elementwise(
    "squareplus",
    # (√(x² + b) − |x|) / 2, as a quotient: the difference of two large numbers would lose the left tail
    lambda x, b=4.0: np.maximum(x, 0) + b / (2 * (np.sqrt(x * x + b) + np.abs(x))),
    lambda g, y, x, b=4.0: g * y / np.sqrt(x * x + b),
    floats=True,
    formula="(x + sqrt(x ** 2 + b)) / 2",
    local="y / sqrt(x ** 2 + b)",
    doc="f(x) = (x + √(x² + b)) / 2, a smooth relu without exponentials. Source: Barron, 2021.",
)
softsign = elementwise(
    "softsign",
    lambda x: x / (1 + np.abs(x)),
    lambda g, y, x: g / np.square(1 + np.abs(x)),
    floats=True,
    formula="x / (1 + abs(x))",
    local="1 / (1 + abs(x)) ** 2",
    doc="f(x) = x / (1 + |x|), between −1 and 1, with slower tails than tanh. Source: Turian et al., 2009.",
)


def _softmax(x: Any, axis: int = -1) -> Any:
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))  # the largest exponent is 0: nothing overflows
    return e / np.sum(e, axis=axis, keepdims=True)


softmax = operation(
    "softmax",
    _softmax,
    lambda g, y, x, axis=-1: y * (g - (g * y).sum(axis=axis, keepdims=True)),
    floats=True,
    formula="exp(x) / sum(exp(x))",
    local="y * (g - sum(g * y))",
    doc="f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ along `axis`: positive, and summing to 1.",
)


def _log_softmax(x: Any, axis: int = -1) -> Any:
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


log_softmax = operation(
    "log_softmax",
    _log_softmax,
    lambda g, y, x, axis=-1: g - np.exp(y) * g.sum(axis=axis, keepdims=True),
    floats=True,
    formula="x - log(sum(exp(x)))",
    local="g - exp(y) * sum(g)",
    doc="log softmax(x) along `axis`, without computing a softmax that may be 0.",
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
