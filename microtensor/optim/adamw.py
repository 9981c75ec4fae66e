"""AdamW: Adam, with weight decay beside the gradient instead of inside it."""

from __future__ import annotations

from typing import Any

from ..serialization import serializable
from .adam import Adam


@serializable("keras.optimizers")
class AdamW(Adam):
    """w ← w − w · decay · lr, then a step of `Adam`.

    A penalty in the loss would be divided by √v as the gradient is, and shrink the weights that move most the
    least; here all shrink alike. Sources: Loshchilov and Hutter, 2017; `keras.optimizers.AdamW`.

    Args:
        learning_rate: lr.
        weight_decay: how much weights shrink in a step; a number.
        beta_1, beta_2, epsilon, amsgrad: as for `Adam`.
        kwargs: as for `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **kwargs: Any,
    ) -> None:
        if weight_decay is None:
            raise ValueError("Argument `weight_decay` must be a float. Received: weight_decay=None")
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay=weight_decay, **kwargs)
