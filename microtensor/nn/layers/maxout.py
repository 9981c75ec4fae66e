"""Maxout: a neuron whose activation is learnt, as the largest of several straight lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.operations.activation import maxout
from ...serialization import serializable
from .. import constraints, initializers, regularizers
from ..layer import Layer, Shape
from ..parameter import Parameter


@serializable("keras.layers")
class Maxout(Layer):
    """y = maxⱼ (x Wⱼ + bⱼ), j = 1 … pieces: with two pieces the lecture's max(w₁ᵀx + b₁, w₂ᵀx + b₂).

    x (…, inputs), the kernel W (inputs, units, pieces), the bias b (units, pieces), y (…, units). The kernel
    starts as that of a Dense layer of units · pieces neurons. Keras has no such layer. Source: Goodfellow et
    al., 2013.

    Args:
        units: how many neurons.
        pieces: how many straight lines each is made of.
        use_bias: is there a b?
        kernel_initializer, bias_initializer: the numbers that W and b start with.
        kernel_regularizer, bias_regularizer: what is added to the loss for large W and b.
        activity_regularizer: what is added for large y.
        kernel_constraint, bias_constraint: what W and b are made to be after each step.

    Raises:
        ValueError: units or pieces is no positive integer; an input of another width.

    >>> layer = Maxout(1)
    >>> layer.build((None, 1))
    >>> layer.set_weights([[[[1.0, -1.0]]], [[0.0, 0.0]]])  # max(x, -x)
    >>> layer([[-3.0], [2.0]]).tolist()
    [[3.0], [2.0]]
    """

    supports_masking = True
    kernel: Parameter
    bias: Parameter | None

    def __init__(
        self,
        units: int,
        pieces: int = 2,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        for key, value in (("units", units), ("pieces", pieces)):
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value <= 0:
                raise ValueError(
                    f"Received an invalid value for `{key}`, expected a positive integer. Received: "
                    f"{key}={value!r}"
                )
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units, self.pieces, self.use_bias = int(units), int(pieces), use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def build(self, input_shape: Shape) -> None:
        def as_of_one_matrix(shape: Any, dtype: Any = "float32") -> Any:
            """One draw for all pieces: two draws of a seeded initializer would be the same line twice."""
            flat = self.kernel_initializer((shape[0], shape[1] * shape[2]), dtype=dtype)
            return np.asarray(flat).reshape(shape)

        self.kernel = self.add_weight(
            (input_shape[-1], self.units, self.pieces),
            as_of_one_matrix,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units, self.pieces),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.built = True

    def call(self, inputs: Any) -> Any:
        lines = inputs @ self.kernel.reshape((self.kernel.shape[0], -1))
        if self.bias is not None:
            lines = lines + self.bias.reshape((-1,))
        return maxout(lines, pieces=self.pieces)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (*input_shape[:-1], self.units)

    def check_input(self, shape: Shape) -> None:
        if shape is None or len(shape) < 2 or shape[-1] is None:
            raise ValueError(
                f"Maxout '{self.name}' expects a row of inputs of a known width for each sample, shape "
                f"(samples, width); got shape {shape}."
            )
        if self.built and shape[-1] != self.kernel.shape[0]:
            raise ValueError(
                f"Maxout '{self.name}' expects inputs of width {self.kernel.shape[0]}; got shape "
                f"{tuple(shape)}."
            )

    def get_config(self) -> dict[str, Any]:
        own = {
            "units": self.units,
            "pieces": self.pieces,
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
        }
        return {**super().get_config(), **own}
