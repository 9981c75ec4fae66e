"""Bits: where random numbers come from. NumPy's, number for number; the first thousands are made here.

The one idea: NumPy's default generator, PCG64, is one line of arithmetic on a number of 128 bits,

    state ← state · 0x2360ed051fc65da44385df649fccf645 + increment   (mod 2¹²⁸)

and a draw is 64 bits of it: its two halves, xor, turned right by as many places as its top six bits say. So a
few numbers need no library, and a program that draws a few starts a tenth sooner, which is what loading
`numpy.random` takes. When that would have been worth its price, and for all but the plainest numbers, NumPy's
generator goes on where this one stands.

Source: O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms", 2014, and her
`seed_seq_fe`, which spreads a seed; NumPy's documentation of PCG64 and SeedSequence.
"""

from __future__ import annotations

import functools
import itertools
import math
import os
import sys
from _thread import RLock  # all of `threading` would be a fiftieth of a start
from collections.abc import Sequence
from typing import Any

import numpy as np

FACTOR = 0x2360ED051FC65DA44385DF649FCCF645
ALL128, ALL64, ALL32 = 2**128 - 1, 2**64 - 1, 2**32 - 1
KNOWN = 6  # things: they have 720 orders
FEW = 32_768  # numbers of a process: making them here takes about half as long as loading numpy.random

_made = 0  # numbers of this process that were made here
_one_at_a_time = RLock()  # a function that a signal calls may draw, too


class Bits:
    """The numbers of `numpy.random.default_rng(seed)`.

    What is not defined here is asked of NumPy's generator: `bits.numpy.normal(size=3)`.

    Args:
        seed: an integer from 0, a sequence of such, or None: from the operating system.

    >>> bits, generator = Bits(7), np.random.default_rng(7)
    >>> (bits.uniform(-1, 1, (2, 3)) == generator.uniform(-1, 1, (2, 3))).all()
    np.True_
    >>> (bits.permutation(5) == generator.permutation(5)).all()
    np.True_
    """

    def __init__(self, seed: int | Sequence[int] | None = None) -> None:
        if seed is None:
            seed = int.from_bytes(os.urandom(16), "little")
        words = spread(seed, 8)
        a, b, c, d = [words[k] | words[k + 1] << 32 for k in (0, 2, 4, 6)]
        self._increment = ((c << 64 | d) << 1 | 1) & ALL128
        self._state = ((self._increment + (a << 64 | b)) * FACTOR + self._increment) & ALL128
        self._half: int | None = None  # the second half of a draw of which 32 bits were wanted
        self._numpy: np.random.Generator | None = None

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """U(low, high): as `numpy.random.Generator.uniform`."""
        if _plain(low, high) and isinstance(size, tuple) and min(size, default=0) >= 0:
            count = math.prod(size)
            with _one_at_a_time:
                if self._made_here(count):
                    # 53 bits are the numbers k · 2⁻⁵³ of [0, 1).
                    numbers = [low + (high - low) * ((self._draw() >> 11) * 2.0**-53) for _ in range(count)]
                    return np.array(numbers, np.float64).reshape(size)
        return self.numpy.uniform(low, high, size)

    def word(self) -> int:
        """32 bits: as `integers(2**32)`."""
        with _one_at_a_time:
            if self._made_here(1):
                half, self._half = self._half, None
                if half is None:
                    draw = self._draw()
                    half, self._half = draw & ALL32, draw >> 32
                return half
        return int(self.numpy.integers(2**32))

    def permutation(self, n: int) -> np.ndarray:
        """The numbers 0 to n - 1 in a random order: as `numpy.random.Generator.permutation`."""
        order: np.ndarray = self.permutations(n, 1)[0]
        return order

    def permutations(self, n: int, count: int) -> np.ndarray:
        """So many permutations of n numbers, one after the other: (count, n)."""
        with _one_at_a_time:
            if self._made_here(max(n, 0) * count):
                return np.array(self._shuffled(n, count), np.int64).reshape(count, max(n, 0))
        return np.asarray(self.numpy.permuted(np.tile(np.arange(n), (count, 1)), axis=1))

    def orders(self, n: int, count: int) -> np.ndarray:
        """In which order n things come, so many times: (count, n). All orders of few things are known, and
        one number says which, where `permutations` draws several.
        """
        if not 1 < n <= KNOWN:
            return self.permutations(n, count)
        known = _all_orders(n)
        return known.take(self.integers(len(known), count), axis=0)

    def integers(self, high: int, count: int) -> np.ndarray:
        """So many of the numbers 0 to high - 1, which is below 2³²: as `numpy.random.Generator.integers`.

        The upper half of word · high, again where its lower half says that the number came too often. Source:
        Lemire, "Fast random integer generation in an interval", 2019.
        """
        with _one_at_a_time:
            if self._made_here(count):
                return np.array(self._integers(high, count), np.int64)
        return np.asarray(self.numpy.integers(high, size=count))

    def _integers(self, high: int, count: int) -> list[int]:
        state, half, increment = self._state, self._half, self._increment
        least, found = (ALL32 + 1 - high) % high, list[int]()
        while len(found) < count:
            if half is None:  # `_draw` and `word`, written out: half of the time was calls
                state = (state * FACTOR + increment) & ALL128
                draw, turn = (state >> 64 ^ state) & ALL64, state >> 122
                draw = draw >> turn | draw << 64 - turn
                word, half = draw & ALL32, draw >> 32 & ALL32
            else:
                word, half = half, None
            product = word * high
            if (product & ALL32) >= least:
                found.append(product >> 32)
        self._state, self._half = state, half
        return found

    def _shuffled(self, n: int, count: int) -> list[int]:
        """Fisher and Yates: from the last place to the second one, each is exchanged with one not behind it.

        Which one: as many bits of the next word as the largest possible number has, again while they are too
        large.
        """
        state, half = self._state, self._half
        places = [(k, (1 << k.bit_length()) - 1) for k in range(n - 1, 0, -1)]
        orders: list[int] = []
        start, increment = list(range(n)), self._increment
        for _ in range(count):
            order = start.copy()
            for k, mask in places:
                other = n
                while other > k:
                    if half is None:  # `_draw` and `word`, written out: half of the time was calls
                        state = (state * FACTOR + increment) & ALL128
                        draw, turn = (state >> 64 ^ state) & ALL64, state >> 122
                        draw = draw >> turn | draw << 64 - turn
                        other, half = draw & mask, draw >> 32
                    else:
                        other, half = half & mask, None
                order[k], order[other] = order[other], order[k]
            orders += order
        self._state, self._half = state, None if half is None else half & ALL32
        return orders

    def _draw(self) -> int:
        """The next 64 bits."""
        self._state = state = (self._state * FACTOR + self._increment) & ALL128
        draw, turn = (state >> 64 ^ state) & ALL64, state >> 122
        return (draw >> turn | draw << 64 - turn) & ALL64

    def _made_here(self, count: int) -> bool:
        """Are the next numbers made here? Not once NumPy's generator is loaded, or loading it has paid."""
        global _made
        if self._numpy is not None or "numpy.random" in sys.modules or _made + count > FEW:
            return False
        _made += count
        return True

    @property
    def numpy(self) -> np.random.Generator:
        """NumPy's generator, which goes on from here, and from now on is asked for all numbers."""
        with _one_at_a_time:
            if self._numpy is None:
                generator = np.random.Generator(np.random.PCG64(0))
                generator.bit_generator.state = self.state
                self._numpy = generator
            return self._numpy

    @property
    def state(self) -> dict[str, Any]:
        """Where the stream stands, as NumPy writes it; assign it to go back there."""
        if self._numpy is not None:
            state = dict(self._numpy.bit_generator.state)
            state["uinteger"] *= state["has_uint32"]  # NumPy remembers the half of a draw that was used
            return state
        return {
            "bit_generator": "PCG64",
            "state": {"state": self._state, "inc": self._increment},
            "has_uint32": int(self._half is not None),
            "uinteger": self._half or 0,
        }

    @state.setter
    def state(self, value: dict[str, Any]) -> None:
        if self._numpy is not None:
            self._numpy.bit_generator.state = value
            return
        if value["bit_generator"] != "PCG64":
            raise ValueError(f"The state must be for a PCG64 RNG; it is one of {value['bit_generator']}.")
        self._state, self._increment = int(value["state"]["state"]), int(value["state"]["inc"])
        self._half = int(value["uinteger"]) if value["has_uint32"] else None


