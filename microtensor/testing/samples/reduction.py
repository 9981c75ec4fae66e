"""Reductions: every axis, negative and in tuples, none and all."""

from __future__ import annotations

import numpy as np

from ..sampling import Sample
from .forms import each, positions, reductions

_KEPT = [{"axis": axis, "keepdims": keep} for axis in (None, 0, 1, -1, (0, 2)) for keep in (False, True)]
_RUNNING = [{"axis": axis} for axis in (None, 0, 1, 2, -1)]


SAMPLES: dict[str, list[Sample]] = {
    **{name: reductions() for name in ("sum", "mean", "max", "min", "all", "any", "prod", "logsumexp")},
    "count_nonzero": reductions(),
    **{name: positions() for name in ("argmax", "argmin")},
    **{
        name: [
            *each((2, 3, 4), [*_KEPT, *({**variant, "ddof": 1} for variant in _KEPT)]),
            *each((5,), [{}, {"ddof": 1}]),
            *each((3, 2), [{"axis": 0}]),
        ]
        for name in ("var", "std")
    },
    **{
        name: [*each((2, 3, 4), _RUNNING), *each((5,), [{}, {"axis": 0}]), *each((0, 3), [{"axis": 1}])]
        for name in ("cumsum", "cumprod")
    },
    "median": [
        *each((2, 3, 4), _KEPT),
        *each((5,), [{}, {"axis": 0}]),
        *each((1,), [{}]),
    ],
    "average": [
        *each((2, 3), [{}, {"axis": 0}, {"axis": -1, "keepdims": True}]),
        *each(((2, 3),), [{"axis": 1, "weights": np.array([1.0, 2.0, 3.0])}]),
        *each(((2, 3),), [{"weights": np.array([[1.0, 2.0, 3.0], [0.5, 1.0, 1.0]])}]),
    ],
}
