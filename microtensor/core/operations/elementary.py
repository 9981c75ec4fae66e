"""Elementary functions of one number."""

from __future__ import annotations

import math

import numpy as np

from .table import elementwise

exp = elementwise(
    "exp",
    np.exp,
    lambda g, y, x: g * y,
    formula="exp(x)",
    local="y",
    doc="eˣ, element by element.",
)
log = elementwise(
    "log",
    np.log,
    lambda g, y, x: g / x,
    formula="log(x)",
    local="1 / x",
    doc="The natural logarithm, element by element.",
)
sqrt = elementwise(
    "sqrt",
    np.sqrt,
    lambda g, y, x: g / (2 * y),
    formula="sqrt(x)",
    local="1 / (2 * y)",
    convention="sqrt'(0) = inf",
    doc="√x, element by element.",
)
tanh = elementwise(
    "tanh",
    np.tanh,
    lambda g, y, x: g * (1 - y * y),
    formula="tanh(x)",
    local="1 - y ** 2",
    doc="The hyperbolic tangent (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), between −1 and 1, element by element.",
)
expm1 = elementwise(
    "expm1",
    np.expm1,
    lambda g, y, x: g * (y + 1),
    formula="exp(x) - 1",
    local="y + 1",
    doc="eˣ − 1, exact also for tiny x, element by element.",
)
exp2 = elementwise(
    "exp2",
    np.exp2,
    lambda g, y, x: g * y * math.log(2),
    formula="2 ** x",
    local="y * log(2)",
    doc="2ˣ, element by element.",
)
log1p = elementwise(
    "log1p",
    np.log1p,
    lambda g, y, x: g / (1 + x),
    formula="log(1 + x)",
    local="1 / (1 + x)",
    doc="log(1 + x), exact also for tiny x, element by element.",
)
log2 = elementwise(
    "log2",
    np.log2,
    lambda g, y, x: g / (x * math.log(2)),
    formula="log(x) / log(2)",
    local="1 / (x * log(2))",
    doc="The logarithm to base 2, element by element.",
)
log10 = elementwise(
    "log10",
    np.log10,
    lambda g, y, x: g / (x * math.log(10)),
    formula="log(x) / log(10)",
    local="1 / (x * log(10))",
    doc="The logarithm to base 10, element by element.",
)
logaddexp = elementwise(
    "logaddexp",
    np.logaddexp,
    lambda g, y, a, b: g * np.exp(a - y),
    lambda g, y, a, b: g * np.exp(b - y),
    formula="log(exp(a) + exp(b))",
    local=("exp(a - y)", "exp(b - y)"),
    doc="log(eᵃ + eᵇ), without overflow, element by element.",
)
