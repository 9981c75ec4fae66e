"""Moments: the settings of the rules that keep two running means of a gradient, as Adam does."""

from __future__ import annotations

from typing import Any

from .optimizer import Optimizer
from .settings import fraction, positive


class Moments(Optimizer):
    """Base of Adam, Adamax, Lamb and Nadam: β₁ and β₂, how much of the past the two means keep, and ε,
    against division by zero.
    """

    settings: tuple[str, ...] = ("beta_1", "beta_2", "epsilon")

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
