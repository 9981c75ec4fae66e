"""What the programs in this folder share: the numbers, how a loop is timed, and what is printed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

QUICK = "quick" in sys.argv[1:]
BATCHES, SECONDS = (2, 0.002) if QUICK else (7, 0.1)
LAYERS, WIDTH, BATCH = 10, 16, 16
CHAIN = 10_000 if QUICK else 1_000_000

_numbers = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    """Random numbers, the same ones for each library. Small, so that no tanh is saturated."""
    return _numbers.normal(0, 0.25, shape).astype(np.float32)


x = normal(BATCH, WIDTH)
ws = [normal(WIDTH, WIDTH) for _ in range(LAYERS)]
bs = [normal(WIDTH) for _ in range(LAYERS)]


def per_call(function: Callable[[], Any], batches: int = BATCHES) -> float:
    """Seconds for one call: the best of some batches, since what disturbs a loop only ever adds to it.

    The cyclic collector stays on, as it is for a user: a library that leaves cycles behind pays for them.
    """
    count, took = 4, _batch(function, 4)
    while took < SECONDS / 4:
        count *= 2
        took = _batch(function, count)
    count = max(1, round(count * SECONDS / took))
    return min(_batch(function, count) for _ in range(batches)) / count


def _batch(function: Callable[[], Any], count: int) -> float:
    calls = range(count)
    start = time.perf_counter()
    for _ in calls:
        function()
    return time.perf_counter() - start


def chain(one: Any) -> dict[str, float]:
    """One long chain of additions: seconds for its three parts, and for all of it."""
    marks = [time.perf_counter()]
    y = one
    for _ in range(CHAIN):
        y = y + one
    marks.append(time.perf_counter())
    y.backward()
    marks.append(time.perf_counter())
    del y
    marks.append(time.perf_counter())
    assert float(one.grad) == CHAIN + 1
    forward, backward, free = (b - a for a, b in pairwise(marks))
    parts = {"chain, forward": forward, "chain, backward": backward, "chain, free": free}
    return {"chain": marks[-1] - marks[0], **parts}


def report(rows: dict[str, float]) -> None:
    """Print what was measured, where the harness looks for it."""
    print(json.dumps({"rows": rows}))
