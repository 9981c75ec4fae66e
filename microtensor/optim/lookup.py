"""Optimizers by name."""

from __future__ import annotations

from typing import Any

from ..naming import interpret
from .adam import Adam
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .sgd import SGD

KNOWN: dict[str, type[Optimizer]] = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam}


def get(identifier: Any) -> Optimizer:
    """An optimizer from its name in any case ("sgd", "SGD"), its class, or itself.

    Raises:
        ValueError: Could not interpret optimizer identifier.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    key = identifier.lower() if isinstance(identifier, str) else identifier
    made: Optimizer = interpret("optimizer", key, KNOWN, shown=identifier)()
    return made
