"""Activations as layers of their own: ReLU, LeakyReLU, ELU, PReLU and Softmax.

The one idea: an activation that has settings, or weights, is a layer; one without is a name for `Dense`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core import Tensor
from ...core.operations.activation import leaky_relu, prelu
from ...core.operations.statistics import logsumexp
from ...serialization import serializable
from .. import activations, constraints, initializers, regularizers
from ..input_spec import InputSpec
from ..layer import Layer, Shape
from ..parameter import Parameter
from .weightless import Weightless


@serializable("keras.layers")
class ReLU(Weightless):
    """f(x) = x for threshold < x, negative_slope · (x − threshold) below, at most max_value.

    Any shape; the output has the same. Source: `keras.layers.ReLU`.

    Args:
        max_value: where it stops growing; None: nowhere.
        negative_slope: the slope below the threshold.
        threshold: where it begins.

    Raises:
        ValueError: a negative number.

    >>> ReLU(max_value=10.0, negative_slope=0.5)([-10.0, -5.0, 0.0, 5.0, 20.0]).tolist()
    [-5.0, -2.5, 0.0, 5.0, 10.0]
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if max_value is not None and not max_value >= 0:
            raise ValueError(
                f"max_value of a ReLU layer cannot be a negative value. Received: max_value={max_value}"
            )
        for key, value in (("negative_slope", negative_slope), ("threshold", threshold)):
            if value is None or not value >= 0:
                raise ValueError(
                    f"{key} of a ReLU layer cannot be None or a negative value. Received: {key}={value}"
                )
        super().__init__(**kwargs)
        self.max_value, self.negative_slope, self.threshold = max_value, negative_slope, threshold

    def call(self, inputs: Any) -> Any:
        return activations.relu(
            inputs,
            negative_slope=self.negative_slope,
            max_value=self.max_value,
            threshold=self.threshold,
        )

    def get_config(self) -> dict[str, Any]:
        own = {
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }
        return {**super().get_config(), **own}


@serializable("keras.layers")
class LeakyReLU(Weightless):
    """f(x) = x for x > 0, negative_slope · x elsewhere: a relu that never dies.

    Source: `keras.layers.LeakyReLU`.

    Args:
        negative_slope: 0.3 as Keras' layer has it; `keras.activations.leaky_relu` has 0.2, the lecture 0.1.

    Raises:
        ValueError: None or a negative number.

    >>> LeakyReLU(negative_slope=0.5)([-10.0, 0.0, 5.0]).tolist()
    [-5.0, 0.0, 5.0]
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
            warnings.warn(
                "Argument `alpha` is deprecated. Use `negative_slope` instead.", UserWarning, stacklevel=2
            )
        if negative_slope is None or not negative_slope >= 0:
            raise ValueError(
                "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. Expected a "
                f"float. Received: negative_slope={negative_slope}"
            )
        super().__init__(**kwargs)
        self.negative_slope = negative_slope

    def call(self, inputs: Any) -> Any:
        return leaky_relu(inputs, negative_slope=self.negative_slope)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "negative_slope": self.negative_slope}


@serializable("keras.layers")
class ELU(Weightless):
    """f(x) = x for x > 0, alpha · (eˣ − 1) elsewhere. Source: `keras.layers.ELU`; Clevert et al., 2015.

    Args:
        alpha: −alpha is what it tends to on the left.
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = alpha

    def call(self, inputs: Any) -> Any:
        return activations.elu(inputs, alpha=self.alpha)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "alpha": self.alpha}


@serializable("keras.layers")
class PReLU(Layer):
    """f(x) = x for x > 0, α · x elsewhere, with a slope α that is learnt for every position in a sample.

    Source: `keras.layers.PReLU`; He et al., 2015.

    Args:
        alpha_initializer, alpha_regularizer, alpha_constraint: of α, shape (…) of one sample.
        shared_axes: the axes (from 1; 0 is the batch) along which positions share one slope.
    """

    supports_masking = True
    alpha: Parameter

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        self.shared_axes: list[int] | None = None
        if shared_axes is not None:
            self.shared_axes = list(shared_axes) if isinstance(shared_axes, list | tuple) else [shared_axes]

    def build(self, input_shape: Shape) -> None:
        shared = {axis % len(input_shape) for axis in self.shared_axes or ()}
        own: dict[int, Any] = {axis: n for axis, n in enumerate(input_shape) if axis not in {0, *shared}}
        if None in own.values():
            raise ValueError(
                f"PReLU '{self.name}' has a slope for every position, and must know how many there are; got "
                f"shape {tuple(input_shape)}. Name the open axes in shared_axes."
            )
        self.alpha = self.add_weight(
            tuple(own.get(axis, 1) for axis in range(1, len(input_shape))),
            self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
            name="alpha",
        )
        self.input_spec = InputSpec(ndim=len(input_shape), axes=own)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return prelu(inputs, self.alpha)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        own = {
            "alpha_initializer": initializers.serialize(self.alpha_initializer),
            "alpha_regularizer": regularizers.serialize(self.alpha_regularizer),
            "alpha_constraint": constraints.serialize(self.alpha_constraint),
            "shared_axes": self.shared_axes,
        }
        return {**super().get_config(), **own}


@serializable("keras.layers")
class Softmax(Weightless):
    """f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ along an axis, or over several together. Source: `keras.layers.Softmax`.

    `layer(x, mask=m)`: where m is false (or at most 0.5), the output is 0 and the rest sums to 1. The mask
    broadcasts to x.

    Args:
        axis: an axis, or a list of axes.

    Raises:
        ValueError: a mask that is larger than x.

    >>> Softmax()([[0.0, 0.0, 0.0]], mask=[[True, True, False]]).tolist()
    [[0.5, 0.5, 0.0]]
    """

    def __init__(self, axis: Any = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if mask is None:
            return self._softmax(inputs)
        kept = self._checked_mask(inputs, mask)
        lowest = -3e4 if inputs.dtype == np.float16 else -1e9
        weights = self._softmax(np.where(kept, inputs, lowest))
        return np.where(kept, weights, 0.0)  # 0 also where an axis is masked as a whole

    def _softmax(self, x: Any) -> Any:
        axes = tuple(self.axis) if isinstance(self.axis, list | tuple) else (self.axis,)
        if len(axes) == 1:
            return activations.softmax(x, axis=axes[0])
        return np.exp(x - logsumexp(x, axis=axes, keepdims=True))

    def _checked_mask(self, x: Any, mask: Any) -> Any:
        mask = mask if isinstance(mask, Tensor) else Tensor(mask)
        shapes = f"Received: inputs.shape={tuple(x.shape)}, mask.shape={tuple(mask.shape)}"
        if len(mask.shape) > len(x.shape):
            raise ValueError(
                f"The `mask` must be broadcastable to `inputs` and must not have more dimensions. {shapes}"
            )
        pairs = zip(mask.shape[::-1], x.shape[::-1], strict=False)
        if any(m not in (1, n) for m, n in pairs):
            raise ValueError(
                "The `mask` must be broadcastable to `inputs`: each of its dimensions is 1, or that of the "
                f"input. {shapes}"
            )
        return mask if mask.dtype == np.bool_ else mask > 0.5

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis}
