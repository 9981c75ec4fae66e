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

SAMPLES: dict[str, list[Sample]] = {
    **{
        name: binary()
        for name in (
            *("add", "subtract", "multiply", "maximum", "minimum"),
            *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
        )
    },
    "divide": binary(REAL, Domain(gap=0.5, pole=True)),
    "power": binary(POSITIVE, REAL),
    "where": [Sample(shapes, {}, (CONDITION, REAL, REAL)) for shapes in _CHOICES],
    **{name: unary() for name in ("negative", "abs", "sign", "square", "exp", "tanh")},
    "log": unary(POSITIVE),
    "sqrt": unary(POSITIVE),
}
