"""LAMB: Adam whose step is as long as its weights are, for very large batches."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from .moments import Moments


@serializable("keras.optimizers")
class Lamb(Moments):
    """r = m̂ / (√v̂ + ε), as in Adam; w ← w − lr · r · ‖w‖ / ‖r‖, for each array of weights.

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). Where ‖w‖ or ‖r‖ is zero, w ← w − lr · r. Sources: You et al.,
    2019; `keras.optimizers.Lamb`.

    Args:
        learning_rate: lr.
        beta_1, beta_2: how much of the past m and v keep.
        epsilon: ε, against division by zero.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("momentum", "velocity"),)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        m, v = slots
        number = w.dtype.type
        m = m + (g - m) * (1 - self.beta_1)
        v = v + (g * g - v) * (1 - self.beta_2)
        m_hat, v_hat = m / (1 - number(self.beta_1) ** t), v / (1 - number(self.beta_2) ** t)
        r = m_hat / (np.sqrt(v_hat) + self.epsilon)
        length, step = np.sqrt(np.sum(w * w)), np.sqrt(np.sum(r * r))
        is_known = np.where(length > 0, step, number(0)) > 0
        ratio = np.where(is_known, length / np.where(is_known, step, number(1)), number(1))
        return w - ratio * lr * r, [m, v]
