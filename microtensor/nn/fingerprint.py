"""Fingerprint: what decides what a model's training step does, besides numbers in tensors.

The one idea: a captured step has Python's own values baked in: the rate of a dropout, the momentum of an
optimizer, which weights are trained. So it is good for another `fit` only if all of these are what they were,
and that is asked by looking at every attribute of everything that the model holds; and, where code is not the
library's own, at the attributes of its class, and at what a function has from the function around it. Mostly
all of them are the very same objects, which is seen at once; else they are compared one by one.

Not looked at, so that a step keeps what it was captured with, as in Keras: global names, what is inside of
modules and of things made in C, a class of this library that somebody has changed, and the numbers of arrays
of more than `LARGEST_ARRAY`.
"""

from __future__ import annotations

import functools
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from operator import is_
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from ..core import Operation, Tensor, registry
from .parameter import Parameter

PLAIN = (int, float, complex, str, bytes, bool, type(None), np.generic, np.dtype)
SEQUENCES = (list, tuple, deque)
_PLAIN = frozenset(PLAIN)  # by far the most are of these very types, and that is asked faster
SHARED = (Operation, type, FunctionType, ModuleType)  # what these hold is not the model's own
COMPARED = (tuple, bytes, bool)  # by their values; everything else by what it is
DATA = (tuple, bool, bytes, set, type(None), np.ndarray)  # what is no code
DESCRIPTORS = (property, classmethod, staticmethod)  # of classes
PACKAGE = __name__.partition(".")[0]
KNOWN = {PACKAGE, "numpy", *sys.stdlib_module_names}  # whose code does what it did
LARGEST = 20_000  # attributes that are looked at; a model with more is captured anew in each fit
LARGEST_ARRAY = 1 << 14  # numbers
NOTHING: frozenset[str] = frozenset()

Entries = tuple[list[Any], list[Any]]  # keys and values


