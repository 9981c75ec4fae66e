"""How operations may be called, and what is said of a call that cannot be: the manners around the engine.

NumPy's users write `np.sum(t, 0)` as well as `np.sum(t, axis=0)`, and `np.concatenate([a, b])` with a list.
`bind` sorts all of that into data (by position) and metadata (by keyword), which is all that `Operation`
knows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .methods import Methods

if TYPE_CHECKING:
    from ..operation import Operation

advice: dict[
    str, str
] = {}  # what to say of an operation's wrong operands, where NumPy's words are hard to read

_VARIADIC = 0x04  # CPython's flag of a function that takes *args


def parameter_names(forward: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """(names of data, names of metadata, is it variadic) of an operation's forward function."""
    if isinstance(forward, np.ufunc):
        return ("x",) if forward.nin == 1 else ("a", "b", "c")[: forward.nin], (), False
    code = getattr(forward, "__code__", None)
    if code is None:
        raise TypeError(
            f"forward must be a NumPy ufunc or a Python function; got {forward!r}; wrap it in a lambda."
        )
    data = code.co_argcount - len(forward.__defaults__ or ())
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return names[:data], names[data:], bool(code.co_flags & _VARIADIC)


def bind(
    operation: Operation, args: tuple[Any, ...], params: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Sort a call's arguments into data and metadata. TypeError for too few, too many, or unknown ones."""
    name, names, metadata = operation.name, operation.data_names, operation.metadata
    if operation.variadic:
        listed = bool(args) and isinstance(args[0], list | tuple)
        data, rest = (tuple(args[0]), args[1:]) if listed else (args, ())
    else:
        data, rest = args[: len(names)], args[len(names) :]
        data += tuple(params.pop(key) for key in names[len(data) :] if key in params)
    if len(data) < abs(operation.arity) or len(rest) > len(metadata):
        takes = "a list of tensors" if operation.variadic else ", ".join(names)
        also = f", and {', '.join(metadata)}" if metadata else ""
        raise TypeError(f"{name} takes {takes}{also}; got {len(args)} arguments.")
    named = dict(zip(metadata, rest, strict=False))
    for key, value in params.items():
        if key in named or key not in metadata:
            known = f"it takes {', '.join(metadata)}" if metadata else "it takes no keyword"
            raise TypeError(
                f"{name} got {key}={value!r} {'twice' if key in named else 'unexpectedly'}; {known}."
            )
    return data, {
        key: value if key == "index" else fixed(name, key, value)
        for key, value in {**named, **params}.items()
    }


def fixed(name: str, key: str, value: Any) -> Any:
    """Metadata that nobody can change before backward. A tensor that wants a gradient is refused."""
    if isinstance(value, list | tuple):
        return tuple(fixed(name, key, item) for item in value)
    if isinstance(value, Methods):
        if value.requires_grad:
            raise TypeError(
                f"{name} takes numbers as {key}, without a gradient; got {value.label}, which requires one. "
                "Write the formula with mt.where, + and *, or pass .detach()."
            )
        value = value.numpy()
    if isinstance(value, np.ndarray):
        return np.array(value) if value.ndim else value.item()
    return value


def watched(name: str, vjps: tuple[Any, ...]) -> tuple[Any, ...]:
    """The vjps of somebody's own operation, each of which says what is wrong with what it gives."""
    return tuple(None if vjp is None else functools.partial(_checked_vjp, name, vjp) for vjp in vjps)


def _checked_vjp(name: str, vjp: Callable[..., Any], *args: Any, **params: Any) -> Any:
    from ..autograd import GradientError

    try:
        g = vjp(*args, **params)
    except TypeError as error:
        raise GradientError(
            f"a vjp of {name!r}, which is called as vjp(g, y, *inputs), failed: {error}"
        ) from error
    if not hasattr(g, "dtype") or g.dtype.kind not in "biuf":
        raise GradientError(
            f"a vjp of {name!r} must give an array, the gradient of its input; got {g!r:.60}."
        )
    mine = not any(g is a for a in args)
    return g if mine else g.copy()  # an input or the value itself: the gradient must not share its memory


def explained(operation: Operation, error: Exception, arrays: list[Any]) -> Exception:
    """The same kind of error, as a sentence that names the operation and what it was given."""
    given = " and ".join(f"{np.shape(a)} {np.asarray(a).dtype}" for a in arrays) or "nothing"
    kinds = (np.linalg.LinAlgError, ValueError, TypeError, IndexError, OverflowError)
    kind = next(k for k in kinds if isinstance(error, k))
    return kind(f"{operation.name} of {given}: {advice.get(operation.name, error)}")
