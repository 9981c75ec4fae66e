"""Loop: all steps of a chunk as one call of machine code.

    int64_t loop(int64_t steps, void **p) {
        ...
        for (int64_t step = 0; step < steps; step++) {
            // gather this step's rows, compute, keep its outputs, let the states become what they become
        }
        return steps;
    }

The one idea: the rows are written once, inside a C loop over the steps. The weights of a tiny net stay in
arrays of the function, which for a handful of numbers means: in registers; those of a large one are written
over where they stand, and its products are calls of NumPy's BLAS. One call, however many steps: how long a
chunk may be (a Ctrl-C waits for its end) is the caller's affair.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..ir import Program, Value, flops_of
from ..loop import EACH_STEP, Epoch, Plan, Run, UnsupportedError
from .accumulate import accumulated
from .blas import Routine
from .c_source import Function, joined
from .cache import library
from .expressions import C_TYPES
from .in_place import written_over
from .memory import FLUSH, RESTORE, printable
from .places import address_of, aligned, views_of
from .products import is_fast, is_product

LARGEST = 1 << 22  # flops of a step: beyond, its products need a BLAS
IN_REGISTERS = 4096  # bytes of a state that the function holds itself


def native_loop(plan: Plan) -> NativeLoop:
    """The plan as machine code.

    Raises:
        UnsupportedError: a row that has no form in C, or a large step where no BLAS was found.
        CompilerError: there is no C compiler, or it failed.
    """
    return NativeLoop(plan)


class NativeLoop:
    """A `Loop` that was compiled; `source` is its C text."""

    def __init__(self, plan: Plan) -> None:
        program = plan.program
        _check(plan)
        program = accumulated(program)
        plan = Plan(program, plan.rows, plan.steps)
        function = _Writer(plan)
        self.plan, self.source = plan, joined([function])
        self._parameters = [outside for _, outside in function.parameters]
        self._call = library(self.source)[function.name]
        self._call.restype, self._call.argtypes = ctypes.c_int64, (ctypes.c_int64, ctypes.c_void_p)
        self._updated = [program.states.index(state) for state, _ in program.updates]
        self._room = {each: aligned(each) for each in self._parameters if isinstance(each, Value)}
        self._one_at_a_time = threading.Lock()  # it works in memory that was made once

    def __repr__(self) -> str:
        return f"<NativeLoop {self.plan.program.name}: {len(self.plan.program.rows)} operations in C>"

    def __call__(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        numbers: Sequence[np.ndarray],
        states: Sequence[np.ndarray],
        epoch: Epoch = EACH_STEP,
    ) -> Run:
        """See `Loop`; the states are rounded at each step.

        Raises:
            ValueError: an array of another shape than was compiled; TypeError: of another dtype.
            IndexError: `order` names a sample that is not there.
        """
        plan, program = self.plan, self.plan.program
        order = np.ascontiguousarray(order, np.int64)
        steps = len(order)
        given: dict[Any, np.ndarray] = {"order": order}
        for place, array in zip(plan.rows, data, strict=True):
            value = program.inputs[place]
            given["data", value] = _checked(array, value, rows=True)
            if order.shape[1:] != value.shape[:1]:
                raise ValueError(
                    f"order is {list(order.shape)}; a step takes {value.shape[0]} rows of {value}."
                )
            if order.size and not 0 <= order.min() <= order.max() < len(array):
                raise IndexError(f"order names samples beyond the {len(array)} that {value} has.")
        for place, array in zip(plan.steps, numbers, strict=True):
            value = program.inputs[place]
            given["number", value] = np.ascontiguousarray(array, value.dtype)
            if given["number", value].shape != (steps,):
                raise ValueError(
                    f"{value} takes one number for each of {steps} steps; got {np.shape(array)}."
                )
        for value, array in zip(program.states, states, strict=True):
            copy = given["state", value] = aligned(value)
            copy[...] = _checked(array, value)
        for k, value in enumerate(program.outputs):
            given["output", k] = np.empty((steps, *value.shape), value.dtype)
        given |= self._room
        held = [each if isinstance(each, np.ndarray | Routine) else given[each] for each in self._parameters]
        with self._one_at_a_time:
            done = int(self._call(steps, (ctypes.c_void_p * len(held))(*map(address_of, held))))
        outputs = [given["output", k][:done] for k in range(len(program.outputs))]
        return Run(done, outputs, [given["state", program.states[k]] for k in self._updated])


class _Writer(Function):
    """The function that runs all steps."""

    pointer = "*restrict "  # no array has two names

    def __init__(self, plan: Plan) -> None:
        super().__init__("loop")
        program = plan.program
        self.held = {f"v{state.number}" for state in program.states}
        self.depth = 2
        self.parameters.append(("const int64_t *restrict order = p[0];", "order"))
        for place in plan.rows:
            self._gather(program.inputs[place])
        for place in plan.steps:
            value = program.inputs[place]
            array = self.parameter(value, ("number", value), name=f"numbers{value.number}")
            self.own(value)
            self.line(f"v{value.number}[0] = {array}[step];")
        before, after = self._states(program)
        for value, known in program.constants.items():
            self.constant(value, known)
        views = views_of(program.rows)
        over = written_over(program, [program.rows], views)
        for state, value in over.items():
            self.put(value, self.places[state].array)
        self.write(program.rows, [*program.outputs, *(v for _, v in program.updates)])
        for k, value in enumerate(program.outputs):
            name = self.parameter(value, ("output", k), constant=False, name=f"output{k}")
            self.line(f"memcpy({name} + step * {value.size}, {self._array(value)}, {value.nbytes});")
        beside = [(state, value) for state, value in program.updates if state not in over]
        became = [(state, self._array(value, moved=True)) for state, value in beside]
        for state, array in became:
            self.line(f"memcpy(v{state.number}, {array}, {state.nbytes});")
        self.before, self.after = before, after

    def _gather(self, value: Value) -> None:
        """This step's rows, side by side: a single one stays where it is."""
        array = self.parameter(value, ("data", value), name=f"data{value.number}")
        batch, size = value.shape[0], value.size // value.shape[0]
        if batch == 1:
            kind, at = C_TYPES[value.dtype], f"{array} + order[step] * {size}"
            self.line(f"const {kind} *v{value.number} = {at}; // {_name(value)}")
        else:
            self.own(value)
            rows = f"order + step * {batch}, {batch}, {value.nbytes // batch}"
            self.line(f"gather(v{value.number}, {array}, {rows}); // {_name(value)}")
        self.put(value, f"v{value.number}")

    def _states(self, program: Program) -> tuple[list[str], list[str]]:
        """Small states are copied in before the first step, and out after the last."""
        changed = {state for state, _ in program.updates}
        before, after = [], []
        for state in program.states:
            if state.nbytes > IN_REGISTERS:
                self.put(state, self.parameter(state, ("state", state), constant=False))
                continue
            name = self.parameter(state, ("state", state), constant=False, name=f"state{state.number}")
            self.own(state, for_good=True)
            before.append(f"memcpy(v{state.number}, {name}, {state.nbytes}); // {_name(state)}")
            if state in changed:
                after.append(f"memcpy({name}, v{state.number}, {state.nbytes});")
        return before, after

    def _array(self, value: Value, moved: bool = False) -> str:
        """An array that holds the value in C order. `moved`: states change now, so none of theirs."""
        place = self.places[value]
        plain = not place.offset and place.view.flags.c_contiguous and place.view.size == place.base.size
        if plain and not (moved and place.array in self.held):
            return place.array
        return self.copied(place, value.dtype).array

    def _text(self, head: list[str], lines: list[str]) -> list[str]:
        first = "SHARED int64_t loop(int64_t steps, void **p) {"
        begin = [*self.before, FLUSH, "int64_t step = 0;", "for (; step < steps; step++) {"]
        end = ["    }", f"done: {RESTORE}", *(f"    {each}" for each in self.after), "    return step;", "}"]
        return [first, *head, *(f"    {each}" for each in begin), *lines, *end]


