"""Lion: only the sign of a step counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from .optimizer import Optimizer
from .settings import fraction


@serializable("keras.optimizers")
class Lion(Optimizer):
    """w ← w − lr · sign(β₁ m + (1 − β₁) g); m ← β₂ m + (1 − β₂) g.

    Every weight moves by lr, so lr is chosen about ten times smaller than for Adam. Sources: Chen et al.,
    2023; `keras.optimizers.Lion`.

    Args:
        learning_rate: lr.
        beta_1: how much the past counts in a step, above 0.
        beta_2: how much of the past m keeps.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("momentum",),)
    settings = ("beta_1", "beta_2")

    def __init__(
        self, learning_rate: Any = 0.001, beta_1: float = 0.9, beta_2: float = 0.99, **kwargs: Any
    ) -> None:
        if not 0 < beta_1 <= 1:
            raise ValueError(
                "Argument `beta_1` must be in the [0, 1] range. Otherwise, the optimizer degenerates to "
                f"SignSGD. Received: beta_1={beta_1}."
            )
        super().__init__(learning_rate, **kwargs)
        self.beta_1, self.beta_2 = float(beta_1), fraction("beta_2", beta_2)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        m = slots[0]
        beta_1, beta_2 = w.dtype.type(self.beta_1), w.dtype.type(self.beta_2)
        w = w - lr * np.sign(m * beta_1 + g * (1 - beta_1))
        return w, [m * beta_2 + g * (1 - beta_2)]
