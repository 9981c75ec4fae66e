"""Muon: the momentum of a matrix, made orthogonal: a step that moves all directions alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import serializable
from .optimizer import Optimizer


@serializable("keras.optimizers")
class Muon(Optimizer):
    """m ← μ m + g; w ← w − lr · rms_rate · √max(rows, columns) · orthogonal(g + μ m), for matrices.

    orthogonal(x) is close to the nearest matrix whose singular values are all alike, by a few steps of
    x ← a x + (b x xᵀ + c (x xᵀ)²) x. Vectors, and matrices that are excluded, step as with AdamW. Sources:
    Jordan et al., 2024; `keras.optimizers.Muon`.

    Args:
        learning_rate: lr.
        adam_beta_1, adam_beta_2, epsilon: of the steps of AdamW.
        adam_weight_decay: how much the weights that step with AdamW decay.
        exclude_layers: matrices in whose path one of these regular expressions is found step with AdamW.
        exclude_embeddings: and those in whose path "embedding" is found?
        muon_a, muon_b, muon_c: a, b, c.
        adam_lr_ratio: the learning rate of AdamW is this times lr.
        momentum: μ.
        ns_steps: how many steps make a matrix orthogonal.
        nesterov: look ahead? Otherwise m is made orthogonal.
        rms_rate: so that one learning rate suits both kinds; None: no adjustment.
        kwargs: as for `Optimizer`; weight_decay, 0.004, is that of matrices.
    """

    slot_groups = (("momentum", "velocity"),)
    settings = (
        *("adam_beta_1", "adam_beta_2", "epsilon", "exclude_layers", "muon_a", "muon_b", "muon_c"),
        *("adam_lr_ratio", "momentum", "ns_steps", "nesterov", "exclude_embeddings", "adam_weight_decay"),
        "rms_rate",
    )

    def __init__(
        self,
        learning_rate: Any = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float = 1e-7,
        weight_decay: float | None = 0.004,
        *,
        exclude_layers: Sequence[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.775,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, weight_decay=weight_decay, **kwargs)
        self.adam_beta_1, self.adam_beta_2, self.epsilon = adam_beta_1, adam_beta_2, epsilon
        self.adam_weight_decay, self.adam_lr_ratio = adam_weight_decay, adam_lr_ratio
        self.exclude_layers, self.exclude_embeddings = list(exclude_layers or ()), exclude_embeddings
        self.muon_a, self.muon_b, self.muon_c = muon_a, muon_b, muon_c
        self.momentum, self.ns_steps, self.nesterov = momentum, ns_steps, nesterov
        self.rms_rate = rms_rate

    def slots_of(self, w: Tensor) -> Iterable[str]:
        return self.slot_names if self._should_use_adamw(w) else ("momentum",)

    def decay_of(self, w: Tensor) -> float | None:
        if self._is_excluded(w):
            return None
        return self.adam_weight_decay if self._should_use_adamw(w) else self.weight_decay

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        if len(slots) == 2:
            return self._adam(w, g, slots, lr * self.adam_lr_ratio, t)
        m = slots[0] + (g + slots[0] * (self.momentum - 1))
        ahead = g + self.momentum * m if self.nesterov else m
        step = self.zeropower_via_newtonschulz5(ahead, self.ns_steps)
        return w - self.lr_adjust(lr * step), [m]

    def zeropower_via_newtonschulz5(self, x: Any, steps: int) -> Any:
        """Nearly orthogonal: the singular vectors of a matrix, with singular values near one."""
        if x.ndim < 2:
            raise ValueError(
                f"Expected gradient or momentum to have at least 2 dimensions. Received: shape={x.shape}"
            )
        is_tall = x.shape[-2] > x.shape[-1]
        x = self.transpose_last_axis(x) if is_tall else x
        x = x / (np.sqrt(np.sum(x * x, axis=(-2, -1), keepdims=True)) + 1e-7)
        for _ in range(steps):
            square = x @ self.transpose_last_axis(x)
            x = self.muon_a * x + (self.muon_b * square + self.muon_c * square @ square) @ x
        return self.transpose_last_axis(x) if is_tall else x

    def transpose_last_axis(self, x: Any) -> Any:
        """Rows as columns."""
        return np.swapaxes(x, -1, -2)

    def lr_adjust(self, x: Any) -> Any:
        """A step as long as one of Adam would be: times rms_rate · √max(rows, columns)."""
        return x if self.rms_rate is None else x * max(x.shape[0], x.shape[1]) ** 0.5 * self.rms_rate

    def _should_use_adamw(self, w: Tensor) -> bool:
        path = str(getattr(w, "path", None) or w.name or "")
        is_embedding = self.exclude_embeddings and "embedding" in path.lower()
        return w.ndim != 2 or is_embedding or any(re.search(part, path) for part in self.exclude_layers)

    def _adam(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        m, v = slots
        number = w.dtype.type
        alpha = lr * np.sqrt(1 - number(self.adam_beta_2) ** t) / (1 - number(self.adam_beta_1) ** t)
        m = m + (g - m) * (1 - self.adam_beta_1)
        v = v + (g * g - v) * (1 - self.adam_beta_2)
        return w - m * alpha / (np.sqrt(v) + self.epsilon), [m, v]
