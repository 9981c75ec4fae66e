"""Entering operations into the table of mathematics."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..operation import Operation

registry: dict[str, Operation] = {}  # the table, by name
by_numpy: dict[Any, Operation] = {}  # what np.xxx(tensor) means


def operation(
    name: str, forward: Callable[..., Any], *vjps: Any, numpy: Any = None, **details: Any
) -> Operation:
    """Enter an operation into the table. `numpy`: the NumPy function (or functions) that it is on tensors."""
    from ..operation import Operation

    if name in registry:
        raise ValueError(f"the table has an operation {name!r} already")
    made = registry[name] = Operation(name, forward, *vjps, **details)
    by_numpy.update(dict.fromkeys(numpy if isinstance(numpy, tuple) else (numpy or forward,), made))
    return made


def entry(name: str) -> Operation:
    """The operation of this name: what a pickled operation is."""
    return registry[name]


elementwise = functools.partial(operation, elementwise=True)
