"""LambdaCallback: a callback made of functions."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from .callback import HOOKS, Callback


class LambdaCallback(Callback):
    """A callback whose hooks are these functions.

    Args:
        on_epoch_begin, on_epoch_end: functions of (epoch, logs).
        on_train_begin, on_train_end: functions of (logs).
        on_train_batch_begin, on_train_batch_end: functions of (batch, logs).
        kwargs: any other hook, and attributes that the functions need.

    Raises:
        TypeError: a hook that is no function; ValueError: an `on_...` that is no hook.

    Source: `keras.callbacks.LambdaCallback`.

    >>> LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs)).on_epoch_end(0, {"loss": 0.5})
    0 {'loss': 0.5}
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **kwargs,
        }
        for name, value in given.items():
            if name.startswith("on_") and name not in HOOKS:
                near = difflib.get_close_matches(name, HOOKS, 1)
                raise ValueError(
                    f"{name!r} is no hook of a Callback{f'; did you mean {near[0]!r}?' if near else '.'}"
                )
            if name in HOOKS and value is not None and not callable(value):
                raise TypeError(f"`{name}` must be a function; got {value!r:.60}.")
            if name not in HOOKS or value is not None:
                setattr(self, name, value)
