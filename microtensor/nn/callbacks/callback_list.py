"""CallbackList: several callbacks as one.

The one idea: who listens to which hook is looked up once, so that a hook nobody listens to costs a look into
a dict, thousands of times an epoch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .callback import AT_ONCE, HOOKS, Callback, Logs, overridden
from .history import History


class CallbackList(Callback):
    """Calls each hook of all callbacks, in order.

    Its hooks turn the logs into Python's numbers, sorted by name, in one dict for all callbacks. `call` is
    the quick way for a loop whose logs are such a dict already.

    Args:
        callbacks: a `Callback`, or a list of them.
        add_history: append a `History`, unless there is one.
        add_progbar: append a `ProgbarLogger`, unless there is one.
        model: what they are told to work with.
        params: what they are told as `params`: verbose, epochs, steps.

    Raises:
        TypeError: something in the list is no Callback.

    Source: `keras.callbacks.CallbackList`.

    >>> calls = CallbackList(add_history=True)
    >>> calls.on_train_begin()
    >>> calls.on_epoch_end(0, {"loss": np.float32(0.25)})
    >>> calls.on_train_end()
    >>> calls.callbacks
    [<History of 1 epochs: loss=0.25>]
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        self.callbacks = checked_callbacks(callbacks)
        self._listeners: dict[str, list[Callable[..., Any]]] = {}
        self._open = 0  # beginnings without an end
        self.history = self._add(History, add_history)
        if add_progbar:
            from .progress_logger import ProgbarLogger  # here: training may be silent

            self._add(ProgbarLogger, True)
        self._look()
        self.set_model(model)
        self.set_params(params)

    def _add(self, kind: type[Callback], wanted: bool) -> Any:
        found = [callback for callback in self.callbacks if isinstance(callback, kind)]
        if not found and wanted:
            found = [kind()]
            self.callbacks += found
        return found[-1] if found else None

    def _look(self) -> None:
        for hook in HOOKS:
            found = (overridden(callback, hook) for callback in self.callbacks)
            self._listeners[hook] = [listener for listener in found if listener is not None]

    def append(self, callback: Callback) -> None:
        """Add a callback at the end."""
        self.callbacks += checked_callbacks(callback)
        self._look()

    def set_params(self, params: dict[str, Any]) -> None:
        self.params = params
        if params:
            for callback in self.callbacks:
                callback.set_params(params)

    def set_model(self, model: Any) -> None:
        if model is None:
            return
        super().set_model(model)
        if self.history is not None:
            model.history = self.history
        for callback in self.callbacks:
            callback.set_model(model)

    def call(self, hook: str, *args: Any) -> None:
        """Call a hook of those who have it. hook: "on_epoch_end", ...; args: an epoch or batch, the logs."""
        for listener in self._listeners[hook]:
            listener(*args)

    def listens(self, hook: str) -> bool:
        """Does anybody have this hook?"""
        return bool(self._listeners[hook])

    @property
    def only_progress(self) -> bool:
        """Does nobody but the progress bar want to know of batches? Then they need not run one by one."""
        ends = self._listeners["on_train_batch_end"]
        return not self._listeners["on_train_batch_begin"] and all(
            type(getattr(listener, "__self__", None)) in AT_ONCE for listener in ends
        )

    @property
    def only_our_own(self) -> bool:
        """Are there only the history and the progress bar? They can be told of many epochs at once."""
        return all(type(callback) in AT_ONCE for callback in self.callbacks)

    def extend(self, first: int, losses: list[float], seconds: float) -> None:
        """Tell of many epochs that ran as one call. first: the number of the first one."""
        each: Any
        for each in self.callbacks:
            each.extend(first, losses, seconds)

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_batch_begin", batch, _plain(logs))

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_batch_end", batch, _plain(logs))

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._open += 1
        self.call("on_train_begin", _plain(logs))

    def on_train_end(self, logs: Logs | None = None) -> None:
        self.call("on_train_end", _plain(logs))
        self._close()

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self.call("on_epoch_begin", epoch, _plain(logs))

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.call("on_epoch_end", epoch, _plain(logs))

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_train_batch_begin", batch, _plain(logs))

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_train_batch_end", batch, _plain(logs))

    def on_test_begin(self, logs: Logs | None = None) -> None:
        self._open += 1
        self.call("on_test_begin", _plain(logs))

    def on_test_end(self, logs: Logs | None = None) -> None:
        self.call("on_test_end", _plain(logs))
        self._close()

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_test_batch_begin", batch, _plain(logs))

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_test_batch_end", batch, _plain(logs))

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        self._open += 1
        self.call("on_predict_begin", _plain(logs))

    def on_predict_end(self, logs: Logs | None = None) -> None:
        self.call("on_predict_end", _plain(logs))
        self._close()

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_predict_batch_begin", batch, _plain(logs))

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.call("on_predict_batch_end", batch, _plain(logs))

    def _close(self) -> None:
        self._open -= 1
        if self._open < 0:
            self._open = 0
            raise ValueError(
                "`on_xxx_end` called without corresponding `on_xxx_begin`: call on_train_begin before "
                "on_train_end, and likewise for test and predict."
            )


def checked_callbacks(callbacks: Any) -> list[Callback]:
    """A list of callbacks, from one, several (lists in lists too) or none. TypeError for anything else."""
    if callbacks is None:
        return []
    if isinstance(callbacks, Callback):
        return [callbacks]
    if isinstance(callbacks, list | tuple):
        return [callback for each in callbacks for callback in checked_callbacks(each)]
    hint = ""
    if isinstance(callbacks, type) and issubclass(callbacks, Callback):
        hint = f" That is the class: write {callbacks.__name__}(...)."
    raise TypeError(f"`callbacks` must be a list of Callback objects; got {callbacks!r:.80}.{hint}")


def _plain(logs: Logs | None) -> Logs:
    found: Logs = {}
    for name, value in sorted((logs or {}).items()):
        if isinstance(value, dict):
            found |= _plain(value)
        elif type(value) is float or not hasattr(value, "__float__") or np.ndim(value):
            found[name] = value
        else:
            found[name] = float(value)
    return found
