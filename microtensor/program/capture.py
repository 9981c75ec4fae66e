"""Capture: run the real code once, and write down what it did.

The one idea: every operation and every assignment is told to a listener (see `core.state`), those of
backward and of the optimizer's rule included, since all of them are operations on tensors. So nothing is
parsed and nothing is guessed: the rows are what ran.

What is read from the world is known by its age. A tensor that is older than the capture is a state: the
program will read it anew at each run. One that was made during the capture, by no operation, is a constant.
"""

from __future__ import annotations

import functools
import gc
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..core import Operation, Tensor, registry
from ..core.state import current, switched, tick
from .ir import Program, Row, Value

_CAST = registry["astype"]
_HERE = __file__.rsplit("program", 1)[0]  # where the library's own files are


class CaptureError(RuntimeError):
    """Code that cannot become a program, because it looks at numbers: the message names the line."""


class Captured:
    """A program, and the tensors of the world that it reads and changes."""

    def __init__(
        self,
        program: Program,
        states: tuple[Tensor, ...],
        updated: tuple[Tensor, ...],
        outputs: tuple[Tensor, ...],
    ) -> None:
        self.program = program
        self.states = states  # in the order of program.states
        self.updated = updated  # in the order of program.updates
        self.outputs = outputs  # what the run that was captured gave: that run really happened


def capture(
    function: Callable[..., Sequence[Tensor] | Tensor],
    *inputs: Tensor,
    names: Sequence[str] = (),
    name: str = "",
    for_real: bool = True,
) -> Captured:
    """Run `function(*inputs)` once, and keep what it did as a program.

    Args:
        function: gives a tensor or a sequence of tensors.
        inputs: what is given anew at each run.
        names: of the inputs, for people; name: of the program.
        for_real: does what it assigned stay? If not, all tensors are as before.

    Returns:
        the program, with the tensors that it reads and changes.

    Raises:
        CaptureError: the function looks at a number (`if float(x) > 0`): the branch of today would be baked
            in. All that it had assigned is as it was before.
    """
    listener = Listener(inputs, names)
    try:
        with collector_waits(), switched(capture=listener):
            result = function(*inputs)
        outputs = (result,) if isinstance(result, Tensor) else tuple(result)
        for y in outputs:
            if not isinstance(y, Tensor):
                raise CaptureError(f"a captured function gives tensors; {_name(function)} gave {y!r:.60}.")
        found = listener.captured(outputs, name or _name(function))
        if not for_real:
            listener.take_back()
        return found
    except BaseException as error:
        listener.take_back()
        reading = isinstance(error, RuntimeError) and "while a step is captured" in str(error)
        if reading and not isinstance(error, CaptureError):
            raise CaptureError(f"{error}{_where(error)}") from error
        raise


