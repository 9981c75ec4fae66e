"""NumPy source: a program as straight lines of NumPy, every one writing into memory that was planned.

The one idea: what eager costs besides computing (a Python object for each result, new memory, looking up
what to do) is paid once, when the text is written. What is left is a page that a student can read, paste and
run:

    t0 = empty((4, 2), "float32")

    def step(x, kernel, bias, out_0):
        # dense
        matmul(x, kernel, t0)
        add(t0, bias, out_0)

The numbers are those of eager, bit for bit: the same NumPy functions on the same numbers, in an order in
which each finds what it needs. Large groups of element-wise rows run block by block, so that what one line
makes is still in the nearest cache when the next line reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import buffers
from .buffers import REDUCTIONS, writes_out
from .ir import Program, Row, Value
from .layouts import orders
from .loading import load
from .names import Names, one_line

BLOCK = 1 << 16  # elements of a block: a few of them fit into the second cache, and calls cost little beside
RESHAPES = frozenset({"reshape", "expand_dims", "squeeze"})


class NumpyStep:
    """A program that runs as NumPy source.

    Attributes:
        source: the text: what it needs, and the function.
        nbytes: of the memory that it works in.
    """

    in_place = False  # new states are made beside the old ones

    def __init__(self, program: Program) -> None:
        self.program = program
        writer = _Writer(program)
        self.source, self.nbytes = writer.text, writer.slots.nbytes
        with np.errstate(all="ignore"):  # a number of Python's that is inf in the dtype of a value
            self.function: Callable[..., None] = load(self.source, writer.function, writer.given)

    def __call__(
        self, inputs: Sequence[np.ndarray], states: Sequence[np.ndarray], updates: Sequence[np.ndarray] = ()
    ) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """(outputs, what the updated states become), none of which shares memory with anything else.

        Args:
            inputs, states: arrays of the program's types.
            updates: memory that the new states may be written into: arrays that nobody looks at any more.
        """
        outputs = [np.empty(v.shape, v.dtype) for v in self.program.outputs]
        new = list(updates) or [np.empty(v.shape, v.dtype) for _, v in self.program.updates]
        self.function(*inputs, *states, *outputs, *new)
        return outputs, new


class _Writer:
    """Writes the text of a program."""

    def __init__(self, program: Program) -> None:
        self.program, self.names = program, Names()
        self.given: dict[str, Any] = {}  # what the text names and cannot write: operations, large constants
        self.word: dict[Value, str] = {}  # what stands for a value
        self.head: list[str] = []  # lines that run once
        self.body: list[str] = []  # lines that run at each step
        self.imports = {"empty"}
        self.held: dict[Any, str] = {}  # words of memory and numbers, by what they are
        self.fixed: set[Value] = set()  # values whose memory is always the same
        self.in_a_row: set[Value] = set()  # those whose elements lie one behind the other
        self.names.taken |= {
            "clip",
            "full",
            *REDUCTIONS.values(),
        }  # no argument may hide a function of NumPy's
        self.names.taken |= {row.operation.forward.__name__ for row in program.rows if writes_out(row)}
        self.function = self.names.free(program.name)
        self.orders = orders(program)

        arguments = [self.named(v, v.name) for v in (*program.inputs, *program.states)]
        for v, array in program.constants.items():
            self.constant(v, array)
        self.ends, self.targets = self.where_ends_are_made()
        groups: dict[int, list[Row]] = {}
        for row in program.rows:
            groups.setdefault(row.group, []).append(row)
        self.blocked = {group for group, rows in groups.items() if group and _in_blocks(rows)}
        self.inner = self.values_inside_of_groups()
        self.slots = buffers.plan(program, {*self.targets, *self.inner}, self.blocked)
        self.word.update(self.targets)
        self.write_rows()
        for v, name in self.ends:
            if self.word[v] != name:
                self.imports.add("copyto")
                self.body.append(f"copyto({name}, {self.word[v]})")
        arguments += [name for _, name in self.ends]
        lines = [f"from numpy import {', '.join(sorted(self.imports))}", "", *self.head, "", ""]
        lines += [f"def {self.function}({', '.join(arguments)}):"]
        lines += [f"    {line}" for line in self.body or ["pass"]]
        self.text = "\n".join(lines) + "\n"

    def where_ends_are_made(self) -> tuple[list[tuple[Value, str]], dict[Value, str]]:
        """(value, argument) for each end, and the values that are made in their argument at once."""
        made = {row.result: row for row in self.program.rows}
        ends = [(v, self.names.free(f"out_{k}")) for k, v in enumerate(self.program.outputs)]
        ends += [(v, self.names.free(f"new_{self.word[state]}")) for state, v in self.program.updates]
        targets: dict[Value, str] = {}
        for v, name in ends:
            if v in made and v not in targets and writes_out(made[v]) and v not in self.orders:
                targets[v] = name
        return ends, targets

    def values_inside_of_groups(self) -> set[Value]:
        """Values of groups that run in blocks, which nothing outside of their group reads."""
        group_of = {row.result: row.group for row in self.program.rows if row.group in self.blocked}
        inner = set(group_of) - {v for v, _ in self.ends}
        for row in self.program.rows:
            inner -= {x for x in row.values if group_of.get(x) != row.group}
        return inner

    # --- rows --------------------------------------------------------------------------------------------

    def write_rows(self) -> None:
        rows, scope, k = self.program.rows, "", 0
        while k < len(rows):
            if rows[k].scope != scope:
                scope = rows[k].scope
                self.body.append(f"# {one_line(scope) or 'outside of layers'}")
            if rows[k].group in self.blocked:
                stop = k
                while stop < len(rows) and rows[stop].group == rows[k].group:
                    stop += 1
                self.write_blocks(rows[k:stop])
                k = stop
            else:
                self.write(rows[k])
                k += 1

    def write(self, row: Row) -> None:
        """One row: a view, a line that writes into memory, or a call that makes its own."""
        if buffers.is_view(row):
            self.write_view(row)
        elif writes_out(row):
            args = [self.operand(x, row) for x in row.inputs]
            self.body.append(self.call(row, args, self.word.get(row.result) or self.memory(row.result)))
        else:
            made = self.named(row.result, f"t{row.result.number}")
            args = [self.operand(x) for x in row.inputs]
            self.imports.add("asarray")
            self.body.append(f"{made} = asarray({self.plain_call(row, args)})")

    def call(self, row: Row, args: list[str], out: str) -> str:
        """A row as a call that writes into `out`."""
        name, forward = row.operation.name, row.operation.forward
        if name in REDUCTIONS:
            function = REDUCTIONS[name]
            self.imports.add(function)
            axis, keep = row.params.get("axis"), row.params.get("keepdims", False)
            return f"{function}.reduce({args[0]}, {axis!r}, None, {out}, {keep!r})"
        if name == "astype":
            self.imports.add("copyto")
            return f"copyto({out}, {args[0]}, 'unsafe')"
        if name == "clip":
            self.imports.add("clip")
            low, high = (self.literal(key, row.params.get(key)) for key in ("a_min", "a_max"))
            return f"clip({args[0]}, {low}, {high}, {out})"
        self.imports.add(forward.__name__)
        by_name = "out=" if name in ("maximum", "minimum") else ""  # NumPy deprecates a third by position
        return f"{forward.__name__}({', '.join(args)}, {by_name}{out})"

    def plain_call(self, row: Row, args: list[str]) -> str:
        """A row as a call of the operation's own `forward`."""
        function = self.held.get(row.operation)
        if function is None:
            function = self.held[row.operation] = self.names.free(row.operation.name)
            self.given[function] = row.operation.forward
        more = [f"{key}={self.literal(key, value)}" for key, value in row.params.items()]
        return f"{function}({', '.join([*args, *more])})"

    def write_view(self, row: Row) -> None:
        """A view of memory that stays is made once, any other at each step."""
        x, result = row.inputs[0], row.result
        once = x in self.fixed and (row.operation.name not in RESHAPES or x in self.in_a_row)
        if once:
            self.fixed.add(result)
        if row.operation.name in RESHAPES and x in self.in_a_row:
            self.in_a_row.add(result)
        at = self.word[x]
        if row.operation.name in RESHAPES:
            text = f"{at}.reshape({result.shape})"
        elif row.operation.name in ("swapaxes", "transpose") and len(x.shape) == 2:
            text = f"{at}.T" if _turns(row) else at
        else:
            text = self.plain_call(row, [at])
        name = self.named(result, f"{at}_{row.operation.name}" if once else f"t{result.number}")
        (self.head if once else self.body).append(f"{name} = {text}")

    def write_blocks(self, rows: Sequence[Row]) -> None:
        """A group, block by block along the first axis. What only the group reads is one block large."""
        shape = rows[0].result.shape
        step = _block_rows(shape, rows[0].result.size)
        even = shape[0] % step == 0
        self.body.append(f"for lo in range(0, {shape[0]}, {step}):")
        self.body.append(f"    hi = lo + {step}" if even else f"    hi = min(lo + {step}, {shape[0]})")
        last = {x: k for k, row in enumerate(rows) for x in row.values}
        free: dict[Any, list[str]] = {}  # blocks of memory whose value nobody reads any more
        block: dict[Value, str] = {}

        def operand(x: Any, row: Row) -> str:
            if not isinstance(x, Value) or len(x.shape) < len(shape) or x.shape[0] != shape[0]:
                return self.operand(x, row)
            if x not in block:
                block[x] = self.names.free(f"{self.word[x]}_block")
                self.body.append(f"    {block[x]} = {self.word[x]}[lo:hi]")
            return block[x]

        for k, row in enumerate(rows):
            result = row.result
            args = [operand(x, row) for x in row.inputs]
            for x in {x for x in row.values if x in self.inner and last[x] == k and x in block}:
                free.setdefault((x.shape[1:], x.dtype), []).append(block[x])
            if result not in self.inner:
                if result not in self.word:
                    self.memory(result)
                out = operand(result, row)
            elif free.get((result.shape[1:], result.dtype)):
                out = block[result] = free[result.shape[1:], result.dtype].pop()
            else:
                out = self.scratch((step, *result.shape[1:]), result.dtype)
                if not even:
                    whole, out = out, self.names.free(f"{out}_block")
                    self.body.append(f"    {out} = {whole}[:hi - lo]")
                block[result] = out
            self.body.append(f"    {self.call(row, args, out)}")

    # --- values ------------------------------------------------------------------------------------------

    def named(self, v: Value, wanted: str) -> str:
        self.word[v] = self.names.free(wanted)
        return self.word[v]

    def constant(self, v: Value, array: np.ndarray) -> None:
        name = self.named(v, f"c{v.number}")
        self.fixed.add(v)
        self.in_a_row.add(v)
        if array.size <= 4 and array.dtype.kind in "biuf" and np.isfinite(array).all():
            self.imports.add("array")
            self.head.append(f"{name} = array({array.tolist()!r}, {str(v.dtype)!r})")
        else:
            self.given[name] = np.ascontiguousarray(array).reshape(v.shape)
            self.head.append(f"# {name} is given: {v.type}")

    def memory(self, v: Value) -> str:
        """The memory of a value: its slot, in its shape, dtype and order of axes."""
        slot, order = self.slots.slot_of[v], self.orders.get(v)
        shape = v.shape if order is None else tuple([v.shape[axis] for axis in order])
        key = (slot, shape, v.dtype)
        if key not in self.held:
            name = self.held[key] = self.names.free(f"t{slot}")
            first = self.held.setdefault(slot, name)
            if first == name:
                self.head.append(f"{name} = empty({shape}, {str(v.dtype)!r})")
                self.held[slot, "dtype"] = str(v.dtype)
            elif self.held[slot, "dtype"] == str(v.dtype):
                self.head.append(f"{name} = {first}.reshape({shape})")
            else:
                self.head.append(f"{name} = {first}.reshape(-1).view({str(v.dtype)!r}).reshape({shape})")
        self.word[v] = self.held[key]
        self.fixed.add(v)
        if order is None:
            self.in_a_row.add(v)
        else:
            self.word[v] = self.turned(self.held[key], order)
        return self.word[v]

    def turned(self, name: str, order: tuple[int, ...]) -> str:
        """Memory whose axes lie in this order, seen in the order of the value's shape."""
        if (name, order) not in self.held:
            turned = self.held[name, order] = self.names.free(f"{name}_turned")
            places = tuple(sorted(range(len(order)), key=order.__getitem__))
            self.head.append(f"{turned} = {name}.{'T' if places == (1, 0) else f'transpose({places})'}")
        return str(self.held[name, order])

    def scratch(self, shape: tuple[int, ...], dtype: np.dtype) -> str:
        name = self.names.free(f"s{len(self.head)}")
        self.head.append(f"{name} = empty({shape}, {str(dtype)!r})")
        return name

    def operand(self, x: Any, row: Row | None = None) -> str:
        """A value's word; a number as an array without axes, which NumPy takes in half the time."""
        if isinstance(x, Value):
            return self.word[x]
        others = {other.dtype for other in row.values} if row else set()
        weak = type(x) in (int, float) and len(others) == 1 and x - x == 0
        if not weak or next(iter(others)).kind != "f":
            return repr(x) if type(x) in (bool, int) else self.literal("number", x)
        dtype, width = others.pop(), 0
        if row is not None and row.operation.name in ("maximum", "minimum") and row.result.shape:
            width = row.result.shape[-1]  # with one number these two are three times as slow as with many
        key = (repr(x), dtype, width)
        if key not in self.held:
            make = f"full({width}, {x!r}" if width > 16 else f"array({x!r}"
            self.imports.add(make[: make.index("(")])
            self.held[key] = self.names.free(f"number_{x!r}" if width <= 16 else f"numbers_{x!r}")
            self.head.append(f"{self.held[key]} = {make}, {str(dtype)!r})")
        return self.held[key]

    def literal(self, key: str, value: Any) -> str:
        """Metadata as text, or the word of something that is given."""
        if isinstance(value, str | bool | int | None) or (type(value) is float and value - value == 0):
            return repr(value)
        if isinstance(value, tuple) and all(type(n) is int for n in value):
            return repr(value)
        name = self.names.free(key)
        self.given[name] = value
        return name


def _in_blocks(rows: Sequence[Row]) -> bool:
    """Is a group large enough to run block by block, and made of rows that can?"""
    first = rows[0].result
    return first.size >= 4 * BLOCK and first.shape[0] >= 4 and all(map(writes_out, rows))


def _block_rows(shape: tuple[int, ...], size: int) -> int:
    """How many rows make a block: about BLOCK elements, and if possible all blocks equal."""
    most = max(1, BLOCK * shape[0] // size)
    even = next(n for n in range(most, 0, -1) if shape[0] % n == 0)
    return even if even > most // 2 else most


def _turns(row: Row) -> bool:
    """Does a transpose of two axes exchange them?"""
    if row.operation.name == "swapaxes":
        return bool((row.params.get("axis1", -1) - row.params.get("axis2", -2)) % 2)
    axes = row.params.get("axes")
    return axes is None or bool(axes[0] % 2)
