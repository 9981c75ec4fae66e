"""Initializer: the base of all, and how one is shown and copied."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...settings import floatx


class Initializer:
    """`initializer(shape, dtype=None)` is an array to start from. Source: `keras.initializers.Initializer`.

    One of your own defines `__call__(self, shape, dtype=None)`, and `get_config` if it has arguments.
    """

    def __call__(self, shape: Any, dtype: Any = None) -> Any:
        raise NotImplementedError(
            f"Initializer subclasses must implement the `__call__()` method; {type(self).__name__} does not "
            "define __call__(self, shape, dtype=None)."
        )

    def get_config(self) -> dict[str, Any]:
        """What `type(initializer)(**config)` makes the same initializer of."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """The initializer that `get_config` described."""
        return cls(**config)

    def clone(self) -> Any:
        """Another one with the same config. If no seed was said, its numbers are others."""
        return type(self).from_config(self.get_config())

    def __repr__(self) -> str:
        said = ", ".join(f"{key}={value!r}" for key, value in self.get_config().items())
        return f"{type(self).__name__}({said})"


def started(array: Any, dtype: Any) -> np.ndarray:
    """A fresh array of these numbers, in this dtype; None: `keras.config.floatx()`."""
    return np.array(array, np.dtype(dtype or floatx()))


def sizes(shape: Any) -> tuple[int, ...]:
    """A shape as a tuple; one number is a vector's length."""
    return (int(shape),) if isinstance(shape, int | np.integer) else tuple(int(n) for n in shape)
