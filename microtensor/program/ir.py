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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..core import Operation

if TYPE_CHECKING:
    from .statistics import Statistics

Shape = tuple[int, ...]


class Value(NamedTuple):
    """One value of a program: its number, which no other has; its shape and dtype; a name if it came in."""

    number: int
    shape: Shape
    dtype: np.dtype
    name: str = ""

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


class Row(NamedTuple):
    """result = operation(*inputs, **params)."""

    result: Value
    operation: Operation
    inputs: tuple[Input, ...]
    params: Mapping[str, Any]
    scope: str = ""  # the layer, with a prime for its backward: "dense", "dense'"
    group: int = 0  # rows of one group (not 0) are neighbours that run as one loop over elements

    @property
    def values(self) -> Iterator[Value]:
        """The inputs that are values of the program."""
        return (x for x in self.inputs if isinstance(x, Value))

    def run(self, xs: Sequence[Any]) -> np.ndarray:
        """What the row computes from these arrays and numbers."""
        return np.asarray(self.operation.forward(*xs, **self.params))

    def __str__(self) -> str:
        args = [str(x) if isinstance(x, Value) else repr(x) for x in self.inputs]
        args += [f"{key}={_shown(value)}" for key, value in self.params.items()]
        return f"{self.result} = {self.operation.name}({', '.join(args)})"


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
        lines = [f"{self.name}({', '.join(f'{v}: {v.type}' for v in self.inputs)})"]
        lines += [f"  state {v}: {v.type}" for v in self.states]
        lines += [f"  const {v}: {v.type} = {_shown(array)}" for v, array in self.constants.items()]
        texts = [str(row) for row in self.rows]
        width = min(max(map(len, texts), default=0), 60)
        scope = ""
        for row, text in zip(self.rows, texts, strict=True):
            if row.scope != scope:
                scope = row.scope
                lines.append(f"  # {scope or 'outside of layers'}")
            mark = f"{'|' if row.group else ' '} "
            lines.append(f"{mark}{text:<{width}}  {row.result.type}")
        lines += [f"  update {state} <- {value}" for state, value in self.updates]
        lines.append(f"  return {', '.join(map(str, self.outputs)) or 'nothing'}")
        return "\n".join(lines)

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
        return hash((self.name, len(self.rows), tuple(v.type for v in self.inputs)))

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


class ProgramError(ValueError):
    """A program that cannot run as it is written."""


def typecheck(program: Program) -> None:
    """Raise ProgramError unless each value is made once and before it is used, with the type that it has.

    The types are those that the operations really give: each row runs on ones. (Indices are 0, which is in
    range; a matrix of ones that cannot be inverted says nothing about types.)
    """
    made = {*program.inputs, *program.states, *program.constants}
    for v, array in program.constants.items():
        if (array.shape, array.dtype) != (v.shape, v.dtype):
            raise ProgramError(f"constant {v} is {array.dtype}{list(array.shape)}, not {v.type}.")
    numbers = {v.number for v in made}
    for row in program.rows:
        for x in row.values:
            if x not in made:
                raise ProgramError(f"`{row}` uses {x}, which is not made before it.")
        if row.result.number in numbers:
            raise ProgramError(f"`{row}` makes {row.result} a second time.")
        if not row.operation.random:
            xs = [example(x) if isinstance(x, Value) else x for x in row.inputs]
            try:
                with np.errstate(all="ignore"):
                    y = row.run(xs)
            except np.linalg.LinAlgError:
                y = np.empty(row.result.shape, row.result.dtype)
            if (y.shape, y.dtype) != (row.result.shape, row.result.dtype):
                raise ProgramError(f"`{row}` gives {y.dtype}{list(y.shape)}, not {row.result.type}.")
        made.add(row.result)
        numbers.add(row.result.number)
    ends = [*program.outputs, *(v for _, v in program.updates)]
    for v in ends:
        if v not in made:
            raise ProgramError(f"{v} is an end of the program, and nothing makes it.")
    for state, v in program.updates:
        if state not in program.states or (state.shape, state.dtype) != (v.shape, v.dtype):
            raise ProgramError(f"{state} ({state.type}) cannot become {v} ({v.type}).")


def example(v: Value) -> np.ndarray:
    """Numbers in the domain of most operations: ones, and 0 where they may be indices."""
    return np.zeros(v.shape, v.dtype) if v.dtype.kind in "iu" else np.ones(v.shape, v.dtype)


def interpret(
    program: Program, inputs: Sequence[Any], states: Sequence[Any]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Run row by row, in the plainest way: (outputs, what the updated states become)."""
    known: dict[Value, Any] = dict(program.constants)
    known.update(zip(program.inputs, inputs, strict=True))
    known.update(zip(program.states, states, strict=True))
    for row in program.rows:
        known[row.result] = row.run([known[x] if isinstance(x, Value) else x for x in row.inputs])
    return [known[v] for v in program.outputs], [known[v] for _, v in program.updates]


def flops_of(row: Row) -> int:
    """How many numbers a row computes; 2 m n k for a product of matrices, 0 for what moves numbers only."""
    if row.operation.name == "matmul":
        a = next(iter(row.inputs))
        return 2 * row.result.size * (a.shape[-1] if isinstance(a, Value) and a.shape else 1)
    if row.operation.elementwise:
        return row.result.size
    sizes = [x.size for x in row.values]
    return max(sizes) if sizes and max(sizes) > row.result.size else 0


def key_of(value: Any) -> Any:
    """Something hashable that is equal for equal metadata: of arrays by their numbers, else by identity."""
    if isinstance(value, Mapping):
        return tuple((key, key_of(each)) for key, each in sorted(value.items()))
    if isinstance(value, list | tuple):
        return (type(value).__name__, *map(key_of, value))
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, slice):
        return ("slice", value.start, value.stop, value.step)
    if isinstance(value, str | bool | int | float | complex | np.generic | type | None) or value is Ellipsis:
        return (type(value).__name__, repr(value))  # 1, 1.0 and True differ, -0.0 and 0.0 as well
    return ("object", id(value))


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        text = " ".join(np.array2string(value, threshold=8, precision=4).split())
        return text if len(text) <= 40 else f"{text[:37]}..."
    if isinstance(value, np.dtype):
        return str(value)
    return repr(value) if isinstance(value, str | int | float | tuple | None) else f"<{type(value).__name__}>"
