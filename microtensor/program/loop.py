"""Loop: many steps as one call.

The one idea: in an epoch the same program runs again and again; only its rows of data and its learning rate
change, and what it leaves in the states is what the next step finds there. A source that can write that loop
itself (in Python for tiny nets, in machine code) is spared the cost of a call for each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .ir import Program


class Plan:
    """A program, and where each of its inputs comes from.

    Args:
        program: what a step computes.
        rows: the places of the inputs that are gathered from data: a batch of rows each step.
        steps: the places of the inputs that are given as one number for each step.
    """

    def __init__(self, program: Program, rows: tuple[int, ...], steps: tuple[int, ...]) -> None:
        self.program, self.rows, self.steps = program, rows, steps


class UnsupportedError(ValueError):
    """A program that a source cannot express: the message says which row, and why."""


class Run:
    """What a loop did.

    Args:
        done: how many steps; fewer than asked if a step needs what the source cannot do (inf, say).
        outputs: each output of each step that was done: (done, *shape).
        updates: what the updated states have become.
        exact: the numbers of `updates` before they were rounded, if the source has such.
    """

    def __init__(
        self, done: int, outputs: list[np.ndarray], updates: list[np.ndarray], exact: Sequence[float] = ()
    ) -> None:
        self.done, self.outputs, self.updates, self.exact = done, outputs, updates, exact


class Epoch:
    """Where epochs end: there the states are what their dtype holds, whoever looks at them and however many
    steps a call takes. In between a source may carry them on as it has them.

    Args:
        steps: of a whole epoch.
        begun: so many of them are done.
        exact: of the `Run` that did them, if nobody has changed the states since.
    """

    def __init__(self, steps: int = 1, begun: int = 0, exact: Sequence[float] = ()) -> None:
        self.steps, self.begun, self.exact = steps, begun, exact


EACH_STEP = Epoch()  # the states are rounded after every step

if TYPE_CHECKING:
    from typing import Protocol

    class Loop(Protocol):
        """Runs many steps."""

        source: str

        def __call__(
            self,
            data: Sequence[np.ndarray],
            order: np.ndarray,
            numbers: Sequence[np.ndarray],
            states: Sequence[np.ndarray],
            epoch: Epoch = EACH_STEP,
        ) -> Run:
            """Run one step for each row of `order`.

            Args:
                data: for each place in plan.rows, all samples: (samples, ...).
                order: which samples a step takes: integers (steps, batch).
                numbers: for each place in plan.steps, one number for each step: (steps,).
                states: of program.states, in their order. They are not written into.
                epoch: for a source that rounds the states only now and then.
            """
            ...


def reference(plan: Plan) -> Any:
    """A loop in the plainest way, row by row: what the others are held against."""
    from .semantics import interpret

    program = plan.program

    def run(
        data: Sequence[np.ndarray],
        order: np.ndarray,
        numbers: Sequence[np.ndarray],
        states: Sequence[np.ndarray],
        epoch: Epoch = EACH_STEP,
    ) -> Run:
        now = dict(zip(program.states, states, strict=True))
        outputs: list[list[np.ndarray]] = [[] for _ in program.outputs]
        for k, rows in enumerate(order):
            inputs: list[Any] = [None] * len(program.inputs)
            for place, array in zip(plan.rows, data, strict=True):
                inputs[place] = array[rows]
            for place, array in zip(plan.steps, numbers, strict=True):
                inputs[place] = np.asarray(array[k], program.inputs[place].dtype)
            given, made = interpret(program, inputs, list(now.values()))
            for column, y in zip(outputs, given, strict=True):
                column.append(y)
            now.update(zip((state for state, _ in program.updates), made, strict=True))
        return Run(len(order), [np.array(column) for column in outputs], [now[s] for s, _ in program.updates])

    return run
