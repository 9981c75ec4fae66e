"""Activation: an activation function as a layer of its own."""

from __future__ import annotations

from typing import Any

from . import activations
from .layer import Layer


class Activation(Layer):
    """y = f(x), with f by name or as a function. Source: `keras.layers.Activation`.

    >>> Activation("relu")([[-1.0, 2.0]]).tolist()
    [[0.0, 2.0]]
    """

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        f = activations.get(activation)
        super().__init__(**kwargs)
        self.activation = f

    def call(self, inputs: Any) -> Any:
        return self.activation(inputs)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "activation": activations.serialize(self.activation)}
