"""Keras' settings of a process: the default dtype, the fuzz factor, the image layout, where progress goes,
how long anything may train.

The one idea: they are values of this module, read when something is made, and never written by the
library itself. `keras.config` and `keras.backend` name them.
"""

from __future__ import annotations

import math
import numbers
from typing import Any

FLOATS = ("float16", "float32", "float64")
LAYOUTS = ("channels_last", "channels_first")

_floatx = "float32"
_epsilon = 1e-7
_image_data_format = "channels_last"
_interactive = True
_limits: dict[str, int | None] = {"max_epochs": None, "max_steps_per_epoch": None}


def floatx() -> str:
    """The dtype that layers, weights and Python's floats have when none is said."""
    return _floatx


def set_floatx(value: str) -> None:
    """Let what is made from now on have this dtype: "float16", "float32" or "float64".

    Raises:
        ValueError: another. NumPy has no "bfloat16".
    """
    global _floatx
    if value not in FLOATS:
        raise ValueError(f"Unknown `floatx` value: {value}. Expected one of {', '.join(FLOATS)}.")
    _floatx = str(value)


def epsilon() -> float:
    """The small number that is added to what is divided by."""
    return _epsilon


def set_epsilon(value: Any) -> None:
    """Set the number that is added to what is divided by. ValueError unless it is positive and finite."""
    global _epsilon
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or not 0 < float(value) < math.inf:
        raise ValueError(f"epsilon must be a small positive number, such as 1e-7; got {value!r}.")
    _epsilon = float(value)


def image_data_format() -> str:
    """Whether an image's channels are its last axis, "channels_last", or its first, "channels_first"."""
    return _image_data_format


def set_image_data_format(data_format: str) -> None:
    """Say where the channels of images are. ValueError unless "channels_last" or "channels_first"."""
    global _image_data_format
    wanted = str(data_format).lower()
    if wanted not in LAYOUTS:
        raise ValueError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. "
            f"Received: data_format={data_format}"
        )
    _image_data_format = wanted


def backend() -> str:
    """What computes: "numpy"."""
    return "numpy"


def enable_interactive_logging() -> None:
    """Let progress be printed to the screen, as it is when nothing is said."""
    global _interactive
    _interactive = True


def disable_interactive_logging() -> None:
    """Let progress go to Python's `logging` instead of the screen."""
    global _interactive
    _interactive = False


def is_interactive_logging_enabled() -> bool:
    """Is progress printed to the screen?"""
    return _interactive


def max_epochs() -> int | None:
    """The most epochs that `fit` runs, whatever it is asked for; None: no limit."""
    return _limits["max_epochs"]


def set_max_epochs(max_epochs: int | None) -> None:
    """Limit the epochs of each `fit` to come: to try a long program out. None: no limit.

    Raises:
        ValueError: what is no whole number from 1 upwards.
    """
    _limits["max_epochs"] = _limit("max_epochs", max_epochs)


def max_steps_per_epoch() -> int | None:
    """The most batches of an epoch, of an evaluation, of a prediction; None: no limit."""
    return _limits["max_steps_per_epoch"]


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Limit the batches of each epoch, evaluation and prediction to come. None: no limit.

    Raises:
        ValueError: what is no whole number from 1 upwards.
    """
    _limits["max_steps_per_epoch"] = _limit("max_steps_per_epoch", max_steps_per_epoch)


def _limit(name: str, value: Any) -> int | None:
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if value is not None and (not whole or value < 1):
        raise ValueError(f"`{name}` must be None or a whole number of at least 1; got {name}={value!r}.")
    return None if value is None else int(value)
