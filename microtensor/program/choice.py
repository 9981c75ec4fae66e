"""Choice: which source runs a program, and why.

The one idea: what a step costs besides arithmetic decides. In a tiny net (a gate has nine weights) a call of
NumPy costs a hundred times what it computes, so numbers of Python's own are faster; from a few hundred
operations on single numbers on, NumPy is. Machine code is faster than both and has to be compiled first, so
it is made where it is asked for: `jit_compile=True`, or source="native".
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from .capture import collector_waits
from .ir import Program
from .loop import Plan, UnsupportedError

SOURCES = ("auto", "numpy", "scalar", "native")
SCALAR_AT_MOST = 1000  # operations on single numbers in a step: about where NumPy's calls cost as much


_said: set[str] = set()  # what was warned of
_forced: ContextVar[str] = ContextVar("forced source", default="auto")
forced_source = _forced.get


@contextmanager
def using(source: str) -> Iterator[None]:
    """While the block runs, `fit` uses this source: "numpy", "scalar", "native"; "auto" chooses by size.

    ValueError: there is no such source.
    """
    if source not in SOURCES:
        raise ValueError(f"source must be one of {', '.join(SOURCES)}; got {source!r}.")
    token = _forced.set(source)
    try:
        yield
    finally:
        _forced.reset(token)


if TYPE_CHECKING:
    from typing import Protocol

    from .loop import Loop

    class Step(Protocol):
        """Runs a program once: (inputs, states, memory for the new states) -> (outputs, new states)."""

        source: str
        in_place: bool  # may the memory for the new states be that of the old ones?
        silent: bool  # if in_place: does it never ask NumPy, which would warn of an inf?
        whole: bool  # if in_place: has the step come to its end? (Nothing was written, if not.)

        def __call__(
            self, inputs: Any, states: Any, updates: Any = ..., /
        ) -> tuple[list[Any], list[Any]]: ...


class Chosen:
    """What runs, its name, and the reason in a sentence."""

    def __init__(self, runs: Any, name: str, reason: str) -> None:
        self.runs, self.name, self.reason = runs, name, reason


@collector_waits()
def step_for(program: Program, source: str = "auto") -> Chosen:
    """What runs one step."""
    from .numpy_source import NumpyStep

    if source == "native":
        from .native import CompilerError, native_step

        try:
            return Chosen(native_step(program), "native", "machine code was asked for.")
        except UnsupportedError as error:
            return Chosen(NumpyStep(program), "numpy", f"machine code was asked for, but {error}")
        except CompilerError as error:
            _warn_of(error)
            return Chosen(NumpyStep(program), "numpy", f"machine code was asked for, but {error}")
    return Chosen(NumpyStep(program), "numpy", "a step by itself runs as NumPy source, bit for bit as eager.")


@collector_waits()
def loop_for(plan: Plan, source: str = "auto") -> Chosen:
    """What runs many steps as one call; `runs` is None if steps are better run one by one."""
    if source == "numpy":
        return Chosen(None, "numpy", "NumPy source was asked for.")
    instead = ""
    if source == "native":
        from .native import CompilerError, native_loop

        try:
            return Chosen(native_loop(plan), "native", "machine code was asked for.")
        except UnsupportedError as error:
            instead = f"machine code was asked for, but {error} "
        except CompilerError as error:
            _warn_of(error)
            instead = f"machine code was asked for, but {error} "
    from .scalar_source import cost, scalar_loop

    numbers = cost(plan.program)
    if source != "scalar" and numbers > SCALAR_AT_MOST:
        reason = f"{instead}a step is {numbers:,} operations on single numbers, more than {SCALAR_AT_MOST:,}."
        return Chosen(None, "numpy", reason)
    try:
        loop: Loop = scalar_loop(plan)
    except UnsupportedError as error:
        return Chosen(None, "numpy", f"{instead}{error}")
    reason = f"{instead}a step is {numbers} operations on single numbers: calls of NumPy would cost more."
    return Chosen(loop, "scalar", reason)


def _warn_of(error: Exception) -> None:
    """Machine code was asked for and cannot be had on this machine: said once."""
    if str(error) in _said:
        return
    _said.add(str(error))
    warnings.warn(f"there is no machine code here, so NumPy source runs: {error}", UserWarning, stacklevel=2)
