"""Fingerprint: all that decides what a model's training step does, besides numbers in tensors.

The one idea: a captured step has Python's own values baked in: the rate of a dropout, the momentum of an
optimizer, which weights are trained. So it is good for another `fit` only if all of these are what they were,
and that is asked by looking at every attribute of everything that the model holds.
"""

from __future__ import annotations

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


def fingerprint(model: Any) -> list[Any] | None:
    """Plain values, and the things themselves, in an order that is always the same; None: too many."""
    found: list[Any] = [type(model)]
    seen = {id(model)}
    waiting: list[Any] = [vars(model)]
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
            keys = [key for key in thing if key not in CHANGES]
            found.append(tuple([id(key) if isinstance(key, Tensor) else key for key in keys]))
            waiting += [thing[key] for key in keys]
        elif isinstance(thing, SEQUENCES):
            found.append((kind, len(thing)))
            waiting += thing
        elif isinstance(thing, Tensor):
            found += [thing, thing.requires_grad]
            waiting += [getattr(thing, key, None) for key in ("constraint", "regularizer")]
        elif isinstance(thing, np.ndarray):
            found += [thing, thing.tobytes() if thing.size <= 1024 else None]
        else:
            found.append(thing)
            if not isinstance(thing, SHARED):
                waiting.append(getattr(thing, "__dict__", None))
        if len(found) > LARGEST:
            return None
    return found


def is_our_own(found: list[Any] | None) -> bool:
    """Is all code that a fingerprint has met the library's own? What others wrote may do something else each
    time that it runs.
    """
    return found is not None and all(map(_is_our_own, found))


def _is_our_own(thing: Any) -> bool:
    if isinstance(thing, Operation):
        return registry.get(thing.name) is thing
    code = thing if isinstance(thing, FunctionType | type) else type(thing)
    return code in DATA or str(code.__module__).startswith(PACKAGE)


def same(a: list[Any] | None, b: list[Any] | None) -> bool:
    """Are two fingerprints equal: the same things, and equal plain values?"""
    if a is None or b is None or len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if x is not y and (type(x) is not type(y) or type(x) not in COMPARED or x != y):
            return False
    return True