@functools.cache
def _all_orders(n: int) -> np.ndarray:
    return np.array(list(itertools.permutations(range(n))), np.int64)


def _plain(low: Any, high: Any) -> bool:
    """Two Python numbers, and an interval that has an end."""
    numbers = isinstance(low, int | float) and isinstance(high, int | float)
    return numbers and 0 <= high - low < math.inf


def spread(seed: int | Sequence[int], count: int) -> list[int]:
    """`count` words of 32 bits, in each of which every bit of the seed has a say.

    As `numpy.random.SeedSequence(seed).generate_state(count)`: four words are stirred with each other and
    with what is left of a long seed, and then read round and round.
    """
    words: list[int] = []
    for number in seed if isinstance(seed, Sequence) else [seed]:
        if (rest := int(number)) < 0:
            raise ValueError(f"a seed is an integer from 0; got {number}.")
        words.append(rest & ALL32)
        while rest := rest >> 32:
            words.append(rest & ALL32)
    factor = 0x43B0D7E5

    def hashed(word: int) -> int:
        nonlocal factor
        word ^= factor
        factor = factor * 0x931E8875 & ALL32
        word = word * factor & ALL32
        return word ^ word >> 16

    def mixed(one: int, other: int) -> int:
        word = (0xCA01F9DD * one - 0x4973F715 * other) & ALL32
        return word ^ word >> 16

    pool = [hashed(word) for word in [*words, 0, 0, 0, 0][:4]]
    for source in range(4):
        for target in range(4):
            if source != target:
                pool[target] = mixed(pool[target], hashed(pool[source]))
    for word in words[4:]:
        pool = [mixed(target, hashed(word)) for target in pool]

    factor, told = 0x8B51F9DD, []
    for k in range(count):
        word = pool[k % 4] ^ factor
        factor = factor * 0x58F38DED & ALL32
        word = word * factor & ALL32
        told.append(word ^ word >> 16)
    return told
