"""UnitNormalization: each sample is divided by its length.

The one idea: only the direction counts. Zero has none, and stays zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import serializable
from .affine import axes_of, check_axes, checked_axes, narrow, same_shape, wide
from .weightless import Weightless

TINY = 1e-12  # a shorter vector is divided by this


@serializable("keras.layers")
class UnitNormalization(Weightless):
    """y = x / max(√(sum of x² over `axis`), 1e-12). Source: `keras.layers.UnitNormalization`.

    Args:
        axis: the axis, or the axes, that make one vector.
        kwargs: as for `Layer`.

    Raises:
        TypeError: an axis that is neither a whole number nor a list of them.
        ValueError: an axis that an input does not have.

    >>> print(UnitNormalization()([[3.0, 4.0], [0.0, 0.0]]).numpy().round(2))
    [[0.6 0.8]
     [0.  0. ]]
    """

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        wanted = "Invalid value for `axis` argument: expected an int or a list/tuple of ints."
        axis = checked_axes(axis, wanted)
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any) -> Any:
        x = wide(self, inputs)
        return narrow(self, unit(x, axes_of(self, len(x.shape))))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return same_shape(self, input_shape)

    def check_input(self, shape: Any) -> None:
        check_axes(self, shape)
        super().check_input(shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis}


def unit(x: Any, axis: Any) -> Any:
    """x divided by its length along `axis`."""
    return x / np.sqrt(np.maximum(np.sum(x * x, axis=axis, keepdims=True), TINY**2))
