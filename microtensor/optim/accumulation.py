"""Accumulation: several gradients make one step, as if their batches had been one.

Each gradient is added to a sum; every n-th step uses the mean of n of them, and the sums begin again at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import Tensor
from .pending import Pending


def add(pending: Pending, sums: Sequence[Tensor], gradients: Sequence[Any]) -> None:
    """Keep gradients for later."""
    for total, g in zip(sums, gradients, strict=True):
        pending[total] = pending[total] + g


def mean(pending: Pending, sums: Sequence[Tensor], gradients: Sequence[Any], steps: int) -> list[Any]:
    """The means of what was kept and these gradients."""
    return [(g + pending[total]) / steps for total, g in zip(sums, gradients, strict=True)]


def forget(pending: Pending, sums: Sequence[Tensor]) -> None:
    """Begin again."""
    for total in sums:
        pending[total] = np.zeros_like(pending[total])
