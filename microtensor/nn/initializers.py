"""Initializers: the numbers that weights start with. Too large and units saturate, all equal and none differ.

The one idea: an initializer is a distribution and a seed. Calling it twice gives the same numbers; an
unseeded one draws its seed when it is made, from the library's own generator (`mt.random.seed`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..core.operations.random import draw_seed
from ..naming import interpret


class Initializer:
    """`initializer(shape, dtype="float32")` is an array to start from."""

    def __call__(self, shape: Any, dtype: Any = "float32") -> Any:
        raise NotImplementedError(f"{type(self).__name__} must define __call__(self, shape, dtype).")

    def get_config(self) -> dict[str, Any]:
        """What `type(initializer)(**config)` makes the same initializer of."""
        return {key: value for key, value in vars(self).items() if not key.startswith("_")}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.get_config().items())})"


class Constant(Initializer):
    """The same value everywhere."""

    def __init__(self, value: float = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Any, dtype: Any = "float32") -> Any:
        return np.full(shape, self.value, dtype)


class Zeros(Constant):
    """Zeros: how biases start."""

    def __init__(self) -> None:
        super().__init__(0.0)

    def get_config(self) -> dict[str, Any]:
        return {}


class Ones(Constant):
    """Ones."""

    def __init__(self) -> None:
        super().__init__(1.0)

    def get_config(self) -> dict[str, Any]:
        return {}


class Random(Initializer):
    """Base of the random ones: holds the seed."""

    def __init__(self, seed: int | None = None) -> None:
        self.seed = seed
        self._seed = draw_seed() if seed is None else seed

    def _generator(self) -> np.random.Generator:
        return np.random.default_rng(self._seed)


class RandomUniform(Random):
    """Evenly spread from minval to maxval."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Any, dtype: Any = "float32") -> Any:
        return self._generator().uniform(self.minval, self.maxval, shape).astype(dtype)


class RandomNormal(Random):
    """The bell curve around mean, stddev wide."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Any, dtype: Any = "float32") -> Any:
        return self._generator().normal(self.mean, self.stddev, shape).astype(dtype)


class GlorotUniform(Random):
    """U(−l, l) with l = √(6 / (fan_in + fan_out)): keeps the size of values and gradients. Glorot and Bengio,
    2010.
    """

    def __call__(self, shape: Any, dtype: Any = "float32") -> Any:
        fan_in, fan_out = fans(shape)
        limit = math.sqrt(6 / max(fan_in + fan_out, 1))
        return self._generator().uniform(-limit, limit, shape).astype(dtype)


def fans(shape: Any) -> tuple[int, int]:
    """(fan_in, fan_out): how many inputs and outputs a unit of a kernel of this shape has."""
    if len(shape) < 2:
        n = shape[0] if shape else 1
        return n, n
    field = math.prod(shape[:-2])
    return field * shape[-2], field * shape[-1]


_CLASSES: dict[str, type[Initializer]] = {
    "zeros": Zeros,
    "ones": Ones,
    "constant": Constant,
    "random_uniform": RandomUniform,
    "uniform": RandomUniform,
    "random_normal": RandomNormal,
    "normal": RandomNormal,
    "glorot_uniform": GlorotUniform,
}
_CLASSES |= {cls.__name__: cls for cls in list(_CLASSES.values())}


def get(identifier: Any) -> Any:
    """An initializer from a name, a class, an object, or a function (shape, dtype) -> array. ValueError if
    unknown.
    """
    found = interpret("initializer", identifier, _CLASSES)
    return found() if isinstance(found, type) else found
