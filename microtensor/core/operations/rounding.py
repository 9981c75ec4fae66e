"""Rounding and tests. Their results are constant between jumps, so they have no gradient."""

from __future__ import annotations

import numpy as np

from .table import elementwise

floor = elementwise(
    "floor", np.floor, formula="floor(x)", doc="The largest whole number not above x. No gradient."
)
ceil = elementwise(
    "ceil", np.ceil, formula="ceil(x)", doc="The smallest whole number not below x. No gradient."
)
trunc = elementwise("trunc", np.trunc, formula="trunc(x)", doc="x without its fraction. No gradient.")
rint = elementwise(
    "rint", np.rint, formula="round(x)", doc="The nearest whole number, the even one of two. No gradient."
)
round = elementwise(
    "round",
    lambda x, decimals=0: np.round(x, decimals),
    numpy=(np.round, np.around),
    formula="round(x, decimals)",
    doc="x rounded to so many decimals, to the even digit where two are as near. No gradient.",
)
isnan = elementwise("isnan", np.isnan, formula="x != x", doc="Where x is NaN: booleans.")
isinf = elementwise("isinf", np.isinf, formula="abs(x) == inf", doc="Where x is infinite: booleans.")
isfinite = elementwise(
    "isfinite", np.isfinite, formula="abs(x) < inf", doc="Where x is a finite number: booleans."
)
logical_and = elementwise(
    "logical_and", np.logical_and, formula="bool(a) & bool(b)", doc="Where both hold: booleans."
)
logical_or = elementwise(
    "logical_or", np.logical_or, formula="bool(a) | bool(b)", doc="Where either holds: booleans."
)
logical_xor = elementwise(
    "logical_xor", np.logical_xor, formula="bool(a) ^ bool(b)", doc="Where one holds: booleans."
)
logical_not = elementwise(
    "logical_not", np.logical_not, formula="x == 0", doc="Where x does not hold: booleans."
)
