"""Callbacks: what happens around training, besides training."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any

from .progress import ProgressBar

Logs = dict[str, float]


class Callback:
    """Base of all callbacks: define the hooks you want.

    `self.model` and `self.params` ({"verbose", "epochs", "steps"}) are there from the beginning of training.
    `logs` holds the means so far; it is one dict for all callbacks, and what you put into it at an epoch's
    end enters the history.
    """

    model: Any = None
    params: dict[str, Any] = {}  # noqa: RUF012 - replaced, never written to

    def set_model(self, model: Any) -> None:
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None: ...
    def on_train_end(self, logs: Logs | None = None) -> None: ...
    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None: ...
    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None: ...
    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...
    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...
    def on_test_begin(self, logs: Logs | None = None) -> None: ...
    def on_test_end(self, logs: Logs | None = None) -> None: ...
    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...
    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...
    def on_predict_begin(self, logs: Logs | None = None) -> None: ...
    def on_predict_end(self, logs: Logs | None = None) -> None: ...
    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None: ...
    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None: ...


def _nobody() -> None:
    """Whose history it is, before training and after a copy."""


class History(Callback):
    """What `fit` returns: `history["loss"]`, one number for each epoch, and likewise for metrics and
    validation.
    """

    def __init__(self) -> None:
        self._model: Callable[[], Any] = _nobody
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def set_model(self, model: Any) -> None:
        self._model = weakref.ref(model)  # the model holds its history: no circle

    @property
    def model(self) -> Any:
        """The model that was trained; None when it is gone."""
        return self._model()

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if key != "_model"} | {"_model": _nobody}

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)

    def __repr__(self) -> str:
        last = ", ".join(f"{key}={values[-1]:.4g}" for key, values in self.history.items())
        return f"<History of {len(self.epoch)} epochs{': ' + last if last else ''}>"


class ProgbarLogger(Callback):
    """Keras' progress bar (verbose=1), or a line for each epoch (verbose=2)."""

    def __init__(self, verbose: int, names: list[str]) -> None:
        self.verbose, self.names = verbose, names
        self.bar: ProgressBar | None = None

    def _start(self) -> None:
        self.bar = ProgressBar(self.params["steps"], self.verbose)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        if self.params["epochs"] > 1:
            print(f"Epoch {epoch + 1}/{self.params['epochs']}", flush=True)
        self._start()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if self.bar:
            self.bar.update(batch + 1, self._ordered(logs))

    on_test_batch_end = on_predict_batch_end = on_train_batch_end

    def on_test_begin(self, logs: Logs | None = None) -> None:
        self._start()

    on_predict_begin = on_test_begin

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.bar:
            self.bar.finish(self._ordered(logs), whole_epoch=True)

    def on_test_end(self, logs: Logs | None = None) -> None:
        if self.bar:
            self.bar.finish(self._ordered(logs))

    on_predict_end = on_test_end

    def _ordered(self, logs: Logs | None) -> list[tuple[str, float]]:
        """As the bar shows them: the loss, the metrics, then those of validation, then anything else."""
        order = {key: k for k, key in enumerate([*self.names, *(f"val_{name}" for name in self.names)])}
        return sorted((logs or {}).items(), key=lambda item: order.get(item[0], len(order)))


class CallbackList:
    """Calls a hook of all callbacks, in order."""

    def __init__(self, callbacks: Iterable[Callback], model: Any, params: dict[str, Any]) -> None:
        self.callbacks = list(callbacks)
        for callback in self.callbacks:
            callback.set_model(model)
            callback.set_params(params)

    def call(self, hook: str, *args: Any) -> None:
        """hook: "on_epoch_end", ...; args: an epoch or batch number, the logs."""
        for callback in self.callbacks:
            getattr(callback, hook)(*args)


def checked_callbacks(callbacks: Any) -> list[Callback]:
    """A list of callbacks, from one, several or none. TypeError for anything else."""
    given = [] if callbacks is None else [callbacks] if isinstance(callbacks, Callback) else callbacks
    if not isinstance(given, list | tuple) or not all(isinstance(callback, Callback) for callback in given):
        raise TypeError(f"`callbacks` must be a list of Callback objects; got {callbacks!r}.")
    return list(given)
