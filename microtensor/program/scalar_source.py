"""Scalar source: many steps of a tiny net as one function on Python's own numbers.

The one idea: for a net of nine weights, calling NumPy costs a hundred times what the arithmetic does. So each
element becomes a local variable, and a whole chunk of steps one generated function, a loop over the samples:

    >>> from microtensor.core import Tensor
    >>> from microtensor.program import capture, improved
    >>> w = Tensor([0.5, -1.0], name="w")
    >>> def step(x):
    ...     w.assign(w.detach() - 0.1 * x[0])
    ...     return x.sum()
    >>> program = improved(capture(step, Tensor([[1.0, 2.0]]), names=["x"]).program)
    >>> print(scalar_loop(Plan(program, rows=(0,), steps=())).source)
    def steps(epochs, states, kept):
        \"\"\"One step for each sample, on numbers of Python; what the states have become.\"\"\"
        from struct import Struct
    <BLANKLINE>
        w_0, w_1 = states
        (keep_sum,) = (each.append for each in kept)
        float32s = Struct("2f")
        for samples, ends in epochs:
            for x_0, x_1 in samples:
                sum = x_0 + x_1
                w_0 -= 0.1 * x_0
                w_1 -= 0.1 * x_1
                # what is kept
                keep_sum(sum)
            if ends:  # the states, as float32 holds them
                packed = float32s.pack(w_0, w_1)
                w_0, w_1 = float32s.unpack(packed)
        return w_0, w_1
    <BLANKLINE>

It computes a step in double precision, so its results are at least as near to the true ones as those of
float32; between epochs the states are what float32 holds, and within one `Run.exact` has them, so it makes no
difference where a loop ends.
What Python refuses (exp(1000), 1 / 0) and what float32 cannot hold ends the loop before that step: `Run.done`
says so, and whoever called takes the step in another way.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from operator import add
from typing import Any

import numpy as np

from .ir import Program, Row, Value
from .loop import EACH_STEP, Epoch, Plan, Run, UnsupportedError
from .scalar_text import source_of

REFUSED = (ArithmeticError, ValueError, LookupError)  # what Python raises where NumPy gives inf or nan
LIMIT = 20_000  # operations: what is larger takes minutes to compile, and NumPy is faster by far


def cost(program: Program) -> int:
    """How many operations on single numbers a step is: what it costs here, and about how long the page is."""
    return sum(_operations(row) for row in program.rows)


def _operations(row: Row) -> int:
    xs = [x for x in row.inputs if isinstance(x, Value)]
    if row.operation.name == "matmul":
        return 2 * row.result.size * (xs[0].shape[-1] if xs and xs[0].shape else 1)
    if row.operation.elementwise:
        return row.result.size
    largest = max((x.size for x in xs), default=0)
    return largest if largest > row.result.size else 0


def scalar_loop(plan: Plan, exact: bool = False) -> ScalarLoop:
    """The loop of a plan on Python's numbers.

    Args:
        plan: of a program that went through the passes.
        exact: round every result to float32, as NumPy does? + - * / and sqrt then give the bits that it
            gives; exp, log and others the nearest float32, from which NumPy's may differ in the last digit;
            products of matrices and long sums are added from the left, which NumPy and its BLAS may do
            otherwise. Slower.

    Raises:
        UnsupportedError: the program has a row that is not written for single numbers, or is too large.
    """
    program = plan.program
    if cost(program) > LIMIT:
        raise UnsupportedError(
            f"{program!r} is {cost(program):,} operations on single numbers; at most {LIMIT:,}."
        )
    places = [*plan.rows, *plan.steps]
    if sorted(places) != list(range(len(program.inputs))):
        raise UnsupportedError(
            f"the plan says where inputs {sorted(places)} come from, of {len(program.inputs)}."
        )
    batches = {program.inputs[k].shape[:1] for k in plan.rows}
    if len(batches) > 1 or () in batches:
        raise UnsupportedError(f"the inputs of rows have the batches {sorted(batches)}; one is needed.")
    for k in plan.steps:
        if program.inputs[k].size != 1:
            raise UnsupportedError(f"{program.inputs[k]} is {program.inputs[k].type}: no single number.")
    return ScalarLoop(plan, *source_of(plan, exact))


class ScalarLoop:
    """Runs the generated function.

    Args:
        plan: what `source` was made from.
        source: the text of the function.
        given: those of plan.steps that it is given.
    """

    def __init__(self, plan: Plan, source: str, given: Sequence[int]) -> None:
        self.plan, self.source, self.given = plan, source, given
        space: dict[str, Any] = {}
        # No name of a layer runs as code: see `word` and `title`. Numbers are written by repr.
        exec(compile(source, "<scalar source>", "exec"), space)
        self.function: Callable[..., Any] = space["steps"]

    def __call__(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        numbers: Sequence[np.ndarray],
        states: Sequence[np.ndarray],
        epoch: Epoch = EACH_STEP,
    ) -> Run:
        """Run one step for each row of `order`; see `Loop`."""
        program = self.plan.program
        given = self._given(data, order, numbers)
        flat = self._flat(states, epoch.exact)
        finite = all(np.isfinite(array).all() for array in (*data, *numbers, *states))
        done = len(order) if finite else 0
        good, bad = 0, done + 1  # so many steps can be done, and so many cannot
        while True:
            kept: list[list[Any]] = [[] for v in program.outputs for _ in range(v.size)] or [[]]
            try:
                after = self.function(_epochs(given[:done], epoch), flat, kept)
            except REFUSED:
                whole = min(map(len, kept))
                bad, done = min(done, whole + 1), min(done - 1, whole)
                continue
            run, fits = self._run(done, kept, after)
            if fits < done:  # an output is too large for its dtype
                bad, done = fits + 1, fits
            elif done and not all(
                np.isfinite(array).all() for array in run.updates
            ):  # somewhere before, unseen
                bad, done = done, (good + done) // 2
            elif done + 1 < bad:
                good, done = done, (done + bad) // 2
            else:
                return run

    def _flat(self, states: Sequence[np.ndarray], exact: Sequence[float]) -> list[float]:
        """The numbers of all states: those that change as they were before they were rounded, if known."""
        known, parts = iter(exact), dict(zip(self.plan.program.states, states, strict=True))
        exactly = {s: list(itertools.islice(known, s.size)) for s, _ in self.plan.program.updates if exact}
        return [x for s, array in parts.items() for x in exactly.get(s) or np.asarray(array).ravel().tolist()]

    def _given(
        self, data: Sequence[np.ndarray], order: np.ndarray, numbers: Sequence[np.ndarray]
    ) -> list[Any]:
        """For each step what the function unpacks: the numbers of a sample, or a tuple of them for each
        sample of a batch, and then those of the step.
        """
        inputs, plan, steps = self.plan.program.inputs, self.plan, len(order)
        columns = [
            np.asarray(each, inputs[k].dtype)
            for k, each in zip(plan.steps, numbers, strict=True)
            if k in self.given
        ]
        if all((column == column[:1]).all() for column in columns):  # a learning rate mostly is
            more = tuple([column[0].item() for column in columns if steps])
            return self._rows(data, order, more) if plan.rows else [more] * steps
        ends = zip(*(column.tolist() for column in columns), strict=True)
        return list(map(add, self._rows(data, order, ()), ends)) if plan.rows else list(ends)

    def _rows(self, data: Sequence[np.ndarray], order: np.ndarray, more: tuple[Any, ...]) -> list[Any]:
        """For each step a tuple of numbers; for batches a tuple of these; and `more`, the same for all."""
        inputs = [self.plan.program.inputs[k] for k in self.plan.rows]
        order = np.asarray(order)
        batch = inputs[0].shape[0]
        for v, array in zip(inputs, data, strict=True):
            if array.shape[1:] != v.shape[1:] or order.shape[1:] != (batch,):
                raise ValueError(
                    f"{v} is {v.type}; got samples of shape {list(array.shape[1:])}, "
                    f"{list(order.shape[1:])} of them a step."
                )
        places = order.ravel()
        if places.size < len(data[0]):  # no more samples than are needed
            data, places = [array[places] for array in data], np.arange(places.size)
        columns = [
            np.asarray(array, v.dtype).reshape(len(array), -1).tolist()
            for v, array in zip(inputs, data, strict=True)
        ]
        end = more if batch == 1 else ()
        samples = [tuple(itertools.chain(*parts, end)) for parts in zip(*columns, strict=True)]
        taken = [samples[k] for k in places.tolist()]
        if batch == 1:
            return taken
        return list(zip(*[iter(taken)] * batch, *map(itertools.repeat, more), strict=False))

    def _run(self, done: int, kept: list[list[Any]], after: Sequence[Any]) -> tuple[Run, int]:
        """Arrays again; and how many steps have outputs that are numbers of their dtype."""
        columns, new, fits = iter(kept), iter(after), done
        outputs, updates = [], []
        with np.errstate(over="ignore"):
            for v in self.plan.program.outputs:
                each = [np.array(next(columns)[:done], v.dtype) for _ in range(v.size)]
                outputs.append(np.stack(each, axis=-1).reshape(done, *v.shape))
                wrong = np.flatnonzero(~np.isfinite(outputs[-1]).all(axis=tuple(range(1, outputs[-1].ndim))))
                fits = min(fits, int(wrong[0])) if wrong.size else fits
            for v, _ in self.plan.program.updates:
                updates.append(np.array(list(itertools.islice(new, v.size)), v.dtype).reshape(v.shape))
        return Run(done, outputs, updates, after), fits


def _epochs(given: list[Any], epoch: Epoch) -> Iterator[tuple[list[Any], bool]]:
    """What the steps are given, by epochs, and whether these end there."""
    start, stop = 0, epoch.steps - epoch.begun
    while stop <= len(given):
        yield given[start:stop], True
        start, stop = stop, stop + epoch.steps
    if start < len(given):
        yield given[start:], False
