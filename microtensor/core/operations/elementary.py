"""Elementary functions of one number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .table import elementwise


def _by_element(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function of the standard library on every element, to float64 accuracy, in the dtype that came."""
    on_objects = np.frompyfunc(function, 1, 1)

    def on_array(x: Any) -> Any:
        x = np.asarray(x)
        return np.asarray(on_objects(x), x.dtype if x.dtype.kind == "f" else np.float64)

    return on_array


_erf, _erfc = _by_element(math.erf), _by_element(math.erfc)
_BELL = 2 / math.sqrt(math.pi)

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
sin = elementwise(
    "sin",
    np.sin,
    lambda g, y, x: g * np.cos(x),
    formula="sin(x)",
    local="cos(x)",
    doc="The sine of x in radians, element by element.",
)
cos = elementwise(
    "cos",
    np.cos,
    lambda g, y, x: -g * np.sin(x),
    formula="cos(x)",
    local="-sin(x)",
    doc="The cosine of x in radians, element by element.",
)
tan = elementwise(
    "tan",
    np.tan,
    lambda g, y, x: g * (1 + y * y),
    formula="tan(x)",
    local="1 + y ** 2",
    doc="The tangent of x in radians, element by element.",
)
arcsin = elementwise(
    "arcsin",
    np.arcsin,
    lambda g, y, x: g / np.sqrt(1 - x * x),
    formula="arcsin(x)",
    local="1 / sqrt(1 - x ** 2)",
    doc="The angle in [−π/2, π/2] whose sine is x, element by element; NaN outside [−1, 1].",
)
arccos = elementwise(
    "arccos",
    np.arccos,
    lambda g, y, x: -g / np.sqrt(1 - x * x),
    formula="arccos(x)",
    local="-1 / sqrt(1 - x ** 2)",
    doc="The angle in [0, π] whose cosine is x, element by element; NaN outside [−1, 1].",
)
arctan = elementwise(
    "arctan",
    np.arctan,
    lambda g, y, x: g / (1 + x * x),
    formula="arctan(x)",
    local="1 / (1 + x ** 2)",
    doc="The angle in (−π/2, π/2) whose tangent is x, element by element.",
)
arctan2 = elementwise(
    "arctan2",
    np.arctan2,
    lambda g, y, a, b: g * b / (a * a + b * b),
    lambda g, y, a, b: -g * a / (a * a + b * b),
    formula="arctan2(a, b)",
    local=("b / (a ** 2 + b ** 2)", "-a / (a ** 2 + b ** 2)"),
    doc="The angle in (−π, π] of the point with ordinate a and abscissa b, element by element.",
)
sinh = elementwise(
    "sinh",
    np.sinh,
    lambda g, y, x: g * np.cosh(x),
    formula="sinh(x)",
    local="cosh(x)",
    doc="(eˣ − e⁻ˣ) / 2, element by element.",
)
cosh = elementwise(
    "cosh",
    np.cosh,
    lambda g, y, x: g * np.sinh(x),
    formula="cosh(x)",
    local="sinh(x)",
    doc="(eˣ + e⁻ˣ) / 2, element by element.",
)
arcsinh = elementwise(
    "arcsinh",
    np.arcsinh,
    lambda g, y, x: g / np.sqrt(x * x + 1),
    formula="arcsinh(x)",
    local="1 / sqrt(x ** 2 + 1)",
    doc="The number whose sinh is x, element by element.",
)
arccosh = elementwise(
    "arccosh",
    np.arccosh,
    lambda g, y, x: g / np.sqrt(x * x - 1),
    formula="arccosh(x)",
    local="1 / sqrt(x ** 2 - 1)",
    doc="The number ≥ 0 whose cosh is x, element by element; NaN below 1.",
)
arctanh = elementwise(
    "arctanh",
    np.arctanh,
    lambda g, y, x: g / (1 - x * x),
    formula="arctanh(x)",
    local="1 / (1 - x ** 2)",
    doc="The number whose tanh is x, element by element; NaN outside [−1, 1].",
)
erf = elementwise(
    "erf",
    _erf,
    lambda g, y, x: g * _BELL * np.exp(-x * x),
    formula="erf(x)",
    local="2 / sqrt(pi) * exp(-x ** 2)",
    doc="The error function 2/√π ∫₀ˣ e^(−t²) dt, element by element, by the standard library.",
)
erfc = elementwise(
    "erfc",
    _erfc,
    lambda g, y, x: -g * _BELL * np.exp(-x * x),
    formula="erfc(x)",
    local="-2 / sqrt(pi) * exp(-x ** 2)",
    doc="1 − erf(x), exact also where it is tiny, element by element.",
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


def _sinc_slope(x: Any) -> Any:
    """d sinc(x)/dx. Near 0, where the quotient loses its digits, the power series."""
    z = math.pi * x
    near = np.abs(z) < 0.1
    away = z + near  # no division by zero, where it is not used
    series = z * (-1 / 3 + z**2 * (1 / 30 + z**2 * (-1 / 840 + z**2 / 45360)))
    return math.pi * np.where(near, series, (np.cos(z) - np.sin(z) / away) / away)


sinc = elementwise(
    "sinc",
    lambda x: np.sinc(x),
    lambda g, y, x: g * _sinc_slope(x),
    numpy=np.sinc,
    formula="sin(pi * x) / (pi * x)",
    local="(cos(pi * x) - y) / x",
    doc="sin(πx) / (πx), and 1 at 0, element by element.",
)
