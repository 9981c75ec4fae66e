"""Nadam: Adam that looks ahead, as Nesterov's momentum does."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import serializable
from .moments import Moments

WARMING = 0.96  # Dozat's constant: momentum grows from β₁ / 2 towards β₁


@serializable("keras.optimizers")
class Nadam(Moments):
    """Adam, with the momentum of the next step: w ← w − lr · m̂ / (√v̂ + ε).

    uₜ = β₁ (1 − 0.96ᵗ / 2) is the momentum of step t, and pₜ = u₁ u₂ … uₜ, one number for all weights, what
    is left of the start. m and v are Adam's; v̂ = v / (1 − β₂ᵗ) and
    m̂ = uₜ₊₁ m / (1 − pₜ uₜ₊₁) + (1 − uₜ) g / (1 − pₜ). Sources: Dozat, 2016; `keras.optimizers.Nadam`.

    Args:
        learning_rate: lr.
        beta_1, beta_2: how much of the past m and v keep.
        epsilon: ε, against division by zero.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("momentum", "velocity"), ("u_product",))
    shared_slots = ("u_product",)

    def new_slot(self, w: Tensor, slot: str) -> Any:
        return np.ones((), w.dtype) if slot == "u_product" else super().new_slot(w, slot)

    def slot_name(self, w: Tensor, slot: str) -> str:
        return "variable" if slot == "u_product" else super().slot_name(w, slot)  # so it is called in files

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        m, v, product = slots
        number = w.dtype.type
        beta_1, beta_2, warming = number(self.beta_1), number(self.beta_2), number(WARMING)
        # np.power and not **, which rounds otherwise where both are single numbers: as a captured step does.
        now, ahead = (beta_1 * (1 - 0.5 * np.power(warming, step)) for step in (t, t + 1))
        product = product * now
        m = m + (g - m) * (1 - beta_1)
        v = v + (g * g - v) * (1 - beta_2)
        m_hat = ahead * m / (1 - product * ahead) + (1 - now) * g / (1 - product)
        v_hat = v / (1 - beta_2**t)
        return w - m_hat * lr / (np.sqrt(v_hat) + self.epsilon), [m, v, product]
