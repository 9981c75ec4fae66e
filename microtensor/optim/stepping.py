"""Stepping: what a step does with gradients, in its order, before and after the rule.

The one idea: all of it reads from and writes to a `Pending`, so a step is computed whole before it happens.
What few optimizers do (accumulate, clip, average) is imported by those that do it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import no_grad
from .decay import WeightDecay
from .pending import Pending
from .rate import LearningRate, in_dtype
from .state import OptimizerState, is_overwritten


class Moment:
    """What a step depends on, besides weights and gradients. In a captured step lr and t are tensors."""

    def __init__(self, done: int, lr: Any, t: Any) -> None:
        self.done = done  # gradients so far
        self.lr = lr  # the learning rate
        self.t = t  # the number of this update, from 1


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
    capturable = True  # can a step be captured, and run with the learning rate and the count as inputs?
    assigns = False  # is the rule written in Keras' way, as an `update_step` that assigns?
    _trainable_variables: list[Tensor]
    _slots: dict[Tensor, list[Tensor]]
    _model_variables_moving_average: list[Tensor | None]
    _accumulated_gradients: list[Tensor]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.assigns = cls.update_step is not Stepping.update_step

    def update(self, w: Any, g: Any, slots: list[Any], lr: Any, t: Any) -> tuple[Any, list[Any]]:
        """The rule: the new weight and the new slots, from the old ones. t counts updates from 1.

        All are arrays (lr and t without axes, of the weight's dtype); or tensors, while a step is captured.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no update rule: define update(self, w, g, slots, lr, t)."
        )

    def update_step(self, gradient: Any, variable: Tensor, learning_rate: Any) -> None:
        """One variable changed by its gradient. Keras' place for a rule of your own: `update` is simpler, and
        what is written here works as well.
        """
        pending = Pending()
        g = np.asarray(gradient, variable.dtype)
        now = self.moment(pending)
        self._run_rule(pending, [variable], [g], Moment(now.done, learning_rate, now.t))
        pending.commit()

    def moment(self, pending: Pending | None = None) -> Moment:
        """What the next step depends on."""
        pending = Pending() if pending is None else pending
        count, steps = int(pending[self._iterations]), self.gradient_accumulation_steps or 1
        is_update = (count + 1) % steps == 0
        return Moment(count, self._rate(pending) if is_update else 0.0, count // steps + 1)

    def phase(self, count: int) -> tuple[bool, ...]:
        """In which of its ways a step runs: steps of the same phase do the same to other numbers."""
        steps = self.gradient_accumulation_steps or 1
        done, every = count // steps, self.ema_overwrite_frequency
        overwrites = bool(every) and (done + 1) % (every or 1) == 0
        return (count + 1) % steps == 0, self.use_ema and done > 0, self.use_ema and overwrites

    def _advance(self, pending: Pending, weights: list[Tensor], gradients: list[Any], now: Moment) -> None:
        """Everything that a step does."""
        count, steps = now.done, self.gradient_accumulation_steps or 1
        is_update = (count + 1) % steps == 0
        if any(is_overwritten(w) for w in weights):
            weights, gradients = self._overwrite(pending, weights, gradients, is_update)
        if weights:
            if self.loss_scale_factor is not None:
                gradients = [g / self.loss_scale_factor for g in gradients]
            if steps > 1:
                from . import accumulation

                sums = [self._accumulated_gradients[self._indices[w]] for w in weights]
                if is_update:
                    gradients = accumulation.mean(pending, sums, gradients, steps)
                    accumulation.forget(pending, self._accumulated_gradients)
                else:
                    accumulation.add(pending, sums, gradients)
            if is_update:
                self._update(pending, weights, gradients, now)
            if self.use_ema:
                self._average(pending, count // steps)
            for w in weights:
                constraint = getattr(w, "constraint", None)
                if constraint is not None:
                    pending[w] = constrained(constraint, pending[w], w.dtype)
        if not pending.symbolic:  # whoever runs a captured step counts
            pending[self._iterations] = np.int64(count + 1)

    def _update(self, pending: Pending, weights: list[Tensor], gradients: list[Any], now: Moment) -> None:
        gradients = self._clip_gradients(gradients)
        self._decay(pending, weights, now.lr)
        if not self.assigns:
            self._run_rule(pending, weights, gradients, now)
            return
        pending.remember([*weights, *self.variables])  # so that all of it can be taken back
        pending.commit()
        with no_grad():
            for w, g in zip(weights, gradients, strict=True):
                lr = now.lr if isinstance(now.lr, Tensor) else Tensor.wrap(np.float32(now.lr))
                self.update_step(g if isinstance(g, Tensor) else Tensor.wrap(g), w, lr)

    def _run_rule(self, pending: Pending, weights: list[Tensor], gradients: list[Any], now: Moment) -> None:
        done = []
        for w, g in zip(weights, gradients, strict=True):
            slots = [pending[slot] for slot in self._slots[w]]
            done.append(self.update(pending[w], g, slots, in_dtype(now.lr, w), in_dtype(now.t, w)))
        for w, (value, kept) in zip(weights, done, strict=True):
            pending[w] = value
            for slot, new in zip(self._slots[w], kept, strict=True):
                pending[slot] = new

    def _clip_gradients(self, grads: Sequence[Any]) -> list[Any]:
        if self.clipnorm is self.global_clipnorm is self.clipvalue is None:
            return list(grads)
        from . import clipping

        if self.clipnorm is not None:
            return clipping.by_norm(grads, self.clipnorm)
        if self.global_clipnorm is not None:
            return clipping.by_global_norm(grads, self.global_clipnorm)
        assert self.clipvalue is not None
        return clipping.by_value(grads, self.clipvalue)

    def _average(self, pending: Pending, done: int) -> None:
        from . import averaging

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


def constrained(constraint: Any, value: Any, dtype: Any) -> Any:
    """What a constraint makes of the new numbers of a weight."""
    if not isinstance(value, Tensor):
        return np.asarray(constraint(Tensor.wrap(value)), dtype)
    made = constraint(value)
    return made if made.dtype == dtype else made.astype(dtype)
