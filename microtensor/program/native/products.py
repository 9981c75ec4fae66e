"""Products: a product of matrices in C, by plain loops if it is small, or else by NumPy's BLAS.

    sgemm(101, 111, 112, 128, 784, 10, 1, v26, 10, v10, 10, 0, v29, 784); // v26 v10^T

The one idea: a BLAS asks only that one of the two axes of a matrix lies side by side in memory, so a
transpose costs nothing: it is a word (112). What lies otherwise is copied first, as NumPy does. Plain loops
need no call, and are faster for a few hundred multiplications.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..ir import Row, Value
from .blas import AS_IT_IS, ROW_MAJOR, TRANSPOSED, gemm
from .expressions import C_TYPES
from .places import Place

if TYPE_CHECKING:
    from .c_source import Function

SMALL = 512  # multiplications: below, plain loops are done (0.2 us) before a BLAS has begun


def is_product(row: Row) -> bool:
    """Is it a product of arrays of numbers?"""
    return (
        row.operation.name == "matmul"
        and all(isinstance(x, Value) for x in row.inputs)
        and row.result.dtype.kind != "b"
    )


def is_fast(row: Row) -> bool:
    """Can C do this product at least as fast as NumPy?"""
    return _is_small(row) or by_blas(row)


def write_product(function: Function, row: Row) -> None:
    """The statements for this row."""
    a, b, y = function.places[row.inputs[0]], function.places[row.inputs[1]], row.result
    function.own(y)
    left = a.view if a.view.ndim > 1 else a.view[None, :]
    right = b.view if b.view.ndim > 1 else b.view[:, None]
    out = function.places[y]
    outer = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    m, k, n = *left.shape[-2:], right.shape[-1]
    a, b = a._replace(view=left), b._replace(view=right)
    called = by_blas(row)
    if called:
        a, b = operand(function, a, y.dtype), operand(function, b, y.dtype)
    a, b = a.to((*outer, m, k)), b.to((*outer, k, n))
    out = out._replace(view=out.view.reshape(*outer, m, n))
    batch = [f"batch{d}" for d in range(len(outer))]
    for i, size in zip(batch, outer, strict=True):
        function.loop(i, size)
    if called:
        call_blas(function, batch, a, b, out, y.dtype)
    else:
        _loops(function, batch, a, b, out, C_TYPES[y.dtype])
    function.close(len(batch))


def call_blas(
    function: Function,
    batch: list[str],
    a: Place,
    b: Place,
    out: Place,
    dtype: np.dtype,
    alpha: str | None = "1",
    beta: str | None = "0",
) -> None:
    """out = alpha a b + beta out, by the BLAS; alpha and beta as C says them."""
    (m, k), n = a.view.shape[-2:], b.view.shape[-1]
    matrices = [(place, *_read(place)) for place in (a, b, out)]
    words = ", ".join(str(word) for _, word, _ in matrices[:2])
    given = [f"&{p.at(batch, p.view.strides[: len(batch)])}, {step}" for p, _, step in matrices]
    routine = gemm(dtype)
    assert routine is not None
    name = function.routine(routine)
    numbers = f"{alpha}, {given[0]}, {given[1]}, {beta}, {given[2]}"
    function.line(f"{name}({ROW_MAJOR}, {words}, {m}, {n}, {k}, {numbers});")


def _loops(function: Function, batch: list[str], a: Place, b: Place, out: Place, kind: str) -> None:
    """By plain loops."""
    (m, k), n = a.view.shape[-2:], b.view.shape[-1]
    left_at = a.at([*batch, "i", "k"], a.view.strides)
    right_at = b.at([*batch, "k", "j"], b.view.strides)
    at = out.at([*batch, "i", "j"], out.view.strides)
    function.loop("i", m)
    if n > 1 and b.view.strides[-1] == 1:  # a row of the result grows as a whole: that is a vector's work
        function.line(f"for (int64_t j = 0; j < {n}; j++) {at} = 0;")
        function.loop("k", k)
        function.line(f"const {kind} factor = {left_at};")
        function.line("INDEPENDENT")
        function.line(f"for (int64_t j = 0; j < {n}; j++) {at} += factor * {right_at};")
        function.close(1)
    else:
        function.loop("j", n)
        function.line(f"{kind} acc = 0;")
        function.line(f"for (int64_t k = 0; k < {k}; k++) acc += {left_at} * {right_at};")
        function.line(f"{at} = acc;")
        function.close(1)
    function.close(1)


def _is_small(row: Row) -> bool:
    left, right = (x.shape for x in row.values)
    return math.prod(left[-2:]) * (right[-1] if len(right) > 1 else 1) <= SMALL


def by_blas(row: Row) -> bool:
    """Is it for a BLAS to compute?"""
    dtype = row.result.dtype
    same = all(v.dtype == dtype for v in row.values)
    return same and not _is_small(row) and gemm(dtype) is not None


def _read(place: Place) -> tuple[int, int]:
    """How a BLAS reads a matrix: the word for it, and the step from row to row.

    Raises:
        ValueError: it cannot.
    """
    (rows, columns), (down, right) = place.view.shape[-2:], place.view.strides[-2:]
    if (right == 1 or columns == 1) and (down >= columns or rows == 1):
        return AS_IT_IS, max(down, columns)
    if (down == 1 or rows == 1) and (right >= rows or columns == 1):
        return TRANSPOSED, max(right, rows)
    raise ValueError("neither axis lies side by side.")


def operand(function: Function, place: Place, dtype: np.dtype) -> Place:
    """The matrix, or a copy of it if it lies so that no BLAS can read it."""
    try:
        _read(place)
    except ValueError:
        return function.copied(place, dtype)
    return place
