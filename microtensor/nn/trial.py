"""Trial: a model's code runs to be looked at, and afterwards it is as if it had not.

The one idea: what a capture assigns to tensors is taken back by the capture itself; here is the rest that
code of one's own may move on while it runs: numbers that it counts up in attributes, and generators of random
numbers. So a step that cannot be captured is found out without a trace.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.operations.bits import Bits
from ..core.operations.random import random_numbers_kept
from .fingerprint import LARGEST, SHARED, passing


@contextmanager
def as_before(model: Any) -> Iterator[None]:
    """Numbers in attributes, and what is drawn, are after the block what they were before it."""
    attributes, generators = _moved_on(model)
    numbers = [
        (
            own,
            {k: value for k, value in own.items() if type(value) in (int, float) and k not in skipped},
        )
        for own, skipped in attributes
    ]
    states = [(each, each.state) for each in generators]
    # Who has not loaded them has not seeded them either: a number more or less shows nowhere.
    shared, plain = sys.modules.get("numpy.random"), sys.modules.get("random")
    of_all = shared and shared.get_state(), plain and plain.getstate()
    try:
        with random_numbers_kept(model._seed_states()):
            yield
    finally:
        for own, before in numbers:
            own.update(before)
        for each, state in states:
            each.state = state
        if shared is not None:
            shared.set_state(of_all[0])
        if plain is not None:
            plain.setstate(of_all[1])


def _moved_on(model: Any) -> tuple[list[tuple[dict[str, Any], frozenset[str]]], list[Any]]:
    """The attributes of everything that the model holds, and the generators among them. What lies behind the
    first `LARGEST` things is not looked at, and so not put back.
    """
    attributes: list[tuple[dict[str, Any], frozenset[str]]] = []
    generators: list[Any] = []
    random = sys.modules.get("numpy.random")
    seen: set[int] = set()
    waiting: list[Any] = [model]
    while waiting and len(seen) < LARGEST:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, (Tensor, np.ndarray, *SHARED)):
            continue
        seen.add(id(thing))
        if isinstance(thing, Bits):
            generators.append(thing)
        elif random is not None and isinstance(thing, random.Generator):
            generators.append(thing.bit_generator)
        elif isinstance(thing, dict):
            waiting.extend(thing.values())
        elif isinstance(thing, list | tuple):
            waiting.extend(thing)
        elif isinstance(own := getattr(thing, "__dict__", None), dict):
            attributes.append((own, passing(thing)))
            waiting.extend(value for key, value in own.items() if key not in passing(thing))
    return attributes, generators
