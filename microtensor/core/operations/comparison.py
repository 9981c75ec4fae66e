"""Comparisons, and choosing by them. Results are booleans: they have no gradient."""

from __future__ import annotations

import numpy as np

from .table import elementwise

equal = elementwise("equal", np.equal, formula="a == b", doc="Where a = b: booleans.")
not_equal = elementwise("not_equal", np.not_equal, formula="a != b", doc="Where a ≠ b: booleans.")
less = elementwise("less", np.less, formula="a < b", doc="Where a < b: booleans.")
less_equal = elementwise("less_equal", np.less_equal, formula="a <= b", doc="Where a ≤ b: booleans.")
greater = elementwise("greater", np.greater, formula="a > b", doc="Where a > b: booleans.")
greater_equal = elementwise("greater_equal", np.greater_equal, formula="a >= b", doc="Where a ≥ b: booleans.")

where = elementwise(
    "where",
    lambda condition, a, b: np.where(condition, a, b),
    None,
    lambda g, y, condition, a, b: np.where(condition, g, 0),
    lambda g, y, condition, a, b: np.where(condition, 0, g),
    numpy=np.where,
    formula="a if condition else b",
    local=("", "condition", "1 - condition"),
    doc="a where the condition holds, b elsewhere; shapes broadcast. What was not chosen gets no gradient.",
)
