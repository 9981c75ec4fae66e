"""ActivityRegularization: a price on what passes through, as a layer of its own."""

from __future__ import annotations

from typing import Any

from ...serialization import serializable
from .. import regularizers
from .weightless import Weightless


@serializable("keras.layers")
class ActivityRegularization(Weightless):
    """y = x, and l1 · Σ|x| + l2 · Σx² is added to the loss. Source: `keras.layers.ActivityRegularization`.

    Args:
        l1, l2: the two prices.

    Raises:
        ValueError: a negative one.

    >>> layer = ActivityRegularization(l1=0.25, l2=0.5)
    >>> layer([[2.0]]).tolist(), float(layer.losses[0])
    ([[2.0]], 2.5)
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.l1, self.l2 = l1, l2

    def call(self, inputs: Any) -> Any:
        return inputs

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["activity_regularizer"]  # l1 and l2 say it
        return {**config, "l1": self.l1, "l2": self.l2}
