"""Adadelta: steps in the units of the weights themselves, by the size of the steps before."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from .optimizer import Optimizer
from .settings import fraction, positive


@serializable("keras.optimizers")
class Adadelta(Optimizer):
    """a ← ρ a + (1 − ρ) g²; δ = −g · √(d + ε) / √(a + ε); d ← ρ d + (1 − ρ) δ²; w ← w + lr · δ.

    Sources: Zeiler, 2012 (where lr is 1); `keras.optimizers.Adadelta`.

    Args:
        learning_rate: lr.
        rho: ρ, how much of the past a and d keep.
        epsilon: ε, which also starts the first step.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("accumulated_grad", "accumulated_delta_var"),)
    settings = ("rho", "epsilon")

    def __init__(
        self, learning_rate: Any = 0.001, rho: float = 0.95, epsilon: float = 1e-7, **kwargs: Any
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.rho, self.epsilon = fraction("rho", rho), positive("epsilon", epsilon)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        a, d = slots
        a = self.rho * a + (1 - self.rho) * (g * g)
        delta = -(np.sqrt(d + self.epsilon) * g / np.sqrt(a + self.epsilon))
        d = self.rho * d + (1 - self.rho) * (delta * delta)
        return w + lr * delta, [a, d]
