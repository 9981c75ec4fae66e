"""Schedule-free AdamW: an average of the past takes the place of a falling learning rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import serializable
from .optimizer import Optimizer
from .settings import fraction, positive


@serializable("keras.optimizers")
class ScheduleFreeAdamW(Optimizer):
    """z ← z − lr · g / (√v̂ + ε); x ← x + (z − x) / t; w = (1 − β₁) z + β₁ x.

    z is stepped as by Adam without momentum, x is the mean of all z, and the weights w, at which gradients
    are taken, lie between. Sources: Defazio et al., 2024; `keras.optimizers.ScheduleFreeAdamW`.

    Args:
        learning_rate: lr.
        beta_1: how close w is to the mean, above 0.
        beta_2: how much of the past v keeps.
        epsilon: ε, against division by zero.
        warmup_steps: over how many steps the rate grows to lr.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("momentum", "velocity"),)
    settings = ("beta_1", "beta_2", "epsilon", "warmup_steps")

    def __init__(
        self,
        learning_rate: Any = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        warmup_steps: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.beta_1, self.beta_2 = fraction("beta_1", beta_1), fraction("beta_2", beta_2)
        if self.beta_1 == 0:
            raise ValueError("beta_1 must be above 0: the mean is found again by dividing by it.")
        self.epsilon, self.warmup_steps = positive("epsilon", epsilon), warmup_steps

    def new_slot(self, w: Tensor, slot: str) -> Any:
        return w.numpy().copy() if slot == "momentum" else super().new_slot(w, slot)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        z, v = slots
        number = w.dtype.type
        beta_1, beta_2 = number(self.beta_1), number(self.beta_2)
        rate = lr * np.minimum(t / self.warmup_steps, number(1)) if self.warmup_steps else lr
        v = v + (g * g - v) * (1 - beta_2)
        size = np.sqrt(v / (1 - beta_2**t)) + number(self.epsilon)
        mean = (w - (1 - beta_1) * z) / beta_1
        z = z - rate * g / size
        mean = (1 - 1 / t) * mean + 1 / t * z
        return (1 - beta_1) * z + beta_1 * mean, [z, v]
