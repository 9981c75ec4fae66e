"""Clipping: gradients that are too large, made smaller.

A norm scales, so the direction stays; a value cuts each element by itself, so it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def by_norm(gradients: Sequence[Any], most: float) -> list[Any]:
    """g · c / max(‖g‖, c): each gradient is at most c long."""
    with np.errstate(over="ignore"):
        return [g * most / np.maximum(_norm([g]), most) for g in gradients]


def by_global_norm(gradients: Sequence[Any], most: float) -> list[Any]:
    """All gradients times c / max(‖all‖, c): together they are at most c long. NaN if they are not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        norm = _norm(gradients)
        scale = most / np.maximum(norm, most) + (norm - norm)
        return [g * scale for g in gradients]


def by_value(gradients: Sequence[Any], most: float) -> list[Any]:
    """Each element cut to [−c, c]."""
    return [np.clip(g, -most, most) for g in gradients]


def _norm(gradients: Sequence[Any]) -> Any:
    return np.sqrt(sum(np.sum(np.square(g)) for g in gradients))
