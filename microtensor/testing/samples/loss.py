"""Losses: a prediction and a target of one shape."""

from __future__ import annotations

from ..sampling import Sample
from .forms import each

SAMPLES: dict[str, list[Sample]] = {
    "mse": each(((3,), (3,)), [{}])
    + each(((2, 3), (2, 3)), [{}])
    + [Sample(((), ())), Sample(((2, 1), (2, 1)))],
}
