"""Names: `dense`, `dense_1`, ... for what has none; what a name stands for; sentences for names that nothing
answers to.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .serialization import deserialize_keras_object, get_registered_object

T = TypeVar("T")

CAPITALS, SMALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
NOT_CAPITALS = f"{SMALL}0123456789"

_counters: defaultdict[str, Any] = defaultdict(itertools.count)


def snake_case(name: str) -> str:
    """ "LeakyReLU" as Keras writes it: "leaky_re_lu"."""
    # Two passes over the name, as Keras' regular expressions make them; compiling these takes as long as a
    # layer takes to load.
    parts, k = [], 0
    while k < len(name):  # (.)([A-Z][a-z0-9]+)
        stop = k + 2
        while stop < len(name) and name[stop] in NOT_CAPITALS and name[k + 1] in CAPITALS:
            stop += 1
        found = stop > k + 2
        parts += [name[k], "_", name[k + 1 : stop]] if found else [name[k]]
        k = stop if found else k + 1
    text = "".join(parts)
    pairs = itertools.zip_longest(text, text[1:], fillvalue=" ")  # ([a-z])([A-Z])
    return "".join([f"{a}_" if a in SMALL and b in CAPITALS else a for a, b in pairs]).lower()


def auto_name(class_name: str) -> str:
    """The next free name for an object of a class: "dense", then "dense_1", ... One counter a name, per
    process.
    """
    base = snake_case(class_name)
    number = next(_counters[base])
    return f"{base}_{number}" if number else base


def get_uid(prefix: str = "") -> int:
    """1, then 2, then 3, … for each prefix; from 1 again after `clear_session`. Source:
    `keras.backend.get_uid`.
    """
    return int(next(_counters[f"uid {prefix}"])) + 1


def clear_session(free_memory: bool = True) -> None:
    """Let automatic names begin again: the next model is `sequential`, its first layer `dense`."""
    _counters.clear()
    if free_memory:
        import gc

        gc.collect()


def checked_name(name: Any) -> str:
    """A name that may be part of a path. ValueError if it is no string, is empty, or contains "/"."""
    if not isinstance(name, str) or not name or "/" in name:
        raise ValueError(
            f"Argument `name` must be a string and cannot contain character `/`. Received: name={name!r}"
        )
    return name


def interpret(
    kind: str, identifier: Any, known: Mapping[str, T], shown: Any = None
) -> T | Callable[..., Any]:
    """What a name stands for, or a callable as it is. ValueError that names the nearest known one."""
    if isinstance(identifier, str):
        own = get_registered_object(identifier)
        if own is not None:
            return own  # type: ignore[no-any-return]
        if identifier in known:
            return known[identifier]
    if callable(identifier):
        return identifier  # type: ignore[no-any-return]
    what = shown if shown is not None else identifier
    message = f"Could not interpret {kind} identifier: {what}"
    if isinstance(identifier, str):
        import difflib  # only when it is needed: importing microtensor stays quick

        lowered = {name.lower(): name for name in reversed(list(known))}
        near = difflib.get_close_matches(identifier.lower(), lowered, n=1, cutoff=0.5)
        message += (
            f". Did you mean {lowered[near[0]]!r}?" if near else f". Known are: {', '.join(sorted(known))}."
        )
    else:
        message += f" ({type(identifier).__name__}); give a name such as {next(iter(known))!r}, or an object."
    raise ValueError(message)


def found(kind: str, identifier: Any, known: Mapping[str, Any]) -> Any:
    """What a name, a class, a config, a callable or None stands for. ValueError for an unknown name.

    Args:
        kind: for the error: "regularizer".
        identifier: what was said.
        known: the names, and the classes that they stand for.
    """
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        return described(identifier, known)
    thing = interpret(kind, identifier, known)
    return thing() if isinstance(thing, type) else thing


def described(config: Any, known: Mapping[str, Any], custom_objects: Any = None) -> Any:
    """What a config describes; its class may have one of the known short names, "l2"."""
    if isinstance(config, dict) and isinstance(cls := known.get(str(config.get("class_name"))), type):
        config = {**config, "class_name": cls.__name__}
    return deserialize_keras_object(config, custom_objects=custom_objects)
