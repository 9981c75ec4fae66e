"""C source: rows of a program as statements of C, one loop over elements for neighbours of one shape.

    // dense
    for (int64_t i = 0; i < 16384; i++) {
        const float x7 = v7[i];
        const float x10 = x7 > 0.0f || x7 != x7 ? x7 : 0.0f;
        v10[i] = x10;
    }

The one idea: a value is an array of C and the strides with which it is read. NumPy itself says what a view
is: the rows that only move numbers (reshape, transpose, a slice) run on a stand-in of bytes, and the strides
of what they give are written into the indices of whoever reads it. Axes that all readers and writers of a
loop cross in one stride become one. Every size is a constant, so nothing can be read out of bounds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..ir import Row, Value
from ..loop import UnsupportedError
from .expressions import C_TYPES, converted, expression, literal

MOVES = frozenset(
    {"reshape", "transpose", "swapaxes", "squeeze", "expand_dims", "broadcast_to", "moveaxis", "flip", "roll"}
    | {"getitem", "diagonal"}
)
REDUCTIONS = {  # what it begins with, and how the next number joins
    "sum": ("0", "{acc} + {x}"),
    "prod": ("1", "{acc} * {x}"),
    "max": ("-INFINITY", "{x} > {acc} || {x} != {x} ? {x} : {acc}"),  # a NaN stays
    "min": ("INFINITY", "{x} < {acc} || {x} != {x} ? {x} : {acc}"),
}
SEARCHES = {"argmax": ">", "argmin": "<"}
LARGEST_TABLE = 4096  # numbers of an index or a constant that are written into the source
LANES = 16  # partial sums side by side: they are one vector register or a few
PRECISE = 1024  # longer sums of float32 are taken in double


class Place(NamedTuple):
    """Where the numbers of a value are: an array of C, and a stand-in (a byte for each number) that says how
    they lie there.
    """

    array: str
    base: np.ndarray
    view: np.ndarray

    @property
    def offset(self) -> int:
        return int(_address(self.view) - _address(self.base))

    def to(self, shape: tuple[int, ...]) -> Place:
        """The same numbers, repeated over a larger shape."""
        return self._replace(view=np.broadcast_to(self.view, shape))

    def at(self, indices: Sequence[str], steps: Sequence[int]) -> str:
        """One element: `v7[i * 128 + j]`."""
        terms = [f"{i} * {step}" if step != 1 else i for i, step in zip(indices, steps, strict=True) if step]
        terms += [str(self.offset)] if self.offset or not terms else []
        return f"{self.array}[{' + '.join(terms)}]"


def supported(row: Row) -> bool:
    """Can the writer say this row in C, among others? (A product of matrices too, but a BLAS is faster.)"""
    values = (*row.values, row.result)
    if any(v.dtype not in C_TYPES or not v.size for v in values) or row.operation.random:
        return False
    name, x = row.operation.name, row.inputs[0] if row.inputs else None
    if name in MOVES:
        return len(row.inputs) == 1 and isinstance(x, Value) and _moves(row)
    if name in REDUCTIONS:
        kinds = "fib" if name == "sum" else "f"
        return isinstance(x, Value) and x.dtype.kind in kinds and set(row.params) <= {"axis", "keepdims"}
    if name in SEARCHES:
        return isinstance(x, Value) and x.dtype.kind == "f" and set(row.params) <= {"axis", "keepdims"}
    return is_loop(row)


def is_loop(row: Row) -> bool:
    """Is every element made of those at the same place?"""
    names = ["x" for _ in row.inputs]
    return (row.operation.elementwise or row.operation.name == "astype") and bool(expression(row, names))


class Function:
    """A C function while it is written: `void name(void **p)`, or one that runs many steps.

    Args:
        name: of the function.
        needed: the values that live on after it.
        on_stack: so many bytes of its own arrays stand on the stack; what is more comes from outside.
    """

    def __init__(self, name: str, needed: Iterable[Value] = (), on_stack: int = 1 << 16) -> None:
        self.name, self.needed, self.on_stack = name, set(needed), on_stack
        self.places: dict[Value, Place] = {}
        self.parameters: list[tuple[str, Any]] = []  # declarations, and what stands for each outside
        self.arrays: list[str] = []
        self.lines: list[str] = []
        self.depth, self.scope = 1, ""

    # --- where values are --------------------------------------------------------------------------------

    def parameter(self, value: Value, outside: Any, constant: bool = True, name: str = "") -> str:
        """An array that is given: the name by which C knows it."""
        name = name or f"v{value.number}"
        kind = f"const {C_TYPES[value.dtype]}" if constant else C_TYPES[value.dtype]
        self.parameters.append((f"{kind} *{name} = p[{len(self.parameters)}];", outside))
        return name

    def put(self, value: Value, array: str) -> None:
        """From here on the value is in this array, in C order."""
        base = np.empty(value.size, np.int8)
        self.places[value] = Place(array, base, base.reshape(value.shape))

    def constant(self, value: Value, array: np.ndarray) -> None:
        """Numbers that are known: written into the source if they are few."""
        if value.size > 64:
            self.put(value, self.parameter(value, array))
            return
        numbers = ", ".join(str(literal(x, value.dtype)) for x in array.ravel().tolist())
        self.arrays.append(
            f"static const {C_TYPES[value.dtype]} v{value.number}[{value.size}] = {{{numbers}}};"
        )
        self.put(value, f"v{value.number}")

    def own(self, value: Value) -> None:
        """An array of the function's own, unless there is one already."""
        if value in self.places:
            return
        name = f"v{value.number}"
        if value.nbytes <= self.on_stack:
            self.on_stack -= value.nbytes
            self.arrays.append(f"{C_TYPES[value.dtype]} {name}[{value.size}];")
        else:
            self.parameter(value, value, constant=False)
        self.put(value, name)

    # --- rows --------------------------------------------------------------------------------------------

    def write(self, rows: Sequence[Row], ends: Iterable[Value] = ()) -> None:
        """Statements for all of them. `ends` and `self.needed` get an array in any case."""
        last: dict[Value, int] = {v: len(rows) for v in (*self.needed, *ends)}
        for k, row in enumerate(rows):
            for v in row.values:
                last[v] = max(last.get(v, 0), k)
        for start, stop in nests(rows):
            if is_loop(rows[start]):
                kept = [r.result for r in rows[start:stop] if last.get(r.result, -1) >= stop]
                self._elementwise(rows[start:stop], kept)
            else:
                self._comment(rows[start].scope)
                self._row(rows[start])

    def _row(self, row: Row) -> None:
        name = row.operation.name
        if not all(v.size and v.dtype in C_TYPES for v in (*row.values, row.result)):
            raise UnsupportedError(
                f"`{row}` has no form in C: its numbers are of no type that C has, or none."
            )
        if (
            name == "matmul"
            and all(isinstance(x, Value) for x in row.inputs)
            and row.result.dtype.kind != "b"
        ):
            self._matmul(row)
        elif name == "one_hot":
            self._one_hot(row)
        elif not supported(row):
            raise UnsupportedError(f"`{row}` has no form in C.")
        elif name in MOVES:
            self._move(row)
        elif name in SEARCHES:
            self._search(row)
        else:
            self._reduce(row)

    def _elementwise(self, rows: Sequence[Row], kept: list[Value]) -> None:
        shape = rows[0].result.shape
        made = {row.result for row in rows}
        reads = list(dict.fromkeys(v for row in rows for v in row.values if v not in made))
        for v in kept:
            self.own(v)
        places = [self.places[v].to(shape) for v in (*reads, *kept)]
        sizes, steps = _merged(shape, [place.view.strides for place in places])
        indices = [_index(d) for d in range(len(sizes))]
        depth_of = [max((d + 1 for d, s in enumerate(each) if s), default=0) for each in steps]
        block = not sizes or 0 in depth_of[: len(reads)]
        self._comment(rows[0].scope)
        self._open("{" if block else "")
        for d in range(len(sizes) + 1):
            for v, place, each, depth in zip(reads, places, steps, depth_of, strict=False):
                if depth == d:
                    self._line(f"const {C_TYPES[v.dtype]} x{v.number} = {place.at(indices, each)};")
            if d < len(sizes):
                if d + 1 == len(sizes):
                    self._line("INDEPENDENT")
                self._for(indices[d], sizes[d])
        for row in rows:
            self._comment(row.scope)
            names = [f"x{x.number}" if isinstance(x, Value) else "" for x in row.inputs]
            v = row.result
            self._line(f"const {C_TYPES[v.dtype]} x{v.number} = {expression(row, names)};")
        for v, place, each in zip(kept, places[len(reads) :], steps[len(reads) :], strict=True):
            self._line(f"{place.at(indices, each)} = x{v.number};")
        self._close(len(sizes) + block)

    def _move(self, row: Row) -> None:
        place = self.places[row.inputs[0]]
        view = row.run([place.view])
        if np.may_share_memory(view, place.base):
            self.places[row.result] = place._replace(view=view)
            if row.result in self.needed:  # who asked for it wants an array
                self._copy(row.result, self.places.pop(row.result))
            return
        number = np.arange(place.base.size, dtype=np.int64)
        strides = [s * number.itemsize for s in place.view.strides]
        numbers = np.lib.stride_tricks.as_strided(number[place.offset :], place.view.shape, strides)
        table = row.run([numbers]).ravel()
        self.own(row.result)
        name = f"from{row.result.number}"
        self.arrays.append(
            f"static const int32_t {name}[{table.size}] = {{{', '.join(map(str, table.tolist()))}}};"
        )
        self._for("i", table.size)
        self._line(f"v{row.result.number}[i] = {place.array}[{name}[i]];")
        self._close(1)

    def _copy(self, value: Value, source: Place) -> None:
        """The numbers of a view, in C order in an array of the value's own."""
        self.own(value)
        target = self.places[value]
        sizes, steps = _merged(value.shape, [source.view.strides, target.view.strides])
        indices = [_index(d) for d in range(len(sizes))]
        for i, n in zip(indices, sizes, strict=True):
            self._for(i, n)
        self._line(f"{target.at(indices, steps[1])} = {source.at(indices, steps[0])};")
        self._close(len(sizes))

    def _reduce(self, row: Row) -> None:
        x, y, name = row.inputs[0], row.result, row.operation.name
        start, joins = REDUCTIONS[name]
        self.own(y)
        source, target = self.places[x], self.places[y]
        axes = _axes(row)
        target = target._replace(view=_kept(target.view, x.shape, axes)).to(x.shape)
        sizes, (ins, outs) = _merged(x.shape, [source.view.strides, target.view.strides])
        indices = [_index(d) for d in range(len(sizes))]
        number = converted(source.at(indices, ins), x.dtype, y.dtype)
        kept = max((d + 1 for d, step in enumerate(outs) if step), default=0)
        if not all(outs[:kept]):  # the sums are in memory, side by side: numbers come as they lie there
            self._for("i", y.size)
            self._line(f"{target.array}[i] = {start};")
            self._close(1)
            for i, n in zip(indices, sizes, strict=True):
                self._for(i, n)
            at = target.at(indices, outs)
            self._line(f"{at} = {joins.format(acc=at, x=number)};")
            self._close(len(sizes))
            return
        for i, n in zip(indices[:kept], sizes[:kept], strict=True):
            self._for(i, n)
        count = math.prod(sizes[kept:])
        precise = y.dtype == np.float32 and name == "sum" and count > PRECISE
        kind = "double" if precise else C_TYPES[y.dtype]
        self._open("{")
        if kept + 1 == len(sizes) and y.dtype.kind == "f" and count >= 2 * LANES and ins[-1] == 1:
            self._lanes(kind, indices[kept], count, number or "", row)
        else:
            self._line(f"{kind} acc = {start};")
            for i, n in zip(indices[kept:], sizes[kept:], strict=True):
                self._for(i, n)
            self._line(f"acc = {joins.format(acc='acc', x=number)};")
            self._close(len(sizes) - kept)
        self._line(f"{target.at(indices, outs)} = {'(float)' if precise else ''}acc;")
        self._close(kept + 1)

    def _lanes(self, kind: str, i: str, count: int, number: str, row: Row) -> None:
        """A long run of numbers as partial results side by side, which are joined at the end."""
        start, joins = REDUCTIONS[row.operation.name]
        whole = count - count % LANES
        self._line(f"{kind} lane[{LANES}];")
        self._line(f"for (int lane_ = 0; lane_ < {LANES}; lane_++) lane[lane_] = {start};")
        self._open(f"for (int64_t block = 0; block < {whole}; block += {LANES}) {{")
        self._open(f"for (int lane_ = 0; lane_ < {LANES}; lane_++) {{")
        self._line(f"const int64_t {i} = block + lane_;")
        self._line(f"lane[lane_] = {joins.format(acc='lane[lane_]', x=number)};")
        self._close(2)
        self._line(f"{kind} acc = lane[0];")
        self._line(
            f"for (int lane_ = 1; lane_ < {LANES}; lane_++) acc = {joins.format(acc='acc', x='lane[lane_]')};"
        )
        self._line(
            f"for (int64_t {i} = {whole}; {i} < {count}; {i}++) acc = {joins.format(acc='acc', x=number)};"
        )

    def _search(self, row: Row) -> None:
        """argmax, argmin: the first of the best; a NaN is better than all."""
        x, y = row.inputs[0], row.result
        better = SEARCHES[row.operation.name]
        self.own(y)
        axes = _axes(row)
        view = _kept(self.places[y].view, x.shape, axes)
        source, target = self.places[x], self.places[y]._replace(view=view)
        inner = np.moveaxis(source.view, axes, range(-len(axes), 0))
        outer = np.moveaxis(target.view, axes, range(-len(axes), 0))
        indices = [_index(d) for d in range(x.ndim if hasattr(x, "ndim") else len(x.shape))]
        kept = len(indices) - len(axes)
        for i, n in zip(indices[:kept], inner.shape, strict=False):
            self._for(i, n)
        self._open("{")
        kind = C_TYPES[x.dtype]
        first = source._replace(view=inner).at(indices, [*inner.strides[:kept], *[0] * len(axes)])
        self._line(f"{kind} best = {first};")
        self._line("int64_t place = 0, which = 0;")
        for i, n in zip(indices[kept:], inner.shape[kept:], strict=True):
            self._for(i, n)
        self._line(f"const {kind} x = {source.at(indices, inner.strides)};")
        self._line(f"if (x {better} best || (x != x && best == best)) best = x, which = place;")
        self._line("place++;")
        self._close(len(axes))
        self._line(f"{target.at(indices, [*outer.strides[:kept], *[0] * len(axes)])} = which;")
        self._close(kept + 1)

    def _one_hot(self, row: Row) -> None:
        """A label that is no class ends the loop before this step: NumPy then says which one it is."""
        x, y = row.inputs[0], row.result
        if not isinstance(x, Value) or x.dtype.kind not in "fi" or self.name != "loop":
            raise UnsupportedError(f"`{row}` has no form in C.")
        self.own(y)
        source, n = self.places[x], y.shape[-1]
        sizes, (steps,) = _merged(x.shape, [source.view.strides])
        indices = [_index(d) for d in range(len(sizes))]
        self._open("{")
        self._line(f"int64_t at = 0; // in v{y.number}")
        for i, size in zip(indices, sizes, strict=True):
            self._for(i, size)
        self._line(f"const {C_TYPES[x.dtype]} label = {source.at(indices, steps)};")
        self._line(f"if (!(label >= 0 && label < {n} && label == (int64_t)label)) goto done;")
        self._line(f"for (int64_t k = 0; k < {n}; k++) v{y.number}[at++] = k == (int64_t)label;")
        self._close(len(sizes) + 1)

    def _matmul(self, row: Row) -> None:
        a, b, y = self.places[row.inputs[0]], self.places[row.inputs[1]], row.result
        self.own(y)
        left = a.view if a.view.ndim > 1 else a.view[None, :]
        right = b.view if b.view.ndim > 1 else b.view[:, None]
        out = self.places[y]
        outer = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
        m, k, n = *left.shape[-2:], right.shape[-1]
        a = a._replace(view=np.broadcast_to(left, (*outer, m, k)))
        b = b._replace(view=np.broadcast_to(right, (*outer, k, n)))
        out = out._replace(view=out.view.reshape(*outer, m, n))
        batch = [f"batch{d}" for d in range(len(outer))]
        for i, size in zip(batch, outer, strict=True):
            self._for(i, size)
        left_at = a.at([*batch, "i", "k"], a.view.strides)
        right_at = b.at([*batch, "k", "j"], b.view.strides)
        at = out.at([*batch, "i", "j"], out.view.strides)
        self._for("i", m)
        kind = C_TYPES[y.dtype]
        if n > 1 and b.view.strides[-1] == 1:  # a row of the result grows as a whole: that is a vector's work
            self._line(f"for (int64_t j = 0; j < {n}; j++) {at} = 0;")
            self._for("k", k)
            self._line(f"const {kind} factor = {left_at};")
            self._line("INDEPENDENT")
            self._line(f"for (int64_t j = 0; j < {n}; j++) {at} += factor * {right_at};")
            self._close(1)
        else:
            self._for("j", n)
            self._line(f"{kind} acc = 0;")
            self._line(f"for (int64_t k = 0; k < {k}; k++) acc += {left_at} * {right_at};")
            self._line(f"{at} = acc;")
            self._close(1)
        self._close(1 + len(batch))

    # --- text --------------------------------------------------------------------------------------------

    def _line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def _open(self, text: str) -> None:
        if text:
            self._line(text)
            self.depth += 1

    def _for(self, i: str, n: int) -> None:
        self._open(f"for (int64_t {i} = 0; {i} < {n}; {i}++) {{")

    def _close(self, count: int) -> None:
        for _ in range(count):
            self.depth -= 1
            self._line("}")

    def _comment(self, scope: str) -> None:
        if scope != self.scope:
            self.scope = scope
            self._line(f"// {printable(scope) or 'outside of layers'}")

    @property
    def text(self) -> str:
        """The whole function."""
        head = [f"SHARED void {self.name}(void **p) {{"]
        head += [f"    {each}" for each in (*(text for text, _ in self.parameters), *self.arrays)]
        return "\n".join([*head, *self.lines, "}"])


