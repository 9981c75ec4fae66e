"""Initializers by chance. Too large and units saturate, all equal and none differ.

The one idea: an initializer is a distribution and a seed. Calling it twice gives the same numbers; an
unseeded one draws its seed when it is made, from the library's own generator (`mt.random.seed`). Only a
SeedGenerator as the seed gives other numbers at each call.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...core.operations.bits import Bits
from ...core.operations.random import draw_seed
from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from ..seed_generator import SeedGenerator, checked_seed, stream_of
from .initializer import Initializer, sizes, started

CUT = 0.87962566103423978  # the standard deviation of a standard normal that is cut at ±2


class RandomInitializer(Initializer):
    """Base of the random ones: holds the seed, an integer or a SeedGenerator."""

    def __init__(self, seed: Any = None) -> None:
        self._said = seed
        if isinstance(seed, dict):
            seed = deserialize_keras_object(seed)
        if seed is None:
            seed = draw_seed()
        elif not isinstance(seed, SeedGenerator):
            if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
                raise ValueError(
                    "`seed` argument should be an instance of `keras.random.SeedGenerator()` or an integer. "
                    f"Received: seed={seed!r}"
                )
            seed = checked_seed(seed)
        self.seed: Any = seed

    def _bits(self) -> Bits:
        bits: Bits = stream_of(self.seed).bits
        return bits

    def get_config(self) -> dict[str, Any]:
        return {"seed": serialize_keras_object(self._said)}


@serializable("keras.initializers")
class RandomUniform(RandomInitializer):
    """U(minval, maxval): evenly spread. Source: `keras.initializers.RandomUniform`."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        return started(self._bits().uniform(self.minval, self.maxval, sizes(shape)), dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "minval": self.minval, "maxval": self.maxval}


