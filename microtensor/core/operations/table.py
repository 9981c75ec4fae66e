"""Entering operations into the table of mathematics, and finding them there.

The one idea: a table knows what the loaded families have entered, until it is asked for something else, or
for everything: then it loads the rest, and answers. So nobody who looks something up has to think of it.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from ..operation import Operation

F = TypeVar("F", bound=Callable[..., Any])
V = TypeVar("V")


class Table(Mapping[Any, V]):
    """What the families have entered, by name or by NumPy's function."""

    def __init__(self) -> None:
        self.entered: dict[Any, V] = {}

    def __getitem__(self, key: Any) -> V:
        if key not in self.entered:
            load_families(lambda: key in self.entered)
        return self.entered[key]

    def __iter__(self) -> Iterator[Any]:
        load_families()
        return iter(self.entered)

    def __len__(self) -> int:
        load_families()
        return len(self.entered)


USUAL = ("arithmetic", "product", "activation", "elementary", "reduction", "shape", "loss", "reading")


def load_families(until: Callable[[], bool] | None = None) -> None:
    """Load the families that nobody has asked for yet: all, or until what is looked for is there. Those that
    most programs use come first.
    """
    from . import FAMILIES

    for family in dict.fromkeys((*USUAL, *FAMILIES)):
        if until is not None and until():
            return
        importlib.import_module(f".{family}", __package__)


registry: Table[Operation] = Table()  # the table, by name
compositions: Table[Callable[..., Any]] = Table()  # functions made of operations, which need no derivative
by_numpy: Table[Callable[..., Any]] = Table()  # what np.xxx(tensor) means


def operation(
    name: str,
    forward: Callable[..., Any],
    *vjps: Any,
    numpy: Any = None,
    floats: bool = False,
    **details: Any,
) -> Operation:
    """Enter an operation into the table.

    `numpy`: the NumPy function (or functions) that it is on tensors. `floats`: integers and booleans become
    floats first (unsigned bytes have no -x, and the half precision that NumPy gives them no e^200).
    """
    from ..operation import Operation

    own = sys._getframe(1).f_globals.get("__package__") == __package__  # a family, while it is loaded
    if name in (registry.entered if own else registry):
        raise ValueError(f"the table has an operation {name!r} already")
    made = registry.entered[name] = Operation(name, forward, *vjps, checked=False, **details)
    if floats:
        made.forward = _on_floats(forward)
    by_numpy.entered.update(dict.fromkeys(numpy if isinstance(numpy, tuple) else (numpy or forward,), made))
    return made


def entry(name: str) -> Operation:
    """The operation of this name: what a pickled operation is."""
    return registry[name]


def _on_floats(forward: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(forward)
    def on_floats(x: Any, *more: Any, **params: Any) -> Any:
        if x.dtype.kind in "biu":
            x = x.astype(np.result_type(x, np.float32))
        return forward(x, *more, **params)

    return on_floats


def composed(*numpy: Any) -> Callable[[F], F]:
    """A decorator: the function, made of operations, is what these NumPy functions are on tensors."""

    def enter(function: F) -> F:
        compositions.entered[function.__name__] = function
        by_numpy.entered.update(dict.fromkeys(numpy, function))
        return function

    return enter


def tensor(x: Any) -> Any:
    """What a composition is given, as a tensor: so that everything in it records."""
    from ..tensor import Tensor

    return x if isinstance(x, Tensor) else Tensor(x)


elementwise = functools.partial(operation, elementwise=True)
