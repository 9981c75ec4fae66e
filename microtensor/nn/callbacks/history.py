"""History: what `fit` returns."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from .callback import Callback, Logs


def _nobody() -> None:
    """Whose history it is, before training and after a copy."""


class History(Callback):
    """What `fit` returns: `history["loss"]`, one number for each epoch, and likewise for metrics and
    validation; `epoch`: which epochs those were, counted from 0.

    Source: `keras.callbacks.History`.
    """

    def __init__(self) -> None:
        self._whose: Callable[[], Any] = _nobody
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def set_model(self, model: Any) -> None:
        self._whose = weakref.ref(model)  # the model holds its history: no circle

    @property
    def model(self) -> Any:
        """The model that was trained; None when it is gone."""
        return self._whose()

    @model.setter
    def model(self, model: Any) -> None:
        self.set_model(model)

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if key != "_whose"} | {"_whose": _nobody}

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)
        if self.model is not None:
            self.model.history = self

    def extend(self, first: int, losses: list[float]) -> None:
        """Many epochs that ran as one call, of which only the loss is known."""
        self.epoch.extend(range(first, first + len(losses)))
        self.history.setdefault("loss", []).extend(losses)

    def __repr__(self) -> str:
        last = ", ".join(
            f"{key}={values[-1]:.4g}" if isinstance(values[-1], int | float) else key
            for key, values in self.history.items()
        )
        return f"<History of {len(self.epoch)} epochs{': ' + last if last else ''}>"
