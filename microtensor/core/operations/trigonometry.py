"""Trigonometry: functions of the circle and of the hyperbola (but `tanh`, which nets use: `elementary`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .table import elementwise

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
