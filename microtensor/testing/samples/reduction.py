"""Reductions: every axis, negative and in tuples, none and all."""

from __future__ import annotations

from ..sampling import Sample
from .forms import positions, reductions

SAMPLES: dict[str, list[Sample]] = {
    **{name: reductions() for name in ("sum", "mean", "max", "min", "all", "any")},
    **{name: positions() for name in ("argmax", "argmin")},
}
