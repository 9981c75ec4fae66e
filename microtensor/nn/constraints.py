"""Constraints: what weights are made to be after each step. Each is a function of a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.operations.table import tensor
from ..naming import described, found
from ..serialization import serializable, serialize_keras_object

EPSILON = 1e-7  # against division by a norm of zero


class Constraint:
    """A constraint of your own defines `__call__(w)`: the weights as they shall be."""

    def __call__(self, w: Any) -> Any:
        return w

    def get_config(self) -> dict[str, Any]:
        """What `type(constraint)(**config)` makes the same one of."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)

    def __repr__(self) -> str:
        said = ", ".join(f"{key}={value!r}" for key, value in self.get_config().items())
        return f"{type(self).__name__}({said})"


@serializable("keras.constraints")
class MaxNorm(Constraint):
    """w · min(‖w‖, max_value) / (ε + ‖w‖): no unit's weights are longer. Source: `keras.constraints.MaxNorm`.

    Args:
        max_value: the longest.
        axis: along which the length is taken: 0 for the weights that come into a unit of a `Dense`.
    """

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value, self.axis = _number("max_value", max_value), axis

    def __call__(self, w: Any) -> Any:
        w = tensor(w)
        norms = _norm(w, self.axis)
        return w * (np.clip(norms, 0, self.max_value) / (EPSILON + norms))

    def get_config(self) -> dict[str, Any]:
        return {"max_value": self.max_value, "axis": self.axis}


@serializable("keras.constraints")
class NonNeg(Constraint):
    """max(w, 0). Source: `keras.constraints.NonNeg`."""

    def __call__(self, w: Any) -> Any:
        w = tensor(w)
        return w * (w >= 0)


@serializable("keras.constraints")
class UnitNorm(Constraint):
    """w / (ε + ‖w‖): every unit's weights have length 1. Source: `keras.constraints.UnitNorm`."""

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        w = tensor(w)
        return w / (EPSILON + _norm(w, self.axis))

    def get_config(self) -> dict[str, Any]:
        return {"axis": self.axis}


@serializable("keras.constraints")
class MinMaxNorm(Constraint):
    """The length goes from ‖w‖ towards the nearest in [min_value, max_value], by the part `rate` of the way.

    Source: `keras.constraints.MinMaxNorm`.
    """

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Any = 0
    ) -> None:
        self.min_value, self.max_value = _number("min_value", min_value), _number("max_value", max_value)
        self.rate, self.axis = _number("rate", rate), axis
        if self.rate > 1:
            raise ValueError(f"`rate` must be a number from 0 to 1; got rate={rate!r}.")

    def __call__(self, w: Any) -> Any:
        w = tensor(w)
        norms = _norm(w, self.axis)
        wanted = self.rate * np.clip(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        return w * (wanted / (EPSILON + norms))

    def get_config(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in ("min_value", "max_value", "rate", "axis")}


max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm

KNOWN: dict[str, Any] = {
    **dict.fromkeys(("max_norm", "maxnorm", "MaxNorm"), MaxNorm),
    **dict.fromkeys(("non_neg", "nonneg", "NonNeg"), NonNeg),
    **dict.fromkeys(("unit_norm", "unitnorm", "UnitNorm"), UnitNorm),
    **dict.fromkeys(("min_max_norm", "MinMaxNorm"), MinMaxNorm),
}


def get(identifier: Any) -> Any:
    """A constraint from its name, its class, its config, a function of a tensor, itself, or None.

    ValueError for an unknown name.
    """
    return found("constraint", identifier, KNOWN)


def serialize(constraint: Any) -> Any:
    """Its config; None for None."""
    return serialize_keras_object(constraint)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The constraint that a config describes; its class may have the short name, "max_norm"."""
    return described(config, KNOWN, custom_objects)


def _number(name: str, value: Any) -> Any:
    """A number of at least 0, as it is. ValueError names the argument."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not value >= 0:
        raise ValueError(f"`{name}` must be a number of at least 0; got {name}={value!r}.")
    return value


def _norm(w: Any, axis: Any) -> Any:
    axis = tuple(axis) if isinstance(axis, list) else axis
    return np.sqrt(np.sum(w * w, axis=axis, keepdims=True))
