"""FTRL: follow the regularized leader; weights that matter little are exactly zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import serializable
from .optimizer import Optimizer


@serializable("keras.optimizers")
class Ftrl(Optimizer):
    """n ← n + g²; z ← z + g − (nᵖ − n₀ᵖ) / lr · w; w ← (clip(z, −λ₁, λ₁) − z) / (nᵖ / lr + 2 λ₂ + β / lr).

    p is −learning_rate_power, n₀ the n before; with a shrinkage λ, g + 2 λ w stands for g in z. Sources:
    McMahan et al., 2013; `keras.optimizers.Ftrl`.

    Args:
        learning_rate: lr.
        learning_rate_power: −p, not above 0; 0 keeps the rate, −0.5 lets it fall as Adagrad's.
        initial_accumulator_value: what n begins with.
        l1_regularization_strength: λ₁.
        l2_regularization_strength: λ₂.
        l2_shrinkage_regularization_strength: λ.
        beta: β.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("accumulator", "linear"),)
    settings = (
        *("learning_rate_power", "initial_accumulator_value", "l1_regularization_strength"),
        *("l2_regularization_strength", "l2_shrinkage_regularization_strength", "beta"),
    )

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        if not learning_rate_power <= 0:
            raise ValueError(
                "`learning_rate_power` needs to be negative or zero. Received: "
                f"learning_rate_power={learning_rate_power}."
            )
        self.learning_rate_power, self.beta = learning_rate_power, beta
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        for key in self.settings[1:-1]:
            if not getattr(self, key) >= 0:
                raise ValueError(
                    f"`{key}` needs to be positive or zero. Received: {key}={getattr(self, key)}."
                )

    def new_slot(self, w: Tensor, slot: str) -> Any:
        start = self.initial_accumulator_value if slot == "accumulator" else 0
        return np.full(w.shape, start, w.dtype)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        n, z = slots
        power, most = -self.learning_rate_power, self.l1_regularization_strength
        l2 = self.l2_regularization_strength + self.beta / (2 * lr)
        grown = n + g * g
        z = z + g + 2 * self.l2_shrinkage_regularization_strength * w
        z = z - (grown**power - n**power) / lr * w
        return (np.clip(z, -most, most) - z) / (grown**power / lr + 2 * l2), [grown, z]
