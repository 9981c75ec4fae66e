"""Steps: longer and shorter sequences (batch, steps, features): ZeroPadding1D, Cropping1D, UpSampling1D.

The one idea: only the axis of the steps changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import serializable
from ..input_spec import InputSpec
from ..keras_tensor import Shape
from .shaping import checked_data_format, positive
from .weightless import Rearranging


def ends(name: str, value: Any) -> tuple[int, int]:
    """(how many at the beginning, how many at the end), from such a pair or from one number for both."""
    pair = (value, value) if isinstance(value, int | np.integer) else value
    whole = isinstance(pair, tuple | list) and all(isinstance(n, int | np.integer) for n in pair)
    if not whole or len(pair) != 2 or min(pair) < 0:
        raise ValueError(
            f"The `{name}` argument must be a tuple of 2 integers, or one for both ends; none negative. "
            f"Received {name}={value}"
        )
    return int(pair[0]), int(pair[1])


@serializable("keras.layers")
class ZeroPadding1D(Rearranging):
    """Zeros before and after the steps. Source: `keras.layers.ZeroPadding1D`.

    Args:
        padding: how many at both ends, or (before, after).
        data_format: "channels_last" (batch, steps, features) or "channels_first"; None: `keras.config`'s.

    Raises:
        ValueError: a negative number, more than two; an input of another rank.
    """

    def __init__(self, padding: Any = 1, data_format: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = checked_data_format(data_format)
        self.padding = ends("padding", padding)
        self.input_spec = InputSpec(ndim=3)

    @property
    def _steps_axis(self) -> int:
        return 2 if self.data_format == "channels_first" else 1

    def call(self, inputs: Any) -> Any:
        return np.pad(inputs, [self.padding if axis == self._steps_axis else (0, 0) for axis in range(3)])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return tuple(
            n if n is None or axis != self._steps_axis else n + sum(self.padding)
            for axis, n in enumerate(input_shape)
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "padding": self.padding, "data_format": self.data_format}


@serializable("keras.layers")
class Cropping1D(Rearranging):
    """The steps without the first and the last few. Source: `keras.layers.Cropping1D`.

    Args:
        cropping: how many are cut off at both ends, or (at the beginning, at the end).

    Raises:
        ValueError: a negative number, more than two; an input that has not more steps than are cut off.
    """

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cropping = ends("cropping", cropping)
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Any) -> Any:
        steps = self.compute_output_shape(inputs.shape)[1]
        first = self.cropping[0]
        return inputs[:, first : first + steps]

    def compute_output_shape(self, input_shape: Shape) -> Any:
        batch, steps, width = input_shape
        if steps is None:
            return (batch, None, width)
        if steps <= sum(self.cropping):
            raise ValueError(
                "`cropping` parameter of `Cropping1D` layer must be smaller than the input length. Received: "
                f"input_shape={tuple(input_shape)}, cropping={self.cropping}"
            )
        return (batch, steps - sum(self.cropping), width)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "cropping": self.cropping}


@serializable("keras.layers")
class UpSampling1D(Rearranging):
    """Every step several times over. Source: `keras.layers.UpSampling1D`.

    Args:
        size: how often.

    Raises:
        TypeError: size is no integer. ValueError: it is not positive; an input of another rank.
    """

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = positive("size", size)
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Any) -> Any:
        return np.repeat(inputs, self.size, axis=1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        batch, steps, width = input_shape
        return (batch, None if steps is None else steps * self.size, width)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "size": self.size}
