"""Arithmetic: what Python's operators compute."""

from __future__ import annotations

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
