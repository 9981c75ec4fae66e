"""Dense: the artificial neuron f(w·x + b), many of them at once, as one matrix product."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import activations, initializers
from .layer import Layer, Shape
from .parameter import Parameter


class Dense(Layer):
    """y = f(x W + b), with x (…, inputs), the kernel W (inputs, units) and the bias b (units,).

    Source: `keras.layers.Dense`.

    Args:
        units: how many neurons, each with a weight for every input.
        activation: f, by name or as a function; None: the identity.
        use_bias: is there a b?
        kernel_initializer, bias_initializer: the numbers that W and b start with.
        kwargs: as for `Layer`.

    Raises:
        ValueError: units is no positive integer; an unknown name; an input of another width.

    >>> layer = Dense(2, activation="relu", kernel_initializer="ones")
    >>> layer([[1.0, 2.0]]).tolist()
    [[3.0, 3.0]]
    """

    kernel: Parameter
    bias: Parameter | None

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        **kwargs: Any,
    ) -> None:
        if isinstance(units, bool) or not isinstance(units, int | np.integer) or units <= 0:
            raise ValueError(
                "Received an invalid value for `units`, expected a positive integer. Received: "
                f"units={units!r}"
            )
        f = activations.get(activation)
        starts = initializers.get(kernel_initializer), initializers.get(bias_initializer)
        super().__init__(**kwargs)
        self.units, self.activation, self.use_bias = int(units), f, use_bias
        self.kernel_initializer, self.bias_initializer = starts

    def build(self, input_shape: Shape) -> None:
        self.kernel = self.add_weight((input_shape[-1], self.units), self.kernel_initializer, name="kernel")
        self.bias = (
            self.add_weight((self.units,), self.bias_initializer, name="bias") if self.use_bias else None
        )
        self.built = True

    def call(self, inputs: Any) -> Any:
        z = inputs @ self.kernel
        if self.bias is not None:
            z = z + self.bias
        return z if self.activation is activations.linear else self.activation(z)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return (*input_shape[:-1], self.units)

    def check_input(self, shape: Shape) -> None:
        if len(shape) < 2:
            raise ValueError(
                f"Dense '{self.name}' expects a row of inputs for each sample, shape (samples, width); got "
                "shape "
                f"{tuple(shape)}. One sample is [[1, 0]], not [1, 0]."
            )
        if shape[-1] is None:
            raise ValueError(
                f"Dense '{self.name}' must know how wide its inputs are; got shape {tuple(shape)}."
            )
        width = self.kernel.shape[0] if self.built else self.declared_shape and self.declared_shape[-1]
        if width is not None and shape[-1] != width:
            raise ValueError(
                f"Dense '{self.name}' expects inputs of width {width}, got shape {tuple(shape)}: "
                f"expected shape=(None, {width}), found shape={tuple(shape)}."
            )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": self.kernel_initializer,
            "bias_initializer": self.bias_initializer,
        }

    def __getattr__(self, name: str) -> Any:
        if name in ("kernel", "bias"):
            raise AttributeError(f"You must build the layer before accessing `{name}`.")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
