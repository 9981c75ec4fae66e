"""Activation: an activation function as a layer of its own."""

from __future__ import annotations

from typing import Any

from ..serialization import serializable
from . import activations
from .layer import Layer, Shape


@serializable("keras.layers")
class Activation(Layer):
    """y = f(x), with f by name or as a function. Source: `keras.layers.Activation`.

    >>> Activation("relu")([[-1.0, 2.0]]).tolist()
    [[0.0, 2.0]]
    """

    supports_masking = True

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        f = activations.get(activation)
        super().__init__(**kwargs)
        self.activation = f
        self.built = type(self).build is Layer.build  # a class that defines its own build still has to run it

    def call(self, inputs: Any) -> Any:
        return self.activation(inputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "activation": activations.serialize(self.activation)}
