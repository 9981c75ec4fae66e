"""Serialization: objects as plain dicts, and back, by a table of names.

The one idea: a file only ever names a class; what the name stands for is looked up in a table that this
library's own classes enter when they are defined (`@serializable`), and that the caller extends in code
(`register_keras_serializable`, `custom_object_scope`, `custom_objects=`). Nothing is imported and nothing is
run because a file asks for it.

An object is `{"module", "class_name", "config", "registered_name"}`, as Keras writes it. A function of this
library is its name; an array, a tuple, a slice, bytes are dicts with a class name in double underscores.
"""

from __future__ import annotations

import functools
import importlib
import math
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import numpy as np

from .lazy import load_all

T = TypeVar("T")

PLAIN = (str, int, float, bool, type(None))
DEPTH = 100  # how deep a config may nest: no model does, a hostile file may

_known: dict[tuple[str, str], Any] = {}  # ("keras.layers", "Dense") -> the class
_homes: dict[Any, str] = {}  # the class -> "keras.layers"
_registered: dict[str, Any] = {}  # "package>Name" -> what the caller registered
_scoped: ContextVar[Mapping[str, Any]] = ContextVar("custom_objects", default=types.MappingProxyType({}))
_allowed: ContextVar[list[int] | None] = ContextVar("allowance", default=None)
_safe: ContextVar[bool] = ContextVar("safe_mode", default=True)


def serializable(module: str) -> Callable[[T], T]:
    """Decorator: enter a class or function of this library into the table, under Keras' module name."""

    def enter(thing: T) -> T:
        _known[module, thing.__name__] = thing  # type: ignore[attr-defined]
        _homes[thing] = module
        return thing

    return enter


def register_keras_serializable(package: str = "Custom", name: str | None = None) -> Callable[[T], T]:
    """Decorator: let files name a class or function of yours, as "package>Name".

    Raises:
        ValueError: a class without `get_config`.
    """

    def register(thing: T) -> T:
        if isinstance(thing, type) and not hasattr(thing, "get_config"):
            raise ValueError("Cannot register a class that does not have a get_config() method.")
        _registered[f"{package}>{name or thing.__name__}"] = thing  # type: ignore[attr-defined]
        return thing

    return register


@contextmanager
def custom_object_scope(custom_objects: Mapping[str, Any] | None) -> Iterator[None]:
    """`with custom_object_scope({"Mine": Mine}):` inside, configs may name these."""
    token = _scoped.set({**_scoped.get(), **(custom_objects or {})})
    try:
        yield
    finally:
        _scoped.reset(token)


@contextmanager
def allowance(count: int) -> Iterator[None]:
    """Inside, `claim` grants this many bytes in all. What a file asks for must be in the file."""
    token = _allowed.set([count])
    try:
        yield
    finally:
        _allowed.reset(token)


def claim(shape: Any, itemsize: int = 4) -> None:
    """Ask for the memory of an array before it is made. ValueError if a file asks for more than it holds.

    Outside of an `allowance` everything is granted.
    """
    left = _allowed.get()
    if left is not None:
        left[0] -= math.prod(shape) * itemsize
        if left[0] < 0:
            raise ValueError(
                f"the config asks for an array of shape {tuple(shape)}, which is more than the file holds."
            )


@contextmanager
def safe_mode(on: bool) -> Iterator[None]:
    """Whether configs that would have to be run to be understood (lambdas) are refused."""
    token = _safe.set(on)
    try:
        yield
    finally:
        _safe.reset(token)


def get_custom_objects() -> dict[str, Any]:
    """The names that `register_keras_serializable` entered: a live dict; yours may be added."""
    return _registered


def get_registered_name(obj: Any) -> str:
    """ "package>Name" of what was registered; the plain name of what was not."""
    found = next((name for name, other in _registered.items() if other is obj), None)
    return str(found or getattr(obj, "__name__", type(obj).__name__))


def get_registered_object(
    name: str,
    custom_objects: Mapping[str, Any] | None = None,
    module_objects: Mapping[str, Any] | None = None,
) -> Any:
    """What a registered name stands for; None if nothing does."""
    for table in (_scoped.get(), custom_objects or {}, _registered, module_objects or {}):
        if name in table:
            return table[name]
    return None


# --- objects to dicts ------------------------------------------------------------------------------------


