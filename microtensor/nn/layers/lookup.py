"""Layers as plain values and back: `keras.layers.serialize` and `deserialize`."""

from __future__ import annotations

from typing import Any

from ...serialization import deserialize_keras_object, serialize_keras_object
from ..layer import Layer


def serialize(layer: Layer) -> Any:
    """A layer as {"module", "class_name", "config", ...}. Source: `keras.layers.serialize`.

    >>> from .identity import Identity
    >>> serialize(Identity(name="same"))["class_name"]
    'Identity'
    """
    return serialize_keras_object(layer)


def deserialize(config: Any, custom_objects: Any = None) -> Layer:
    """The layer that `serialize` described, with new weights. Source: `keras.layers.deserialize`.

    Raises:
        ValueError: what is described is no layer. TypeError: nothing of that name is known.
    """
    layer = deserialize_keras_object(config, custom_objects=custom_objects)
    if not isinstance(layer, Layer):
        raise ValueError(
            "`keras.layers.deserialize` was passed a `config` object that is not a `keras.layers.Layer`. "
            f"Received: {config}"
        )
    return layer
