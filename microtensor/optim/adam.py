"""Adam: momentum, with each weight's step divided by the running size of its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from .moments import Moments


@serializable("keras.optimizers")
class Adam(Moments):
    """m ← m + (g − m)(1 − β₁); v ← v + (g² − v)(1 − β₂); w ← w − α m / (√v + ε).

    α = lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) makes up for m and v starting at zero. With amsgrad, the largest v so far
    stands for v: steps never grow again. Sources: Kingma and Ba, 2014; Reddi et al., 2018;
    `keras.optimizers.Adam`.

    Args:
        learning_rate: lr.
        beta_1, beta_2: how much of the past m and v keep.
        epsilon: ε, against division by zero.
        amsgrad: divide by the largest v?
        kwargs: as for `Optimizer`.
    """

    settings = (*Moments.settings, "amsgrad")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **kwargs)
        self.amsgrad = bool(amsgrad)
        self.slot_groups = (("momentum", "velocity"), *([("velocity_hat",)] if amsgrad else ()))

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        m, v, *largest = slots
        number = w.dtype.type  # Keras takes powers in this precision: 1 − float32(0.999) is no 0.001
        alpha = lr * np.sqrt(1 - number(self.beta_2) ** t) / (1 - number(self.beta_1) ** t)
        m = m + (g - m) * (1 - self.beta_1)
        v = v + (g * g - v) * (1 - self.beta_2)
        largest = [np.maximum(v_hat, v) for v_hat in largest]
        by = largest[0] if largest else v
        return w - m * alpha / (np.sqrt(by) + self.epsilon), [m, v, *largest]
