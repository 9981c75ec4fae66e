"""Programs drawn: a captured step as a graph, and what a pass has made of one.

The one idea: a program is a list of rows already, so its picture needs nothing but their names; and what a
pass does is seen by laying the two lists side by side, as a difference between two texts.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import os
from pathlib import Path
from typing import Any

from ..atomic import replace_file
from .captions import totals
from .identity import number_text
from .lettering import mono_width
from .markup import document, rect, text
from .records import Graph
from .rows import Row, from_rows
from .style import FIXED, style_sheet

SIZE, LINE, MARGIN = 9.5, 15.0, 16.0
CODE = f" style='font-family:{FIXED};font-size:{SIZE}px;white-space:pre'"


def is_program(thing: Any) -> bool:
    """Is it a captured program? (The room of programs is not loaded to find out.)"""
    return type(thing).__name__ == "Program" and type(thing).__module__ == "microtensor.program.ir"


def graph_of(program: Any) -> Graph:
    """A program as a graph: what comes in, what is known, what runs, and what its states become."""
    uses: dict[Any, str] = {}  # of each value the layer of the first row that reads it
    layers = {}
    for row in program.rows:
        layers[row.result] = _layer(row.scope)
        for v in row.values:
            uses.setdefault(v, layers[row.result])
    leaves = [(v, "input", "", None) for v in program.inputs]
    leaves += [(v, "parameter", uses.get(v, ""), None) for v in program.states]
    leaves += [(v, "constant", uses.get(v, ""), array) for v, array in program.constants.items()]
    rows = [Row(str(v), kind, (), v.shape, str(v.dtype), layer, value) for v, kind, layer, value in leaves]
    for row in program.rows:
        v = row.result
        args = tuple(str(x) if hasattr(x, "number") else number_text(x) for x in row.inputs)
        rows.append(Row(str(v), row.operation.name, args, v.shape, str(v.dtype), layers[v]))
    made = {row.result: k for k, row in enumerate(program.rows)}
    updates = sorted(program.updates, key=lambda update: made.get(update[1], -1))
    for state, v in updates:
        rows.append(Row(f"{state} ←", "update", (str(v),), state.shape, str(state.dtype), layers.get(v, "")))
    ends = [*map(str, program.outputs), *(f"{state} ←" for state, _ in updates)]
    return from_rows(rows, ends[0] if ends else None)


def _layer(scope: str) -> str:
    """`dense/backward` of "dense'", which is how a captured step calls what runs backward."""
    return f"{scope[:-1]}/backward".lstrip("/") if scope.endswith("'") else scope


def program_caption(program: Any, graph: Graph, lang: str) -> str:
    """`step: 38 operations, 4 parameters (9 numbers), 4 new values`"""
    return f"{program.name}: {totals(graph, lang)}"


def compare(before: Any, after: Any, *, theme: str = "auto", title: str | None = None) -> Comparison:
    """What a pass has done: the rows that are gone, those that are new, and those that stayed.

    Args:
        before, after: programs.
        theme: "auto", "light" or "dark".
        title: the line above; None: how many rows there were and are.

    Raises:
        TypeError: one of them is no program. ValueError: an unknown theme.

    >>> import microtensor as mt
    >>> from microtensor.program import capture
    >>> from microtensor.program.passes import prune
    >>> def wasteful(x):
    ...     x.exp()
    ...     return x * 2.0
    >>> program = capture(wasteful, mt.Tensor(1.0), names=["x"]).program
    >>> print(compare(program, prune(program)))
    2 operations, then 1
    − %2 = exp(x)            float32[]
      %3 = multiply(x, 2.0)  float32[]
    """
    for program in (before, after):
        if not is_program(program):
            raise TypeError(f"compare takes two programs, as mt.jit(f).program is one; got {program!r:.60}.")
    style_sheet(theme)
    width = min(max((len(str(row)) for row in (*before.rows, *after.rows)), default=0), 60)
    return Comparison(_lines(before, width), _lines(after, width), theme, title)


class Comparison:
    """Two lists of rows, line by line. `str(c)` is text, `c.save("pass.svg")` a picture of two columns."""

    def __init__(self, before: list[str], after: list[str], theme: str, title: str | None) -> None:
        self.before, self.after, self.theme = before, after, theme
        self.title = title or f"{len(before)} operations, then {len(after)}"

    @functools.cached_property
    def rows(self) -> list[tuple[str, str]]:
        """(line before, line after), side by side: equal, or one is "" where the other is gone or new."""
        found: list[tuple[str, str]] = []
        matcher = difflib.SequenceMatcher(None, self.before, self.after, autojunk=False)
        for _, a, b, c, d in matcher.get_opcodes():
            found += itertools.zip_longest(self.before[a:b], self.after[c:d], fillvalue="")
        return found

    @property
    def gone(self) -> list[str]:
        """The lines that were there before, and are no more."""
        return [a for a, b in self.rows if a and a != b]

    @property
    def new(self) -> list[str]:
        """The lines that were not there before."""
        return [b for a, b in self.rows if b and a != b]

    @property
    def text(self) -> str:
        """For terminals: − before a row that is gone, + before one that is new."""
        lines, waiting = [self.title], list[str]()
        for a, b in [*self.rows, ("", "")]:
            if a == b:
                lines += [*waiting, f"  {a}"]
                waiting = []
            else:
                lines += [f"− {a}"] if a else []
                waiting += [f"+ {b}"] if b else []
        return "\n".join(lines[:-1])

    @functools.cached_property
    def svg(self) -> str:
        """The two columns, as the text of an SVG file. Marks stand beside the colours."""
        column = max((mono_width(line, SIZE) for line in (*self.before, *self.after)), default=0) + 28
        w, h = 2 * column + 3 * MARGIN, MARGIN * 2 + LINE * (len(self.rows) + 1)
        parts = [text("title", MARGIN, MARGIN, self.title)]
        for k, (a, b) in enumerate(self.rows, 1):
            y = MARGIN + LINE * k + 6
            columns = (MARGIN, a, "−", "gradground"), (MARGIN * 2 + column, b, "+", "valueground")
            for x, line, mark, ground in columns:
                if line and a != b:
                    parts.append(rect(ground, x, y - 11, column, LINE))
                    parts.append(text("formula", x + 5, y, mark, address=CODE))
                if line:
                    parts.append(text("formula", x + 18, y, line, address=CODE))
        said = f"{len(self.gone)} rows are gone, {len(self.new)} are new."
        return document(parts, w, h, self.theme, self.title, said)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture (.svg) or the text (.txt): all of it, or the file stays as it was.

        Raises:
            ValueError: another suffix.
        """
        path = Path(path)
        written = {".svg": self.svg, ".txt": self.text + "\n"}.get(path.suffix.lower())
        if written is None:
            raise ValueError(f"a comparison is saved as .svg or .txt; got {path.name!r}.")
        replace_file(path, written.encode())
        return path

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Comparison: {self.title}>"

    def _repr_svg_(self) -> str:
        return self.svg


def _lines(program: Any, width: int) -> list[str]:
    return [f"{row!s:<{width}}  {row.result.type}" for row in program.rows]