def serialize_keras_object(obj: Any) -> Any:
    """A plain value (dict, list, number, text) that `deserialize_keras_object` makes the obj of again.

    Raises:
        ValueError: for what has no `get_config` and is no function of a known name.
    """
    if isinstance(obj, np.bool_ | np.number):
        return obj.item()
    if isinstance(obj, PLAIN):
        return obj
    if isinstance(obj, list):
        return [serialize_keras_object(each) for each in obj]
    if isinstance(obj, tuple):  # JSON makes a list of it, as in Keras' files
        return tuple(serialize_keras_object(each) for each in obj)
    if isinstance(obj, dict):
        return {key: serialize_keras_object(value) for key, value in obj.items()}
    if isinstance(obj, bytes):
        return {"class_name": "__bytes__", "config": {"value": obj.decode("utf-8")}}
    if isinstance(obj, slice):
        ends = {key: serialize_keras_object(getattr(obj, key)) for key in ("start", "stop", "step")}
        return {"class_name": "__slice__", "config": ends}
    if obj is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(obj, np.dtype):
        return obj.name
    if hasattr(obj, "numpy") and not hasattr(obj, "get_config"):
        obj = obj.numpy()
    if isinstance(obj, np.ndarray):
        return {
            "class_name": "__numpy__",
            "config": {"value": obj.tolist(), "dtype": obj.dtype.name},
        }
    if isinstance(obj, types.FunctionType | types.BuiltinFunctionType) or not hasattr(obj, "get_config"):
        return _serialized_function(obj)
    kind = type(obj)
    home = _homes.get(kind)
    registered = None if home else get_registered_name(kind)
    entry = {
        "module": home or (None if kind.__module__ == "__main__" else kind.__module__),
        "class_name": kind.__name__,
        "config": serialize_keras_object(obj.get_config()),
        "registered_name": registered,
    }
    built = getattr(obj, "get_build_config", None)
    if built and (build_config := built()) is not None:
        entry["build_config"] = build_config
    compiled = getattr(obj, "get_compile_config", None)
    if compiled and getattr(obj, "compiled", False) and (compile_config := compiled()) is not None:
        entry["compile_config"] = compile_config
    return entry


def _serialized_function(thing: Any) -> Any:
    _enter_all()
    name = getattr(thing, "__name__", None) or getattr(thing, "name", None)
    home = _homes.get(thing) if callable(thing) and thing.__hash__ else None
    if name == "<lambda>":
        return {"class_name": "__lambda__", "config": {"name": "lambda"}}
    if not callable(thing) or not name:
        raise ValueError(
            f"{thing!r} of type {type(thing).__name__} cannot be written down: give its class a get_config()."
        )
    module = home or getattr(thing, "__module__", None)
    registered = name if home else get_registered_name(thing)
    return {"module": module, "class_name": "function", "config": registered, "registered_name": registered}


# --- dicts to objects ------------------------------------------------------------------------------------


def deserialize_keras_object(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
    safe_mode: bool = True,
) -> Any:
    """What `serialize_keras_object` wrote down, made again.

    Args:
        config: the plain value.
        custom_objects: names of yours that it may use, {"Mine": Mine}.
        safe_mode: refuse what would have to be run to be understood (a lambda). There is no other way here:
            False only changes the message.

    Raises:
        ValueError: a config that nests too deeply, or a lambda. TypeError: a class that nothing is known of.
    """
    with custom_object_scope(custom_objects):
        return _made(config, 0)


def _made(config: Any, depth: int) -> Any:
    """The same, at this depth of nesting."""
    if depth > DEPTH:
        raise ValueError(f"the config nests deeper than {DEPTH} levels; no model does.")

    def inside(value: Any) -> Any:
        return _made(value, depth + 1)

    if isinstance(config, PLAIN):
        return config
    if isinstance(config, list | tuple):
        return type(config)(inside(each) for each in config)
    if not isinstance(config, dict):
        raise TypeError(f"Could not parse config: {config!r:.80}")
    name = config.get("class_name")
    inner: Any = config.get("config")
    if name is None or ("config" not in config and name != "__tuple__"):
        return {key: inside(value) for key, value in config.items()}
    if name == "__tuple__":
        return tuple(
            inside(each) for each in config.get("items") or config.get("config", {}).get("value", ())
        )
    if name == "__numpy__":
        return np.array(inner["value"], dtype=plain_dtype(inner["dtype"]))
    if name == "__tensor__":
        from .core import Tensor

        return Tensor(np.array(inner["value"], dtype=plain_dtype(inner["dtype"])))
    if name == "__bytes__":
        return str(inner["value"]).encode("utf-8")
    if name == "__slice__":
        return slice(*(inside(inner[key]) for key in ("start", "stop", "step")))
    if name == "__ellipsis__":
        return Ellipsis
    if name == "__lambda__":
        raise ValueError(
            "The config asks for a lambda, and making one of it means arbitrary code execution: this "
            "library never does, in safe_mode or not. Name the function, register it with "
            "@register_keras_serializable(), and save again."
        )
    if name == "DTypePolicy" and isinstance(inner, dict):
        return inner.get("name", "float32")
    if name == "function":
        if not isinstance(inner, str):
            raise TypeError(f"Expected 'config' to be a non-null str, the function's name; got {inner!r:.80}")
        return _found_function(config)
    if inner is not None and not isinstance(inner, dict):
        raise TypeError(f"Expected 'config' to be a dict, the arguments of {name!r:.80}; got {inner!r:.80}")
    inner = inner or {}
    kind = lookup(config)
    if isinstance(kind, type) and not hasattr(kind, "from_config"):
        raise TypeError(
            f"Unable to reconstruct an instance of '{name!s:.80}': the class has no from_config(). Add the "
            "classmethod from_config(cls, config), which makes an instance of what get_config() gave."
        )
    if not isinstance(kind, type):
        return kind
    try:
        made = kind.from_config(inner)  # type: ignore[attr-defined]
    except TypeError as error:
        raise TypeError(
            f"{kind.__name__} could not be made again, using config={str(inner)[:300]}. Make sure that "
            f"objects in its config are explicitly deserialized, in from_config() or __init__(). ({error})"
        ) from error
    if config.get("build_config") and hasattr(made, "build_from_config") and not getattr(made, "built", True):
        made.build_from_config(config["build_config"])
    if config.get("compile_config") and hasattr(made, "compile_from_config"):
        made.compile_from_config(config["compile_config"])
    return made