class Fingerprint:
    """What was found at a model.

    Attributes:
        found: plain values, and the things themselves, in an order that is always the same. None: too many.
    """

    def __init__(self, model: Any) -> None:
        self.found: list[Any] | None = [type(model)]
        self._passing = passing(model)
        self._mine = _entries(vars(model), self._passing)  # not the dict itself, which will hold this
        self._dicts: list[tuple[Mapping[Any, Any], frozenset[str], list[Any], list[Any]]] = []
        self._owners: list[tuple[Any, dict[str, Any]]] = []
        self._lists: list[tuple[Any, list[Any]]] = []
        self._sets: list[tuple[Any, frozenset[Any]]] = []
        self._parts: list[tuple[Any, list[str], list[Any]]] = []  # by name, of what has no dict to look into
        self._tensors: list[tuple[Tensor, list[Any]]] = []
        self._arrays: list[tuple[np.ndarray, bytes]] = []
        self._look(model, self.found)

    def _look(self, model: Any, found: list[Any]) -> None:
        seen = {id(model)}
        found.append(tuple(self._mine[0]))
        waiting: list[Any] = [*self._mine[1], *self._code_of(type(model), found)]
        while waiting:
            thing = waiting.pop()
            kind = type(thing)
            if kind in _PLAIN or issubclass(kind, PLAIN):
                found.append((kind, thing))
                continue
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            try:
                waiting += self._inside(thing, kind, found)
            except Exception:  # somebody's thing that does not let itself be looked into
                found.append(thing)
            if len(found) > LARGEST:
                self.found = None
                return

    def _inside(self, thing: Any, kind: type, found: list[Any]) -> list[Any]:
        """What a thing holds. By its type: what it says of its class may be that of another, as Mock does."""
        if issubclass(kind, dict):
            return self._dict(thing, found)
        if issubclass(kind, SEQUENCES):
            parts = list(thing)
            found.append((kind, len(parts)))
            if not issubclass(kind, tuple):
                self._lists.append((thing, parts))
            return parts
        if issubclass(kind, (set, frozenset)):
            found.append((kind, frozenset(thing)))
            self._sets.append((thing, frozenset(thing)))
            return []
        if issubclass(kind, Tensor):
            found += [thing, thing.requires_grad]
            self._tensors.append((thing, _rules(thing)))
            return _rules(thing)[1:]
        if issubclass(kind, np.ndarray):
            numbers = thing.tobytes() if thing.size <= LARGEST_ARRAY else None
            found += [thing, numbers]
            if numbers is not None:
                self._arrays.append((thing, numbers))
            return []
        return self._thing(thing, found)

    def _dict(
        self, thing: Mapping[Any, Any], found: list[Any], skipped: frozenset[str] = NOTHING
    ) -> list[Any]:
        keys, values = _entries(thing, skipped)
        found.append(tuple([id(key) if isinstance(key, Tensor) else key for key in keys]))
        self._dicts.append((thing, skipped, keys, values))
        return values

    def _thing(self, thing: Any, found: list[Any]) -> list[Any]:
        """An object, or code: what it holds."""
        found.append(thing)
        if isinstance(thing, FunctionType):
            names = ["__defaults__", "__kwdefaults__", *thing.__code__.co_freevars]
            return [] if _is_known(thing) else self._part(thing, names)
        if isinstance(thing, MethodType):
            return [thing.__self__, thing.__func__]
        if isinstance(thing, functools.partial):
            return self._part(thing, ["func", "args", "keywords"])
        if isinstance(thing, SHARED):
            return []
        holds, its = self._code_of(type(thing), found), getattr(thing, "__dict__", None)
        if its is not None:
            self._owners.append((thing, its))
            holds += self._dict(its, found, passing(thing))
        slots = [] if _is_known(type(thing)) else [*_slots(type(thing))]
        return holds + (self._part(thing, slots) if slots else [])

    def _part(self, thing: Any, names: list[str]) -> list[Any]:
        values = [_part_of(thing, name) for name in names]
        self._parts.append((thing, names, values))
        return [value for value in values if value is not _part_of]

    def _code_of(self, cls: type, found: list[Any]) -> list[Any]:
        """What the classes that are not the library's own have for all their objects."""
        values: list[Any] = []
        for each in cls.__mro__:
            if not _is_known(each):
                values += self._dict(each.__dict__, found)
        code = [callable(value) or isinstance(value, DESCRIPTORS) for value in values]
        found += [value for value, is_code in zip(values, code, strict=True) if is_code]
        return [value for value, is_code in zip(values, code, strict=True) if not is_code]

    @property
    def is_our_own(self) -> bool:
        """Is all code that was met the library's own? What others wrote may do something else each time."""
        return self.found is not None and all(map(_is_our_own, self.found))

    def holds(self, model: Any) -> bool:
        """Is all of it still there, each thing the very same object? If not, it may still be equal."""
        try:
            return self.found is not None and self._holds(model)
        except Exception:  # somebody's thing that does not let itself be looked into any more
            return False

    def _holds(self, model: Any) -> bool:
        return (
            _are_there(vars(model), self._passing, *self._mine)
            and all(thing.__dict__ is mine for thing, mine in self._owners)
            and all(_are_there(*each) for each in self._dicts)
            and all(len(now) == len(then) and all(map(is_, now, then)) for now, then in self._lists)
            and all(now == then for now, then in self._sets)
            and all(
                _part_of(thing, name) is value
                for thing, names, values in self._parts
                for name, value in zip(names, values, strict=True)
            )
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


def passing(thing: Any) -> frozenset[str]:
    """The attributes of a thing that change while it is used, and decide nothing: its class says which."""
    names: frozenset[str] = getattr(type(thing), "_passing", NOTHING)
    return names


def _is_known(code: Any) -> bool:
    """Is it of this library, of NumPy, or of Python?"""
    return str(code.__module__).partition(".")[0] in KNOWN


def _is_our_own(thing: Any) -> bool:
    kind = type(thing)
    if issubclass(kind, Operation):
        return registry.get(thing.name) is thing
    code = thing if issubclass(kind, (FunctionType, type)) else kind
    return code in DATA or str(code.__module__).partition(".")[0] == PACKAGE


def _part_of(thing: Any, name: str) -> Any:
    """What a name stands for in a function or an object; this function: for nothing."""
    if not isinstance(thing, FunctionType) or name.startswith("__"):
        return getattr(thing, name, _part_of)
    try:
        return (thing.__closure__ or ())[thing.__code__.co_freevars.index(name)].cell_contents
    except ValueError:  # it has no value yet
        return _part_of


def _slots(cls: type) -> Iterator[str]:
    for each in cls.__mro__:
        slots = each.__dict__.get("__slots__", ())
        for name in [slots] if isinstance(slots, str) else slots:
            private = name.startswith("__") and not name.endswith("__")
            yield f"_{each.__name__.lstrip('_')}{name}" if private else name


def _entries(mine: Mapping[Any, Any], skipped: frozenset[str]) -> Entries:
    keys = [key for key in mine if key not in skipped] if skipped else [*mine]
    return keys, [mine[key] for key in keys]


def _are_there(mine: Mapping[Any, Any], skipped: frozenset[str], keys: list[Any], values: list[Any]) -> bool:
    now: Any = mine.values()
    if len(mine) != len(keys):
        names, now = _entries(mine, skipped)
        if len(names) != len(keys):
            return False
    else:
        names = list(mine)
    return all(map(is_, names, keys)) and all(map(is_, now, values))


def _rules(tensor: Tensor) -> list[Any]:
    if not isinstance(tensor, Parameter):
        return [tensor._requires_grad]
    return [
        tensor._requires_grad,
        tensor._constraint,
        tensor._regularizer,
        tensor._overwrite_with_gradient,
    ]
