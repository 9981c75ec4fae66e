"""Adam: momentum, with each weight's step divided by the running size of its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .optimizer import Optimizer, fraction, positive


class Adam(Optimizer):
    """m ← m + (g − m)(1 − β₁); v ← v + (g² − v)(1 − β₂); w ← w − α m / (√v + ε).

    α = lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) makes up for m and v starting at zero. Sources: Kingma and Ba, 2014;
    `keras.optimizers.Adam`.

    Args:
        learning_rate: lr.
        beta_1, beta_2: how much of the past m and v keep.
        epsilon: ε, against division by zero.
        kwargs: as for `Optimizer`.
    """

    slot_names = ("momentum", "velocity")

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
        m, v = slots
        number = w.dtype.type  # Keras takes powers in this precision: 1 − float32(0.999) is no 0.001
        alpha = lr * np.sqrt(1 - number(self.beta_2) ** t) / (1 - number(self.beta_1) ** t)
        m = m + (g - m) * (1 - self.beta_1)
        v = v + (g * g - v) * (1 - self.beta_2)
        return w - m * number(alpha) / (np.sqrt(v) + self.epsilon), [m, v]

    def get_config(self) -> dict[str, Any]:
        own = ("beta_1", "beta_2", "epsilon")
        return {**super().get_config(), **{key: getattr(self, key) for key in own}}
