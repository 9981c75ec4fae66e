"""Semantics: what a program means, row by row. `interpret` runs it so; `typecheck` does that on ones.

The one idea: a row is an entry of the table of mathematics and what it is called with, so to run a program in
the plainest way is to call one after the other. What passes and sources do is held against this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .ir import Program, Value, example


def interpret(
    program: Program, inputs: Sequence[Any], states: Sequence[Any]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Run row by row, in the plainest way: (outputs, what the updated states become)."""
    known: dict[Value, Any] = dict(program.constants)
    known.update(zip(program.inputs, inputs, strict=True))
    known.update(zip(program.states, states, strict=True))
    for row in program.rows:
        known[row.result] = row.run([known[x] if isinstance(x, Value) else x for x in row.inputs])
    return [known[v] for v in program.outputs], [known[v] for _, v in program.updates]


class ProgramError(ValueError):
    """A program that cannot run as it is written."""


def typecheck(program: Program) -> None:
    """Raise ProgramError unless each value is made once and before it is used, with the type that it has.

    The types are those that the operations really give: each row runs on ones. (Indices are 0, which is in
    range; a matrix of ones that cannot be inverted says nothing about types.)
    """
    made = {*program.inputs, *program.states, *program.constants}
    for v, array in program.constants.items():
        if (array.shape, array.dtype) != (v.shape, v.dtype):
            raise ProgramError(f"constant {v} is {array.dtype}{list(array.shape)}, not {v.type}.")
    numbers = {v.number for v in made}
    for row in program.rows:
        for x in row.values:
            if x not in made:
                raise ProgramError(f"`{row}` uses {x}, which is not made before it.")
        if row.result.number in numbers:
            raise ProgramError(f"`{row}` makes {row.result} a second time.")
        if not row.operation.random:
            xs = [example(x) if isinstance(x, Value) else x for x in row.inputs]
            try:
                with np.errstate(all="ignore"):
                    y = row.run(xs)
            except np.linalg.LinAlgError:
                y = np.empty(row.result.shape, row.result.dtype)
            if (y.shape, y.dtype) != (row.result.shape, row.result.dtype):
                raise ProgramError(f"`{row}` gives {y.dtype}{list(y.shape)}, not {row.result.type}.")
        made.add(row.result)
        numbers.add(row.result.number)
    ends = [*program.outputs, *(v for _, v in program.updates)]
    for v in ends:
        if v not in made:
            raise ProgramError(f"{v} is an end of the program, and nothing makes it.")
    for state, v in program.updates:
        if state not in program.states or (state.shape, state.dtype) != (v.shape, v.dtype):
            raise ProgramError(f"{state} ({state.type}) cannot become {v} ({v.type}).")
