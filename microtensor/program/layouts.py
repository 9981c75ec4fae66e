"""Layouts: in which order the elements of a value lie in memory.

The one idea: NumPy's results lie as their operands do (twice a transposed matrix is transposed as well), and
a sum or a product of matrices takes its terms in the order of memory. So the last bit of a result depends on
it, and memory that is planned must lie as the memory that eager would have made. Nothing is guessed: what is
made from a value in another order than C's runs once, on ones, and NumPy's answer is looked at.
"""

from __future__ import annotations

import numpy as np

from .buffers import is_view, writes_out
from .ir import Program, Value, example

Order = tuple[int, ...]  # the axes, that with the largest steps in memory first


def orders(program: Program) -> dict[Value, Order]:
    """The order of the values that rows make and that do not lie in C's order (the last axis innermost).

    What comes in from outside is taken to lie in C's order, as `mt.Tensor` makes it.
    """
    ones: dict[Value, np.ndarray] = {}  # of values in another order
    for row in program.rows:
        plain = writes_out(row) and not is_view(row) and not any(x in ones for x in row.values)
        if plain or row.operation.random:
            continue
        xs = [ones[x] if x in ones else example(x) if isinstance(x, Value) else x for x in row.inputs]
        try:
            with np.errstate(all="ignore"):
                y = row.run(xs)
        except Exception:  # ones need not be in its domain, and an operation of one's own may raise anything
            continue
        if not y.flags.c_contiguous:
            ones[row.result] = y
    return {v: _order(y) for v, y in ones.items()}


def _order(array: np.ndarray) -> Order:
    return tuple(sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis])))
