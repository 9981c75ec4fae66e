"""Accumulate: a gradient that does nothing but change its weights goes into them inside of the BLAS.

    %7 = matmul(%5, %6)
    %8 = multiply(learning_rate, %7)
    %9 = subtract(kernel, %8)            %9 = accumulate(%5, %6, learning_rate, kernel, 1, sign=-1)
    update kernel <- %9                  update kernel <- %9

The one idea: a BLAS computes C ← α A B + β C, so SGD's rule is a product whose C are the weights (and that of
momentum one whose C is the velocity, with the momentum as β): the gradient itself is never written down, and
no loop reads the weights once more. Each sum is rounded once less than in the rows. Where α is 0 a BLAS does
not look at A and B, so that is written out: 0 times what is not finite is NaN.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ...core import Operation
from ..ir import Program, Row, Value
from .blas import NUMBERS
from .expressions import literal
from .products import by_blas, call_blas, is_product, operand

if TYPE_CHECKING:
    from .c_source import Function

ACCUMULATE = Operation(
    "accumulate",
    lambda a, b, alpha, c, beta, sign=1: beta * c + sign * alpha * (a @ b),
    formula="beta * c + sign * alpha * (a @ b)",
)


def is_accumulation(row: Row) -> bool:
    """Is it such a row?"""
    return row.operation is ACCUMULATE


def accumulated(program: Program) -> Program:
    """The same program, in which each update that is a product added to its state is one row."""
    made = {row.result: row for row in program.rows}
    uses = Counter(v for row in program.rows for v in row.values)
    uses.update((*program.outputs, *(v for _, v in program.updates)))
    alone = {v: row for v, row in made.items() if uses[v] == 1}
    becomes: dict[Value, Row] = {}
    gone: set[Value] = set()
    for state, v in program.updates:
        found = _accumulation(state, made[v], alone) if v in made else None
        if found is not None:
            becomes[v], absorbed = found
            gone |= absorbed
    if not becomes:
        return program
    rows = [becomes.get(row.result, row) for row in program.rows if row.result not in gone]
    return program.replace(rows=rows)


def _accumulation(state: Value, row: Row, alone: dict[Value, Row]) -> tuple[Row, set[Value]] | None:
    """The row that says the same as this one, and the values that nobody needs any more; None: it is not of
    this form. `alone`: the rows whose results one other row reads.
    """
    name, inputs = row.operation.name, row.inputs
    if name not in ("add", "subtract") or len(row.values) < 2:
        return None
    ways = [inputs, inputs[::-1]] if name == "add" else [inputs]  # c + d is d + c
    for c, d in ways:
        beta, kept, of_c = _scaled(c, alone)
        alpha, product, of_d = _scaled(d, alone)
        maker = alone.get(product)
        if kept != state or isinstance(beta, Value) or maker is None or not is_product(maker):
            continue
        a, b = maker.inputs
        plain = len(a.shape) == len(b.shape) == 2 and maker.result.shape == state.shape
        if plain and by_blas(maker) and state.dtype == maker.result.dtype == row.result.dtype:
            params = {"sign": 1 if name == "add" else -1}
            whole = Row(row.result, ACCUMULATE, (a, b, alpha, state, beta), params, row.scope)
            return whole, {product, *of_c, *of_d}
    return None


def _scaled(v: Any, alone: dict[Value, Row]) -> tuple[Any, Any, set[Value]]:
    """(factor, value, what is gone then): 2 v as (2, v), and v itself as (1, v)."""
    row = alone.get(v)
    if row is not None and row.operation.name == "multiply":
        for factor, value in (row.inputs, row.inputs[::-1]):
            same = isinstance(value, Value) and (value.shape, value.dtype) == (v.shape, v.dtype)
            if same and _is_number(factor, v):
                return factor, value, {v}
    return 1, v, set()


def _is_number(x: Any, like: Value) -> bool:
    """One of Python's numbers that is not 0, or a value that is one number of this dtype."""
    if isinstance(x, Value):
        return x.shape == () and x.dtype == like.dtype
    return type(x) in (int, float) and x != 0


def write_accumulation(function: Function, row: Row) -> None:
    """The statements for this row."""
    a, b, alpha, c, beta = row.inputs
    y, dtype = row.result, row.result.dtype
    function.own(y)
    source, target = function.places[c], function.places[y]
    if source.array != target.array:  # a step may be given one array for both
        copy = f"memcpy({target.array}, {source.array}, {y.nbytes});"
        function.line(f"if ({target.array} != {source.array}) {copy}")
    left, right = (operand(function, function.places[x], dtype) for x in (a, b))
    factor, kept = literal(alpha, dtype), literal(beta, dtype)
    if isinstance(alpha, Value):
        factor = function.places[alpha].at([], [])
        (m, k), n = left.view.shape, right.view.shape[1]
        read = [f"&{x.at([], [])}, {', '.join(map(str, x.view.strides))}" for x in (left, right)]
        given = f"{m}, {n}, {k}, {', '.join(read)}, {kept}, &{target.at([], [])}"
        function.line(f"if ({factor} == 0) {NUMBERS[dtype][0]}gemm_by_zero({given}); else")
    factor = f"-({factor})" if row.params["sign"] < 0 else factor
    call_blas(function, [], left, right, target, dtype, factor, kept)
