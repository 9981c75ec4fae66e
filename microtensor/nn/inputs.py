"""Input: saying what a model takes before it sees any."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..naming import auto_name, checked_name
from .layer import Shape, sample_shape


class KerasTensor:
    """A promise of an array: a shape and a dtype, no numbers yet. Made by `Input`."""

    def __init__(self, shape: Shape, dtype: Any = "float32", name: str | None = None) -> None:
        self.shape, self.dtype = shape, np.dtype(dtype).name
        self.name = auto_name("KerasTensor") if name is None else checked_name(name)

    def __repr__(self) -> str:
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"


def Input(  # noqa: N802 - Keras' name
    shape: Any = None, batch_size: int | None = None, dtype: Any = None, name: str | None = None
) -> KerasTensor:
    """What a model's input looks like: put it first in a Sequential, and the model is built at once.

    Args:
        shape: of one sample: (2,) for rows of two numbers.
        batch_size: how many samples always come together; None: any number.
        dtype: None: float32.
        name: None: made up.

    Raises:
        ValueError: no shape, or what is none.
    """
    if shape is None:
        raise ValueError("You must pass a `shape` argument.")
    return KerasTensor((batch_size, *sample_shape(shape)), dtype or "float32", name)


class InputLayer:
    """Keras' layer form of `Input`: InputLayer(input_shape=(2,)) or InputLayer(shape=(2,))."""

    def __init__(
        self, shape: Any = None, input_shape: Any = None, dtype: Any = None, name: str | None = None
    ) -> None:
        self.output = Input(input_shape if shape is None else shape, dtype=dtype, name=name)
        self.name = self.output.name
