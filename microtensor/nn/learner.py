"""Learner: one step of training: forward, loss, gradients, the optimizer's rule, metrics, in this order.

The one idea: what changes the model (`_learn`) stands apart from what is shown of it (`_taken_in`). The first
half is tensors only, so it can be captured and run as a program; the second is for people.
"""

from __future__ import annotations

import warnings
from typing import Any

from ..core import autograd
from ..core.state import no_grad
from ..tree import leaves_of
from .compiling import Compiled
from .data import unpack_x_y_sample_weight as unpack
from .logs import Logs


class Learner(Compiled):
    """See `Model`."""

    def train_step(self, data: Any) -> Logs:
        """One step on one batch: what is shown of it. Yours may do something else, and return such a dict.

        Args:
            data: (x, y) or (x, y, sample_weight); see `keras.utils.unpack_x_y_sample_weight`.
        """
        x, y, sample_weight = unpack(data)
        loss, parts, y_pred = self._learn(x, y, sample_weight)
        return self._taken_in(x, y, sample_weight, loss, parts, y_pred)

    def _learn(self, x: Any, y: Any, sample_weight: Any, now: Any = None) -> tuple[Any, list[Any], Any]:
        """Forward, loss, gradients, update: (loss before the update, the losses that it is the sum of, if
        there are several, output). This is what is captured.
        """
        y_pred = self(x, training=True)
        loss, parts = self._losses_of(x, y, y_pred, sample_weight, True)
        weights = self.trainable_weights
        if weights:
            gradients = autograd.grad(self.optimizer.scale_loss(loss), weights, allow_unused=True)
            self.optimizer.apply(gradients, weights, now)
        elif not self.weights:
            warnings.warn(
                f"model '{self.name}' has no weights to train. If it should have some, put its layers into "
                "attributes, such as self.dense = Dense(1).",
                UserWarning,
                stacklevel=4,
            )
        return loss, parts, y_pred

    def _losses_of(self, x: Any, y: Any, y_pred: Any, weight: Any, training: bool) -> tuple[Any, list[Any]]:
        objective = self._objective
        if objective is not None:
            objective.values = []  # a `compute_loss` of one's own may not ask it
        loss = self._loss_of(x, y, y_pred, weight, training)
        return loss, objective.values if objective is not None else []

    def _taken_in(self, x: Any, y: Any, sample_weight: Any, loss: Any, parts: list[Any], y_pred: Any) -> Logs:
        """The losses and the output of a step taken into what is shown."""
        samples = len(leaves_of(x)[0])
        self._loss_tracker.update_state(loss, sample_weight=samples)
        if parts and self._objective is not None:
            self._objective.take_in(parts, samples)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def test_step(self, data: Any) -> Logs:
        """What is shown of one batch, without learning from it."""
        x, y, sample_weight = unpack(data)
        with no_grad():
            y_pred = self(x, training=False)
            loss, parts = self._losses_of(x, y, y_pred, sample_weight, False)
        return self._taken_in(x, y, sample_weight, loss, parts, y_pred)

    def predict_step(self, data: Any) -> Any:
        """What the model gives for a batch."""
        return self(unpack(data)[0], training=False)

    @property
    def _steps_are_own(self) -> bool:  # type: ignore[override]
        mine = type(self)
        return mine.train_step is not Learner.train_step or mine.compute_loss is not Compiled.compute_loss
