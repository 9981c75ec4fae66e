"""Stepping: what a step does with gradients, in its order, before and after the rule.

The one idea: all of it reads from and writes to a `Pending`, so a step is computed whole before it happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import no_grad
from . import accumulation, averaging, clipping
from .decay import WeightDecay
from .pending import Pending
from .rate import LearningRate
from .state import OptimizerState, is_overwritten


class Stepping(LearningRate, WeightDecay, OptimizerState):
    """What an optimizer knows of a step."""

    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    loss_scale_factor: float | None
    gradient_accumulation_steps: int | None
    assigns = False  # is the rule written in Keras' way, as an `update_step` that assigns?
    _trainable_variables: list[Tensor]
    _slots: dict[Tensor, list[Tensor]]
    _model_variables_moving_average: list[Tensor | None]
    _accumulated_gradients: list[Tensor]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.assigns = cls.update_step is not Stepping.update_step

    def update(self, w: Any, g: Any, slots: list[Any], lr: float, t: int) -> tuple[Any, list[Any]]:
        """The rule: the new weight and the new slots, from the old ones. t counts updates from 1."""
        raise NotImplementedError(
            f"{type(self).__name__} has no update rule: define update(self, w, g, slots, lr, t)."
        )

    def update_step(self, gradient: Any, variable: Tensor, learning_rate: Any) -> None:
        """One variable changed by its gradient. Keras' place for a rule of your own: `update` is simpler, and
        what is written here works as well.
        """
        pending = Pending()
        g = np.asarray(gradient, variable.dtype)
        done = int(self._iterations) // (self.gradient_accumulation_steps or 1)
        self._run_rule(pending, [variable], [g], float(learning_rate), done + 1)
        pending.commit()

    def _advance(self, pending: Pending, weights: list[Tensor], gradients: list[Any]) -> None:
        """Everything that a step does."""
        count, steps = int(pending[self._iterations]), self.gradient_accumulation_steps or 1
        is_update = (count + 1) % steps == 0
        if any(is_overwritten(w) for w in weights):
            weights, gradients = self._overwrite(pending, weights, gradients, is_update)
        if weights:
            if self.loss_scale_factor is not None:
                gradients = [g / self.loss_scale_factor for g in gradients]
            if steps > 1:
                sums = [self._accumulated_gradients[self._indices[w]] for w in weights]
                if is_update:
                    gradients = accumulation.mean(pending, sums, gradients, steps)
                    accumulation.forget(pending, self._accumulated_gradients)
                else:
                    accumulation.add(pending, sums, gradients)
            if is_update:
                self._update(pending, weights, gradients, count // steps + 1)
            if self.use_ema:
                self._average(pending, count // steps)
            for w in weights:
                constraint = getattr(w, "constraint", None)
                if constraint is not None:
                    pending[w] = np.asarray(constraint(Tensor.wrap(pending[w])), w.dtype)
        pending[self._iterations] = np.int64(count + 1)

    def _update(self, pending: Pending, weights: list[Tensor], gradients: list[Any], t: int) -> None:
        lr = self._rate(pending)
        gradients = self._clip_gradients(gradients)
        self._decay(pending, weights, lr)
        if not self.assigns:
            self._run_rule(pending, weights, gradients, lr, t)
            return
        pending.remember([*weights, *self.variables])  # so that all of it can be taken back
        pending.commit()
        with no_grad():
            for w, g in zip(weights, gradients, strict=True):
                self.update_step(Tensor.wrap(g), w, Tensor.wrap(np.float32(lr)))

    def _run_rule(
        self, pending: Pending, weights: list[Tensor], gradients: list[Any], lr: float, t: int
    ) -> None:
        done = [
            self.update(pending[w], g, [pending[slot] for slot in self._slots[w]], lr, t)
            for w, g in zip(weights, gradients, strict=True)
        ]
        for w, (value, kept) in zip(weights, done, strict=True):
            pending[w] = value
            for slot, new in zip(self._slots[w], kept, strict=True):
                pending[slot] = new

    def _clip_gradients(self, grads: Sequence[Any]) -> list[Any]:
        if self.clipnorm is not None:
            return clipping.by_norm(grads, self.clipnorm)
        if self.global_clipnorm is not None:
            return clipping.by_global_norm(grads, self.global_clipnorm)
        return list(grads) if self.clipvalue is None else clipping.by_value(grads, self.clipvalue)

    def _average(self, pending: Pending, done: int) -> None:
        weights, averages = self._trainable_variables, self._model_variables_moving_average
        averaging.average(pending, weights, averages, self.ema_momentum if done else 0.0)
        if self.ema_overwrite_frequency and (done + 1) % self.ema_overwrite_frequency == 0:
            averaging.overwrite(pending, weights, averages)

    def _overwrite(
        self, pending: Pending, weights: list[Tensor], gradients: list[Any], is_update: bool
    ) -> tuple[list[Tensor], list[Any]]:
        """Weights that are overwritten become their gradient, of several the largest. Returns the rest."""
        others = []
        for w, g in zip(weights, gradients, strict=True):
            if not is_overwritten(w):
                others.append((w, g))
                continue
            if self.gradient_accumulation_steps:
                largest = self._accumulated_gradients[self._indices[w]]
                g = np.maximum(g, pending[largest])
                pending[largest] = np.zeros_like(g) if is_update else g
            if is_update:
                pending[w] = g
        return [w for w, _ in others], [g for _, g in others]
