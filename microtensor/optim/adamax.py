"""Adamax: Adam, with the largest recent gradient in place of the root mean square."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from .optimizer import Optimizer
from .settings import fraction, positive


@serializable("keras.optimizers")
class Adamax(Optimizer):
    """m ← m + (g − m)(1 − β₁); u ← max(β₂ u, |g|); w ← w − lr · m / ((1 − β₁ᵗ)(u + ε)).

    Sources: Kingma and Ba, 2014, section 7; `keras.optimizers.Adamax`.

    Args:
        learning_rate: lr.
        beta_1, beta_2: how much of the past m and u keep.
        epsilon: ε, against division by zero.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("momentum", "norm"),)
    settings = ("beta_1", "beta_2", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.beta_1, self.beta_2 = fraction("beta_1", beta_1), fraction("beta_2", beta_2)
        self.epsilon = positive("epsilon", epsilon)

    def update(self, w: Any, g: Any, slots: list[Any], lr: float, t: int) -> tuple[Any, list[Any]]:
        m, u = slots
        m = m + (g - m) * (1 - self.beta_1)
        u = np.maximum(self.beta_2 * u, np.abs(g))
        started = 1 - w.dtype.type(self.beta_1) ** t
        return w - lr * m / (started * (u + self.epsilon)), [m, u]
