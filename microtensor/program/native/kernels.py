"""Kernels: rows as one C function, and the table of addresses with which it is called.

The one idea: memory is planned once. Each value that leaves a function has a buffer of its own, so a
function is called with a table that is ready; only the addresses of the arrays that come in (data, states)
are set anew, when they are other arrays than last time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..ir import Program, Row, Value
from ..loop import UnsupportedError
from .blas import Routine
from .c_source import Function, may_refuse, supported
from .places import address_of, aligned

DONE = "done"  # the parameter that counts how many kernels of a step have run


class Kernel:
    """Rows as one C function, and how to call it.

    Args:
        rows: all of them `supported`, and one at least that computes.
        needed: the values that live on after it.
        constants: of the program.
        views: rows of the program that only say how numbers are read, in its order: {result: row}.
        name: of the function in C.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        needed: Iterable[Value],
        constants: Mapping[Value, np.ndarray],
        views: Mapping[Value, Row],
        name: str = "kernel",
    ) -> None:
        made = {row.result for row in rows}
        replayed: set[Value] = set()
        waiting = [v for row in rows for v in row.values if v not in made]
        reads: dict[Value, None] = {}
        while waiting:
            v = waiting.pop(0)
            if v in views:
                replayed.add(v)
                waiting.extend(views[v].values)
            else:
                reads[v] = None
        self.outputs = tuple(v for v in dict.fromkeys(needed) if v in made)
        self.inputs = tuple(v for v in reads if v not in constants)
        self.function = function = Function(name, self.outputs)
        for v in reads:
            if v in constants:
                function.constant(v, constants[v])
            else:
                function.put(v, function.parameter(v, v))
        for v in self.outputs:
            function.put(v, function.parameter(v, v, constant=False))
        function.write([*(row for v, row in views.items() if v in replayed), *rows])
        function.parameters.append((f"int64_t *done = p[{len(function.parameters)}];", DONE))
        function.lines.append("    *done += 1;")
        self.parameters = [outside for _, outside in function.parameters]
        self.may_refuse = any(may_refuse(row) for row in rows)

    @property
    def source(self) -> str:
        """The C text of this function alone; `joined` makes a file of several."""
        return self.function.text

    def bind(
        self, compiled: ctypes.CDLL, arrays: Mapping[Value, np.ndarray], done: np.ndarray | None = None
    ) -> Bound:
        """Ready to be called on these arrays. What it needs beside them for itself, it makes. In `done`, one
        integer, it counts its calls.
        """
        held: list[Any] = []
        for each in self.parameters:
            if isinstance(each, str):
                held.append(np.zeros(1, np.int64) if done is None else done)
                continue
            if isinstance(each, Routine):
                held.append(each)
                continue
            array = each if isinstance(each, np.ndarray) else arrays.get(each)
            if array is None and each not in self.inputs:
                array = aligned(each)
            held.append(None if array is None else np.require(array, requirements=["C", "A"]))
        pointers = (ctypes.c_void_p * len(held))(*map(address_of, held))
        run = compiled[self.function.name]
        run.restype, run.argtypes = None, (ctypes.c_void_p,)
        return Bound(self, run, pointers, ctypes.c_void_p(ctypes.addressof(pointers)), held)


class Bound(NamedTuple):
    """A kernel with its addresses: `run(where)` runs it."""

    kernel: Kernel
    run: Callable[[ctypes.c_void_p], None]
    pointers: Any
    where: ctypes.c_void_p
    held: list[Any]  # the arrays that the addresses are of: alive as long as these

    def places(self, value: Value) -> list[int]:
        """Where in the table the address of a value stands."""
        same = (
            each is value or (isinstance(each, Value) and each == value) for each in self.kernel.parameters
        )
        return [k for k, is_it in enumerate(same) if is_it]

    def __call__(self) -> None:
        self.run(self.where)


def group_kernel(rows: Sequence[Row], program: Program) -> Kernel:
    """The rows of a group (or any that C can say) as one kernel.

    Raises:
        UnsupportedError: one of them has no form in C.
    """
    for row in rows:
        if not supported(row):
            raise UnsupportedError(f"`{row}` has no form in C.")
    inside = {id(row) for row in rows}
    made = {row.result for row in rows}
    used = [v for row in program.rows if id(row) not in inside for v in row.values]
    used += [*program.outputs, *(v for _, v in program.updates)]
    return Kernel(rows, (v for v in used if v in made), program.constants, {})