def _values(program: Program) -> list[Value]:
    return [*program.inputs, *program.states, *program.constants, *(row.result for row in program.rows)]


def _name(value: Value) -> str:
    return printable(value.name)


def _check(plan: Plan) -> None:
    """What no row says: that every input comes from somewhere, and that there is something to compute."""
    program = plan.program
    if sorted((*plan.rows, *plan.steps)) != list(range(len(program.inputs))):
        raise UnsupportedError("a loop in C needs each input as rows of data, or as one number a step.")
    if any(program.inputs[k].shape for k in plan.steps) or not all(
        program.inputs[k].shape for k in plan.rows
    ):
        raise UnsupportedError("rows of data have an axis of samples, and numbers of a step have none.")
    for value in _values(program):
        if not value.size or value.dtype not in C_TYPES:
            raise UnsupportedError(f"{value} is {value.type}: C has no such array.")
    slow = [row for row in program.rows if is_product(row) and not is_fast(row)]
    if slow and sum(map(flops_of, program.rows)) > LARGEST:
        raise UnsupportedError(f"a step of more than {LARGEST:,} flops needs a BLAS: for `{slow[0]}`, say.")


def _checked(array: np.ndarray, value: Value, rows: bool = False) -> np.ndarray:
    """The array, side by side in memory, of the type that was compiled."""
    shape = np.shape(array)[1:] if rows else np.shape(array)
    wanted = value.shape[1:] if rows else value.shape
    if shape != wanted or (rows and not np.ndim(array)):
        raise ValueError(f"{value} takes {'rows of ' * rows}{list(wanted)}; got {list(np.shape(array))}.")
    if array.dtype != value.dtype:
        raise TypeError(f"{value} is {value.dtype}; got {array.dtype}.")
    return np.require(array, requirements=["C_CONTIGUOUS", "ALIGNED"])
