"""jit: a function of tensors that is captured at its first call, and runs as a program from then on.

    step = mt.jit(mt.value_and_grad(loss))      # the gradient inside: all of it becomes the program

The one idea: a program holds for arguments of the same shapes and dtypes. Arrays and tensors among the
arguments are its inputs; everything else (numbers, text, None) is part of the question which program it is.
"""

from __future__ import annotations

import functools
import threading
import types
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..core import Tensor
from ..core.state import current
from ..tree import flatten
from .capture import capture
from .ir import Program, key_of
from .runner import Runner

LARGEST = 64  # programs of one function: more are a sign of an argument that should be an array


def jit(fn: Callable[..., Any] | None = None, *, source: str = "auto") -> Any:
    """A function that does what `fn` does, faster from its second call on.

    Args:
        fn: takes tensors, arrays, numbers, and lists, tuples and dicts of them; gives tensors, likewise.
        source: what runs: "numpy" (bit for bit what eager gives), "native" (machine code; needs a compiler),
            "eager" (fn itself). "auto": numpy.

    Returns:
        the function, with `.program`, `.source` (the text that runs) and `.explain()`. Its results are new
        tensors without a graph. Called where a gradient can be asked through it (arguments that require one,
        or results that do outside of `no_grad`, since `fn` reads variables), it runs `fn` itself, so
        `mt.grad(mt.jit(f))` is right, and `mt.jit(mt.grad(f))` is right and fast.

    Raises:
        CaptureError: at the first call: `fn` looks at a number (the message names the line), assigns to a
            tensor that was its argument, or leaves another `.grad` than it found.

    Variables that `fn` is given, and tensors outside that it uses, are read anew at each call, and what it
    assigns is assigned. What is no tensor (a Python number that `fn` counts up, a random number of NumPy's)
    stays what it was at the first call. Threads may call it at the same time.

    >>> import microtensor as mt
    >>> area = jit(lambda r: 3.0 * r * r)
    >>> float(area(mt.Tensor(2.0))), float(area(mt.Tensor(3.0)))
    (12.0, 27.0)
    >>> print(area.program)
    <lambda>(r: float32[])
      %2 = multiply(3.0, r)  float32[]
      %3 = multiply(%2, r)   float32[]
      return %3
    """
    if fn is None:
        return functools.partial(jit, source=source)
    if not callable(fn):
        raise TypeError(f"mt.jit takes a function; got {fn!r:.60}.")
    if source not in ("auto", "numpy", "native", "eager"):
        raise ValueError(f"source must be 'auto', 'numpy', 'native' or 'eager'; got {source!r}.")
    return Jitted(fn, source)


class Way(NamedTuple):
    """What runs for some arguments."""

    runner: Runner
    result: Callable[[list[Any]], Any]  # makes what the function gives of the program's outputs
    asked: bool  # can a gradient be asked through it? Then the function itself runs
    fixed: list[Any]  # the arguments that are no tensors: while they are kept, no other has their identity


class Jitted:
    """See `jit`.

    Attributes:
        fn: the function itself.
    """

    def __init__(self, fn: Callable[..., Any], source: str) -> None:
        functools.update_wrapper(self, fn)
        self.fn, self.chosen = fn, source
        self._ways: dict[Any, Way] = {}
        self._names = _argument_names(fn)
        self._registering = threading.Lock()

    def __reduce__(self) -> Any:
        """A copy captures anew: a program runs in memory of its own."""
        return Jitted, (self.fn, self.chosen)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """As a method: `self` is part of the question which program it is."""
        return self if instance is None else types.MethodType(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        leaves, rebuild = flatten((args, kwargs))
        recording = current().recording
        asked = recording and any(isinstance(x, Tensor) and x.requires_grad for x in leaves)
        if self.chosen == "eager" or asked or current().capture is not None:
            return self.fn(*args, **kwargs)
        places = [k for k, leaf in enumerate(leaves) if isinstance(leaf, np.ndarray) or type(leaf) is Tensor]
        for k in places:
            if not leaves[k].dtype.isnative:
                leaves[k] = leaves[k].astype(leaves[k].dtype.newbyteorder("="))
        given, varies = [leaves[k] for k in places], set(places)
        fixed = tuple((k, key_of(leaf)) for k, leaf in enumerate(leaves) if k not in varies)
        form = rebuild(["·"] * len(leaves))
        types_of = tuple((x.shape, x.dtype, isinstance(x, Tensor)) for x in given)
        key = (recording, repr(form), fixed, types_of)
        way = self._ways.get(key)
        if way is None:
            return self._captured(key, leaves, rebuild, places)
        if way.asked:
            return self.fn(*args, **kwargs)
        return way.result(way.runner([x._data if isinstance(x, Tensor) else x for x in given]))

    def _captured(self, key: Any, leaves: list[Any], rebuild: Any, places: list[int]) -> Any:
        found: list[Any] = []

        def run(*inputs: Tensor) -> list[Tensor]:
            filled = list(leaves)
            for k, x in zip(places, inputs, strict=True):
                filled[k] = x
            args, kwargs = rebuild(filled)
            parts, again = flatten(self.fn(*args, **kwargs))
            found.append(again)
            return parts

        # Tensors of their own: one that is given twice, or that `fn` also reads as a variable, is two things.
        inputs = [
            Tensor.wrap(x._data, x.name) if isinstance(x, Tensor) else Tensor(x)
            for x in (leaves[k] for k in places)
        ]
        run.__name__ = getattr(self.fn, "__name__", "program")
        simple = len(places) == len(leaves) <= len(self._names)
        names = [self._names[k] for k in places] if simple else ()
        captured = capture(run, *inputs, names=names)
        (again,) = found
        arrays = bool(places) and not any(isinstance(leaf, Tensor) for leaf in leaves)

        def result(outputs: list[Any]) -> Any:
            return again(outputs if arrays else [Tensor.wrap(y) for y in outputs])

        asked = not arrays and not captured.updated and any(y.requires_grad for y in captured.outputs)
        fixed = [leaf for k, leaf in enumerate(leaves) if k not in set(places)]
        with self._registering:
            while len(self._ways) >= LARGEST:
                del self._ways[next(iter(self._ways))]
            self._ways[key] = Way(Runner(captured, self.chosen), result, asked, fixed)
        if asked:
            return again(list(captured.outputs))
        return result([y._data.copy() for y in captured.outputs])

    # --- looking at it -----------------------------------------------------------------------------------

    @property
    def _latest(self) -> Runner:
        if not self._ways:
            raise AttributeError(f"{self.fn.__name__} was not called yet: its program is made by a call.")
        return next(reversed(self._ways.values())).runner

    @property
    def program(self) -> Program:
        """What was captured last, as it was captured."""
        return self._latest.captured

    @property
    def source(self) -> str:
        """The text that runs."""
        return self._latest.source

    def explain(self) -> str:
        """What runs, why, and what it costs, in a few lines."""
        lines = self._latest.explain()
        if next(reversed(self._ways.values())).asked:
            lines += (
                "\nIt runs as written: a gradient can be asked through it. Call it in no_grad() if none is."
            )
        return lines

    def __repr__(self) -> str:
        return f"<jit of {getattr(self.fn, '__name__', self.fn)}: {len(self._ways)} programs>"


def _argument_names(fn: Any) -> tuple[str, ...]:
    code = getattr(fn, "__code__", None)
    return () if code is None else tuple(code.co_varnames[: code.co_argcount])
