"""Regularizers: what large weights cost. Each is a function of a tensor that gives one number, which is added
to the loss.
"""

from __future__ import annotations

import math
import numbers
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.operations.table import tensor
from ..naming import described, found
from ..serialization import serializable, serialize_keras_object


class Regularizer:
    """A regularizer of your own defines `__call__(x)`: a number for a tensor; and `get_config`."""

    def __call__(self, x: Any) -> Any:
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """What `type(regularizer)(**config)` makes the same one of."""
        raise NotImplementedError(f"{type(self).__name__} does not implement get_config()")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)

    def __repr__(self) -> str:
        own = type(self).get_config is not Regularizer.get_config
        said = ", ".join(f"{key}={value!r}" for key, value in (self.get_config() if own else {}).items())
        return f"{type(self).__name__}({said})"


@serializable("keras.regularizers")
class L1L2(Regularizer):
    """l1 · Σ|x| + l2 · Σx². Source: `keras.regularizers.L1L2`.

    >>> float(L1L2(l1=1.0, l2=1.0)([1.0, -2.0]))
    8.0
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0) -> None:
        self.l1, self.l2 = not_negative("l1", l1 or 0.0), not_negative("l2", l2 or 0.0)

    def __call__(self, x: Any) -> Any:
        x = tensor(x)
        total: Any = None
        if self.l1:
            total = np.sum(np.abs(x)) * self.l1
        if self.l2:
            squares = np.sum(x * x) * self.l2
            total = squares if total is None else total + squares
        return Tensor(0.0, dtype=x.dtype) if total is None else total

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1, "l2": self.l2}


@serializable("keras.regularizers")
class L1(Regularizer):
    """l1 · Σ|x|: makes many weights zero. Source: `keras.regularizers.L1`."""

    def __init__(self, l1: float | None = 0.01) -> None:
        self.l1 = not_negative("l1", 0.01 if l1 is None else l1)

    def __call__(self, x: Any) -> Any:
        return np.sum(np.abs(tensor(x))) * self.l1

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1}


@serializable("keras.regularizers")
class L2(Regularizer):
    """l2 · Σx²: keeps weights small. Source: `keras.regularizers.L2`."""

    def __init__(self, l2: float | None = 0.01) -> None:
        self.l2 = not_negative("l2", 0.01 if l2 is None else l2)

    def __call__(self, x: Any) -> Any:
        x = tensor(x)
        return np.sum(x * x) * self.l2

    def get_config(self) -> dict[str, Any]:
        return {"l2": self.l2}


@serializable("keras.regularizers")
class OrthogonalRegularizer(Regularizer):
    """factor · the mean |cosine| between different rows (or columns). Source: `keras.regularizers`.

    Args:
        factor: how much it costs.
        mode: "rows" or "columns", which are to be orthogonal.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor = not_negative("factor", factor)
        if mode not in ("rows", "columns"):
            raise ValueError(
                'Invalid value for argument `mode`. Expected one of {"rows", "columns"}. '
                f"Received: mode={mode}"
            )
        self.mode = mode

    def __call__(self, x: Any) -> Any:
        x = tensor(x)
        if len(x.shape) != 2:
            raise ValueError(
                f"Inputs to OrthogonalRegularizer must have rank 2. Received: inputs.shape={tuple(x.shape)}"
            )
        rows = x if self.mode == "rows" else x.mT
        n = rows.shape[0]
        length = np.sqrt(np.maximum(np.sum(rows * rows, axis=1, keepdims=True), 1e-12))
        unit = rows / length
        cosines = np.abs(unit @ unit.mT) * (1.0 - np.eye(n, dtype=x.dtype))
        return np.sum(cosines) * (self.factor * 0.5 / (n * (n - 1) / 2.0)) if n > 1 else np.sum(cosines)

    def get_config(self) -> dict[str, Any]:
        return {"factor": self.factor, "mode": self.mode}


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer

KNOWN: dict[str, Any] = {
    **dict.fromkeys(("l1", "L1"), L1),
    **dict.fromkeys(("l2", "L2"), L2),
    **dict.fromkeys(("l1l2", "L1L2"), L1L2),
    **dict.fromkeys(("orthogonal_regularizer", "OrthogonalRegularizer"), OrthogonalRegularizer),
}


def get(identifier: Any) -> Any:
    """A regularizer from its name, its class, its config, a function of a tensor, itself, or None.

    ValueError for an unknown name.
    """
    return found("regularizer", identifier, KNOWN)


def serialize(regularizer: Any) -> Any:
    """Its config; None for None."""
    return serialize_keras_object(regularizer)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The regularizer that a config describes; its class may have the short name, "l2"."""
    return described(config, KNOWN, custom_objects)


def not_negative(name: str, value: Any) -> float:
    """A finite number of at least 0. ValueError names the argument."""
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or not 0 <= float(value) < math.inf:
        raise ValueError(
            f"Invalid value for argument {name}: expected a non-negative float. Received: {name}={value}"
        )
    return float(value)
