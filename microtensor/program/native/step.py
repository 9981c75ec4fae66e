"""Step: one step of a net as a C function, or as several, where a row between them has no form in C.

    %7 = matmul(x, kernel)              sgemm(...);                             NumPy's BLAS
    | %9 = add(%7, bias)                for (...) { x9 = ...; x10 = ...; }      both in one loop
    | %10 = maximum(%9, 0)
    %11 = cumsum(%10, axis=1)           row.run(...)                            NumPy, between two functions

The one idea: nothing is found out twice. Which array is where, and that it is of the right type, is looked at
when it is another array than last time; what a state becomes is written where it shall stand, if nobody reads
the old one any more.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Sequence
from operator import is_, setitem
from typing import Any

import numpy as np

from ..ir import Program, Row, Value
from ..semantics import interpret
from .accumulate import accumulated
from .c_source import joined, supported
from .cache import library
from .in_place import written_over
from .kernels import Bound, Kernel
from .places import aligned, root, views_of


def native_step(program: Program) -> NativeStep:
    """One step of a net: C, NumPy's BLAS for the products of matrices, `row.run` for what C cannot say.

    Raises:
        CompilerError: there is no C compiler, or it failed.
    """
    return NativeStep(program)


class NativeStep:
    """Call it with arrays for the inputs and states: (outputs, what the updated states become). It has one
    set of buffers, so it is for one thread at a time.
    """

    def __init__(self, program: Program) -> None:
        self.program = program = accumulated(program)
        plan = _Plan(program)
        self.kernels = [each for each in plan.pieces if isinstance(each, Kernel)]
        self.source = joined([kernel.function for kernel in self.kernels])
        compiled = library(self.source) if self.kernels else None
        self.whole = False  # has the step come to its end?
        self._done = np.zeros(1, np.int64)  # how many kernels of the step have run: counted by them
        self._now: dict[Value, Any] = dict(program.constants)  # the array of each value that Python sees
        for v in plan.crossing:
            self._now[v] = aligned(v)
        for v in (*program.inputs, *program.states):
            if not v.shape:
                self._now[v] = aligned(v)  # a number is copied in: cheaper than taking its address
        self._fixed_views(plan)
        bound: list[Bound] = []
        self._bound = bound  # the tables of addresses, and their arrays, live as long as the step
        self._calls: list[Callable[[], Any]] = []
        for piece in plan.pieces:
            if isinstance(piece, Kernel):
                assert compiled is not None
                bound.append(piece.bind(compiled, self._now, self._done))
                self._calls.append(_call(bound[-1], len(bound), self._done))
            else:
                self._calls.append(self._row(piece))
        self._inputs, self._states = (
            [_Slot(v, bound) for v in vs] for vs in (program.inputs, program.states)
        )
        self._direct = plan.direct
        self._is_kernel = [isinstance(piece, Kernel) for piece in plan.pieces]
        self.silent = all(self._is_kernel)
        self.in_place = self._can_be_finished(plan.pieces) and all(
            plan.direct.get(state) is v for state, v in program.updates
        )
        self._becomes = [
            _Slot(v, bound if plan.direct.get(state) is v else []) for state, v in program.updates
        ]
        self._copied = [
            (k, v) for k, (state, v) in enumerate(program.updates) if plan.direct.get(state) is not v
        ]
        self._were: list[np.ndarray | None] = []  # the states of the step before, and what they became
        self._became: list[np.ndarray | None] = []

    def __repr__(self) -> str:
        return f"<NativeStep {self.program.name}: {len(self.kernels)} C functions>"

    def __call__(
        self,
        inputs: Sequence[Any],
        states: Sequence[np.ndarray],
        out_states: Sequence[np.ndarray] | None = None,
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """One step.

        Args:
            inputs, states: of the program, in their order.
            out_states: for each update the array that it is written to. It may be the array of its own state,
                and shares memory with nothing else. Without: new arrays. If the step is interrupted while it
                writes over states, and `in_place` is True, it is finished first, and then interrupted.

        Raises:
            ValueError, TypeError: an array of another shape or dtype than was compiled.
        """
        now, self.whole = self._now, False
        if out_states is None:
            out_states = [aligned(state) for state, _ in self.program.updates]
        changed = False
        for slot, array in zip(self._inputs, inputs, strict=True):
            if array is not slot.last:
                changed |= slot.take(array, now)
        if not (_same(states, self._were) and _same(out_states, self._became)):
            changed = True
            self._take_states(states, out_states)
        if changed:
            self._refuse_shared_memory()
            for row in self._moving:
                now[row.result] = row.run([now[row.inputs[0]]])
        self._done[0] = 0
        try:
            for call in self._calls:
                call()
        except KeyboardInterrupt:
            if self.in_place:
                self._finish()
                self.whole = True
            raise
        except _RefusedError:  # before any state was written
            return self._by_rows(inputs, states, out_states)
        self.whole = True
        outputs = [np.array(now[v]) for v in self.program.outputs]
        copied = [(k, np.array(now[v])) for k, v in self._copied]
        for k, value in copied:
            out_states[k][...] = value
        return outputs, list(out_states)

    def _take_states(self, states: Sequence[np.ndarray], out_states: Sequence[np.ndarray]) -> None:
        """They are other arrays than last time."""
        self._were, self._became = [], []  # an array that is refused makes that no step has been
        for slot, array in zip(self._states, states, strict=True):
            if array is not slot.last:
                slot.take(array, self._now)
        for slot, array in zip(self._becomes, out_states, strict=True):
            if array is not slot.last:
                slot.write(array, self._now)
        self._were, self._became = [x.last for x in self._states], [x.last for x in self._becomes]

    def _by_rows(
        self, inputs: Sequence[Any], states: Sequence[np.ndarray], out_states: Sequence[np.ndarray]
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """By NumPy, which has the words for what is wrong."""
        arrays = [np.asarray(x, v.dtype) for x, v in zip(inputs, self.program.inputs, strict=True)]
        with np.errstate(all="ignore"):
            outputs, made = interpret(self.program, arrays, states)
        try:
            put: Any = setitem
            deque(map(put, out_states, itertools.repeat(...), made), maxlen=0)  # all, or none: one call
        finally:
            self.whole = True
        return outputs, list(out_states)

    def _can_be_finished(self, pieces: Sequence[Kernel | Row]) -> bool:
        """After an interrupt, or after an error: does all that may raise come before the first state is
        written, and give the same if it runs twice?
        """
        kernels = iter(self._bound)
        written = False
        for piece in pieces:
            if isinstance(piece, Kernel):
                kernel = next(kernels)
                written = written or any(kernel.places(v) for v in self._direct.values())
            elif not _is_product(piece) and (written or piece.operation.random):
                return False
        return True

    def _finish(self) -> None:
        """Run what an interrupted step has left, and whoever interrupts again has to wait. Products may run
        twice: what they read is still there.
        """
        while True:
            skipped = int(self._done[0])
            try:
                for call, is_kernel in zip(self._calls, self._is_kernel, strict=True):
                    if skipped:
                        skipped -= is_kernel
                    else:
                        call()
                return
            except KeyboardInterrupt:
                continue

    def _fixed_views(self, plan: _Plan) -> None:
        """Views of planned buffers are made once; those of what is given, when it is another array."""
        self._moving: list[Row] = []
        changing = {v for v in (*self.program.inputs, *self.program.states) if v.shape}
        changing |= set(plan.direct.values())
        for row in plan.views.values():
            if row.result not in plan.seen:
                continue
            x = row.inputs[0]
            if x in changing:
                changing.add(row.result)
                self._moving.append(row)
            else:
                self._now[row.result] = row.run([self._now[x]])

    def _refuse_shared_memory(self) -> None:
        """What is written must be nobody else's: it would change under a kernel that reads it."""
        becomes = [
            (slot.address, state)
            for slot, (state, _) in zip(self._becomes, self.program.updates, strict=True)
            if slot.tables
        ]
        written = dict(becomes)
        given = [(x.address, x.value) for x in (*self._inputs, *self._states) if x.value.shape]
        wrong = [v for address, v in given if written.get(address, v) != v]
        if wrong or len(written) < len(becomes):
            what = wrong[0] if wrong else "another state"
            raise ValueError(f"an array of out_states shares its memory with {what}: give each one its own.")

    def _row(self, row: Row) -> Callable[[], Any]:
        now, inputs, result = self._now, row.inputs, row.result
        if _is_product(row):
            a, b = inputs
            matmul = np.matmul
            return lambda: matmul(now[a], now[b], out=now[result])

        def run() -> None:
            now[result][...] = row.run([now[x] if isinstance(x, Value) else x for x in inputs])

        return run


