"""Settings of an optimizer: the numbers that it is made with, checked before anything is trained."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core import Tensor


def positive(key: str, value: Any) -> float:
    """A real number that is not negative, as a float; ValueError names the argument otherwise."""
    number = value.item() if isinstance(value, Tensor | np.ndarray) and np.size(value) == 1 else value
    if (
        isinstance(number, bool)
        or not isinstance(number, int | float | np.number)
        or not number >= 0
        or math.isinf(number)
    ):
        raise ValueError(f"{key} must be a real number that is not negative; got {key}={value!r}.")
    return float(number)


def fraction(key: str, value: Any) -> float:
    """A real number from 0 to 1, as a float; ValueError names the argument otherwise."""
    number = positive(key, value)
    if number > 1:
        raise ValueError(f"{key} must be a number from 0 to 1; got {key}={value!r}.")
    return number


def check_clips(**clips: float | None) -> None:
    """Gradients are clipped in one way, and to something above zero. ValueError otherwise."""
    if sum(clip is not None for clip in clips.values()) > 1:
        raise ValueError(
            "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
            + ", ".join(f"{key}={value}" for key, value in clips.items())
        )
    for key, value in clips.items():
        if value is not None and positive(key, value) == 0:
            raise ValueError(f"{key} must be a number above 0; got {value}.")


def check_average(momentum: Any, overwrite_frequency: Any) -> None:
    """The settings of a moving average of the weights. ValueError if it could not be computed."""
    if (
        isinstance(momentum, bool)
        or not isinstance(momentum, int | float | np.number)
        or not 0 <= momentum <= 1
    ):
        raise ValueError(f"`ema_momentum` must be in the range [0, 1]. Received: ema_momentum={momentum}")
    if overwrite_frequency is not None and (
        not isinstance(overwrite_frequency, int) or overwrite_frequency < 1
    ):
        raise ValueError(
            "`ema_overwrite_frequency` must be an integer >= 1 or None. Received: "
            f"ema_overwrite_frequency={overwrite_frequency}"
        )


def check_accumulation(steps: Any) -> None:
    """How many gradients make one step: at least two, or None. ValueError otherwise."""
    if steps is not None and (not isinstance(steps, int) or steps < 2):
        raise ValueError(
            "`gradient_accumulation_steps` must be an integer >= 2, or None for a step with each gradient. "
            f"Received: gradient_accumulation_steps={steps}"
        )


class OwnAndCommon:
    """The signature of an optimizer, as `help` and `inspect` show it: its own settings, then the common ones.

    A rule's `__init__` names only what is its own and passes the rest on; without this, nobody would see the
    rest.
    """

    def __get__(self, instance: Any, owner: type) -> Any:
        import inspect  # here: it costs more than all optimizers

        found: dict[str, Any] = {}
        for kind in owner.__mro__[:-1]:  # without `object`
            own = inspect.signature(vars(kind)["__init__"]).parameters if "__init__" in vars(kind) else {}
            for name, parameter in list(own.items())[1:]:
                if parameter.kind is not parameter.VAR_KEYWORD:
                    passed_on = parameter.KEYWORD_ONLY if found and kind is not owner else parameter.kind
                    found.setdefault(name, parameter.replace(kind=passed_on))
            if own and not any(p.kind is p.VAR_KEYWORD for p in own.values()):
                break
        rest = inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)
        ordered = sorted(found.values(), key=lambda parameter: parameter.kind)
        return inspect.Signature([*ordered, rest])
