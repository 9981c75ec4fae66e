"""KerasTensor: the promise of an array, a shape and a dtype without numbers; and shapes, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..naming import auto_name, checked_name

Shape = tuple[int | None, ...]  # None: any number of samples


class KerasTensor:
    """A shape and a dtype, no numbers yet. `keras.Input` makes one; a layer called on one gives another.

    Args:
        shape: with the batch axis, (None, 2).
        dtype: NumPy's.
        name: None: "keras_tensor", "keras_tensor_1", ...
    """

    def __init__(
        self,
        shape: Any,
        dtype: Any = "float32",
        sparse: bool = False,
        ragged: bool = False,
        name: str | None = None,
    ) -> None:
        if sparse or ragged:
            raise ValueError("sparse and ragged tensors are not part of this library; arrays are dense.")
        self.shape: Shape = tuple(shape)
        try:
            self.dtype = np.dtype(dtype or "float32").name
        except TypeError:
            raise ValueError(f"`dtype` must name a dtype, such as 'float32'; got dtype={dtype!r}.") from None
        self.name = auto_name("KerasTensor") if name is None else checked_name(name)
        self.sparse = self.ragged = False
        self._keras_mask: KerasTensor | None = None

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise ValueError("A KerasTensor is symbolic: it is a placeholder for a shape, and has no numbers.")

    def __bool__(self) -> bool:
        raise TypeError("A symbolic KerasTensor cannot be used as a boolean.")

    def __repr__(self) -> str:
        return (
            f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse={self.sparse}, "
            f"ragged={self.ragged}, name={self.name}>"
        )


def batch_shape(shape: Any) -> Shape:
    """The shape of a batch, (None, 2), as a tuple. ValueError for what is none."""
    sizes = tuple(shape) if isinstance(shape, list | tuple) else ()
    if not sizes:
        raise ValueError(f"build takes the shape of a batch, such as (None, 2); got {shape!r}.")
    return sample_shape(sizes)


def sample_shape(shape: Any) -> Shape:
    """The shape of one sample as a tuple. ValueError for what is none."""
    sizes = tuple(shape) if isinstance(shape, tuple | list) else None
    if sizes is None or not all(
        n is None or (isinstance(n, int | np.integer) and not isinstance(n, bool) and n > 0) for n in sizes
    ):
        raise ValueError(f"Cannot convert '{shape}' to a shape. Expected positive sizes, such as (2,).")
    return tuple(n if n is None else int(n) for n in sizes)


def shapes_of(inputs: Any) -> Any:
    """The shape of each tensor in a structure; lists of shapes for lists of tensors."""
    if isinstance(inputs, dict):
        return {key: shapes_of(value) for key, value in inputs.items()}
    if isinstance(inputs, list | tuple):
        return [shapes_of(value) for value in inputs]
    return None if inputs is None else tuple(inputs.shape)


def is_shape(value: Any) -> bool:
    """Is it one shape, and not a structure of shapes?"""
    return isinstance(value, tuple | list) and all(
        n is None or isinstance(n, int | np.integer) for n in value
    )


def map_shapes(function: Any, shapes: Any) -> Any:
    """function(shape) for each shape in a structure; None stays None."""
    if shapes is None:
        return None
    if is_shape(shapes):
        return function(tuple(shapes))
    if isinstance(shapes, dict):
        return {key: map_shapes(function, value) for key, value in shapes.items()}
    return type(shapes)(map_shapes(function, value) for value in shapes)