def _is_product(row: Kernel | Row) -> bool:
    """Is it a product of matrices, written into a planned buffer?"""
    if isinstance(row, Kernel) or row.operation.name != "matmul" or not row.result.shape:
        return False
    return all(isinstance(x, Value) for x in row.inputs)


class _Plan:
    """Which rows become kernels, and what passes between them."""

    def __init__(self, program: Program) -> None:
        rows = program.rows
        self.views = views_of(rows)
        self.pieces: list[Kernel | Row] = []
        parts = self._parts(rows)
        part_of = {row.result: k for k, part in enumerate(parts) for row in part}
        crossing: dict[Value, None] = {}  # what one part makes and another one, or the world, reads
        self.seen: set[Value] = set()  # what Python reads: views of these are NumPy's views
        for k, part in enumerate(parts):
            for row in part:
                for x in row.values:
                    if not self._is_kernel(part):
                        self._see(x)
                    origin = root(x, self.views)
                    if part_of.get(origin, k) != k:
                        crossing[origin] = None
        for v in (*program.outputs, *(v for _, v in program.updates)):
            self._see(v)
            crossing[root(v, self.views)] = None
        crossing.update((part[0].result, None) for part in parts if not self._is_kernel(part))
        made = {row.result for row in rows}
        self.direct = written_over(program, parts, self.views)
        directly = set(self.direct.values())
        self.crossing = [v for v in crossing if v in made and v not in directly and v not in self.views]
        for k, part in enumerate(parts):
            if self._is_kernel(part):
                needed = [v for v in crossing if part_of.get(v) == k]
                name = f"kernel{sum(isinstance(each, Kernel) for each in self.pieces)}"
                self.pieces.append(Kernel(part, needed, program.constants, self.views, name))
            else:
                self.pieces.extend(part)

    def _see(self, v: Value) -> None:
        while v in self.views:
            self.seen.add(v)
            v = self.views[v].inputs[0]

    def _is_kernel(self, part: Sequence[Row]) -> bool:
        return supported(part[0])

    def _parts(self, rows: Sequence[Row]) -> list[list[Row]]:
        """Neighbours that C can say, and each other row alone. Views are nobody's work."""
        parts: list[list[Row]] = []
        for row in rows:
            if row.result in self.views:
                if parts and supported(parts[-1][0]):
                    parts[-1].append(row)
            elif supported(row) and parts and supported(parts[-1][0]):
                parts[-1].append(row)
            else:
                parts.append([row])
        return parts


