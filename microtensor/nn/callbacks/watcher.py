"""Watcher: a callback that outlives its training, and does not keep the model alive."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from .callback import Callback


def _nobody() -> None:
    """Whom it watches before training, and after a copy."""


class Watcher(Callback):
    """What the model holds, such as its history, knows the model weakly: there is no circle."""

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
