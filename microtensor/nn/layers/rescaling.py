"""Rescaling: from the range in which data come to the one in which training goes well."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from ...settings import image_data_format
from ..keras_tensor import Shape
from ..layer import Layer


@serializable("keras.layers")
class Rescaling(Layer):
    """y = scale · x + offset: 1/255 makes bytes of an image 0 to 1. Source: `keras.layers.Rescaling`.

    Args:
        scale, offset: numbers, or arrays that broadcast to x. With `keras.config`'s "channels_first" a vector
            is for the channels of (batch, channels, height, width).

    >>> Rescaling(1 / 127.5, offset=-1.0)([[0, 255]]).tolist()
    [[-1.0, 1.0]]
    """

    supports_masking = True

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale, self.offset = scale, offset

    def call(self, inputs: Any) -> Any:
        scale, offset = (np.asarray(value, dtype=self.dtype) for value in (self.scale, self.offset))
        if scale.ndim and image_data_format() == "channels_first":
            scale = scale.reshape(scale.shape + (1,) * (3 - scale.ndim))
        return inputs * scale + offset

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        own = {
            "scale": serialize_keras_object(self.scale),
            "offset": serialize_keras_object(self.offset),
        }
        return {**super().get_config(), **own}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        found = {
            key: deserialize_keras_object(config[key], custom_objects=custom_objects)
            for key in ("scale", "offset")
            if key in config
        }
        return super().from_config(dict(config, **found))
