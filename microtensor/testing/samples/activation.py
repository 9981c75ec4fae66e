"""Activation functions. Those made of pieces are tried on each piece."""

from __future__ import annotations

from ..sampling import Domain, Sample
from .forms import binary, each, unary

_ALONG = [
    *each((2, 3, 4), [{}, *({"axis": axis} for axis in (0, 1, 2, -1, -2, -3))]),
    *each((3,), [{}]),
    *each((0, 3), [{}]),
    *each((2, 1), [{}]),
]


def _pieces(*domains: Domain, **params: float) -> list[Sample]:
    """The first domain in every shape, the others in one."""
    return [
        *unary(domains[0], **params),
        *(Sample(((2, 3),), params, (domain,)) for domain in domains[1:]),
    ]


_WITHIN_1, _BEYOND_1 = Domain(-0.9, 0.9, gap=0.05), Domain(-3.0, 3.0, gap=1.1)
_WITHIN_3, _BEYOND_3 = Domain(-2.8, 2.8), Domain(-5.0, 5.0, gap=3.1)
_SMALL, _LARGE = Domain(-0.4, 0.4, gap=0.05), Domain(gap=0.6)

SAMPLES: dict[str, list[Sample]] = {
    **{name: unary() for name in ("identity", "step", "relu", "sigmoid", "softplus")},
    **{name: unary() for name in ("selu", "log_sigmoid", "softsign", "silu", "mish")},
    "tanh_shrink": unary(Domain(gap=0.5)),  # x - tanh(x) of a small x has few digits in float32
    "leaky_relu": [*unary(), *unary(negative_slope=0.3), *unary(negative_slope=-0.5)],
    "prelu": binary(),
    **{name: [*unary(), *unary(alpha=0.5)] for name in ("elu", "celu")},
    "gelu": [*unary(), *unary(approximate=True)],
    "squareplus": [*unary(), *unary(b=0.5)],
    "relu6": _pieces(Domain(), Domain(3.0, 5.9), Domain(6.1, 9.0)),
    "clipped_relu": [
        *unary(),
        *_pieces(Domain(-0.5, 0.5), Domain(0.8, 1.8), Domain(2.1, 4.0), threshold=0.7, max_value=2.0),
        *_pieces(Domain(-2.0, 0.6), Domain(0.8, 2.0), threshold=0.7, negative_slope=0.1),
        *_pieces(Domain(0.0, 0.8), Domain(1.2, 2.0), max_value=1.0),
    ],
    "threshold": [
        *unary(),
        *_pieces(Domain(-2.0, 0.9), Domain(1.1, 2.0), threshold=1.0, default_value=-7.0),
    ],
    "hard_sigmoid": _pieces(_WITHIN_3, _BEYOND_3),
    "hard_silu": _pieces(_WITHIN_3, _BEYOND_3),
    "hard_tanh": _pieces(_WITHIN_1, _BEYOND_1),
    "sparse_plus": _pieces(_WITHIN_1, _BEYOND_1),
    "sparse_sigmoid": _pieces(_WITHIN_1, _BEYOND_1),
    **{
        name: [*_pieces(_LARGE, _SMALL), *_pieces(_BEYOND_1, _WITHIN_1, threshold=1.0)]
        for name in ("hard_shrink", "soft_shrink")
    },
    "softmax": [*_ALONG, *each((), [{}])],
    "log_softmax": [*_ALONG, *each((), [{}])],
    "sparsemax": [*_ALONG, *(Sample(((2, 4),), {}, (Domain(-k, k),)) for k in (0.5, 1.0, 15.0))],
    "glu": [
        *each((2, 4), [{}, {"axis": 0}, {"axis": 1}, {"axis": -1}, {"axis": -2}]),
        *each((6,), [{}]),
        *each((2, 4, 3), [{"axis": 1}]),
        *each((0, 2), [{}, {"axis": 0}]),
    ],
    "maxout": [
        *each((4,), [{}, {"pieces": 4}, {"pieces": 1}]),
        *each((2, 6), [{}, {"pieces": 3}]),
        *each((2, 1, 4), [{}]),
        *each((0, 4), [{}]),
    ],
}