def printable(name: str) -> str:
    """A name that people gave, as a comment of one line may hold it: no end of line, no trigraph."""
    return re.sub(r"[^\w/.:' -]", "_", name, flags=re.ASCII)[:80]


def joined(functions: Iterable[Function]) -> str:
    """One file of C."""
    head = (Path(__file__).parent / "mathematics.h").read_text(encoding="utf-8")
    return "\n\n".join([head.rstrip(), *(function.text for function in functions)]) + "\n"


def _merged(
    shape: Sequence[int], strides: Sequence[Sequence[int]]
) -> tuple[list[int], list[tuple[int, ...]]]:
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


def _axes(row: Row) -> list[int]:
    rank, axis = len(row.inputs[0].shape), row.params.get("axis")
    axes = range(rank) if axis is None else [axis] if isinstance(axis, int | np.integer) else axis
    return sorted(int(k) % rank for k in axes)


def _kept(view: np.ndarray, shape: Sequence[int], axes: Sequence[int]) -> np.ndarray:
    """The result of a reduction as if with keepdims."""
    return view.reshape([1 if d in axes else n for d, n in enumerate(shape)])


def _moves(row: Row) -> bool:
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


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def _index(d: int) -> str:
    return "ijklmnop"[d] if d < 8 else f"i{d}"


def nests(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """(start, stop) of neighbours that run as one loop over elements; all others stand alone."""
    start = 0
    while start < len(rows):
        stop, shape = start + 1, rows[start].result.shape
        if is_loop(rows[start]):
            while stop < len(rows) and rows[stop].result.shape == shape and is_loop(rows[stop]):
                stop += 1
        yield start, stop
        start = stop


def is_view(row: Row) -> bool:
    """Does it only say how numbers are read that stand somewhere already?"""
    x = row.inputs[0] if len(row.inputs) == 1 else None
    if row.operation.name not in MOVES or not isinstance(x, Value) or not x.size:
        return False
    probe = np.empty(x.shape, np.int8)
    return np.may_share_memory(row.run([probe]), probe)
