"""Places: where in memory the numbers of a value are, and how a loop of C reads them there.

The one idea: NumPy itself says what a view is. The rows that only move numbers (reshape, transpose, a slice)
run on a stand-in of bytes, and the strides of what they give are the strides with which C reads. Axes that
all operands of a loop cross in one stride become one axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..ir import Row, Value
from .blas import Routine

MOVES = frozenset(
    {"reshape", "transpose", "swapaxes", "squeeze", "expand_dims", "broadcast_to", "moveaxis", "flip", "roll"}
    | {"getitem", "diagonal"}
)
LARGEST_TABLE = 4096  # numbers of an index or a constant that are written into the source


class Place(NamedTuple):
    """Where the numbers of a value are: an array of C, and a stand-in (a byte for each number) that says how
    they lie there.
    """

    array: str
    base: np.ndarray
    view: np.ndarray

    @property
    def offset(self) -> int:
        return int(address(self.view) - address(self.base))

    def to(self, shape: tuple[int, ...]) -> Place:
        """The same numbers, repeated over a larger shape."""
        return self._replace(view=np.broadcast_to(self.view, shape))

    def at(self, indices: Sequence[str], steps: Sequence[int]) -> str:
        """One element: `v7[i * 128 + j]`."""
        terms = [f"{i} * {step}" if step != 1 else i for i, step in zip(indices, steps, strict=True) if step]
        terms += [str(self.offset)] if self.offset or not terms else []
        return f"{self.array}[{' + '.join(terms)}]"


def merged(shape: Sequence[int], strides: Sequence[Sequence[int]]) -> tuple[list[int], list[tuple[int, ...]]]:
    """Sizes of loops, and the strides of each operand in them: axes that all cross in one stride are one."""
    loops: list[tuple[int, tuple[int, ...]]] = []
    for d, n in enumerate(shape):
        steps = tuple(each[d] for each in strides)
        if n == 1:
            continue
        if loops and all(outer == inner * n for outer, inner in zip(loops[-1][1], steps, strict=True)):
            loops[-1] = loops[-1][0] * n, steps
        else:
            loops.append((n, steps))
    return [n for n, _ in loops], [tuple(steps[k] for _, steps in loops) for k in range(len(strides))]


def moves_numbers(row: Row) -> bool:
    """Does it run on a stand-in, and is the index that it needs (if it is no view) small enough?"""
    x = row.inputs[0]
    probe = np.empty(x.shape, np.int8)
    try:
        view = row.run([probe])
    except (TypeError, ValueError, IndexError):
        return False
    return view.shape == row.result.shape and (
        np.may_share_memory(view, probe) or max(view.size, x.size) <= LARGEST_TABLE
    )


def views_of(rows: Iterable[Row]) -> dict[Value, Row]:
    """The rows that only say how numbers are read that stand somewhere already: {result: row}.

    A reshape is one where its numbers lie in C order, and a copy of what was transposed: so each row runs on
    what the one before it has made of the stand-in.
    """
    views: dict[Value, Row] = {}
    stand_ins: dict[Value, np.ndarray] = {}
    for row in rows:
        x = row.inputs[0] if len(row.inputs) == 1 else None
        if row.operation.name not in MOVES or not isinstance(x, Value) or not x.size:
            continue
        probe = stand_ins[x] if x in stand_ins else np.empty(x.shape, np.int8)
        view = row.run([probe])
        if np.may_share_memory(view, probe):
            views[row.result], stand_ins[row.result] = row, view
    return views


def root(v: Value, views: Mapping[Value, Row]) -> Value:
    """The value whose numbers a view shows."""
    while v in views:
        v = views[v].values[0]
    return v


def aligned(value: Value) -> np.ndarray:
    """A new array that begins where a cache line begins: vector instructions like that."""
    room = np.empty(value.nbytes + 64, np.uint8)
    start = -room.__array_interface__["data"][0] % 64
    return room[start : start + value.nbytes].view(value.dtype).reshape(value.shape)


def address_of(held: np.ndarray | Routine | None) -> int | None:
    """What a table of pointers has for it: an array, a routine, or None."""
    if held is None:
        return None
    return held.address if isinstance(held, Routine) else address(held)


def index_name(d: int) -> str:
    return "ijklmnop"[d] if d < 8 else f"i{d}"


def address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])
