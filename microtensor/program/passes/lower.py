"""Lower: operations made of others become rows of these.

The one idea: an operation's `forward` is written in NumPy, and NumPy's functions record when they are given
tensors. So running `forward` on tensors says what it is made of:

    %2 = sigmoid(%1)        %2 = negative(%1)
                            %3 = exp(%2)
                            %4 = add(1, %3)
                            %5 = divide(1, %4)

An operation that uses itself (np.exp gives exp) is elementary and stays, as does one that looks at numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import Operation, Tensor
from ...core.state import switched
from ..capture import Listener
from ..ir import Program, Row, Value, example, key_of


def lower(program: Program) -> Program:
    """The same program in elementary operations."""
    writer = _Writer(program)
    for row in program.rows:
        writer.write(row)
    return program.replace(
        rows=writer.rows,
        constants=writer.constants,
        outputs=[writer.now(v) for v in program.outputs],
        updates=[(state, writer.now(v)) for state, v in program.updates],
    )


class _Writer:
    def __init__(self, program: Program) -> None:
        self.rows: list[Row] = []
        self.constants = dict(program.constants)
        ends = (*program.inputs, *program.states, *program.constants, *(row.result for row in program.rows))
        self.last = max((v.number for v in ends), default=0)
        self.renamed: dict[Value, Value] = {}
        self.forms: dict[Any, _Form | None] = {}

    def now(self, x: Any) -> Any:
        return self.renamed.get(x, x) if isinstance(x, Value) else x

    def write(self, row: Row) -> None:
        """The row, or the rows that it is made of, and these in turn. Operations nest a few levels deep, and
        what waits stands on a stack: nothing recurses.
        """
        waiting = [row]
        while waiting:
            row = waiting.pop()
            row = row.renamed(self.renamed)
            form = self.form(row)
            if form is None:
                self.rows.append(row)
                continue
            names: dict[Value, Value] = dict(zip(form.inputs, row.values, strict=True))
            for known, array in form.constants.items():
                names[known] = self.new(known)
                self.constants[names[known]] = array
            parts = []
            for part in form.rows:
                names[part.result] = row.result if part.result == form.output else self.new(part.result)
                inputs = tuple([names[x] if isinstance(x, Value) else x for x in part.inputs])
                parts.append(Row(names[part.result], part.operation, inputs, part.params, row.scope))
            if form.output in form.inputs or form.output in form.constants:
                self.renamed[row.result] = names[form.output]
            waiting.extend(reversed(parts))

    def new(self, like: Value) -> Value:
        self.last += 1
        return Value(self.last, like.shape, like.dtype)

    def form(self, row: Row) -> _Form | None:
        """What an operation is made of, for operands of these types; None: it is elementary."""
        if isinstance(row.operation.forward, np.ufunc) or row.operation.random:
            return None
        types = tuple((x.shape, x.dtype) if isinstance(x, Value) else key_of(x) for x in row.inputs)
        key = (row.operation.name, id(row.operation), types, key_of(row.params))
        if key not in self.forms:
            self.forms[key] = _form(row.operation, row)
        return self.forms[key]


class _Form:
    """Rows that stand for one operation."""

    def __init__(self, listener: Listener, output: Value) -> None:
        self.inputs, self.rows, self.constants = listener.inputs, listener.rows, listener.constants
        self.output = output


def _form(operation: Operation, row: Row) -> _Form | None:
    xs = [Tensor.wrap(example(x)) if isinstance(x, Value) else x for x in row.inputs]
    listener = Listener([x for x in xs if isinstance(x, Tensor)], ())
    rule = RULES.get(operation.name, operation.forward)
    try:
        with switched(capture=listener, recording=False), np.errstate(all="ignore"):
            y = rule(*xs, **row.params)
    except (TypeError, ValueError, RuntimeError, AttributeError, IndexError):
        return None  # it looks at numbers, or uses what is no operation on tensors: it runs as it is
    if not isinstance(y, Tensor) or listener.states:
        return None
    output = listener.value(y)
    if (output.shape, output.dtype) != (row.result.shape, row.result.dtype):
        return None
    if any(part.operation is operation for part in listener.rows):
        return None  # np.linalg.qr, say, is this operation and a few moves
    return _Form(listener, output)


# NumPy's mean, var and std of floats are exactly these, with more ado.


def _mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return np.sum(x, axis=axis, keepdims=keepdims) / _count(x, axis)


def _var(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    away = x - _mean(x, axis, keepdims=True)
    return np.sum(away * away, axis=axis, keepdims=keepdims) / max(_count(x, axis) - ddof, 0)


def _std(x: Any, axis: Any = None, ddof: int = 0, keepdims: bool = False) -> Any:
    return np.sqrt(_var(x, axis, ddof, keepdims))


def _count(x: Any, axis: Any) -> int:
    if x.dtype not in (np.float32, np.float64) or not x.size:
        raise TypeError
    axes = range(x.ndim) if axis is None else [axis] if isinstance(axis, int) else axis
    return math.prod(x.shape[k] for k in axes)


RULES: dict[str, Callable[..., Any]] = {"mean": _mean, "var": _var, "std": _std}
