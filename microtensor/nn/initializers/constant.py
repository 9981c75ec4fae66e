"""Initializers without chance: one number everywhere, or the identity matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from .initializer import Initializer, sizes, started


@serializable("keras.initializers")
class Constant(Initializer):
    """The same value everywhere; an array as value is broadcast. Source: `keras.initializers.Constant`.

    >>> Constant(2.5)((2,)).tolist()
    [2.5, 2.5]
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        return started(np.broadcast_to(np.asarray(self.value), sizes(shape)), dtype)

    def get_config(self) -> dict[str, Any]:
        return {"value": serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**{key: deserialize_keras_object(value) for key, value in config.items()})


@serializable("keras.initializers")
class Zeros(Initializer):
    """Zeros: how biases start. Source: `keras.initializers.Zeros`."""

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        return started(np.zeros(sizes(shape)), dtype)


@serializable("keras.initializers")
class Ones(Initializer):
    """Ones. Source: `keras.initializers.Ones`."""

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        return started(np.ones(sizes(shape)), dtype)


@serializable("keras.initializers")
class Identity(Initializer):
    """gain on the diagonal of a matrix, 0 elsewhere. Source: `keras.initializers.Identity`.

    Raises:
        ValueError: when called with a shape that is no matrix's.

    >>> Identity(gain=2.0)((2, 3)).tolist()
    [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        wanted = sizes(shape)
        if len(wanted) != 2:
            raise ValueError(
                f"Identity matrix initializer can only be used for 2D matrices. Received: shape={shape} of "
                f"rank {len(wanted)}."
            )
        return started(self.gain * np.eye(wanted[0], wanted[1]), dtype)

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain}


class Given(Initializer):
    """An array as an initializer: what `get(array)` gives. ValueError for another shape than the array's."""

    def __init__(self, value: Any) -> None:
        self.value = np.array(value)

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        if sizes(shape) != self.value.shape:
            raise ValueError(
                f"Expected `shape` to be {self.value.shape}, that of the array to start from. Received: "
                f"shape={shape}"
            )
        return started(self.value, dtype or self.value.dtype)

    def get_config(self) -> dict[str, Any]:
        return {"value": serialize_keras_object(self.value)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(deserialize_keras_object(config["value"]))
