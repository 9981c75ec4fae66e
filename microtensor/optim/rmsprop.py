"""RMSprop: each weight's step is divided by the running root mean square of its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from .optimizer import Optimizer
from .settings import fraction, positive


@serializable("keras.optimizers")
class RMSprop(Optimizer):
    """v ← ρ v + (1 − ρ) g²; w ← w − lr · g / √(v + ε). Sources: Hinton, 2012; `keras.optimizers.RMSprop`.

    With centered, the variance is used: a ← ρ a + (1 − ρ) g and v − a² stands for v. With momentum μ, the
    step m ← μ m + lr · g / √(…) is remembered and w ← w − m.

    Args:
        learning_rate: lr.
        rho: ρ, how much of the past is kept.
        momentum: μ.
        epsilon: ε, against division by zero.
        centered: divide by the standard deviation?
        kwargs: as for `Optimizer`.
    """

    settings = ("rho", "momentum", "epsilon", "centered")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.rho, self.momentum = fraction("rho", rho), fraction("momentum", momentum)
        self.epsilon, self.centered = positive("epsilon", epsilon), bool(centered)
        wanted = {"velocity": True, "momentum": self.momentum > 0, "average_gradient": centered}
        self.slot_groups = tuple((name,) for name, is_wanted in wanted.items() if is_wanted)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        kept = dict(zip(self.slot_names, slots, strict=True))
        v = kept["velocity"] = self.rho * kept["velocity"] + (1 - self.rho) * (g * g)
        if self.centered:
            a = kept["average_gradient"] = self.rho * kept["average_gradient"] + (1 - self.rho) * g
            v = v - a * a
        step = lr * g / np.sqrt(v + self.epsilon)
        if self.momentum:
            step = kept["momentum"] = self.momentum * kept["momentum"] + step
        return w - step, list(kept.values())
