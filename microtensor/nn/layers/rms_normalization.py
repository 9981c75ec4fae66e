"""RMSNormalization: each sample is divided by the root mean square of its features.

The one idea: what matters is that numbers are of one size; their mean may stay where it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import serializable
from ..layer import Layer, Shape
from .affine import (
    axes_of,
    broadcast_shape,
    check_axes,
    checked_axes,
    known_sizes,
    narrow,
    not_negative,
    same_shape,
    wide,
)


@serializable("keras.layers")
class RMSNormalization(Layer):
    """y = x / √(mean of x² over `axis` + ε) · scale, with a scale for each place along `axis`.

    Weights: scale, which starts with ones. Sources: Zhang and Sennrich, 2019;
    `keras.layers.RMSNormalization`.

    Args:
        axis: the axis, or the axes, that are normalized together.
        epsilon: ε.
        kwargs: as for `Layer`.

    Raises:
        TypeError: an axis that is neither a whole number nor a list of them.
        ValueError: an axis that an input does not have; an epsilon below 0.

    >>> print(RMSNormalization()([[3.0, 4.0], [0.3, 0.4]]).numpy().round(2))
    [[0.85 1.13]
     [0.85 1.13]]
    """

    supports_masking = True

    def __init__(self, axis: Any = -1, epsilon: float = 1e-6, **kwargs: Any) -> None:
        axis = checked_axes(axis, "Invalid value for `axis`: expected an int or a list/tuple of ints.")
        super().__init__(**kwargs)
        self.axis, self.epsilon = axis, not_negative("epsilon", epsilon)

    def build(self, input_shape: Shape) -> None:
        sizes = known_sizes(self, input_shape)
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        self.scale = self.add_weight(sizes, "ones", name="scale")
        self.built = True

    def call(self, inputs: Any) -> Any:
        x = wide(self, inputs)
        size = np.sqrt(np.mean(x * x, axis=axes_of(self, len(x.shape)), keepdims=True) + self.epsilon)
        return narrow(self, x / size * np.reshape(self.scale, broadcast_shape(self, x.shape)))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return same_shape(self, input_shape)

    def check_input(self, shape: Any) -> None:
        check_axes(self, shape)
        if not self.built:
            known_sizes(self, shape)
        super().check_input(shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}
