"""Dropout: in training each number is dropped with some probability, so that no neuron relies on another.

The one idea: what is kept is divided by the probability of being kept. The mean stays as it was, so nothing
is to be done when the network is used.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.operations.random import bernoulli
from ...serialization import serializable
from ..input_spec import InputSpec
from .noise import Noise, fraction, noise_shape_for
from .shaping import checked_data_format


@serializable("keras.layers")
class Dropout(Noise):
    """x · m / (1 − rate), with m = 0 with probability rate and 1 otherwise; in training only.

    Any shape; the output has the same. Source: `keras.layers.Dropout`; Srivastava et al., 2014.

    Args:
        rate: how often a number is dropped, from 0 to 1.
        noise_shape: the shape of m: 1 along the axes that are kept or dropped together; None in it: as x.
        seed: of its own random numbers.

    Raises:
        ValueError: a rate outside [0, 1]; a noise_shape that is none.

    >>> layer = Dropout(0.5, seed=1)
    >>> sorted(set(layer(np.ones((8, 8)), training=True).numpy().ravel().tolist()))
    [0.0, 2.0]
    >>> layer([[1.0, 2.0]]).tolist()
    [[1.0, 2.0]]
    """

    def __init__(self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(fraction("rate", rate), seed, **kwargs)
        self.rate, self.noise_shape = rate, _checked(noise_shape)

    def disturbed(self, x: Any) -> Any:
        shape = noise_shape_for(x, self._mask_shape(x))
        kept = bernoulli(shape, p=1 - self.rate, dtype=x.dtype.name, generator=self.seed_generator)
        return x * (kept * (1 / (1 - self.rate) if self.rate < 1 else 0.0))

    def _mask_shape(self, x: Any) -> Any:
        return self.noise_shape

    def get_config(self) -> dict[str, Any]:
        own = {"rate": self.rate, "seed": self.seed, "noise_shape": self.noise_shape}
        return {**super().get_config(), **own}


class SpatialDropout(Dropout):
    """Base of dropout that drops whole channels: neighbours in time or space tell the same.

    Args:
        rate: how often a channel is dropped.
        data_format: "channels_last" (…, channels) or "channels_first"; None: `keras.config`'s.
        seed: of its own random numbers.

    Raises:
        ValueError: a rate outside [0, 1], an unknown data_format, an input of another rank.
    """

    rank = 3

    def __init__(
        self,
        rate: float,
        data_format: Any = None,
        seed: int | None = None,
        name: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype)
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank)

    def _mask_shape(self, x: Any) -> Any:
        first = self.data_format == "channels_first"
        together = (1,) * (self.rank - 2)
        return (None, None, *together) if first else (None, *together, None)

    def get_config(self) -> dict[str, Any]:
        plain = {"rate": self.rate, "seed": self.seed, "name": self.name, "dtype": self.dtype}
        return {**plain, "data_format": self.data_format}


@serializable("keras.layers")
class SpatialDropout1D(SpatialDropout):
    """Dropout of whole channels of (batch, steps, channels). Source: `keras.layers.SpatialDropout1D`.

    Args:
        rate: how often a channel is dropped, from 0 to 1.
        seed: of its own random numbers.
    """

    def __init__(
        self, rate: float, seed: int | None = None, name: str | None = None, dtype: Any = None
    ) -> None:
        super().__init__(rate, "channels_last", seed, name, dtype)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["data_format"]  # a sequence has its channels last
        return config


@serializable("keras.layers")
class SpatialDropout2D(SpatialDropout):
    """Dropout of whole channels of (batch, height, width, channels).

    Source: `keras.layers.SpatialDropout2D`.
    """

    rank = 4


@serializable("keras.layers")
class SpatialDropout3D(SpatialDropout):
    """Dropout of whole channels of (batch, x, y, z, channels). Source: `keras.layers.SpatialDropout3D`."""

    rank = 5


def _checked(noise_shape: Any) -> tuple[int | None, ...] | None:
    if noise_shape is None:
        return None
    begin = "Invalid value received for argument `noise_shape`. Expected"
    if isinstance(noise_shape, str):
        raise ValueError(f"{begin} a tuple or list of integers. Received: noise_shape={noise_shape}")
    try:
        shape = tuple(noise_shape)
    except TypeError:
        raise ValueError(
            f"{begin} an iterable of integers (a tuple or list). Received: noise_shape={noise_shape}"
        ) from None
    for k, n in enumerate(shape):
        if n is not None and not isinstance(n, int | np.integer):
            raise ValueError(
                f"{begin} all elements to be integers or None. Received element at index {k}: {n} (type: "
                f"{type(n).__name__})"
            )
        if n is not None and n <= 0:
            raise ValueError(
                f"{begin} all dimensions to be positive integers or None. Received negative or zero value at "
                f"index {k}: {n}"
            )
    return shape