def lookup(config: Mapping[str, Any]) -> Any:
    """The class that a config names. TypeError if it is neither ours nor registered."""
    name, module, registered = (config.get(key) for key in ("class_name", "module", "registered_name"))
    own = [registered, name] if isinstance(registered, str) else [name]
    for each in own:
        found = get_registered_object(each) if isinstance(each, str) else None
        if found is not None:
            return found
    if isinstance(name, str):
        _enter_all()
        if (module, name) in _known:
            _refuse_another_name(registered, name)
            return _known[module, name]  # type: ignore[index]
        homes = [home for home, known in _known if known == name]
        # Keras writes the module of an alias in some versions ("keras.src.layers"), and none in others.
        if homes and (module is None or str(module).startswith(("keras", "tensorflow.keras", "builtins"))):
            _refuse_another_name(registered, name)
            near = [home for home in homes if str(module or "").rsplit(".", 1)[-1] in home]
            return _known[(near or homes)[0], name]
    raise TypeError(
        f"Could not locate class '{name!s:.80}' (module {module!s:.80}). It is none of this library's; if it "
        "is yours, register it with @register_keras_serializable(), or pass custom_objects={'Name': Class}."
    )


@functools.cache
def _enter_all() -> None:
    """Load the rooms whose classes enter the table: always the same few, whatever a file says."""
    package = __name__.rpartition(".")[0]
    nn = ("sequential", "inputs", "dense", "activation_layer", "losses", "initializers")
    for room in (*nn, "regularizers", "constraints"):
        importlib.import_module(f"{package}.nn.{room}")
    for room in ("nn.layers", "nn.metrics", "optim"):
        importlib.import_module(f"{package}.{room}")
        load_all(f"{package}.{room}")
    activations = importlib.import_module(f"{package}.nn.activations").KNOWN
    for function in activations.values():
        serializable("keras.activations")(function)


def _refuse_another_name(registered: Any, name: str) -> None:
    """A registered name beside one of ours would be a second answer to what the config means."""
    if registered not in (None, "", name, "function"):
        raise ValueError(
            f"registered_name {registered!r:.80} stands in the config of {name!r}, which resolved to a Keras "
            "built-in: nothing of that name is registered. Register it, or leave the name out."
        )


def _found_function(config: Mapping[str, Any]) -> Any:
    _enter_all()
    name, module, registered = config.get("config"), config.get("module"), config.get("registered_name")
    for each in (registered, name):
        found = get_registered_object(each) if isinstance(each, str) else None
        if found is not None:
            return found
    for (home, known), thing in _known.items():
        if known == name and not isinstance(thing, type) and (module in (None, home, "builtins")):
            _refuse_another_name(registered, str(name))
            return thing
    for key, thing in _registered.items():  # Keras 3.6 wrote a function's name without its package
        if key.rsplit(">", 1)[-1] == name and not isinstance(thing, type):
            return thing
    raise TypeError(
        f"Could not locate function '{name!s:.80}'. Register it with @register_keras_serializable(), or pass "
        "custom_objects={'name': function}."
    )


def plain_dtype(name: Any) -> Any:
    """A dtype of numbers by its name; a file may name no other. ValueError otherwise."""
    try:
        found = np.dtype(name)
    except TypeError:
        found = np.dtype("O")
    if found.kind not in "biuf":
        raise ValueError(f"a file may hold numbers only; got dtype {name!r:.40}.")
    return found
