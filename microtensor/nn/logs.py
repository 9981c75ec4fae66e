"""What a step returns and an epoch shows: numbers by name."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from . import data
from .callbacks.history import History

Logs = dict[str, float]


def numbers(logs: Any) -> Logs:
    """What a step returned, as Python floats by name. TypeError for what is no dict."""
    if not isinstance(logs, dict):
        raise TypeError(f"train_step and test_step must return a dict {{name: number}}; got {logs!r:.80}.")
    found: Logs = {}
    for name, value in logs.items():
        if isinstance(value, dict):
            found |= numbers(value)
        else:
            found[name] = value if type(value) is float else number(value)
    return found


def number(value: Any) -> Any:
    found = np.asarray(array(value))
    return float(found) if found.ndim == 0 else found


def array(value: Any) -> Any:
    return value.numpy() if hasattr(value, "numpy") else value


def validation_epochs(frequency: Any) -> Callable[[int], bool]:
    if isinstance(frequency, list | tuple | set | range):
        return lambda epoch: epoch in frequency
    every = data.whole_number("validation_freq", frequency, 1)
    return lambda epoch: epoch % every == 0


def warn_once_if_not_finite(logs: Logs, history: History, epoch: int) -> None:
    loss = logs.get("loss")
    if loss is None or np.ndim(loss) or math.isfinite(loss):
        return
    if all(map(math.isfinite, history.history.get("loss", []))):
        warnings.warn(
            f"the loss is {loss} in epoch {epoch + 1} and stays so: try a smaller learning rate, or look for "
            "nan and very large numbers in x and y.",
            RuntimeWarning,
            stacklevel=3,
        )
