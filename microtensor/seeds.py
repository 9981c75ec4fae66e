"""One seed for everything: Keras' `set_random_seed`."""

from __future__ import annotations

import numpy as np

from .core.operations import random


def set_random_seed(seed: int) -> None:
    """Seed Python's random, NumPy's global generator and ours. Two runs after it start and shuffle alike.

    (This is the only function of the library that touches the first two; `mt.random.seed` seeds ours alone.)

    Raises:
        ValueError: for what is no integer from 0 to 2**32 - 1.
    """
    import random as python_random

    if seed is None:
        raise ValueError("Expected `seed` argument to be an integer. Received: seed=None")
    random.seed(seed)
    python_random.seed(int(seed))
    np.random.seed(int(seed))
