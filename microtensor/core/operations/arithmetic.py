"""Arithmetic: what Python's operators compute."""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import elementwise

add = elementwise(
    "add",
    np.add,
    lambda g, y, a, b: g,
    lambda g, y, a, b: g,
    formula="a + b",
    local=("1", "1"),
    doc="a + b, element by element; shapes broadcast.",
)
subtract = elementwise(
    "subtract",
    np.subtract,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g,
    formula="a - b",
    local=("1", "-1"),
    doc="a - b, element by element; shapes broadcast.",
)
multiply = elementwise(
    "multiply",
    np.multiply,
    lambda g, y, a, b: g * b,
    lambda g, y, a, b: g * a,
    formula="a * b",
    local=("b", "a"),
    doc="a * b, element by element; shapes broadcast.",
)
divide = elementwise(
    "divide",
    np.divide,
    lambda g, y, a, b: g / b,
    lambda g, y, a, b: -g * y / b,
    formula="a / b",
    local=("1 / b", "-y / b"),
    doc="a / b, element by element; shapes broadcast.",
)
power = elementwise(
    "power",
    np.power,
    lambda g, y, a, b: g * b * a ** (b - 1 + (b == 0)),
    lambda g, y, a, b: g * y * np.log(a + (a == 0)),
    formula="a ** b",
    local=("b * a ** (b - 1)", "y * log(a)"),
    convention="0**0 = 1, and both its derivatives are 0",
    doc="a to the power b, element by element; shapes broadcast.",
)
negative = elementwise(
    "negative",
    np.negative,
    lambda g, y, x: -g,
    formula="-x",
    local="-1",
    doc="-x, element by element.",
)
abs = elementwise(
    "abs",
    np.abs,
    lambda g, y, x: g * np.sign(x),
    formula="abs(x)",
    local="sign(x)",
    convention="|x|'(0) = 0",
    doc="|x|, element by element.",
)
sign = elementwise(
    "sign",
    np.sign,
    lambda g, y, x: g * 0,
    formula="sign(x)",
    local="0",
    convention="sign'(0) = 0",
    doc="-1, 0 or 1: the sign of each element. Its derivative is 0.",
)
square = elementwise(
    "square",
    np.square,
    lambda g, y, x: g * 2 * x,
    formula="x ** 2",
    local="2 * x",
    doc="x², element by element.",
)
maximum = elementwise(
    "maximum",
    np.maximum,
    lambda g, y, a, b: g * (a > b) + g * (a == b) / 2,
    lambda g, y, a, b: g * (b > a) + g * (a == b) / 2,
    formula="max(a, b)",
    local=("(a > b) + (a == b) / 2", "(b > a) + (a == b) / 2"),
    convention="where a = b, each takes half of the gradient",
    doc="The larger of a and b, element by element; shapes broadcast. NaN if either is.",
)
minimum = elementwise(
    "minimum",
    np.minimum,
    lambda g, y, a, b: g * (a < b) + g * (a == b) / 2,
    lambda g, y, a, b: g * (b < a) + g * (a == b) / 2,
    formula="min(a, b)",
    local=("(a < b) + (a == b) / 2", "(b < a) + (a == b) / 2"),
    convention="where a = b, each takes half of the gradient",
    doc="The smaller of a and b, element by element; shapes broadcast. NaN if either is.",
)
floor_divide = elementwise(
    "floor_divide",
    np.floor_divide,
    formula="a // b",
    doc="The largest whole number not above a / b, element by element. No gradient.",
)
remainder = elementwise(
    "remainder",
    np.remainder,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g * np.floor(a / b),
    formula="a % b",
    local=("1", "-floor(a / b)"),
    convention="at the jumps, the derivatives of the right-hand side",
    doc="a - b · floor(a / b), with the sign of b, element by element. Python's %.",
)
float_power = elementwise(
    "float_power",
    np.float_power,
    lambda g, y, a, b: g * b * a ** (b - 1 + (b == 0)),
    lambda g, y, a, b: g * y * np.log(a + (a == 0)),
    formula="a ** b",
    local=("b * a ** (b - 1)", "y * log(a)"),
    convention="0**0 = 1, and both its derivatives are 0",
    doc="a to the power b in float64, whatever came in, element by element.",
)
positive = elementwise(
    "positive",
    np.positive,
    lambda g, y, x: g,
    formula="x",
    local="1",
    doc="+x: x itself, element by element.",
)
reciprocal = elementwise(
    "reciprocal",
    np.reciprocal,
    lambda g, y, x: -g * y * y,
    formula="1 / x",
    local="-y ** 2",
    doc="1 / x, element by element.",
)
cbrt = elementwise(
    "cbrt",
    np.cbrt,
    lambda g, y, x: g / (3 * y * y),
    formula="cbrt(x)",
    local="1 / (3 * y ** 2)",
    convention="cbrt'(0) = inf",
    doc="The cube root, negative for negative x, element by element.",
)
fmax = elementwise(
    "fmax",
    np.fmax,
    lambda g, y, a, b: g * np.logical_or(a > b, np.isnan(b)) + g * (a == b) / 2,
    lambda g, y, a, b: g * np.logical_or(b > a, np.isnan(a)) + g * (a == b) / 2,
    formula="max(a, b)",
    local=("(a > b) + (a == b) / 2", "(b > a) + (a == b) / 2"),
    convention="where a = b, each takes half of the gradient; where one is NaN, the other takes it all",
    doc="The larger of a and b, element by element; where one is NaN, the other.",
)
fmin = elementwise(
    "fmin",
    np.fmin,
    lambda g, y, a, b: g * np.logical_or(a < b, np.isnan(b)) + g * (a == b) / 2,
    lambda g, y, a, b: g * np.logical_or(b < a, np.isnan(a)) + g * (a == b) / 2,
    formula="min(a, b)",
    local=("(a < b) + (a == b) / 2", "(b < a) + (a == b) / 2"),
    convention="where a = b, each takes half of the gradient; where one is NaN, the other takes it all",
    doc="The smaller of a and b, element by element; where one is NaN, the other.",
)


def _inside(x: Any, low: Any, high: Any) -> Any:
    """Where x is from low to high, both included; None is no bound."""
    above = x == x if low is None else x >= low
    return above if high is None else above * (x <= high)


clip = elementwise(
    "clip",
    lambda x, a_min=None, a_max=None: np.clip(x, a_min, a_max),
    lambda g, y, x, a_min=None, a_max=None: g * _inside(x, a_min, a_max),
    numpy=np.clip,
    formula="min(max(x, a_min), a_max)",
    local="(x >= a_min) * (x <= a_max)",
    convention="at a bound itself the derivative is 1",
    doc="x cut to [a_min, a_max], element by element. The bounds are numbers; None: no bound on that side.",
)
hypot = elementwise(
    "hypot",
    np.hypot,
    lambda g, y, a, b: g * a / (y + (y == 0)),
    lambda g, y, a, b: g * b / (y + (y == 0)),
    formula="sqrt(a ** 2 + b ** 2)",
    local=("a / y", "b / y"),
    convention="both derivatives at (0, 0) are 0",
    doc="√(a² + b²), the length of the hypotenuse, element by element, without overflow on the way.",
)
