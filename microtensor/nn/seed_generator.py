"""SeedGenerator: a stream of random numbers of one's own, whose place in the stream is a variable.

The one idea: the numbers of draw k are those of the pair (seed, k). The pair is all the state there is: two
integers that can be shown, saved, assigned, and continued from, bit for bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.operations.bits import Bits, spread
from ..core.operations.random import Generator, draw_seed
from ..core.state import switched
from ..naming import auto_name, checked_name
from ..serialization import serializable
from .parameter import Parameter


@serializable("keras.random")
class SeedGenerator:
    """Gives other numbers at each draw, and the same ones again for the same seed. Source:
    `keras.random.SeedGenerator`.

    Args:
        seed: where the stream begins, from 0 to 2**32 - 1; None: drawn from the library's own generator.
        name: None: "seed_generator", "seed_generator_1", ...

    Attributes:
        state: a variable of two integers, the seed and the number of draws so far. It is not trained.

    Raises:
        ValueError: a seed that is no such integer; an unknown keyword.

    >>> a, b = SeedGenerator(7), SeedGenerator(7)
    >>> int(a.next()) == int(b.next()), int(a.next()) == int(a.next())
    (True, False)
    """

    def __init__(self, seed: int | None = None, name: str | None = None, **unknown: Any) -> None:
        if unknown:
            raise ValueError(
                f"Unrecognized keyword arguments: {unknown}. A SeedGenerator takes seed and name."
            )
        self.name = auto_name("SeedGenerator") if name is None else checked_name(name)
        self._initial_seed = None if seed is None else checked_seed(seed)
        start = draw_seed() if seed is None else checked_seed(seed)
        self.state = Parameter(
            np.array([start, 0], np.uint32),
            trainable=False,
            name="seed_generator_state",
            path=f"{self.name}/seed_generator_state",
        )

    def next(self, ordered: bool = True) -> np.uint32:
        """A seed of this draw's own, for whatever takes one. The stream moves on by one."""
        return np.uint32(spread(self._draw(), 1)[0])

    @property
    def bits(self) -> Bits:
        """The generator of the next draw. The stream moves on by one: ask again for other numbers.

        Operations that draw take the SeedGenerator itself: `uniform((3,), generator=seed_generator)`.
        """
        return Bits(self._draw())

    def generator(self) -> np.random.Generator:
        """NumPy's generator for the next draw: `bits`, for what takes nothing else."""
        return self.bits.numpy

    def _draw(self) -> list[int]:
        # Not part of a captured step: each run of it draws anew, and moves the stream itself.
        with switched(capture=None):
            seed, count = self.state.tolist()
            self.state.assign(np.array([seed, (count + 1) % 2**32], np.uint32))
        return [seed, count]

    def get_config(self) -> dict[str, Any]:
        """The seed as it was given: None makes a stream that begins elsewhere."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        return cls(**config)

    def __repr__(self) -> str:
        return f"<SeedGenerator name={self.name}, state={self.state.tolist()}>"


class OneDraw:
    """Where an operation that draws gets its numbers: from an integer alone, the same ones at each draw."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    @property
    def bits(self) -> Bits:
        return Bits(self.seed)


def stream_of(seed: Any) -> Any:
    """What `seed` stands for, as the `generator=` of operations that draw.

    An integer: the same numbers each time. A SeedGenerator (or a stream of `mt.random.Generator`): the next
    numbers. None: the library's own generator. ValueError for anything else.
    """
    if seed is None or isinstance(seed, SeedGenerator | Generator):
        return seed
    if isinstance(seed, int | np.integer) and not isinstance(seed, bool):
        return OneDraw(checked_seed(seed))
    raise ValueError(
        "Argument `seed` must be either an integer or an instance of `SeedGenerator`. Received: "
        f"seed={seed!r} (of type {type(seed).__name__})"
    )


def checked_seed(seed: Any) -> int:
    """An integer from 0 to 2**32 - 1. ValueError otherwise."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise ValueError(f"Argument `seed` must be an integer. Received: seed={seed!r}")
    if not 0 <= seed < 2**32:
        raise ValueError(f"Argument `seed` must be an integer between 0 and 2**32 - 1. Received: seed={seed}")
    return int(seed)
