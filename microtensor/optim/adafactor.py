"""Adafactor: Adam's second moments in less memory: a matrix of them as a column times a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import serializable
from .optimizer import Optimizer


@serializable("keras.optimizers")
class Adafactor(Optimizer):
    """w ← w − α u / max(1, rms(u) / d), with u = g / √v and α = max(ε₂, rms(w)) · min(lr, 1 / √t).

    For matrices v is r cᵀ / mean(r): r and c are moving averages of the means of g² + ε₁ over rows and over
    columns; for vectors v is a moving average of g² + ε₁. The average keeps 1 − t^beta_2_decay. Sources:
    Shazeer and Stern, 2018; `keras.optimizers.Adafactor`.

    Args:
        learning_rate: lr.
        beta_2_decay: how fast the averages become longer, below 0.
        epsilon_1: ε₁, added to squared gradients.
        epsilon_2: ε₂, the least size of a weight.
        clip_threshold: d, the largest step in root mean squares.
        relative_step: let the rate fall as 1 / √t? A schedule is followed as it is.
        kwargs: as for `Optimizer`.
    """

    slot_groups = (("row", "column", "velocity"),)
    settings = ("beta_2_decay", "epsilon_1", "epsilon_2", "clip_threshold", "relative_step")

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.beta_2_decay, self.epsilon_1, self.epsilon_2 = beta_2_decay, epsilon_1, epsilon_2
        self.clip_threshold, self.relative_step = clip_threshold, relative_step

    def new_slot(self, w: Tensor, slot: str) -> Any:
        if slot == "velocity":
            return super().new_slot(w, slot)
        if w.ndim < 2:
            return np.zeros((), np.int32)  # not used; Keras' files have them
        return np.zeros(w.shape[:-1] if slot == "row" else w.shape[:-2] + w.shape[-1:], w.dtype)

    def slot_name(self, w: Tensor, slot: str) -> str:
        if slot in ("row", "column"):
            return str(getattr(w, "path", None) or w.name or "variable").rsplit("/", 1)[-1].removesuffix(":0")
        return super().slot_name(w, slot)

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        row, column, v = slots
        number = w.dtype.type
        rate = np.minimum(lr, 1 / np.sqrt(t))
        alpha = np.maximum(number(self.epsilon_2), _rms(w)) * rate
        kept = 1 - t ** number(self.beta_2_decay)
        squares = g * g + self.epsilon_1
        if w.ndim >= 2:
            row = kept * row + (1 - kept) * np.mean(squares, axis=-1)
            column = kept * column + (1 - kept) * np.mean(squares, axis=-2)
            share = row / np.mean(row, axis=-1, keepdims=True)
            v = np.expand_dims(share, -1) * np.expand_dims(column, -2)
        else:
            v = kept * v + (1 - kept) * squares
        u = g / np.sqrt(v)
        u = u / np.maximum(number(1), _rms(u) / self.clip_threshold)
        return w - alpha * u, [row, column, v]


def _rms(x: Any) -> Any:
    return np.sqrt(np.mean(np.square(x)))