class _Slot:
    """An array that comes from outside: its type is held, and its address set, when it is another one."""

    def __init__(self, value: Value, bound: Sequence[Bound]) -> None:
        self.value = value
        self.last: np.ndarray | None = None  # which array it was
        self.address = 0
        self.tables = [(each, place) for each in bound for place in each.places(value)]

    def take(self, array: Any, now: dict[Value, Any]) -> bool:
        """Let the kernels read from this array. False: it is one number, and all addresses are as before."""
        value = self.value
        if not value.shape:
            if getattr(array, "shape", ()):  # `np.shape` is a call of Python's
                raise ValueError(f"{value} is one number; got {list(np.shape(array))}.")
            now[value][()] = array
            return False
        self._set(np.require(self._checked(array), requirements=["C", "A"]), now)
        self.last = array if self.kept is array else None
        return True

    def write(self, array: np.ndarray, now: dict[Value, Any]) -> None:
        """Let the kernels write to this array (or the step itself, at its end)."""
        self._checked(array)
        if self.tables:
            if not (array.flags.c_contiguous and array.flags.aligned and array.flags.writeable):
                raise ValueError(f"what takes {self.value} must be side by side in memory, and writeable.")
            self._set(array, now)
        self.last = array

    def _checked(self, array: Any) -> Any:
        value = self.value
        if np.shape(array) != value.shape:
            raise ValueError(f"{value} is {value.type}; got an array of shape {list(np.shape(array))}.")
        if getattr(array, "dtype", None) != value.dtype:
            raise TypeError(f"{value} is {value.type}; got {getattr(array, 'dtype', type(array).__name__)}.")
        return array

    def _set(self, array: np.ndarray, now: dict[Value, Any]) -> None:
        self.kept = now[self.value] = array
        address = self.address = array.__array_interface__["data"][0]
        for each, place in self.tables:
            each.pointers[place] = address
            each.held[place] = array


def _same(arrays: Sequence[np.ndarray], last: Sequence[np.ndarray | None]) -> bool:
    return len(arrays) == len(last) and all(map(is_, arrays, last))


def _call(bound: Bound, number: int, done: np.ndarray) -> Callable[[], None]:
    run, where = (
        bound.run,
        bound.where,
    )  # no look-ups; the step keeps `bound`, whose table `where` points into
    if not bound.kernel.may_refuse:
        return lambda: run(where)

    def call() -> None:
        run(where)
        if done[0] < number:
            raise _RefusedError

    return call


class _RefusedError(Exception):
    """A kernel has found numbers that are not as they have to be."""
