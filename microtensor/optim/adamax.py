"""Adamax: Adam, with the largest recent gradient in place of the root mean square."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from .moments import Moments


@serializable("keras.optimizers")
class Adamax(Moments):
    """m ← m + (g − m)(1 − β₁); u ← max(β₂ u, |g|); w ← w − lr · m / ((1 − β₁ᵗ)(u + ε)).

    Sources: Kingma and Ba, 2014, section 7; `keras.optimizers.Adamax`.

    Args:
        learning_rate: lr.
        beta_1, beta_2: how much of the past m and u keep.
        epsilon: ε, against division by zero.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("momentum", "norm"),)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        m, u = slots
        m = m + (g - m) * (1 - self.beta_1)
        u = np.maximum(self.beta_2 * u, np.abs(g))
        started = 1 - w.dtype.type(self.beta_1) ** t
        return w - lr * m / (started * (u + self.epsilon)), [m, u]
