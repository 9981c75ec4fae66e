"""Masking: steps of a sequence that do not count, because they only fill it up."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from .weightless import Weightless


@serializable("keras.layers")
class Masking(Weightless):
    """A step (batch, steps, features) that holds nothing but mask_value is 0, and is said not to count.

    `compute_mask(x)` tells which steps count; y carries it to the layers that follow and to the loss (see
    `nn/masks.py`). Source: `keras.layers.Masking`.

    Args:
        mask_value: what fills a step that does not count.

    >>> layer = Masking(mask_value=9.0)
    >>> layer([[[1.0, 9.0], [9.0, 9.0]]]).tolist()
    [[[1.0, 9.0], [0.0, 0.0]]]
    """

    def __init__(self, mask_value: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = deserialize_keras_object(mask_value) if isinstance(mask_value, dict) else mask_value

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        x = inputs if isinstance(inputs, Tensor) else Tensor(inputs)
        return np.any(x != self.mask_value, axis=-1)

    def call(self, inputs: Any) -> Any:
        return np.where(np.any(inputs != self.mask_value, axis=-1, keepdims=True), inputs, 0.0)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mask_value": serialize_keras_object(self.mask_value)}
