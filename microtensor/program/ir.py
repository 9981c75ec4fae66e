"""Program: a computation as data, one row for each operation.

The one idea: every value is made once and never changes (static single assignment), so a program is a list
that can be read from top to bottom, and a pass over it is a function from list to list. What a run reads from
the world outside (`states`: the weights, say) and what it leaves there (`updates`) stand apart from the rows,
so that the rows themselves are pure:

    step(x: float32[1, 2], learning_rate: float32[])
      state kernel: float32[2, 1]
      # dense
      %2 = matmul(x, kernel)                 float32[1, 1]
      ...
      update kernel <- %9
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core import Operation

if TYPE_CHECKING:
    from .statistics import Statistics

Shape = tuple[int, ...]


class Value:
    """One value of a program: its number, which no other has; its shape and dtype; a name if it came in."""

    __slots__ = ("dtype", "name", "number", "shape")

    def __init__(self, number: int, shape: Shape, dtype: np.dtype, name: str = "") -> None:
        self.number, self.shape, self.dtype, self.name = number, shape, dtype, name

    def __repr__(self) -> str:
        return f"Value({self.number}, {self.shape}, {self.dtype!r}, {self.name!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Value):
            return NotImplemented
        same = self.number == other.number and self.shape == other.shape
        return same and self.dtype == other.dtype and self.name == other.name

    def __str__(self) -> str:
        return self.name or f"%{self.number}"

    def __hash__(self) -> int:
        return self.number

    @property
    def type(self) -> str:
        """As it is printed: `float32[4, 2]`."""
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]"

    @property
    def size(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """How many bytes its numbers take."""
        return self.size * self.dtype.itemsize


Input = Any  # a Value, or one of Python's own numbers, which is "weak": it takes the dtype of what it meets


class Row:
    """result = operation(*inputs, **params). Nobody changes a row, nor a value: `reading` makes another.

    Attributes:
        scope: the layer, with a prime for its backward: "dense", "dense'".
        group: rows of one group (not 0) are neighbours that run as one loop over elements.
        values: the inputs that are values of the program.
    """

    __slots__ = ("group", "inputs", "operation", "params", "result", "scope", "values")

    def __init__(
        self,
        result: Value,
        operation: Operation,
        inputs: tuple[Input, ...],
        params: Mapping[str, Any],
        scope: str = "",
        group: int = 0,
    ) -> None:
        self.result, self.operation, self.inputs = result, operation, inputs
        self.params, self.scope, self.group = params, scope, group
        self.values = tuple([x for x in inputs if isinstance(x, Value)])

    def reading(self, inputs: Iterable[Input]) -> Row:
        """The same row on other inputs."""
        return Row(self.result, self.operation, tuple(inputs), self.params, self.scope, self.group)

    def renamed(self, now: Mapping[Value, Value]) -> Row:
        """The same row, reading for each of these values another one."""
        if now.keys().isdisjoint(self.values):
            return self
        return self.reading([now.get(x, x) if isinstance(x, Value) else x for x in self.inputs])

    def grouped(self, group: int) -> Row:
        """The same row in this group."""
        if group == self.group:
            return self
        return Row(self.result, self.operation, self.inputs, self.params, self.scope, group)

    def __repr__(self) -> str:
        return f"<Row {self}>"

    def run(self, xs: Sequence[Any]) -> np.ndarray:
        """What the row computes from these arrays and numbers."""
        return np.asarray(self.operation.forward(*xs, **self.params))

    def __str__(self) -> str:
        from .printing import line_of

        return line_of(self)


class Program:
    """A list of rows, and what goes in and out.

    Args:
        inputs: given anew at each run.
        states: tensors of the world outside, read as they are when the program runs.
        constants: values that are known: {value: array}.
        rows: in an order in which they can run.
        outputs: what a run gives back.
        updates: (state, value) pairs: what the states become after a run.
        name: of the function that it was made from.
    """

    __slots__ = ("constants", "inputs", "name", "outputs", "rows", "states", "updates")

    def __init__(
        self,
        inputs: Iterable[Value],
        states: Iterable[Value],
        constants: Mapping[Value, np.ndarray],
        rows: Iterable[Row],
        outputs: Iterable[Value],
        updates: Iterable[tuple[Value, Value]] = (),
        name: str = "step",
    ) -> None:
        self.inputs, self.states, self.constants = tuple(inputs), tuple(states), dict(constants)
        self.rows, self.outputs, self.updates, self.name = tuple(rows), tuple(outputs), tuple(updates), name

    def replace(self, **changes: Any) -> Program:
        """The same program with other parts."""
        return Program(**{**{key: getattr(self, key) for key in self.__slots__}, **changes})

    # --- what it says ------------------------------------------------------------------------------------

    def __str__(self) -> str:
        from .printing import text_of

        return text_of(self)

    def __repr__(self) -> str:
        return f"<Program {self.name}: {len(self.rows)} operations>"

    def statistics(self) -> Statistics:
        """How much there is to do: operations, flops, bytes."""
        from .statistics import Statistics

        made = sum(row.result.nbytes for row in self.rows)
        flops = sum(flops_of(row) for row in self.rows)
        kept = sum(array.nbytes for array in self.constants.values())
        return Statistics(len(self.rows), flops, made, kept + sum(v.nbytes for v in self.states))

    # --- equal, and kept ---------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        """The same rows with the same constants, whatever the values are numbered."""
        return isinstance(other, Program) and self._form() == other._form()

    def __hash__(self) -> int:
        # The names of states tell the steps of two nets of one form apart: comparing them is slow.
        known = [(v.shape, v.dtype, v.name) for v in (*self.inputs, *self.states)]
        return hash((self.name, len(self.rows), *known))

    def does_the_same_as(self, other: Program) -> bool:
        """Equal but for the names of layers: a function that makes a layer makes another one each time."""
        return bool(self._form(scopes=False) == other._form(scopes=False))

    def difference(self, other: Program) -> str:
        """The first row in which two programs differ, or use a constant that differs; "" if there is none."""
        rows = zip(self.rows, other.rows, strict=False)
        for a, b in rows:
            known = [
                (self.constants.get(x), other.constants.get(y))
                for x, y in zip(a.values, b.values, strict=False)
            ]
            same_numbers = all(key_of(x) == key_of(y) for x, y in known)
            if a.operation is not b.operation or key_of(a.params) != key_of(b.params) or not same_numbers:
                return f"`{a}`{f' in {a.scope!r}' if a.scope else ''}"
        longer = max((self, other), key=lambda program: len(program.rows))
        shorter = min(len(self.rows), len(other.rows))
        return f"`{longer.rows[shorter]}`" if len(longer.rows) > shorter else ""

    def _form(self, scopes: bool = True) -> Any:
        """What makes two programs the same: values by the place where they are made."""
        place: dict[Value, int] = {}
        for v in (*self.inputs, *self.states, *self.constants, *(row.result for row in self.rows)):
            place[v] = len(place)
        rows = [
            (row.operation.name, row.scope if scopes else "", row.group, row.result.type, key_of(row.params))
            + tuple(place[x] if isinstance(x, Value) else key_of(x) for x in row.inputs)
            for row in self.rows
        ]
        known = [(array.dtype.str, array.shape, array.tobytes()) for array in self.constants.values()]
        ends = [place[v] for v in self.outputs], [(place[a], place[b]) for a, b in self.updates]
        return self.name, [(v.type, v.name) for v in (*self.inputs, *self.states)], known, rows, ends

    def __reduce__(self) -> Any:
        return Program, tuple(
            getattr(self, key)
            for key in ("inputs", "states", "constants", "rows", "outputs", "updates", "name")
        )


def example(v: Value) -> np.ndarray:
    """Numbers in the domain of most operations: ones, and 0 where they may be indices."""
    return np.zeros(v.shape, v.dtype) if v.dtype.kind in "iu" else np.ones(v.shape, v.dtype)


def flops_of(row: Row) -> int:
    """How many numbers a row computes; 2 m n k for a product of matrices, 0 for what moves numbers only."""
    if row.operation.name == "matmul":
        a = next(iter(row.inputs))
        return 2 * row.result.size * (a.shape[-1] if isinstance(a, Value) and a.shape else 1)
    if row.operation.elementwise:
        return row.result.size
    sizes = [x.size for x in row.values]
    return max(sizes) if sizes and max(sizes) > row.result.size else 0


_PLAIN = (str, int, float, complex, np.generic, type, type(None))


def key_of(value: Any) -> Any:
    """Something hashable that is equal for equal metadata: of arrays by their numbers, else by identity."""
    if isinstance(value, _PLAIN) or value is Ellipsis:
        return (type(value).__name__, repr(value))  # 1, 1.0 and True differ, -0.0 and 0.0 as well
    if isinstance(value, list | tuple):
        return (type(value).__name__, *map(key_of, value))
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, slice):
        return ("slice", value.start, value.stop, value.step)
    if isinstance(value, dict | Mapping):
        return tuple((key, key_of(each)) for key, each in sorted(value.items()))
    return ("object", id(value))
