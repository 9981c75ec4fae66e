"""Elementary functions of one number."""

from __future__ import annotations

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
