"""Entering operations into the table of mathematics."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ..operation import Operation

F = TypeVar("F", bound=Callable[..., Any])

registry: dict[str, Operation] = {}  # the table, by name
compositions: dict[str, Callable[..., Any]] = {}  # functions made of operations, which need no derivative
by_numpy: dict[Any, Callable[..., Any]] = {}  # what np.xxx(tensor) means


def operation(
    name: str, forward: Callable[..., Any], *vjps: Any, numpy: Any = None, **details: Any
) -> Operation:
    """Enter an operation into the table. `numpy`: the NumPy function (or functions) that it is on tensors."""
    from ..operation import Operation

    if name in registry:
        raise ValueError(f"the table has an operation {name!r} already")
    made = registry[name] = Operation(name, forward, *vjps, **details)
    made.vjps = vjps  # as they are: the suite has checked them
    by_numpy.update(dict.fromkeys(numpy if isinstance(numpy, tuple) else (numpy or forward,), made))
    return made


def entry(name: str) -> Operation:
    """The operation of this name: what a pickled operation is."""
    return registry[name]


def composed(*numpy: Any) -> Callable[[F], F]:
    """A decorator: the function, made of operations, is what these NumPy functions are on tensors."""

    def enter(function: F) -> F:
        compositions[function.__name__] = function
        by_numpy.update(dict.fromkeys(numpy, function))
        return function

    return enter


def tensor(x: Any) -> Any:
    """What a composition is given, as a tensor: so that everything in it records."""
    from ..tensor import Tensor

    return x if isinstance(x, Tensor) else Tensor(x)


elementwise = functools.partial(operation, elementwise=True)
