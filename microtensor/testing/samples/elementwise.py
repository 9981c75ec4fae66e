"""Arithmetic, elementary functions, comparisons, rounding: everything of one element at a time."""

from __future__ import annotations

from ..sampling import CONDITION, POSITIVE, REAL, Domain, Sample
from .forms import binary, unary

_CHOICES = (
    ((3,), (3,), (3,)),
    ((), (2, 3), (2, 3)),
    ((2, 1), (3,), ()),
    ((2, 3), (2, 1), (1, 3)),
    ((), (), ()),
    ((0, 3), (3,), (1,)),
    ((3,), (2, 3), ()),
)

UNIT = Domain(-0.9, 0.9, 0.05)  # where arcsin and arctanh live
ABOVE_ONE = Domain(1.2, 3.0)
ANY_DOMAIN = Domain(-1.2, 1.2, 0.1)

SAMPLES: dict[str, list[Sample]] = {
    **{
        name: binary()
        for name in (
            *(
                "add",
                "subtract",
                "multiply",
                "maximum",
                "minimum",
                "fmax",
                "fmin",
                "hypot",
                "arctan2",
                "logaddexp",
            ),
            *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
            *("logical_and", "logical_or", "logical_xor"),
        )
    },
    **{name: binary(REAL, Domain(gap=0.5, pole=True)) for name in ("divide", "floor_divide")},
    "remainder": binary(Domain(0.1, 1.0), Domain(1.0, 3.0, pole=True)),
    **{name: binary(POSITIVE, REAL) for name in ("power", "float_power")},
    "where": [Sample(shapes, {}, (CONDITION, REAL, REAL)) for shapes in _CHOICES],
    **{
        name: unary()
        for name in (
            *("negative", "positive", "abs", "sign", "square", "exp", "expm1", "exp2", "tanh", "sin", "cos"),
            *("sinh", "cosh", "arcsinh", "arctan", "erf", "erfc", "sinc"),
            *("floor", "ceil", "trunc", "rint", "isnan", "isinf", "isfinite", "logical_not"),
        )
    },
    **{name: unary(POSITIVE) for name in ("log", "log1p", "log2", "log10", "sqrt", "cbrt", "reciprocal")},
    **{name: unary(UNIT) for name in ("arcsin", "arccos", "arctanh")},
    "arccosh": unary(ABOVE_ONE),
    "tan": unary(ANY_DOMAIN),
    "clip": [
        *unary(a_min=-0.5, a_max=0.7),
        *unary(a_min=0.1),
        *unary(a_max=-0.1),
        *unary(),
    ],
    "round": [*unary(), *unary(decimals=1), *unary(decimals=-1)],
}
