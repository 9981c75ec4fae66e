"""Memory: the arrays of a C function, where each value stands in them, and its text.

The one idea: an array has a name in C, whoever it belongs to: it is given from outside (an address in the
table `p`), or known (numbers in the text), or the function's own. What the function no longer needs, it uses
again, so that a deep net stays in the cache.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..ir import Value
from .blas import Routine
from .expressions import C_TYPES, literal
from .long_functions import looked_up, once
from .places import Place, index_name, merged

MOST_VALUES = 1 << 30  # no program has as many: numbers of arrays that are none of its values
LARGE = 4096  # bytes: smaller arrays are in the nearest cache, or in registers
FLUSH, RESTORE = "const uint64_t mode = flush_tiny();", "restore_mode(mode);"


class Memory:
    """A C function, its arrays and its lines; `c_source.Function` writes them.

    Args:
        name: of the function.
        needed: the values that live on after it.
        on_stack: so many bytes of its own arrays stand on the stack; what is more comes from outside.
    """

    pointer = "*"  # what comes in may be one array under two names

    def __init__(self, name: str, needed: Iterable[Value] = (), on_stack: int = 1 << 16) -> None:
        self.name, self.needed, self.on_stack = name, set(needed), on_stack
        self.places: dict[Value, Place] = {}
        self.parameters: list[tuple[str, Any]] = []  # declarations, and what stands for each outside
        self.arrays: list[str] = []
        self.lines: list[str] = []
        self.depth, self.scope = 1, ""
        self._copies, self._routines = 0, set[Routine]()
        self._types: dict[str, str] = {}  # of the elements of each array that is known by its own name
        self._own: set[str] = set()  # arrays that hold nobody else's numbers
        self._free: dict[Any, list[str]] = {}  # arrays that nobody needs any more, by type and size
        self._spans: list[tuple[int, int]] = []  # lines that belong together, and may move as a whole
        self._wide: set[tuple[int, int]] = set()  # those of them that are loops over 4 KB of numbers, or more

    # --- where values are --------------------------------------------------------------------------------

    def parameter(self, value: Value, outside: Any, constant: bool = True, name: str = "") -> str:
        """An array that is given: the name by which C knows it."""
        name = name or f"v{value.number}"
        kind = f"const {C_TYPES[value.dtype]}" if constant else C_TYPES[value.dtype]
        self.parameters.append((f"{kind} {self.pointer}{name} = p[{len(self.parameters)}];", outside))
        self._types[name] = kind
        return name

    def put(self, value: Value, array: str) -> None:
        """From here on the value is in this array, in C order."""
        base = np.empty(value.size, np.int8)
        self.places[value] = Place(array, base, base.reshape(value.shape))

    def constant(self, value: Value, array: np.ndarray) -> None:
        """Numbers that are known: written into the source if they are few."""
        if value.size > 64:
            # C reads what lies side by side; a constant may be one number, repeated by strides of 0.
            self.put(value, self.parameter(value, np.require(array, requirements=["C", "A"])))
            return
        numbers = ", ".join(str(literal(x, value.dtype)) for x in array.ravel().tolist())
        self._declare(
            f"static const {C_TYPES[value.dtype]}", f"v{value.number}", value.size, f" = {{{numbers}}}"
        )
        self.put(value, f"v{value.number}")

    def _declare(self, kind: str, name: str, size: int, numbers: str = "") -> None:
        self.arrays.append(f"{kind} {name}[{size}]{numbers};")
        self._types[name] = kind.removeprefix("static ")

    def own(self, value: Value, name: str = "", for_good: bool = False) -> None:
        """An array of the function's own, unless there is one already. for_good: it is never used again."""
        if value in self.places:
            return
        name, kind = name or f"v{value.number}", C_TYPES[value.dtype]
        free = self._free.get((value.dtype, value.size))
        if free:
            self.arrays.append(f"{kind} *{name} = {free.pop()};")
            self._types[name] = kind
        elif value.nbytes <= self.on_stack:
            self.on_stack -= value.nbytes
            self._declare(kind, name, value.size)
        else:
            self.parameter(value, value, constant=False, name=name)
        if not for_good:
            self._own.add(name)
        self.put(value, name)

    def _release(self, value: Value) -> None:
        """Nobody needs it any more: its memory, which is in a cache, is good for another value."""
        name = self.places[value].array
        if name in self._own and value.nbytes >= LARGE:
            self._own.remove(name)
            self._free.setdefault((value.dtype, value.size), []).append(name)

    def copied(self, place: Place, dtype: np.dtype) -> Place:
        """The same numbers in C order, in an array that nobody else has."""
        self._copies += 1
        copy = Value(MOST_VALUES + self._copies, place.view.shape, dtype)
        self._copy(copy, place, f"copy{self._copies}")
        return self.places[copy]

    def routine(self, routine: Routine) -> str:
        """A function of NumPy's BLAS: the name by which C knows it."""
        if routine not in self._routines:
            self._routines.add(routine)
            self.parameters.append((f"{routine.name}_t {routine.name} = p[{len(self.parameters)}];", routine))
        return routine.name

    def _copy(self, value: Value, source: Place, name: str = "") -> None:
        """The numbers of a view, in C order in an array of the value's own."""
        self.own(value, name)
        shape = source.view.shape  # in C order, whatever the value's own shape
        target = self.places[value]._replace(view=self.places[value].view.reshape(shape))
        sizes, steps = merged(shape, [source.view.strides, target.view.strides])
        indices = [index_name(d) for d in range(len(sizes))]
        for i, n in zip(indices, sizes, strict=True):
            self.loop(i, n)
        self.line(f"{target.at(indices, steps[1])} = {source.at(indices, steps[0])};")
        self.close(len(sizes))

    # --- text --------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def open(self, text: str) -> None:
        if text:
            self.line(text)
            self.depth += 1

    def loop(self, i: str, n: int) -> None:
        self.open(f"for (int64_t {i} = 0; {i} < {n}; {i}++) {{")

    def close(self, count: int) -> None:
        for _ in range(count):
            self.depth -= 1
            self.line("}")

    def _comment(self, scope: str) -> None:
        if scope != self.scope:
            self.scope = scope
            self.line(f"// {printable(scope) or 'outside of layers'}")

    @property
    def text(self) -> str:
        """The whole function, and those that it needs."""
        prefix = "" if self.name == "loop" else f"{self.name}_"
        parts, lines = once(self.lines, self._spans, self._types, prefix, self._wide)
        head = [f"    {each}" for each in (*(text for text, _ in self.parameters), *self.arrays)]
        head, last = looked_up(head)
        return "\n".join([*parts, *self._text(head, lines), *last])

    def _text(self, head: list[str], lines: list[str]) -> list[str]:
        first = f"SHARED void {self.name}(void **p) {{"
        return [first, *head, f"    {FLUSH}", *lines, f"done: {RESTORE}", "}"]


def printable(name: str) -> str:
    """A name that people gave, as a comment of one line may hold it: no end of line, no trigraph."""
    return re.sub(r"[^\w/.:' -]", "_", name, flags=re.ASCII)[:80]