@serializable("keras.initializers")
class RandomNormal(RandomInitializer):
    """N(mean, stddev²): the bell curve. Source: `keras.initializers.RandomNormal`."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        return started(self._bits().numpy.normal(self.mean, self.stddev, sizes(shape)), dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


@serializable("keras.initializers")
class TruncatedNormal(RandomInitializer):
    """The bell curve, drawn again where it is more than two stddev off. Source:
    `keras.initializers.TruncatedNormal`.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        return started(self.mean + self.stddev * cut_normal(self._bits().numpy, sizes(shape)), dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mean": self.mean, "stddev": self.stddev}


@serializable("keras.initializers")
class VarianceScaling(RandomInitializer):
    """Numbers of variance scale / n, with n the number of a unit's inputs, outputs, or their mean.

    Source: `keras.initializers.VarianceScaling`.

    Args:
        scale: a positive number.
        mode: "fan_in", "fan_out" or "fan_avg": what n is.
        distribution: "truncated_normal" (also "normal"), "untruncated_normal", or "uniform", which is
            U(−l, l) with l = √(3 · scale / n).
        seed: an integer, a SeedGenerator, or None.
        input_axes, output_axes: which axes of the shape are inputs and outputs; None: the last two.

    Raises:
        ValueError: another argument.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        input_axes: Any = None,
        output_axes: Any = None,
    ) -> None:
        if scale <= 0.0:
            raise ValueError(f"Argument `scale` must be positive float. Received: scale={scale}")
        distribution = {"normal": "truncated_normal"}.get(distribution.lower(), distribution.lower())
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"Invalid `mode` argument: {mode}. Use 'fan_in', 'fan_out' or 'fan_avg'.")
        if distribution not in ("uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError(
                f"Invalid `distribution` argument: {distribution}. Use 'uniform', 'truncated_normal' or "
                "'untruncated_normal'."
            )
        super().__init__(seed)
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.input_axes, self.output_axes = input_axes, output_axes

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        fan_in, fan_out = fans(sizes(shape), self.input_axes, self.output_axes)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        stddev, bits = math.sqrt(self.scale / max(1.0, n)), self._bits()
        if self.distribution == "truncated_normal":
            return started(stddev / CUT * cut_normal(bits.numpy, sizes(shape)), dtype)
        if self.distribution == "untruncated_normal":
            return started(bits.numpy.normal(0.0, stddev, sizes(shape)), dtype)
        limit = math.sqrt(3) * stddev
        return started(bits.uniform(-limit, limit, sizes(shape)), dtype)

    def get_config(self) -> dict[str, Any]:
        own = ("scale", "mode", "distribution", "input_axes", "output_axes")
        return {**super().get_config(), **{key: getattr(self, key) for key in own}}


class _Scaled(VarianceScaling):
    """A VarianceScaling with a name of its own: only the seed and the axes are arguments."""

    fixed: tuple[float, str, str]  # scale, mode, distribution

    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None) -> None:
        super().__init__(*self.fixed, seed=seed, input_axes=input_axes, output_axes=output_axes)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return {key: config[key] for key in ("seed", "input_axes", "output_axes")}


@serializable("keras.initializers")
class GlorotUniform(_Scaled):
    """U(−l, l) with l = √(6 / (fan_in + fan_out)): keeps the size of values and gradients. Source: Glorot and
    Bengio, 2010; `keras.initializers.GlorotUniform`.
    """

    fixed = (1.0, "fan_avg", "uniform")


@serializable("keras.initializers")
class GlorotNormal(_Scaled):
    """A cut bell curve of variance 2 / (fan_in + fan_out). Source: Glorot and Bengio, 2010;
    `keras.initializers.GlorotNormal`.
    """

    fixed = (1.0, "fan_avg", "truncated_normal")


@serializable("keras.initializers")
class HeUniform(_Scaled):
    """U(−l, l) with l = √(6 / fan_in), for layers with relu. Source: He et al., 2015;
    `keras.initializers.HeUniform`.
    """

    fixed = (2.0, "fan_in", "uniform")


@serializable("keras.initializers")
class HeNormal(_Scaled):
    """A cut bell curve of variance 2 / fan_in, for layers with relu. Source: He et al., 2015;
    `keras.initializers.HeNormal`.
    """

    fixed = (2.0, "fan_in", "truncated_normal")


@serializable("keras.initializers")
class LecunUniform(_Scaled):
    """U(−l, l) with l = √(3 / fan_in), for layers with selu. Source: LeCun et al., 1998;
    `keras.initializers.LecunUniform`.
    """

    fixed = (1.0, "fan_in", "uniform")


@serializable("keras.initializers")
class LecunNormal(_Scaled):
    """A cut bell curve of variance 1 / fan_in, for layers with selu. Source: Klambauer et al., 2017;
    `keras.initializers.LecunNormal`.
    """

    fixed = (1.0, "fan_in", "truncated_normal")


@serializable("keras.initializers")
class Orthogonal(RandomInitializer):
    """gain times a random matrix with orthonormal columns (or rows, if there are fewer of them).

    A shape of more than two axes is filled as the matrix of its last axis against all others. Source: Saxe et
    al., 2014; `keras.initializers.Orthogonal`.

    Raises:
        ValueError: when called with a shape of fewer than two axes.
    """

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Any, dtype: Any = None) -> np.ndarray:
        wanted = sizes(shape)
        if len(wanted) < 2:
            raise ValueError(
                f"The tensor to initialize must be at least two-dimensional. Received: shape={shape} of rank "
                f"{len(wanted)}."
            )
        rows, columns = math.prod(wanted[:-1]), wanted[-1]
        long, short = max(rows, columns), min(rows, columns)
        q, r = np.linalg.qr(self._bits().numpy.normal(size=(long, short)))
        q = q * np.sign(np.diagonal(r))  # qr alone would not spread evenly over all such matrices
        return started(self.gain * (q if rows >= columns else q.T).reshape(wanted), dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "gain": self.gain}


def cut_normal(bits: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Standard normal numbers, none of them beyond ±2: what is beyond is drawn again."""
    x = bits.normal(size=shape)
    while (beyond := np.abs(x) > 2).any():
        x = np.where(beyond, bits.normal(size=shape), x)
    return x


def fans(shape: Any, input_axes: Any = None, output_axes: Any = None) -> tuple[int, int]:
    """(fan_in, fan_out): how many inputs and outputs a unit of a kernel of this shape has."""
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[k] for k in input_axes), math.prod(shape[k] for k in output_axes)
    if len(shape) < 2:
        n = shape[0] if shape else 1
        return n, n
    field = math.prod(shape[:-2])
    return field * shape[-2], field * shape[-1]
