"""LayerNormalization: each sample gets mean 0 and variance 1 over its own features.

The one idea: no sample knows of the others, so the layer does the same in training and in use, for any batch.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...serialization import serializable
from ..layer import Shape
from .affine import (
    Affine,
    axes_of,
    broadcast_shape,
    checked_axes,
    known_sizes,
    narrow,
    standardized,
    wide,
)


@serializable("keras.layers")
class LayerNormalization(Affine):
    """y = γ (x − mean) / √(variance + ε) + β, with the mean and variance of each sample, over `axis`.

    γ and β have a number for each place along `axis`. Weights: gamma, beta. Sources: Ba, Kiros and Hinton,
    2016; `keras.layers.LayerNormalization`.

    Args:
        axis: the axis, or the axes, that are normalized together.
        epsilon: ε.
        center, scale: is there a β, is there a γ?
        beta_initializer, gamma_initializer: the numbers that they start with.
        beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint: as in `Dense`.
        kwargs: as for `Layer`; also rms_scaling, an older Keras' x / √(variance + ε) · γ (with a warning).

    Raises:
        TypeError: an axis that is neither a whole number nor a list of them.
        ValueError: an axis that an input does not have; an epsilon below 0.

    >>> LayerNormalization()([[1.0, 3.0], [20.0, 60.0]]).numpy().round(2).tolist()
    [[-1.0, 1.0], [-1.0, 1.0]]
    """

    def __init__(
        self,
        axis: Any = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        rms_scaling = bool(kwargs.pop("rms_scaling", False))
        axis = checked_axes(axis, "Expected an int or a list/tuple of ints for the argument 'axis'.")
        super().__init__(
            epsilon,
            center,
            scale,
            beta_initializer,
            gamma_initializer,
            beta_regularizer,
            gamma_regularizer,
            beta_constraint,
            gamma_constraint,
            **kwargs,
        )
        if rms_scaling:
            warnings.warn(
                "rms_scaling=True divides by the standard deviation, not by the root mean square: use "
                "keras.layers.RMSNormalization.",
                stacklevel=2,
            )
        self.axis, self.rms_scaling = axis, rms_scaling
        self.autocast = False  # `wide` does it, so that large numbers do not overflow first

    def build(self, input_shape: Shape) -> None:
        if self.rms_scaling:
            self.scale, self.center = True, False
        sizes = known_sizes(self, input_shape)
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        self.add_gamma_and_beta(sizes)
        self.built = True

    def call(self, inputs: Any) -> Any:
        x = wide(self, inputs)
        axes = axes_of(self, len(x.shape))
        variance = np.var(x, axis=axes, keepdims=True)
        mean = 0 if self.rms_scaling else np.mean(x, axis=axes, keepdims=True)
        y = standardized(x, mean, variance, self.epsilon)
        return narrow(self, self.scaled(y, broadcast_shape(self, x.shape)))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis, "rms_scaling": self.rms_scaling}
