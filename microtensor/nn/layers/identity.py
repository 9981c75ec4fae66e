"""Identity: a layer that does nothing, where a layer is asked for."""

from __future__ import annotations

from typing import Any

from ...serialization import serializable
from .weightless import Rearranging, Weightless


@serializable("keras.layers")
class Identity(Weightless, Rearranging):
    """y = x, for one tensor or for a structure of them. Source: `keras.layers.Identity`."""

    def call(self, inputs: Any) -> Any:
        return inputs
