"""Activations by name, with Keras' defaults: what `Dense(2, activation="sigmoid")` looks up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import Operation, Tensor
from ..core.operations.activation import elu as elu
from ..core.operations.activation import identity, step
from ..core.operations.activation import leaky_relu as _leaky_relu
from ..core.operations.activation import relu as relu
from ..core.operations.activation import sigmoid as sigmoid
from ..core.operations.activation import softmax as softmax
from ..core.operations.activation import softplus as softplus
from ..core.operations.elementary import tanh as tanh
from ..naming import interpret

Activation = Callable[[Any], Tensor]

linear = identity


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Tensor:
    """x where x > 0, negative_slope · x elsewhere: Keras' function, whose default slope is 0.2."""
    return _leaky_relu(x, negative_slope=negative_slope)


_KNOWN: dict[str, Activation] = {
    "linear": linear,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "softmax": softmax,
    "softplus": softplus,
    "step": step,
}


def get(identifier: Any) -> Activation:
    """A name, a function, a layer, or None (linear) as a function of one tensor. ValueError for an unknown
    name.
    """
    return linear if identifier is None else interpret("activation function", identifier, _KNOWN)


def serialize(activation: Activation) -> str:
    """The name of an activation."""
    if activation is linear:
        return "linear"
    return (
        activation.name
        if isinstance(activation, Operation)
        else getattr(activation, "__name__", "activation")
    )
