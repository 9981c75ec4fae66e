"""Buffers: which values may share memory.

The one idea: a value needs memory from the row that makes it to the last row that reads it. One walk over the
rows hands out slots and takes them back (a linear scan, as compilers do for registers). A row that works
element by element may even write over an operand that dies there, since it reads each number before it writes
it. A view (a transpose, a slice) has no memory of its own: it keeps its base alive.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

import numpy as np

from .ir import Program, Row, Value

VIEWS = frozenset({"reshape", "swapaxes", "transpose", "expand_dims", "squeeze", "broadcast_to", "getitem"})


class Slots(NamedTuple):
    """Where values live."""

    slot_of: dict[Value, int]  # the slot of each value that has memory of its own
    sizes: list[int]  # of the slots, in bytes
    base_of: dict[Value, Value]  # whose memory a view shows

    @property
    def nbytes(self) -> int:
        """All slots together."""
        return sum(self.sizes)


def plan(program: Program, elsewhere: Container[Value] = (), blocked: Container[int] = ()) -> Slots:
    """Give each value that a row makes a slot.

    Args:
        program: whose rows run in this order.
        elsewhere: values that need none, since they live in what the caller gives.
        blocked: groups of rows that run together, block by block. What one of them reads must stay as it is
            until the last block, so nothing is written over before the group ends.
    """
    outside = {*program.inputs, *program.states, *program.constants}
    base_of: dict[Value, Value] = {}
    for row in program.rows:
        if is_view(row):
            x: Value = row.inputs[0]
            base_of[row.result] = base_of.get(x, x)
    last: dict[Value, int] = {}
    for k, row in enumerate(program.rows):
        for x in row.values:
            last[base_of.get(x, x)] = k
    for v in (*program.outputs, *(v for _, v in program.updates)):
        last[base_of.get(v, v)] = len(program.rows)

    slot_of: dict[Value, int] = {}
    sizes: list[int] = []
    free: dict[int, list[int]] = {}
    held: set[Value] = set()  # what died inside a group that has not ended
    for k, row in enumerate(program.rows):
        ends = k + 1 == len(program.rows) or program.rows[k + 1].group != row.group
        dying = {base_of.get(x, x) for x in row.values}
        dying = {v for v in dying if last[v] == k and v in slot_of and v not in outside}
        result = row.result
        if result not in base_of and result not in elsewhere:
            in_blocks = row.group in blocked
            over = None if in_blocks else _overwritten(row, dying, base_of)
            if over is not None:
                slot_of[result] = slot_of[over]
                dying.remove(over)
            elif free.get(result.nbytes):
                slot_of[result] = free[result.nbytes].pop()
            else:
                slot_of[result] = len(sizes)
                sizes.append(result.nbytes)
            if result not in last:  # nobody reads it: a draw of random numbers, say
                dying.add(result)
        held |= dying
        if row.group in blocked and not ends:
            continue
        for v in sorted(held):
            free.setdefault(v.nbytes, []).append(slot_of[v])
        held = set()
    return Slots(slot_of, sizes, base_of)


def is_view(row: Row) -> bool:
    """Does the row show the numbers of its input in another shape?"""
    if row.operation.name not in VIEWS or not isinstance(row.inputs[0], Value):
        return False
    return row.operation.name != "getitem" or _is_basic(row.params["index"])


def _is_basic(index: object) -> bool:
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is Ellipsis or type(part) in (int, slice) for part in parts)


def _overwritten(row: Row, dying: set[Value], base_of: dict[Value, Value]) -> Value | None:
    """An operand whose memory the result can take at once: NumPy's loops read before they write."""
    if not isinstance(row.operation.forward, np.ufunc) or row.operation.forward.signature is not None:
        return None
    read = [base_of.get(x, x) for x in row.values]
    for x in row.values:
        same = (x.shape, x.dtype) == (row.result.shape, row.result.dtype)
        if x in dying and same and read.count(x) == 1:
            return x
    return None
