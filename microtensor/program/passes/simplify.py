"""Simplify: rows that change nothing disappear, and constants are computed now.

    %4 = divide(%1, 1)              (gone: %4 is %1)
    %5 = multiply(2, %4)            %5 = multiply(2, %1)
    %6 = reshape(%5, shape=(4,))    (gone, if %5 has that shape already)
    %7 = exp(const)                 const %7

Only what is exact, bit for bit, is done: x + 0 stays, since -0.0 + 0 is 0.0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import Program, Row, Value

NEUTRAL = {"multiply": (1, 1), "divide": (None, 1), "power": (None, 1), "subtract": (None, 0)}
NOTHING = frozenset({"identity", "positive", "reshape", "broadcast_to", "astype", "transpose", "swapaxes"})
TWICE = frozenset({"negative", "swapaxes"})  # what undoes itself
LARGEST = 1 << 16  # elements of a constant that is made here; larger ones are made at each run


def simplify(program: Program) -> Program:
    """Fold constants, and drop what changes nothing."""
    now: dict[Value, Value] = {}
    constants, rows = dict(program.constants), []
    made: dict[Value, Row] = {}
    for row in program.rows:
        row = row.renamed(now)
        if constants:
            row = row.reading([_literal(x, row, constants) for x in row.inputs])
        same = _same(row, made)
        if same is not None:
            now[row.result] = same
        elif _is_known(row, constants):
            with np.errstate(all="ignore"):
                constants[row.result] = row.run([constants.get(x, x) for x in row.inputs])
        else:
            rows.append(row)
            made[row.result] = row
    ends = [now.get(v, v) for v in program.outputs]
    updates = [(state, now.get(v, v)) for state, v in program.updates]
    return program.replace(rows=rows, constants=constants, outputs=ends, updates=updates)


def _is_known(row: Row, constants: dict[Value, np.ndarray]) -> bool:
    known = all(x in constants for x in row.values)
    return known and not row.operation.random and row.result.size <= LARGEST


def _literal(x: Any, row: Row, constants: dict[Value, np.ndarray]) -> Any:
    """A constant of one number as a number of Python's, where the result is the same."""
    if not isinstance(x, Value) or x not in constants or x.shape or not row.operation.elementwise:
        return x
    others = [other for other in row.values if other is not x]
    if x.dtype.kind != "f" or not others or any(other.dtype != x.dtype for other in others):
        return x
    return constants[x].item()


def _same(row: Row, made: dict[Value, Row]) -> Value | None:
    """The input that the result of a row equals, bit for bit."""
    name, inputs, result = row.operation.name, row.inputs, row.result
    candidates: list[Any] = []
    if name in NEUTRAL and len(inputs) == 2:
        left, right = NEUTRAL[name]
        candidates += [inputs[1]] if _is(inputs[0], left) else []
        candidates += [inputs[0]] if _is(inputs[1], right) else []
    elif name in NOTHING and (name not in ("transpose", "swapaxes") or _moves_nothing(row)):
        candidates.append(inputs[0])
    if name in TWICE and isinstance(inputs[0], Value):
        before = made.get(inputs[0])
        if before is not None and before.operation is row.operation and before.params == row.params:
            candidates.append(before.inputs[0])
    for x in candidates:
        if isinstance(x, Value) and (x.shape, x.dtype) == (result.shape, result.dtype):
            return x
    return None


def _is(x: Any, number: int | None) -> bool:
    """A number of Python's that is 0 or 1, whatever its type; -0.0 is no 0 here."""
    plain = isinstance(x, int | float) and not isinstance(x, Value)
    return number is not None and plain and x == number and str(x)[0] != "-"


def _moves_nothing(row: Row) -> bool:
    """A transpose of what has one axis, or none."""
    x = row.inputs[0]
    return isinstance(x, Value) and len(x.shape) < 2
