"""Callback: the base of all callbacks, with every hook that training, evaluation and prediction call.

The one idea: a hook that is not overridden is not called at all (see `CallbackList`), so that many callbacks
with few hooks cost nothing.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

Logs = dict[str, Any]

HOOKS = tuple(
    f"on_{what}_{when}"
    for what in ("train", "epoch", "batch", "train_batch", "test", "test_batch", "predict", "predict_batch")
    for when in ("begin", "end")
)

# The kinds (not their subclasses) that may be told of many epochs at once, by `extend`.
AT_ONCE: set[type] = set()


class Callback:
    """Base of all callbacks: define the hooks you want.

    `self.model` and `self.params` ({"verbose", "epochs", "steps"}) are there from the beginning of training.
    `logs` holds the means so far; it is one dict for all callbacks, and what you put into it at an epoch's
    end enters the history.

    Source: `keras.callbacks.Callback`.
    """

    _model: Any = None
    params: Any = None

    def set_params(self, params: dict[str, Any]) -> None:
        """Called before training with {"verbose", "epochs", "steps"}."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Called before training."""
        self._model = model

    @property
    def model(self) -> Any:
        """The model that is trained, evaluated or predicts."""
        return self._model

    @model.setter
    def model(self, model: Any) -> None:
        self._model = model

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """The older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """The older name of `on_train_batch_end`."""

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Before the first epoch."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """After the last epoch; logs: its numbers."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Before an epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """After an epoch and its validation; logs: its numbers."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before a step of training; batch: its number in the epoch, from 0."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After a step of training; logs: the means so far."""
        self.on_batch_end(batch, logs=logs)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Before an evaluation, or a validation."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """After an evaluation, or a validation; logs: its numbers."""

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before a batch of an evaluation."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After a batch of an evaluation; logs: the means so far."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Before a prediction."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """After a prediction."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before a batch of a prediction."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After a batch of a prediction; logs["outputs"]: what the model gave."""


def overridden(callback: Callback, hook: str) -> Any:
    """The hook of a callback as it is to be called; None where it is the base's, which does nothing."""
    method = getattr(callback, hook, None)
    if getattr(method, "__func__", method) is not getattr(Callback, hook):
        return method
    return overridden(callback, hook.replace("train_", "")) if "train_batch" in hook else None


def _nobody() -> None:
    """Whom it watches before training, and after a copy."""


class Watcher(Callback):
    """A callback that outlives its training, such as the history, which the model holds: it knows the model
    weakly, so there is no circle.
    """

    _whose: Callable[[], Any] = staticmethod(_nobody)

    def set_model(self, model: Any) -> None:
        self._whose = weakref.ref(model)

    @property
    def model(self) -> Any:
        """The model that is watched; None when it is gone."""
        return self._whose()

    @model.setter
    def model(self, model: Any) -> None:
        self.set_model(model)

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if key != "_whose"}
