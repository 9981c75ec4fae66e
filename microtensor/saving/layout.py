"""Where each variable of a model stands in a file: Keras' paths.

The one idea: a model is walked as Keras walks it: first the object's own variables, "vars/0", "vars/1", ...,
then what it holds, by the names of its attributes; things in a list are counted by class, whatever their
names are. Two layers named "hidden" and "out" stand at "layers/dense" and "layers/dense_1".

What comes out is plain: `Entry(path, name, {"0": array, "1": array})`, one for each object, in Keras' order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ..naming import snake_case
from ..nn.layer import Layer
from ..nn.model import Model
from ..nn.sequential import Sequential
from ..optim.optimizer import Optimizer

Arrays = Mapping[str, Mapping[str, np.ndarray]]  # {"layers/dense": {"0": kernel, "1": bias}}


class Entry(NamedTuple):
    """The variables of one object."""

    path: str  # "layers/dense"; "" for the model itself
    name: str  # what the object is called, for a person who looks into the file
    arrays: dict[str, np.ndarray]


def gather(model: Any, skip: Any = ()) -> list[Entry]:
    """All variables of a model, its layers and its optimizer.

    Args:
        skip: objects that are left out, with all that they hold.
    """
    entries = []

    def visit(path: str, thing: Any) -> bool:
        store: dict[str, Any] = {}
        thing.save_own_variables(store)
        arrays = {_checked_key(key, thing): _plain(value, thing) for key, value in store.items()}
        entries.append(Entry(path, thing.name, arrays))
        return True

    walk(model, visit, skip)
    return entries


def restore(model: Any, arrays: Arrays, skip_mismatch: bool = False, skip: Any = ()) -> None:
    """Assign what `gather` gave. An object that is held twice takes what fits from either path.

    Args:
        skip_mismatch: leave what does not fit as it is, with a warning.

    Raises:
        ValueError: variables of another number or shape, with the first of them. Then nothing has changed.
    """
    failed: dict[int, tuple[Any, Exception]] = {}

    def visit(path: str, thing: Any) -> bool:
        try:
            thing.load_own_variables(dict(_found(arrays, path)))
        except Exception as error:  # a layer's own method may raise whatever it likes
            failed.setdefault(id(thing), (thing, error))
        else:
            failed.pop(id(thing), None)
        return id(thing) not in failed

    before = [(v, v.detach()) for v in _variables(model)]
    try:
        walk(model, visit, skip)
        if failed and not skip_mismatch:
            raise ValueError(_told(failed)) from next(iter(failed.values()))[1]
    except BaseException:
        for v, value in before:
            v.assign(value)
        raise
    if failed:
        import warnings

        warnings.warn(_told(failed), stacklevel=4)


def walk(model: Any, visit: Callable[[str, Any], bool], skip: Any = ()) -> None:
    """Call `visit(path, object)` for all that has variables, in Keras' order.

    An object for which it gives False, or that holds such a one, is visited again where it is held again.
    """
    done = {id(each) for each in skip}

    def enter(path: str, thing: Any, above: frozenset[int]) -> bool:
        if id(thing) in done or id(thing) in above:  # above: a list that holds itself
            return True
        inside = above | {id(thing)}
        if isinstance(thing, list | dict | tuple):
            fine = True
            held = _numbered(thing.values() if isinstance(thing, dict) else thing)
        else:
            fine = visit(path, thing)
            held = _held(thing)
        for name, each in held:
            if isinstance(each, Layer | Optimizer | list | dict | tuple):
                fine &= enter(f"{path}/{name}" if path else name, each, inside)
        if fine and isinstance(thing, Layer | Optimizer):
            done.add(id(thing))
        return fine

    enter("", model, frozenset())


def _numbered(things: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """dense, dense_1, re_lu, container: by class."""
    counts: dict[str, int] = {}
    for each in things:
        nested = isinstance(each, list | dict | tuple)
        if nested or isinstance(each, Layer | Optimizer):
            base = "container" if nested else snake_case(type(each).__name__)
            number = counts[base] = counts.get(base, -1) + 1
            yield (f"{base}_{number}" if number else base), each


def _held(thing: Any) -> Iterator[tuple[str, Any]]:
    """What the attributes hold: those that the base class has not, private ones last; a model's layers and
    its optimizer.
    """
    base = next(kind for kind in (Sequential, Model, Optimizer, Layer) if isinstance(thing, kind))
    names = set(dir(thing)) - _names_of_base(base)
    if isinstance(thing, Sequential):
        yield "layers", thing.layers
    if isinstance(thing, Model):
        names |= {"layers", "optimizer"}
    for name in sorted(names, key=lambda name: f"~{name}" if name.startswith("_") else name):
        if name.startswith("__"):
            continue
        try:
            held = getattr(thing, name)
        except Exception:  # a property that cannot be read holds nothing
            continue
        yield name, held


@cache
def _names_of_base(kind: type) -> set[str]:
    return set(dir(kind)) | set(vars(Optimizer(1.0, name="any") if kind is Optimizer else kind(name="any")))


def _found(arrays: Arrays, path: str) -> Mapping[str, np.ndarray]:
    if path in arrays:
        return arrays[path]
    older = path.replace("layers", "_layer_checkpoint_dependencies")  # the name that Keras 2.13 gave them
    return arrays.get(older, {})


def _variables(model: Any) -> list[Any]:
    known = list(model.variables)
    if isinstance(getattr(model, "optimizer", None), Optimizer):
        known += model.optimizer.variables
    return [v for v in known if hasattr(v, "assign") and hasattr(v, "detach")]


def _told(failed: dict[int, tuple[Any, Exception]]) -> str:
    thing, error = next(iter(failed.values()))
    return (
        f"A total of {len(failed)} objects could not be loaded. Example error message for object {thing}:\n\n"
        f"{error}\n\nList of objects that could not be loaded:\n{[each for each, _ in failed.values()]}"
    )


def _checked_key(key: Any, thing: Any) -> str:
    if not isinstance(key, str) or not key or "/" in key:
        raise ValueError(f"{thing!r} stores a variable under {key!r}; a key is a text without '/'.")
    return key


def _plain(value: Any, thing: Any) -> np.ndarray:
    array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{thing!r} stores {array.dtype} values; a file of weights holds numbers only.")
    return array
