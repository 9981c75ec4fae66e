"""What is known while a layer is called: is it training, and which call did it all begin with?

The one idea: `training` is said once, by whoever calls the outermost layer, and holds for every layer inside.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any


class CallContext:
    """The outermost call that is running: the layer where it began (None: no call), and the innermost one."""

    __slots__ = ("inner", "layer", "training")

    def __init__(self, layer: Any, training: bool | None = None, inner: Any = None) -> None:
        self.layer, self.training, self.inner = layer, training, inner


_NO_CALL = CallContext(None)
_current: ContextVar[CallContext] = ContextVar("call", default=_NO_CALL)


def current_call() -> CallContext:
    """The call that is running, or one of no layer."""
    return _current.get()


@contextmanager
def calling(layer: Any, training: bool | None) -> Iterator[bool]:
    """While a layer runs. Yields whether the call began here."""
    outer = _current.get()
    token = _current.set(CallContext(outer.layer or layer, training, layer))
    try:
        yield outer.layer is None
    finally:
        _current.reset(token)


@lru_cache(maxsize=1024)
def accepts(function: Any, name: str) -> bool:
    """Does a function take this argument by keyword?"""
    code = _plain_code(function)
    if code is not None:
        return name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    parameter = _parameters(function).get(name)
    return parameter is not None and parameter.kind is not parameter.VAR_KEYWORD


@lru_cache(maxsize=1024)
def default_of(function: Any, name: str) -> Any:
    """The default of an argument; None if it has none."""
    parameter = _parameters(function).get(name)
    empty = inspect.Parameter.empty
    return None if parameter is None or parameter.default is empty else parameter.default


@lru_cache(maxsize=1024)
def argument_names(function: Any) -> tuple[str, ...]:
    """The names of a function's positional arguments, without self."""
    code = _plain_code(function)
    if code is not None:
        names = code.co_varnames[: code.co_argcount]
    else:
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        names = tuple([name for name, given in _parameters(function).items() if given.kind in kinds])
    return tuple([name for name in names if name != "self"])


def _plain_code(function: Any) -> CodeType | None:
    """Of a function that is written with `def` and stands for no other; its names are there to be read, where
    `inspect` would make a thing of each.
    """
    if not isinstance(function, FunctionType) or vars(function).keys() & {"__wrapped__", "__signature__"}:
        return None
    return function.__code__


def _parameters(function: Any) -> Any:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}


def plain_arguments(thing: Any, base: type) -> dict[str, Any]:
    """The arguments that an object was made with, besides those of its base class.

    NotImplementedError for one that is no plain value: its class has to describe it.
    """
    args, kwargs = thing._given
    try:
        bound = inspect.signature(type(thing).__init__).bind(thing, *args, **kwargs).arguments
    except TypeError:
        return {}
    ours = set(_parameters(vars(base)["__init__"]))
    own = {key: value for key, value in bound.items() if key not in ours}
    for key, value in own.items():
        if not isinstance(value, str | int | float | bool | None):
            raise NotImplementedError(
                f"{type(thing).__name__} was made with {key}={value!r}, which is no plain value: define "
                "get_config(self), which returns its arguments in a dict."
            )
    return own


def by_position(args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments of `add_weight` that may go by position, each from there or by its name.

    TypeError for too many. ValueError for one that comes twice, or for a name in the place of the shape.
    """
    if len(args) > len(named):
        raise TypeError(
            f"add_weight() takes at most {len(named)} positional arguments ({', '.join(named)}); got "
            f"{len(args)}."
        )
    if isinstance(args[0], str):
        raise ValueError(
            "add_weight takes the shape first: `name` must be passed as a keyword argument, "
            f"add_weight(shape=..., name={args[0]!r})."
        )
    for key, _ in zip(named, args, strict=False):
        if named[key] is not None:
            raise ValueError(f"add_weight: `{key}` was passed both positionally and as a keyword argument.")
    return (*args, *list(named.values())[len(args) :])
