"""C source: rows of a program as statements of C, one loop over elements for neighbours of one shape.

    // dense
    for (int64_t i = 0; i < 16384; i++) {
        const float x7 = v7[i];
        const float x10 = x7 > 0.0f || x7 != x7 ? x7 : 0.0f;
        v10[i] = x10;
    }

The one idea: a value is an array of C and the strides with which it is read (`places`), so rows that only
move numbers are no work, and neighbours of one shape are one loop. Every size is a constant, so nothing can
be read out of bounds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ..ir import Row, Value
from ..loop import UnsupportedError
from .accumulate import is_accumulation, write_accumulation
from .expressions import C_TYPES, converted, expression
from .memory import LARGE, Memory
from .places import MOVES, index_name, merged, moves_numbers, root, views_of
from .products import is_fast, is_product, write_product

REDUCTIONS = {  # what it begins with, and how the next number joins
    "sum": ("0", "{acc} + {x}"),
    "prod": ("1", "{acc} * {x}"),
    "max": ("-INFINITY", "{x} > {acc} || {x} != {x} ? {x} : {acc}"),  # a NaN stays
    "min": ("INFINITY", "{x} < {acc} || {x} != {x} ? {x} : {acc}"),
}
SEARCHES = {"argmax": ">", "argmin": "<"}
LANES = 16  # partial sums side by side: they are one vector register or a few
PRECISE = 1024  # longer sums of float32 are taken in double


def supported(row: Row) -> bool:
    """Can the writer say this row in C, among others, so that it is as fast as NumPy?"""
    values = (*row.values, row.result)
    if any(v.dtype not in C_TYPES or not v.size for v in values) or row.operation.random:
        return False
    name, x = row.operation.name, row.inputs[0] if row.inputs else None
    if is_product(row):
        return is_fast(row)
    if is_accumulation(row):
        return True
    if name in MOVES:
        return len(row.inputs) == 1 and isinstance(x, Value) and moves_numbers(row)
    if name in REDUCTIONS:
        kinds = "fib" if name == "sum" else "f"
        return isinstance(x, Value) and x.dtype.kind in kinds and set(row.params) <= {"axis", "keepdims"}
    if name in SEARCHES:
        return isinstance(x, Value) and x.dtype.kind == "f" and set(row.params) <= {"axis", "keepdims"}
    return is_loop(row) or may_refuse(row)


def may_refuse(row: Row) -> bool:
    """Does it look at its numbers, and end a function (or a loop, before this step) if they are not as they
    have to be? A label that is no class is such a number: NumPy then says which one it is.
    """
    x = row.inputs[0] if row.inputs else None
    return row.operation.name == "one_hot" and isinstance(x, Value) and x.dtype.kind in "fi"


def is_loop(row: Row) -> bool:
    """Is every element made of those at the same place?"""
    names = ["x" for _ in row.inputs]
    return (row.operation.elementwise or row.operation.name == "astype") and bool(expression(row, names))


class Function(Memory):
    """A C function while it is written: `void name(void **p)`, or one that runs many steps."""

    def write(self, rows: Sequence[Row], ends: Iterable[Value] = ()) -> None:
        """Statements for all of them. `ends` and `self.needed` get an array in any case."""
        last: dict[Value, int] = {v: len(rows) for v in (*self.needed, *ends)}
        for k, row in enumerate(rows):
            for v in row.values:
                last[v] = max(last.get(v, 0), k)
        views = views_of(rows)
        ended: dict[int, list[Value]] = {}  # by the last row that reads them, they or a view of them
        end: dict[Value, int] = {}
        for v, k in last.items():
            end[root(v, views)] = max(k, end.get(root(v, views), 0))
        for v, k in end.items():
            ended.setdefault(k, []).append(v)
        for start, stop in nests(rows):
            begun = len(self.lines)
            if is_loop(rows[start]):
                kept = [r.result for r in rows[start:stop] if last.get(r.result, -1) >= stop]
                self._elementwise(rows[start:stop], kept)
            else:
                self._comment(rows[start].scope)
                self._row(rows[start])
            self._spans.append((begun, len(self.lines)))
            if is_loop(rows[start]) and rows[start].result.nbytes >= LARGE:
                self._wide.add(self._spans[-1])
            for v in itertools.chain.from_iterable(ended.get(k, ()) for k in range(start, stop)):
                if v in self.places:
                    self._release(v)

    def _row(self, row: Row) -> None:
        name = row.operation.name
        if not all(v.size and v.dtype in C_TYPES for v in (*row.values, row.result)):
            raise UnsupportedError(
                f"`{row}` has no form in C: its numbers are of no type that C has, or none."
            )
        if is_product(row):
            write_product(self, row)
        elif is_accumulation(row):
            write_accumulation(self, row)
        elif not supported(row):
            raise UnsupportedError(f"`{row}` has no form in C.")
        elif may_refuse(row):
            self._one_hot(row)
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
        sizes, steps = merged(shape, [place.view.strides for place in places])
        indices = [index_name(d) for d in range(len(sizes))]
        depth_of = [max((d + 1 for d, s in enumerate(each) if s), default=0) for each in steps]
        block = not sizes or 0 in depth_of[: len(reads)]
        self._comment(rows[0].scope)
        self.open("{" if block else "")
        for d in range(len(sizes) + 1):
            for v, place, each, depth in zip(reads, places, steps, depth_of, strict=False):
                if depth == d:
                    self.line(f"const {C_TYPES[v.dtype]} x{v.number} = {place.at(indices, each)};")
            if d < len(sizes):
                if d + 1 == len(sizes):
                    self.line("INDEPENDENT")
                self.loop(indices[d], sizes[d])
        for row in rows:
            self._comment(row.scope)
            names = [f"x{x.number}" if isinstance(x, Value) else "" for x in row.inputs]
            v = row.result
            self.line(f"const {C_TYPES[v.dtype]} x{v.number} = {expression(row, names)};")
        for v, place, each in zip(kept, places[len(reads) :], steps[len(reads) :], strict=True):
            self.line(f"{place.at(indices, each)} = x{v.number};")
        self.close(len(sizes) + block)

    def _move(self, row: Row) -> None:
        place = self.places[row.inputs[0]]
        view = row.run([place.view])
        if np.may_share_memory(view, place.base):
            self.places[row.result] = place._replace(view=view)
            if row.result in self.needed:  # who asked for it wants an array
                self._copy(row.result, self.places.pop(row.result))
            return
        if row.operation.name == "reshape":  # of numbers that do not lie in C order: they do from here on
            self._copy(row.result, place)
            return
        number = np.arange(place.base.size, dtype=np.int64)
        strides = [s * number.itemsize for s in place.view.strides]
        numbers = np.lib.stride_tricks.as_strided(number[place.offset :], place.view.shape, strides)
        table = row.run([numbers]).ravel()
        self.own(row.result)
        name = f"from{row.result.number}"
        written = ", ".join(map(str, table.tolist()))
        self._declare("static const int32_t", name, table.size, f" = {{{written}}}")
        self.loop("i", table.size)
        self.line(f"v{row.result.number}[i] = {place.array}[{name}[i]];")
        self.close(1)

    def _reduce(self, row: Row) -> None:
        x, y, name = row.inputs[0], row.result, row.operation.name
        start, joins = REDUCTIONS[name]
        self.own(y)
        source, target = self.places[x], self.places[y]
        axes = _axes(row)
        target = target._replace(view=_kept(target.view, x.shape, axes)).to(x.shape)
        sizes, (ins, outs) = merged(x.shape, [source.view.strides, target.view.strides])
        indices = [index_name(d) for d in range(len(sizes))]
        number = converted(source.at(indices, ins), x.dtype, y.dtype)
        kept = max((d + 1 for d, step in enumerate(outs) if step), default=0)
        if not all(outs[:kept]):  # the sums are in memory, side by side: numbers come as they lie there
            self.loop("i", y.size)
            self.line(f"{target.array}[i] = {start};")
            self.close(1)
            for i, n in zip(indices, sizes, strict=True):
                self.loop(i, n)
            at = target.at(indices, outs)
            self.line(f"{at} = {joins.format(acc=at, x=number)};")
            self.close(len(sizes))
            return
        for i, n in zip(indices[:kept], sizes[:kept], strict=True):
            self.loop(i, n)
        count = math.prod(sizes[kept:])
        precise = y.dtype == np.float32 and name == "sum" and count > PRECISE
        kind = "double" if precise else C_TYPES[y.dtype]
        self.open("{")
        if kept + 1 == len(sizes) and y.dtype.kind == "f" and count >= 2 * LANES and ins[-1] == 1:
            self._lanes(kind, indices[kept], count, number or "", row)
        else:
            self.line(f"{kind} acc = {start};")
            for i, n in zip(indices[kept:], sizes[kept:], strict=True):
                self.loop(i, n)
            self.line(f"acc = {joins.format(acc='acc', x=number)};")
            self.close(len(sizes) - kept)
        self.line(f"{target.at(indices, outs)} = {'(float)' if precise else ''}acc;")
        self.close(kept + 1)

    def _lanes(self, kind: str, i: str, count: int, number: str, row: Row) -> None:
        """A long run of numbers as partial results side by side, which are joined at the end."""
        start, joins = REDUCTIONS[row.operation.name]
        whole = count - count % LANES
        self.line(f"{kind} lane[{LANES}];")
        self.line(f"for (int lane_ = 0; lane_ < {LANES}; lane_++) lane[lane_] = {start};")
        self.open(f"for (int64_t block = 0; block < {whole}; block += {LANES}) {{")
        self.open(f"for (int lane_ = 0; lane_ < {LANES}; lane_++) {{")
        self.line(f"const int64_t {i} = block + lane_;")
        self.line(f"lane[lane_] = {joins.format(acc='lane[lane_]', x=number)};")
        self.close(2)
        self.line(f"{kind} acc = lane[0];")
        self.line(
            f"for (int lane_ = 1; lane_ < {LANES}; lane_++) acc = {joins.format(acc='acc', x='lane[lane_]')};"
        )
        self.line(
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
        indices = [index_name(d) for d in range(x.ndim if hasattr(x, "ndim") else len(x.shape))]
        kept = len(indices) - len(axes)
        for i, n in zip(indices[:kept], inner.shape, strict=False):
            self.loop(i, n)
        self.open("{")
        kind = C_TYPES[x.dtype]
        first = source._replace(view=inner).at(indices, [*inner.strides[:kept], *[0] * len(axes)])
        self.line(f"{kind} best = {first};")
        self.line("int64_t place = 0, which = 0;")
        for i, n in zip(indices[kept:], inner.shape[kept:], strict=True):
            self.loop(i, n)
        self.line(f"const {kind} x = {source.at(indices, inner.strides)};")
        self.line(f"if (x {better} best || (x != x && best == best)) best = x, which = place;")
        self.line("place++;")
        self.close(len(axes))
        self.line(f"{target.at(indices, [*outer.strides[:kept], *[0] * len(axes)])} = which;")
        self.close(kept + 1)

    def _one_hot(self, row: Row) -> None:
        x, y = row.inputs[0], row.result
        self.own(y)
        source, n = self.places[x], y.shape[-1]
        sizes, (steps,) = merged(x.shape, [source.view.strides])
        indices = [index_name(d) for d in range(len(sizes))]
        self.open("{")
        self.line(f"int64_t at = 0; // in v{y.number}")
        for i, size in zip(indices, sizes, strict=True):
            self.loop(i, size)
        self.line(f"const {C_TYPES[x.dtype]} label = {source.at(indices, steps)};")
        self.line(f"if (!(label >= 0 && label < {n} && label == (int64_t)label)) goto done;")
        self.line(f"for (int64_t k = 0; k < {n}; k++) v{y.number}[at++] = k == (int64_t)label;")
        self.close(len(sizes) + 1)


def joined(functions: Iterable[Function]) -> str:
    """One file of C."""
    head = (Path(__file__).parent / "mathematics.h").read_text(encoding="utf-8")
    return "\n\n".join([head.rstrip(), *(function.text for function in functions)]) + "\n"


def _axes(row: Row) -> list[int]:
    rank, axis = len(row.inputs[0].shape), row.params.get("axis")
    axes = range(rank) if axis is None else [axis] if isinstance(axis, int | np.integer) else axis
    return sorted(int(k) % rank for k in axes)


def _kept(view: np.ndarray, shape: Sequence[int], axes: Sequence[int]) -> np.ndarray:
    """The result of a reduction as if with keepdims."""
    return view.reshape([1 if d in axes else n for d, n in enumerate(shape)])


def nests(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """(start, stop) of neighbours that run as one loop over elements; all others stand alone.

    Rows that have no numbers in common (the rules of two weights) are two loops, unless they are tiny: a loop
    over many arrays at once is slow.
    """
    start = 0
    while start < len(rows):
        stop, result = start + 1, rows[start].result
        if is_loop(rows[start]):
            met = {result, *rows[start].values}
            while stop < len(rows) and rows[stop].result.shape == result.shape and is_loop(rows[stop]):
                own = {v for v in rows[stop].values if v.size == result.size}
                if result.size > LANES and own and met.isdisjoint(own):
                    break
                met |= {rows[stop].result, *own}
                stop += 1
        yield start, stop
        start = stop
