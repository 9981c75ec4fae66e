"""Fingerprint: all that decides what a model's training step does, besides numbers in tensors.

The one idea: a captured step has Python's own values baked in: the rate of a dropout, the momentum of an
optimizer, which weights are trained. So it is good for another `fit` only if all of these are what they were,
and that is asked by looking at every attribute of everything that the model holds. Mostly all of them are the
very same objects, which is seen at once; else they are compared one by one.
"""

from __future__ import annotations

from operator import is_
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from ..core import Operation, Tensor, registry

PLAIN = (int, float, complex, str, bytes, bool, type(None), np.generic, np.dtype)
SEQUENCES = (list, tuple)
_PLAIN = frozenset(PLAIN)  # by far the most are of these very types, and that is asked faster
CHANGES = frozenset(  # attributes that change while a model is used, and decide nothing
    {
        *("history", "stop_training", "stop_evaluating", "stop_predicting", "train_function"),
        *("_generator", "_initial_epoch", "_fitting", "_steps_seen", "_losses", "_tried", "_promise"),
        *("_captured_as", "_checked", "_compile_arguments", "_holding", "_metrics_now", "_output_shape"),
        "values",
    }
)
SHARED = (Operation, type, FunctionType, ModuleType)  # what these hold is not the model's own
COMPARED = (tuple, bytes, bool)  # by their values; everything else by what it is
DATA = (tuple, bool, bytes, set, type(None), np.ndarray)  # what is no code
PACKAGE = __name__.partition(".")[0] + "."
LARGEST = 20_000  # attributes that are looked at; a model with more is captured anew in each fit


class Fingerprint:
    """What was found at a model.

    Attributes:
        found: plain values, and the things themselves, in an order that is always the same. None: too many.
    """

    def __init__(self, model: Any) -> None:
        self.found: list[Any] | None = [type(model)]
        self._mine = _entries(vars(model))  # not the dict itself, which will hold this
        self._dicts: list[tuple[dict[Any, Any], list[Any], list[Any]]] = []
        self._owners: list[tuple[Any, dict[str, Any]]] = []
        self._lists: list[tuple[list[Any], list[Any]]] = []
        self._tensors: list[tuple[Tensor, list[Any]]] = []
        self._arrays: list[tuple[np.ndarray, bytes]] = []
        self._look(model, self.found)

    def _look(self, model: Any, found: list[Any]) -> None:
        seen = {id(model)}
        mine = vars(model)
        waiting: list[Any] = [mine]
        while waiting:
            thing = waiting.pop()
            kind = type(thing)
            if kind in _PLAIN or isinstance(thing, PLAIN):
                found.append((kind, thing))
                continue
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            if isinstance(thing, dict):
                keys, values = _entries(thing)
                found.append(tuple([id(key) if isinstance(key, Tensor) else key for key in keys]))
                waiting += values
                if thing is not mine:
                    self._dicts.append((thing, keys, values))
            elif isinstance(thing, SEQUENCES):
                found.append((kind, len(thing)))
                waiting += thing
                if isinstance(thing, list):
                    self._lists.append((thing, list(thing)))
            elif isinstance(thing, Tensor):
                found += [thing, thing.requires_grad]
                waiting += _rules(thing)[1:]
                self._tensors.append((thing, _rules(thing)))
            elif isinstance(thing, np.ndarray):
                numbers = thing.tobytes() if thing.size <= 1024 else None
                found += [thing, numbers]
                if numbers is not None:
                    self._arrays.append((thing, numbers))
            else:
                found.append(thing)
                its = None if isinstance(thing, SHARED) else getattr(thing, "__dict__", None)
                waiting.append(its)
                if its is not None:
                    self._owners.append((thing, its))
            if len(found) > LARGEST:
                self.found = None
                return

    @property
    def is_our_own(self) -> bool:
        """Is all code that was met the library's own? What others wrote may do something else each time."""
        return self.found is not None and all(map(_is_our_own, self.found))

    def holds(self, model: Any) -> bool:
        """Is all of it still there, each thing the very same object? If not, it may still be equal."""
        return (
            self.found is not None
            and _are_there(vars(model), *self._mine)
            and all(thing.__dict__ is mine for thing, mine in self._owners)
            and all(_are_there(mine, keys, values) for mine, keys, values in self._dicts)
            and all(len(now) == len(then) and all(map(is_, now, then)) for now, then in self._lists)
            and all(all(map(is_, _rules(tensor), then)) for tensor, then in self._tensors)
            and all(array.tobytes() == then for array, then in self._arrays)
        )

    def equals(self, other: Fingerprint) -> bool:
        """Were the same things found, and equal plain values?"""
        a, b = self.found, other.found
        if a is None or b is None or len(a) != len(b):
            return False
        for x, y in zip(a, b, strict=True):
            if x is not y and (type(x) is not type(y) or type(x) not in COMPARED or x != y):
                return False
        return True


def _is_our_own(thing: Any) -> bool:
    if isinstance(thing, Operation):
        return registry.get(thing.name) is thing
    code = thing if isinstance(thing, FunctionType | type) else type(thing)
    return code in DATA or str(code.__module__).startswith(PACKAGE)


def _entries(mine: dict[Any, Any]) -> tuple[list[Any], list[Any]]:
    keys = [key for key in mine if key not in CHANGES]
    return keys, [mine[key] for key in keys]


def _are_there(mine: dict[Any, Any], keys: list[Any], values: list[Any]) -> bool:
    now: Any = mine.values()
    if len(mine) != len(keys):
        names, now = _entries(mine)
        if len(names) != len(keys):
            return False
    else:
        names = list(mine)
    return all(map(is_, names, keys)) and all(map(is_, now, values))


def _rules(tensor: Tensor) -> list[Any]:
    return [
        tensor.requires_grad,
        getattr(tensor, "constraint", None),
        getattr(tensor, "regularizer", None),
    ]
