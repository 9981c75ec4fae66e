"""Activations by name, with Keras' arguments and defaults: what `Dense(2, activation="sigmoid")` looks up.

The one idea: most are operations of the table as they are. Where Keras has another name, another default, or
more arguments, a function of some lines says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core import Tensor
from ..core.operations import activation as _smooth
from ..core.operations.activation import celu as celu
from ..core.operations.activation import elu as elu
from ..core.operations.activation import log_sigmoid as log_sigmoid
from ..core.operations.activation import selu as selu
from ..core.operations.activation import sigmoid as sigmoid
from ..core.operations.activation import softplus as softplus
from ..core.operations.activation import softsign as softsign
from ..core.operations.activation import squareplus as squareplus
from ..core.operations.activation import step as step
from ..core.operations.elementary import exp as _exp
from ..core.operations.elementary import tanh as tanh
from ..lazy import Names, declared, lazily
from ..naming import interpret
from ..serialization import deserialize_keras_object, serialize_keras_object

if TYPE_CHECKING:
    from ..core.operations.gating import gelu as gelu
    from ..core.operations.gating import glu as glu
    from ..core.operations.gating import mish as mish
    from ..core.operations.gating import silu as silu
    from ..core.operations.piecewise import hard_shrink as hard_shrink
    from ..core.operations.piecewise import hard_sigmoid as hard_sigmoid
    from ..core.operations.piecewise import hard_silu as hard_silu
    from ..core.operations.piecewise import hard_tanh as hard_tanh
    from ..core.operations.piecewise import relu6 as relu6
    from ..core.operations.piecewise import soft_shrink as soft_shrink
    from ..core.operations.piecewise import sparse_plus as sparse_plus
    from ..core.operations.piecewise import sparse_sigmoid as sparse_sigmoid
    from ..core.operations.piecewise import sparsemax as sparsemax
    from ..core.operations.piecewise import tanh_shrink as tanh_shrink

    swish, hard_swish = silu, hard_silu

Activation = Callable[..., Any]

_HOMES = dict(declared(__name__))  # of those whose families are loaded when somebody asks for one
_HOMES |= {"swish": _HOMES["silu"], "hard_swish": _HOMES["hard_silu"]}
__getattr__, __dir__ = lazily(__name__, _HOMES)


def linear(x: Any) -> Any:
    """f(x) = x. Source: `keras.activations.linear`."""
    return x if isinstance(x, Tensor) else Tensor(x)


def exponential(x: Any) -> Tensor:
    """f(x) = eˣ. Source: `keras.activations.exponential`."""
    return _exp(x)


def relu(
    x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Tensor:
    """max(x, 0); with all arguments negative_slope · (x − threshold) up to the threshold, x above it, and
    never more than max_value. Source: `keras.activations.relu`.
    """
    if not negative_slope and max_value is None and not threshold:
        return _smooth.relu(x)
    from ..core.operations.piecewise import clipped_relu

    top = np.inf if max_value is None else max_value
    return clipped_relu(x, negative_slope=negative_slope, max_value=top, threshold=threshold)


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Tensor:
    """x where x > 0, negative_slope · x elsewhere: Keras' function, whose default slope is 0.2.

    Source: Maas et al., 2013; `keras.activations.leaky_relu`.
    """
    return _smooth.leaky_relu(x, negative_slope=negative_slope)


def threshold(x: Any, threshold: float, default_value: float) -> Tensor:
    """x where x > threshold, default_value elsewhere. Source: `keras.activations.threshold`."""
    from ..core.operations.piecewise import threshold as of_table

    return of_table(x, threshold=threshold, default_value=default_value)


def softmax(x: Any, axis: int | Sequence[int] = -1) -> Any:
    """f(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ along an axis, or over several. Source: `keras.activations.softmax`.

    >>> softmax([0.0, 0.0]).tolist()
    [0.5, 0.5]
    """
    return _over_axes(_smooth.softmax, x, axis)


def log_softmax(x: Any, axis: int | Sequence[int] = -1) -> Any:
    """log softmax(x), without computing a softmax that may be 0. Source: `keras.activations.log_softmax`."""
    return _over_axes(_smooth.log_softmax, x, axis)


def _over_axes(function: Any, x: Any, axis: int | Sequence[int]) -> Any:
    """function(x) along one axis; several are laid end to end for it, and put back."""
    if not isinstance(axis, list | tuple):
        return function(x, axis=axis)
    x = linear(x)
    last = tuple(range(-len(axis), 0))
    moved = np.moveaxis(x, tuple(axis), last)
    flat = moved.reshape((*moved.shape[: x.ndim - len(axis)], -1))
    return np.moveaxis(function(flat, axis=-1).reshape(moved.shape), last, tuple(axis))


KNOWN = Names(
    __name__,
    {
        name: name
        for name in (
            *("celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu"),
            *("hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6"),
            *("selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus"),
            *("sparse_sigmoid", "sparsemax", "squareplus", "step", "tanh", "tanh_shrink", "threshold"),
            *("swish", "hard_swish"),
        )
    },
)


def get(identifier: Any) -> Activation:
    """A name, a function, a layer, a config, or None (linear) as a function of one tensor.

    Raises:
        ValueError: an unknown name, or what is none of these.
    """
    if identifier is None:
        return linear
    found = deserialize(identifier) if isinstance(identifier, dict) else identifier
    return interpret("activation function", found, KNOWN)


def serialize(activation: Any) -> Any:
    """The name of an activation; a dict for a layer, and for a function of the user's own.

    >>> serialize(relu), serialize(swish)
    ('relu', 'silu')
    """
    name = getattr(activation, "__name__", None)
    if name is not None and KNOWN.get(name) is activation:
        return name
    return serialize_keras_object(activation)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The activation that a name or a config describes."""
    if isinstance(config, str):
        return interpret(
            "activation function", config, {**KNOWN, **custom_objects} if custom_objects else KNOWN
        )
    return deserialize_keras_object(config, custom_objects=custom_objects)
