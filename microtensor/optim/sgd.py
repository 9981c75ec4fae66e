"""Stochastic gradient descent: a step down the slope."""

from __future__ import annotations

from typing import Any

from ..serialization import serializable
from .optimizer import Optimizer


@serializable("keras.optimizers")
class SGD(Optimizer):
    """w ← w − lr · g; with momentum μ, the step m ← μ m − lr · g is remembered and w ← w + m.

    With nesterov the step looks ahead: w ← w + μ m − lr · g, with the new m. Sources: Polyak, 1964; Nesterov,
    1983; `keras.optimizers.SGD`.

    Args:
        learning_rate: lr.
        momentum: μ, from 0 to 1; 0 keeps nothing.
        nesterov: look ahead?
        kwargs: as for `Optimizer`.

    >>> import microtensor as mt
    >>> w = mt.Variable(1.0)
    >>> (w * w).backward()
    >>> SGD(0.3).step([w])
    >>> round(float(w), 3)
    0.4
    """

    settings = ("momentum", "nesterov")

    def __init__(
        self, learning_rate: Any = 0.01, momentum: float = 0.0, nesterov: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        if isinstance(momentum, bool) or not isinstance(momentum, float | int) or not 0 <= momentum <= 1:
            raise ValueError(f"`momentum` must be a float between [0, 1]. Received: momentum={momentum!r}")
        self.momentum, self.nesterov = float(momentum), bool(nesterov)
        self.slot_groups = (("momentum",),) if momentum else ()

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        if not slots:
            return w - lr * g, slots
        m = self.momentum * slots[0] - lr * g
        return w + (self.momentum * m - lr * g if self.nesterov else m), [m]