@contextmanager
def collector_waits() -> Iterator[None]:
    """A block, or a decorator, in which the cyclic collector waits: while a program is made, thousands of
    objects come to stay, and it would look at all of them again and again (for a tenth of the time, or a
    fifth of that of a deep net).
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Listener:
    """Writes rows while the code runs."""

    def __init__(self, inputs: Sequence[Tensor], names: Sequence[str]) -> None:
        self.began = tick()
        self.number = functools.partial(next, itertools.count(1))
        self.kept: list[Tensor] = []  # so that no `id` is given away again
        self.known: dict[int, Value] = {}  # what a tensor is now, by its id
        self.states: dict[Value, Tensor] = {}
        self.constants: dict[Value, np.ndarray] = {}
        self.rows: list[Row] = []
        self.assigned: dict[int, Tensor] = {}
        self.before: list[tuple[Tensor, np.ndarray, int]] = []
        self.gradients: list[
            tuple[Value, Tensor, Any]
        ] = []  # (state, tensor, its .grad when it was first read)
        self.backward_of: Tensor | None = None  # whose vjps are running
        self.taken: set[str] = set()
        self.inputs = [
            self._new(x, self._free(names[k] if k < len(names) else x.name or f"x{k}"))
            for k, x in enumerate(inputs)
        ]

    # --- what the engine tells ---------------------------------------------------------------------------

    def operation(
        self, operation: Operation, inputs: tuple[Any, ...], params: dict[str, Any], result: Tensor
    ) -> None:
        """`result = operation(*inputs, **params)` was computed."""
        args = tuple([self.value(x) if isinstance(x, Tensor) else x for x in inputs])
        scope = result.scope
        if self.backward_of is not None and not scope:
            scope = f"{self.backward_of.scope}'" if self.backward_of.scope else "'"
        if registry.get(operation.name, operation) is not operation:
            operation = _renamed(operation)
        self.rows.append(Row(self._new(result), operation, args, dict(params), scope))

    def assign(self, tensor: Tensor, value: Tensor) -> None:
        """`tensor` is about to become `value`."""
        now, new = self.value(tensor), self.value(value)
        if new.dtype != now.dtype:
            cast = Value(self.number(), new.shape, now.dtype)
            self.rows.append(Row(cast, _CAST, (new,), {"dtype": now.dtype}, current().scope))
            new = cast
        if id(tensor) not in self.assigned:
            self.assigned[id(tensor)] = tensor
            self.before.append((tensor, tensor._data, tensor.time))
        self.known[id(tensor)] = new

    def alias(self, new: Tensor, old: Tensor) -> None:
        """`new` has the numbers of `old`, and no graph."""
        self.known[id(new)] = self.value(old)
        self.kept.append(new)

    # --- what it makes of it -----------------------------------------------------------------------------

    def value(self, tensor: Tensor) -> Value:
        """What a tensor is now. One that was never seen comes from outside, or is a constant."""
        found = self.known.get(id(tensor))
        if found is not None:
            return found
        if tensor.time <= self.began:
            made = self._new(tensor, self._free(getattr(tensor, "path", None) or tensor.name or "state"))
            self.states[made] = tensor
            self.gradients.append((made, tensor, tensor.grad))
        else:
            made = self._new(tensor)
            self.constants[made] = tensor._data
        return made

    def captured(self, outputs: tuple[Tensor, ...], name: str) -> Captured:
        """All of it, as a program."""
        for state, tensor, before in self.gradients:
            if tensor.grad is not before:
                raise CaptureError(
                    f"the step leaves another .grad in {state} than it found, which a program cannot do: use "
                    "mt.grad, or set .grad to None at the end, and before the first call."
                )
        for x, value in zip(self.kept, self.inputs, strict=False):
            if id(x) in self.assigned:
                raise CaptureError(
                    f"the step assigns to its argument {value}, whose numbers are new at each run: make it "
                    "an mt.Variable, or return the new numbers."
                )
        ends = [self.value(y) for y in outputs]
        entry = {id(tensor): state for state, tensor in self.states.items()}
        changed = [t for key, t in self.assigned.items() if key in entry]
        updates = [(entry[id(t)], self.known[id(t)]) for t in changed]
        program = Program(self.inputs, self.states, self.constants, self.rows, ends, updates, name)
        return Captured(program, tuple(self.states.values()), tuple(changed), outputs)

    def take_back(self) -> None:
        """Give every tensor the numbers and the gradient that it had before."""
        for tensor, array, _ in self.before:
            tensor._data, tensor.time = array, tick()
        for _, tensor, gradient in self.gradients:
            tensor.grad = gradient

    def _new(self, tensor: Tensor, name: str = "") -> Value:
        value = Value(self.number(), tensor._data.shape, tensor._data.dtype, name)
        self.known[id(tensor)] = value
        self.kept.append(tensor)
        return value

    def _free(self, name: str) -> str:
        """The name, or `name_1`, ... if another value has it."""
        plain = name.removesuffix(":0")
        free, k = plain, 0
        while free in self.taken:
            k += 1
            free = f"{plain}_{k}"
        self.taken.add(free)
        return free


@functools.lru_cache(maxsize=64)
def _renamed(operation: Operation) -> Operation:
    """An operation of somebody's own that is called like one of ours: passes and sources go by names."""
    import copy  # here: few operations are renamed

    renamed = copy.copy(operation)
    renamed.name = f"own_{operation.name}"
    return renamed


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _where(error: BaseException) -> str:
    """The line of the user's that looked at a number: the innermost one that is not the library's own."""
    import traceback  # here: it is slow to load, and most captures succeed

    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith(_HERE) and "numpy" not in re.split(r"[\\/]", frame.filename):
            return f" It was line {frame.lineno} of {frame.filename}: `{frame.line}`."
    return ""
