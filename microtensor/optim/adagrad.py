"""Adagrad: weights that have moved much move less."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import serializable
from .optimizer import Optimizer
from .settings import positive


@serializable("keras.optimizers")
class Adagrad(Optimizer):
    """a ← a + g²; w ← w − lr · g / √(a + ε). Sources: Duchi et al., 2011; `keras.optimizers.Adagrad`.

    Args:
        learning_rate: lr.
        initial_accumulator_value: what a begins with.
        epsilon: ε, against division by zero.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("accumulator",),)
    settings = ("initial_accumulator_value", "epsilon")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.initial_accumulator_value = positive("initial_accumulator_value", initial_accumulator_value)
        self.epsilon = positive("epsilon", epsilon)

    def new_slot(self, w: Tensor, slot: str) -> Any:
        return np.full(w.shape, self.initial_accumulator_value, w.dtype)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        a = slots[0] + g * g
        return w - lr * g / np.sqrt(a + self.epsilon), [a]
