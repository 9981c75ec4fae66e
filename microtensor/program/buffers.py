"""Buffers: which values may share memory.

The one idea: a value needs memory from the row that makes it to the last row that reads it. One walk over the
rows hands out slots and takes them back (a linear scan, as compilers do for registers). A row that works
element by element may even write over an operand that dies there, since it reads each number before it writes
it. A view (a transpose, a slice) has no memory of its own: it keeps its base alive. So does whatever an
operation made itself, without being told where: it may show its operands as well (np.flip does).
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from .ir import Program, Row, Value

REDUCTIONS = {"sum": "add", "prod": "multiply", "max": "maximum", "min": "minimum"}
VIEWS = frozenset({"reshape", "swapaxes", "transpose", "expand_dims", "squeeze", "broadcast_to", "getitem"})


class Slots(NamedTuple):
    """Where values live."""

    slot_of: dict[Value, int]  # the slot of each value that has memory of its own
    sizes: list[int]  # of the slots, in bytes
    bases_of: dict[Value, set[Value]]  # whose memory a value may show that has none of its own

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
    bases_of: dict[Value, set[Value]] = {}

    def bases(values: Iterable[Value]) -> Iterator[Value]:
        return itertools.chain.from_iterable(bases_of.get(v, (v,)) for v in values)

    for row in program.rows:
        if is_view(row) or not writes_out(row):
            bases_of[row.result] = set(bases(row.values))
    last: dict[Value, int] = {}
    for k, row in enumerate(program.rows):
        last.update(dict.fromkeys(bases(row.values), k))
    last.update(dict.fromkeys(bases((*program.outputs, *(v for _, v in program.updates))), len(program.rows)))

    slot_of: dict[Value, int] = {}
    sizes: list[int] = []
    free: dict[int, list[int]] = {}
    held: set[Value] = set()  # what died inside a group that has not ended
    for k, row in enumerate(program.rows):
        ends = k + 1 == len(program.rows) or program.rows[k + 1].group != row.group
        read = list(bases(row.values))
        dying = {v for v in read if last[v] == k and v in slot_of and v not in outside}
        result = row.result
        if result not in bases_of and result not in elsewhere:
            in_blocks = row.group in blocked
            over = None if in_blocks else _overwritten(row, dying, read)
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
        for v in sorted(held, key=attrgetter("number")):
            free.setdefault(v.nbytes, []).append(slot_of[v])
        held = set()
    return Slots(slot_of, sizes, bases_of)


def is_view(row: Row) -> bool:
    """Does the row show the numbers of its input in another shape?"""
    if row.operation.name not in VIEWS or not isinstance(row.inputs[0], Value):
        return False
    return row.operation.name != "getitem" or _is_basic(row.params["index"])


def writes_out(row: Row) -> bool:
    """Can the row write into memory that is there?"""
    name, forward = row.operation.name, row.operation.forward
    if name in REDUCTIONS or name in ("astype", "clip"):
        return True
    public = getattr(np, getattr(forward, "__name__", ""), None)
    return isinstance(forward, np.ufunc) and forward is public


def _is_basic(index: object) -> bool:
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or part is Ellipsis or type(part) in (int, slice) for part in parts)


def _overwritten(row: Row, dying: set[Value], read: list[Value]) -> Value | None:
    """An operand whose memory the result can take at once: NumPy's loops read before they write."""
    if not isinstance(row.operation.forward, np.ufunc) or row.operation.forward.signature is not None:
        return None
    for x in row.values:
        same = (x.shape, x.dtype) == (row.result.shape, row.result.dtype)
        if x in dying and same and read.count(x) == 1:
            return x
    return None
