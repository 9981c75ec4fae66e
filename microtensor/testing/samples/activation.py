"""Activation functions."""

from __future__ import annotations

from ..sampling import Sample
from .forms import each, unary

SAMPLES: dict[str, list[Sample]] = {
    **{name: unary() for name in ("identity", "step", "relu", "sigmoid", "softplus")},
    "leaky_relu": [*unary(), *unary(negative_slope=0.3), *unary(negative_slope=-0.5)],
    "elu": [*unary(), *unary(alpha=0.5)],
    "softmax": [
        *each((2, 3, 4), [{}, *({"axis": axis} for axis in (0, 1, 2, -1, -2, -3))]),
        *each((3,), [{}]),
        *each((), [{}]),
        *each((0, 3), [{}]),
        *each((2, 1), [{}]),
    ],
    "maxout": [
        *each((4,), [{}, {"pieces": 4}, {"pieces": 1}]),
        *each((2, 6), [{}, {"pieces": 3}]),
        *each((2, 1, 4), [{}]),
        *each((0, 4), [{}]),
    ],
}
