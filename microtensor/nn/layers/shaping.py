"""Shaping: the same numbers in another arrangement: Flatten, Reshape, Permute, RepeatVector.

The one idea: the batch axis stays where it is; only the axes of one sample change.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...serialization import serializable
from ...settings import image_data_format
from ..input_spec import InputSpec
from ..keras_tensor import Shape
from .weightless import Rearranging


def checked_data_format(value: Any) -> str:
    """ "channels_last" or "channels_first", in any case; None: `keras.config.image_data_format()`."""
    name = image_data_format() if value is None else str(value).lower()
    if name not in ("channels_last", "channels_first"):
        raise ValueError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. Received: "
            f"data_format={value}"
        )
    return name


def positive(name: str, value: Any) -> int:
    """A positive integer. TypeError for what is no integer, ValueError for another one."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"Expected an integer value for `{name}`, got {type(value)}: {value!r}.")
    if value <= 0:
        raise ValueError(f"Argument `{name}` should be a positive integer. Received: {name}={value}")
    return int(value)


@serializable("keras.layers")
class Flatten(Rearranging):
    """(batch, a, b, …) becomes (batch, a · b · …); (batch,) becomes (batch, 1).

    Source: `keras.layers.Flatten`.

    Args:
        data_format: with "channels_first" the axis after the batch is moved to the end before; None:
            `keras.config`'s, "channels_last".

    >>> Flatten()([[[1.0, 2.0], [3.0, 4.0]]]).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """

    def __init__(self, data_format: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any) -> Any:
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 2:
            inputs = np.moveaxis(inputs, 1, -1)
        return inputs.reshape(self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        batch, *sizes = input_shape
        return (batch, None if None in sizes else math.prod(n for n in sizes if n is not None))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "data_format": self.data_format}


@serializable("keras.layers")
class Reshape(Rearranging):
    """Each sample in another shape: (batch, …) becomes (batch, *target_shape).

    Source: `keras.layers.Reshape`.

    Args:
        target_shape: of one sample; one size may be -1: what is left.

    Raises:
        ValueError: two sizes of -1, a size below -1, a shape of another number of elements.

    >>> Reshape((2, -1))([[1.0, 2.0, 3.0, 4.0]]).tolist()
    [[[1.0, 2.0], [3.0, 4.0]]]
    """

    def __init__(self, target_shape: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape = _checked_target(target_shape)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return inputs.reshape(self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        batch, *sizes = input_shape
        return (batch, *self._target_for(tuple(sizes)))

    def _target_for(self, sizes: Shape) -> Shape:
        target = self.target_shape
        if None in sizes:
            return tuple(None if n == -1 else n for n in target)
        total = math.prod(n for n in sizes if n is not None)
        known = math.prod(n for n in target if n != -1)
        fits = total == known if -1 not in target else known > 0 and total % known == 0
        if not fits:
            raise ValueError(
                f"The total size of the tensor must be unchanged: {total} numbers a sample do not fit. "
                f"Received: input_shape={sizes}, target_shape={target}"
            )
        return tuple(total // known if n == -1 else n for n in target)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "target_shape": self.target_shape}


def _checked_target(target_shape: Any) -> tuple[int, ...]:
    shape = target_shape if isinstance(target_shape, int | np.integer) else tuple(target_shape)
    if not isinstance(shape, tuple) or not all(isinstance(n, int | np.integer) for n in shape):
        raise TypeError(
            f"`target_shape` is a tuple of integers, such as (2, -1); got target_shape={target_shape!r}."
        )
    if any(n < -1 for n in shape):
        raise ValueError(
            "Each dimension in `target_shape` must be a non-negative integer, or `-1` for a single unknown "
            f"dimension. Received: target_shape={shape}."
        )
    if shape.count(-1) > 1:
        raise ValueError(
            "There must be at most one unknown dimension (-1) in `target_shape`. Received: "
            f"target_shape={shape}."
        )
    return tuple(int(n) for n in shape)


@serializable("keras.layers")
class Permute(Rearranging):
    """The axes of a sample in another order. Source: `keras.layers.Permute`.

    Args:
        dims: the new order, counted from 1: (2, 1) makes (batch, a, b) into (batch, b, a).

    Raises:
        ValueError: what is no permutation of 1 … n; an input of another rank.
    """

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be "
                f"consecutive and start from 1. Received dims={dims}"
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs: Any) -> Any:
        return np.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return tuple(input_shape[axis] for axis in (0, *self.dims))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "dims": self.dims}


@serializable("keras.layers")
class RepeatVector(Rearranging):
    """The same vector n times: (batch, width) becomes (batch, n, width). Source: `keras.layers.RepeatVector`.

    Args:
        n: how often.

    Raises:
        TypeError: n is no integer. ValueError: n is not positive; an input of another rank.
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = positive("n", n)
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs: Any) -> Any:
        return np.repeat(inputs[:, None, :], self.n, axis=1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        batch, width = input_shape
        return (batch, self.n, width)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "n": self.n}
