"""Noise: layers that disturb in training what passes through them, and are the identity otherwise.

The one idea: a layer with randomness owns the stream that its numbers come from (`seed_generator`), so the
same seed gives the same training, whatever else draws. `disturbed` says what noise does; when, is said once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.operations.activation import selu
from ...core.operations.random import bernoulli, normal
from ...serialization import serializable
from ..seed_generator import SeedGenerator
from .weightless import Weightless


def fraction(name: str, value: Any) -> Any:
    """A number from 0 to 1, as it is. ValueError names the argument."""
    try:
        if 0 <= value <= 1:
            return value
    except TypeError:
        pass
    raise ValueError(
        f"Invalid value received for argument `{name}`. Expected a float value between 0 and 1. Received: "
        f"{name}={value}"
    )


def below_one(rate: Any) -> Any:
    """A rate for which 1 / (1 − rate) is finite. ValueError otherwise."""
    if fraction("rate", rate) == 1:
        raise ValueError(
            "Invalid value received for argument `rate`. With rate=1 nothing is left to scale up; give a "
            f"number from 0 to below 1. Received: rate={rate}"
        )
    return rate


def noise_shape_for(x: Any, noise_shape: Any) -> tuple[int, ...]:
    """The shape of the random numbers: that of x; or the one that was asked for, None being "as x"."""
    if noise_shape is None:
        return tuple(x.shape)
    if len(noise_shape) != len(x.shape):
        raise ValueError(
            f"`noise_shape` must have as many dimensions as the input: noise_shape={tuple(noise_shape)}, "
            f"inputs of shape {tuple(x.shape)}."
        )
    return tuple(n if m is None else m for m, n in zip(noise_shape, x.shape, strict=True))


class Noise(Weightless):
    """Base: `disturbed(x)` in training, x otherwise.

    Args:
        amount: how much noise; with 0 there is none, and no stream of random numbers.
        seed: where the stream begins; None: drawn from the library's own generator.
    """

    seed_generator: SeedGenerator | None = None

    def __init__(self, amount: float, seed: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed
        if amount > 0:
            self.seed_generator = SeedGenerator(seed)

    def call(self, inputs: Any, training: bool | None = False) -> Any:
        return self.disturbed(inputs) if training and self.seed_generator is not None else inputs

    def disturbed(self, x: Any) -> Any:
        """x with noise."""
        raise NotImplementedError(f"{type(self).__name__} must define disturbed(self, x).")


@serializable("keras.layers")
class GaussianNoise(Noise):
    """x + N(0, stddev²), in training. Source: `keras.layers.GaussianNoise`.

    Args:
        stddev: the width of the bell curve, from 0 to 1.
        seed: of its own random numbers.

    Raises:
        ValueError: a stddev outside [0, 1].
    """

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(fraction("stddev", stddev), seed, **kwargs)
        self.stddev = stddev

    def disturbed(self, x: Any) -> Any:
        return x + normal(x.shape, stddev=self.stddev, dtype=x.dtype.name, generator=self.seed_generator)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "stddev": self.stddev, "seed": self.seed}


@serializable("keras.layers")
class GaussianDropout(Noise):
    """x · N(1, rate / (1 − rate)), in training: dropout's mean and variance, but nothing is ever dropped.

    Source: `keras.layers.GaussianDropout`; Srivastava et al., 2014.

    Args:
        rate: that of the dropout which it resembles, from 0 to below 1.
        seed: of its own random numbers.

    Raises:
        ValueError: a rate outside [0, 1), where the variance would be infinite.
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(below_one(rate), seed, **kwargs)
        self.rate = rate

    def disturbed(self, x: Any) -> Any:
        stddev = math.sqrt(self.rate / (1 - self.rate))
        return x * normal(x.shape, mean=1.0, stddev=stddev, dtype=x.dtype.name, generator=self.seed_generator)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


@serializable("keras.layers")
class AlphaDropout(Noise):
    """Dropout for selu networks: drops to selu's left limit, not to 0, and keeps mean 0 and variance 1.

    a · (x where kept, s elsewhere) + b with s = selu(−∞), a = ((1 − rate)(1 + rate s²))^(−½), b = −a s rate.
    Source: `keras.layers.AlphaDropout`; Klambauer et al., 2017.

    Args:
        rate: how often a number is dropped, from 0 to below 1.
        noise_shape: 1 along the axes that are kept or dropped together; None in it: as the input.
        seed: of its own random numbers.

    Raises:
        ValueError: a rate outside [0, 1).
    """

    limit = float(selu(np.float64(-1e4)))

    def __init__(self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(below_one(rate), seed, **kwargs)
        self.rate, self.noise_shape = rate, noise_shape

    def disturbed(self, x: Any) -> Any:
        shape, dtype = noise_shape_for(x, self.noise_shape), x.dtype.name
        kept = bernoulli(shape, p=1 - self.rate, dtype=dtype, generator=self.seed_generator)
        a = ((1 - self.rate) * (1 + self.rate * self.limit**2)) ** -0.5
        b = -a * self.limit * self.rate
        return (x * kept + (1 - kept) * self.limit) * a + b

    def get_config(self) -> dict[str, Any]:
        own = {"rate": self.rate, "seed": self.seed, "noise_shape": self.noise_shape}
        return {**super().get_config(), **own}
