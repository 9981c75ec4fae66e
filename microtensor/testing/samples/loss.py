"""Losses: a prediction and a target of one shape; labels, where the target is one of several classes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from ..sampling import POSITIVE, REAL, Domain, Sample, Shape

_ROWS: tuple[Shape, ...] = ((3,), (2, 3), (2, 1), (2, 2, 3))
_PLAIN: tuple[Mapping[str, Any], ...] = ({},)
_PROBABILITY, _TARGET = Domain(0.0, 0.9, gap=0.1), Domain(0.0, 1.0, gap=0.05)
_LABELS = Domain(0, 3, kind="int")


def _losses(
    *domains: Domain, variants: Iterable[Mapping[str, Any]] = _PLAIN, zero_d: bool = True
) -> list[Sample]:
    """Every shape, with the rows averaged and left as they are."""
    shapes = (*_ROWS, ()) if zero_d else _ROWS
    return [
        *(
            Sample((shape, shape), {**variant, **reduction}, domains)
            for variant, reduction, shape in itertools.product(variants, ({}, {"reduction": "none"}), shapes)
        ),
        Sample(((0, 3), (0, 3)), {"reduction": "none"}, domains),
    ]


_SOFT: tuple[Mapping[str, Any], ...] = ({}, {"label_smoothing": 0.2})
_LOGITS: tuple[Mapping[str, Any], ...] = (
    {"from_logits": True},
    {"from_logits": True, "label_smoothing": 0.2},
)

SAMPLES: dict[str, list[Sample]] = {
    **{name: _losses(REAL) for name in ("mse", "mae", "log_cosh", "hinge", "squared_hinge")},
    "huber": _losses(REAL, variants=({}, {"delta": 0.45})),
    **{name: _losses(REAL, zero_d=False) for name in ("cosine_similarity", "categorical_hinge")},
    "binary_crossentropy": [
        *_losses(_PROBABILITY, _TARGET, variants=_SOFT),
        *_losses(REAL, _TARGET, variants=_LOGITS),
    ],
    "categorical_crossentropy": [
        *_losses(Domain(0.2, 2.0), _TARGET, variants=_SOFT, zero_d=False),
        *_losses(REAL, _TARGET, variants=_LOGITS, zero_d=False),
    ],
    "kl_divergence": _losses(_PROBABILITY, _TARGET),
    "poisson": _losses(POSITIVE, REAL),
    "one_hot": [
        Sample(((0,),), {"num_classes": 3}),  # no labels: floats, because a list of none is
        *(Sample((shape,), {"num_classes": 3}, (_LABELS,)) for shape in ((), (4,), (2, 1))),
        Sample(((4,),), {"num_classes": 5, "dtype": "float64"}, (_LABELS,)),
    ],
    "sparse_categorical_crossentropy": [
        Sample(shapes, {**logits, **reduction}, (domain, _LABELS))
        for logits, domain in (({}, POSITIVE), ({"from_logits": True}, REAL))
        for reduction in ({}, {"reduction": "none"})
        for shapes in (((4, 3), (4,)), ((4, 3), (4, 1)), ((2, 2, 3), (2, 2)), ((3,), ()))
    ],
}
