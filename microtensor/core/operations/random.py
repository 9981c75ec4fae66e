"""Random numbers, from a generator of our own: NumPy's global one is neither read nor moved."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .bits import Bits
from .table import operation, tensor


class Generator:
    """A stream of random numbers of one's own: the same seed gives the same numbers, whatever others draw.

    >>> a, b = Generator(7), Generator(7)
    >>> bool((a.uniform((3,)) == b.uniform((3,))).all())
    True
    """

    def __init__(self, seed: int | None = None) -> None:
        self.bits = Bits(_checked(seed))

    def __getattr__(self, name: str) -> Any:
        if name not in _DRAWING:
            raise AttributeError(f"Generator draws {', '.join(_DRAWING)}; it has no {name!r}.")
        return functools.partial(_DRAWING[name], generator=self)


_default: Generator | None = None  # made when it is first needed


def seed(value: int | None) -> None:
    """Start the random numbers afresh: the same seed gives the same numbers. None: from the operating system.

    Raises:
        ValueError: for what is no integer from 0 to 2**32 - 1.
    """
    global _default
    _default = Generator(value)


@contextmanager
def random_numbers_kept(streams: Iterable[Any] = ()) -> Iterator[None]:
    """What is drawn inside the block is drawn again after it.

    Args:
        streams: variables that say where other streams stand, besides the library's own.
    """
    own = None if _default is None else _default.bits.state
    before = [(variable, variable._data) for variable in streams]
    try:
        yield
    finally:
        if own is not None and _default is not None:
            _default.bits.state = own
        for variable, array in before:
            variable._data = array


def draw_seed() -> int:
    """A seed for a generator of someone's own, drawn from ours: how a model and an initializer get theirs."""
    return _bits(None, None).word()


def _checked(value: int | None) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | np.integer)):
        raise ValueError(f"Expected `seed` argument to be an integer. Received: seed={value!r}")
    if value is not None and not 0 <= value < 2**32:
        raise ValueError(f"Seed must be between 0 and 2**32 - 1. Received: seed={value}")
    return value


def _bits(own_seed: int | None, generator: Generator | None) -> Bits:
    """Where the numbers come from: a seed of this call alone, a generator, or the library's own."""
    global _default
    if own_seed is not None:
        return Bits(_checked(own_seed))
    if generator is None:
        generator = _default = _default or Generator()
    return generator.bits


def _shape(shape: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in np.atleast_1d(np.asarray(shape, dtype=np.intp)))


uniform = operation(
    "uniform",
    lambda shape=(), minval=0.0, maxval=1.0, dtype="float32", seed=None, generator=None: (
        _bits(seed, generator).uniform(minval, maxval, _shape(shape)).astype(dtype)
    ),
    random=True,
    formula="uniform(minval, maxval)",
    doc="uniform(shape, minval=0.0, maxval=1.0, dtype='float32', seed=None): evenly spread; no gradient.",
)
normal = operation(
    "normal",
    lambda shape=(), mean=0.0, stddev=1.0, dtype="float32", seed=None, generator=None: (
        _bits(seed, generator).numpy.normal(mean, stddev, _shape(shape)).astype(dtype)
    ),
    random=True,
    formula="normal(mean, stddev)",
    doc="normal(shape, mean=0.0, stddev=1.0, dtype='float32', seed=None): the bell curve; no gradient.",
)
bernoulli = operation(
    "bernoulli",
    lambda shape=(), p=0.5, dtype="float32", seed=None, generator=None: (
        _bits(seed, generator).numpy.random(_shape(shape)) < p
    ).astype(dtype),
    random=True,
    formula="1 with probability p, else 0",
    doc="bernoulli(shape, p=0.5, dtype='float32', seed=None): 1 with probability p, else 0; no gradient.",
)
permutation = operation(
    "permutation",
    lambda shape=0, seed=None, generator=None: _bits(seed, generator).permutation(int(shape)),
    random=True,
    formula="a permutation of 0 .. n - 1",
    doc="permutation(n, seed=None): the numbers 0 to n - 1 in a random order; no gradient.",
)
choice = operation(
    "choice",
    lambda x, shape=(), replace=True, p=None, seed=None, generator=None: _bits(seed, generator).numpy.choice(
        x, _shape(shape), replace, p
    ),
    random=True,
    formula="choice(x)",
    doc="choice(x, shape, replace=True, p=None, seed=None): elements of a vector at random; no gradient.",
)


def dropout(x: Any, rate: float = 0.5, seed: int | None = None, generator: Generator | None = None) -> Any:
    """Each element of x set to 0 with probability `rate`, the others divided by 1 - rate: the mean stays.

    The mask is random and has no gradient, so the gradient of x is masked likewise. ValueError for a rate
    outside [0, 1]. Source: Srivastava et al., 2014.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"dropout's rate must be a number from 0 to 1; got rate={rate!r}.")
    x = tensor(x)
    keep = bernoulli(x.shape, p=1 - rate, dtype=x.dtype.name, seed=seed, generator=generator)
    return x * (keep * (1 / (1 - rate) if rate < 1 else 0.0))


set_seed = seed  # TensorFlow's name
_DRAWING: dict[str, Any] = {
    "uniform": uniform,
    "normal": normal,
    "bernoulli": bernoulli,
    "permutation": permutation,
    "choice": choice,
    "dropout": dropout,
}
