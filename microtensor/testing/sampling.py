"""Inputs to try an operation on: which shapes, which numbers, which parameters.

The one idea: numbers are drawn away from kinks. Central differences across a corner of relu, or with two
elements that tie in a maximum, measure nothing. So all elements that are drawn together are distinct and
none is near 0, unless `on_kinks` asks for the opposite: small integers, with ties and zeros.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Domain:
    """Where the elements of an input lie: from `low` to `high`, without (-gap, gap)."""

    low: float = -2.0
    high: float = 2.0
    gap: float = 0.2
    kind: str = "float"  # or "bool", "int"
    pole: bool = False  # is 0 outside the domain, as a divisor?

    def place(self, parts: Array) -> Array:
        """Parts of (0, 1), in the domain."""
        below = max(0.0, min(self.high, -self.gap) - self.low)
        above = max(0.0, self.high - max(self.gap, self.low))
        at = parts * (below + above)
        return np.where(at < below, self.low + at, max(self.gap, self.low) + at - below)

    def corners(self, rng: np.random.Generator, shape: Shape) -> Array:
        """Integers of the domain, each many times: ties and zeros."""
        integers = np.arange(np.ceil(self.low), np.floor(self.high) + 1)
        return rng.choice(integers[integers != 0] if self.pole else integers, shape)


REAL = Domain()
POSITIVE = Domain(0.3, 3.0)
CONDITION = Domain(kind="bool")


@dataclass(frozen=True)
class Sample:
    """One way to call an operation: the shapes of its inputs, its parameters, where its numbers lie.

    >>> [x.shape for x in Sample(((2, 3), (3,))).draw()]
    [(2, 3), (3,)]
    """

    shapes: tuple[Shape, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    domains: tuple[Domain, ...] = (REAL,)  # one for all inputs, or one for each
    order: int = 2  # up to which order its derivatives are checked

    def draw(self, seed: int = 0, dtype: Any = np.float64, on_kinks: bool = False) -> list[Array]:
        """Arrays for the inputs, the same for the same seed; floating ones of `dtype`."""
        domains = self.domains * len(self.shapes) if len(self.domains) == 1 else self.domains
        return draw(self.shapes, domains, seed, dtype, on_kinks)

    def __str__(self) -> str:
        shapes = "-".join("x".join(map(str, shape)) or "0d" for shape in self.shapes)
        return " ".join([shapes, *(f"{key}={value}" for key, value in self.params.items())])


def draw(
    shapes: Sequence[Shape],
    domains: Sequence[Domain],
    seed: int = 0,
    dtype: Any = np.float64,
    on_kinks: bool = False,
) -> list[Array]:
    """Arrays of these shapes. All floating elements are distinct, also across arrays of one domain."""
    rng = np.random.default_rng(seed)
    sizes = [int(np.prod(shape)) for shape in shapes]
    ticks = rng.permutation(sum(sizes)) + rng.uniform(0.25, 0.75, sum(sizes))
    parts = np.split(ticks / max(1, sum(sizes)), np.cumsum(sizes))[: len(sizes)]
    arrays = []
    array: Array
    for shape, domain, part in zip(shapes, domains, parts, strict=True):
        if domain.kind == "bool":
            array = rng.random(shape) < 0.5
        elif domain.kind == "int":
            array = rng.integers(int(domain.low), int(domain.high), shape, dtype=np.int32)
        elif on_kinks:
            array = domain.corners(rng, shape).astype(dtype)
        else:
            array = domain.place(part.reshape(shape)).astype(dtype)
        arrays.append(np.asarray(array))
    return arrays


def sample(
    shape: Shape | int, low: float = -2.0, high: float = 2.0, gap: float = 0.2, seed: int = 0
) -> Array:
    """One float64 array to check an operation of your own on: distinct elements in [low, high], none within
    `gap` of 0.

    >>> x = sample((3, 2), low=0.5)
    >>> x.shape, bool(x.min() >= 0.5)
    ((3, 2), True)
    """
    shape = (shape,) if isinstance(shape, int) else shape
    return draw([shape], [Domain(low, high, gap)], seed)[0]
