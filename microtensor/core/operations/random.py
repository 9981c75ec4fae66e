"""Random numbers, from a generator of our own: NumPy's global one is neither read nor moved."""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import operation

_generator: np.random.Generator | None = None  # made when it is first needed


def seed(value: int | None) -> None:
    """Start the random numbers afresh: the same seed gives the same numbers. None: from the operating system.

    Raises:
        ValueError: for what is no integer from 0 to 2**32 - 1.
    """
    global _generator
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | np.integer)):
        raise ValueError(f"Expected `seed` argument to be an integer. Received: seed={value!r}")
    if value is not None and not 0 <= value < 2**32:
        raise ValueError(f"Seed must be between 0 and 2**32 - 1. Received: seed={value}")
    _generator = np.random.default_rng(value)


def draw_seed() -> int:
    """A seed for a generator of someone's own, drawn from ours: how a model and an initializer get theirs."""
    return int(_from(None).integers(2**32))


def _from(own_seed: int | None) -> np.random.Generator:
    global _generator
    if own_seed is not None:
        return np.random.default_rng(own_seed)
    if _generator is None:
        _generator = np.random.default_rng()
    return _generator


def _shape(shape: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in np.atleast_1d(np.asarray(shape, dtype=np.intp)))


def _uniform(
    shape: Any = (), minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = "float32", seed: Any = None
) -> Any:
    return _from(seed).uniform(minval, maxval, _shape(shape)).astype(dtype)


def _normal(
    shape: Any = (), mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32", seed: Any = None
) -> Any:
    return _from(seed).normal(mean, stddev, _shape(shape)).astype(dtype)


uniform = operation(
    "uniform",
    _uniform,
    random=True,
    formula="uniform(minval, maxval)",
    doc="uniform(shape, minval=0.0, maxval=1.0, dtype='float32', seed=None): evenly spread; no gradient.",
)
normal = operation(
    "normal",
    _normal,
    random=True,
    formula="normal(mean, stddev)",
    doc="normal(shape, mean=0.0, stddev=1.0, dtype='float32', seed=None): the bell curve; no gradient.",
)
set_seed = seed  # TensorFlow's name
