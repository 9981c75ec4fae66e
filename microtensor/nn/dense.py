"""Dense: the artificial neuron f(w·x + b), many of them at once, as one matrix product."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable, serialize_keras_object
from . import activations, initializers
from .layer import Layer, Shape
from .parameter import Parameter, constraint_of, regularizer_of


@serializable("keras.layers")
class Dense(Layer):
    """y = f(x W + b), with x (…, inputs), the kernel W (inputs, units) and the bias b (units,).

    Source: `keras.layers.Dense`.

    Args:
        units: how many neurons, each with a weight for every input.
        activation: f, by name or as a function; None: the identity.
        use_bias: is there a b?
        kernel_initializer, bias_initializer: the numbers that W and b start with.
        kernel_regularizer, bias_regularizer: what is added to the loss for large W and b.
        activity_regularizer: what is added for large y.
        kernel_constraint, bias_constraint: what W and b are made to be after each step.
        kwargs: as for `Layer`.

    Raises:
        ValueError: units is no positive integer; an unknown name; an input of another width.

    >>> layer = Dense(2, activation="relu", kernel_initializer="ones")
    >>> layer([[1.0, 2.0]]).tolist()
    [[3.0, 3.0]]
    """

    supports_masking = True

    kernel: Parameter
    bias: Parameter | None

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        lora_rank: None = None,
        lora_alpha: None = None,
        quantization_config: None = None,
        **kwargs: Any,
    ) -> None:
        if isinstance(units, bool) or not isinstance(units, int | np.integer) or units <= 0:
            raise ValueError(
                "Received an invalid value for `units`, expected a positive integer. Received: "
                f"units={units!r}"
            )
        absent = {
            "lora_rank": lora_rank,
            "lora_alpha": lora_alpha,
            "quantization_config": quantization_config,
        }
        for key, value in absent.items():
            if value is not None:
                raise ValueError(
                    f"Dense has no {key} here: LoRA and quantisation are not part of this library."
                )
        f = activations.get(activation)
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units, self.activation, self.use_bias = int(units), f, use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizer_of(kernel_regularizer)
        self.bias_regularizer = regularizer_of(bias_regularizer)
        self.kernel_constraint = constraint_of(kernel_constraint)
        self.bias_constraint = constraint_of(bias_constraint)

    def build(self, input_shape: Shape) -> None:
        self.kernel = self.add_weight(
            (input_shape[-1], self.units),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.units,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )
        self.built = True

    def call(self, inputs: Any) -> Any:
        z = inputs @ self.kernel
        if self.bias is not None:
            z = z + self.bias
        plain = self.activation is None or self.activation is activations.linear
        return z if plain else self.activation(z)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (*input_shape[:-1], self.units)

    def check_input(self, shape: Shape) -> None:
        if shape is None or len(shape) < 2:
            raise ValueError(
                f"Dense '{self.name}' expects a row of inputs for each sample, shape (samples, width), "
                f"expected min_ndim=2; got shape {shape}. One sample is [[1, 0]], not [1, 0]."
            )
        if shape[-1] is None:
            raise ValueError(
                f"Dense '{self.name}' must know how wide its inputs are; got shape {tuple(shape)}."
            )
        width = self.kernel.shape[0] if self.built else self.declared_shape and self.declared_shape[-1]
        if width is not None and shape[-1] != width:
            raise ValueError(
                f"Dense '{self.name}' expects inputs of width {width}, got shape {tuple(shape)}: it is "
                f"incompatible with the layer: expected axis -1 of input shape to have value {width}, "
                f"expected shape=(None, {width}), found shape={tuple(shape)}."
            )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": serialize_keras_object(self.kernel_regularizer),
            "bias_regularizer": serialize_keras_object(self.bias_regularizer),
            "kernel_constraint": serialize_keras_object(self.kernel_constraint),
            "bias_constraint": serialize_keras_object(self.bias_constraint),
            "quantization_config": None,
        }

    def __getattr__(self, name: str) -> Any:
        if name in ("kernel", "bias"):
            raise AttributeError(f"You must build the layer before accessing `{name}`.")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
