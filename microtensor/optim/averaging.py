"""Averaging: a moving average of the weights (EMA), which often does better than the weights themselves.

a ← μ a + (1 − μ) w after each step; the first step begins with a = w. The weights become their averages
every `ema_overwrite_frequency` steps, and at the end of `fit`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core import Tensor
from .pending import Pending


def average(
    pending: Pending, weights: Sequence[Tensor], averages: Sequence[Tensor | None], momentum: float
) -> None:
    """One step of the averages; None: a weight without one."""
    for w, mean in zip(weights, averages, strict=True):
        if mean is not None:
            value = pending[w]
            kept = value.dtype.type(momentum)
            pending[mean] = kept * pending[mean] + (1 - kept) * value


def overwrite(pending: Pending, weights: Sequence[Tensor], averages: Sequence[Tensor | None]) -> None:
    """The weights become their averages. ValueError: averages of other weights."""
    if len(weights) != len(averages):
        raise ValueError(
            f"The length of model variables ({len(weights)}) to override does not match the length of model "
            f"variables stored in the optimizer ({len(averages)}). Please check if the optimizer was called "
            "on your model."
        )
    for w, mean in zip(weights, averages, strict=True):
        if mean is not None:
            pending[w] = pending[mean]
