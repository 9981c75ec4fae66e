"""Weightless: what layers without weights have in common.

The one idea: where nothing depends on the input's shape, there is nothing to build: the layer is built when
it is made.
"""

from __future__ import annotations

from typing import Any

from ..keras_tensor import is_shape
from ..layer import Layer


class Weightless(Layer):
    """Base of the layers that have no weights and keep the shape: built from the start."""

    supports_masking = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.built = type(self).build is Layer.build  # a class that defines its own build still has to run it

    def compute_output_shape(self, input_shape: Any) -> Any:
        return tuple(input_shape) if is_shape(input_shape) else input_shape


class Rearranging(Layer):
    """Base of the layers that move numbers and compute nothing: integers stay integers, as in Keras."""

    def _cast(self, x: Any) -> Any:
        moved_as_it_is = hasattr(x, "dtype") and x.dtype.kind in "biu"
        return x if moved_as_it_is else super()._cast(x)
