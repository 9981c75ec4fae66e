"""compare: what a pass has made of a program, as a difference between two texts.

The one idea: a row is known by what it makes (`%7`), which passes do not rename; so the two lists are laid
side by side by that, and each row says in one mark what became of it: gone, new, changed, or only moved.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ..atomic import replace_file
from .lettering import mono_width, width
from .markup import document, n, rect, text
from .programs import is_program
from .saving import target
from .style import FIXED, checked_theme
from .words import checked, checked_title, count, joined, word

SIZE, LINE, MARGIN = 9.5, 15.0, 16.0
ROOM, BETWEEN, BAR = 18.0, 44.0, 12.0  # for a mark; between the columns; for the bar of rows that run as one
MARKS = {"gone": "−", "new": "+", "changed": "~", "moved": "↕", "same": " "}
GROUNDS = {"gone": "gradground", "new": "valueground", "changed": "changedground", "moved": "movedground"}
CODE = f" style='font-family:{FIXED};font-size:{SIZE}px;white-space:pre'"


class Line(NamedTuple):
    """A row as it is written; `mark` says what became of it. Rows of one `group` run as one loop."""

    text: str
    type: str
    key: tuple[str, str]  # what it makes, and by which operation
    group: int
    mark: str = "same"


def compare(
    before: Any, after: Any, *, lang: str = "both", theme: str = "auto", title: str | None = None
) -> Comparison:
    """What a pass has done: the rows that are gone, new, changed or moved, and those that stayed.

    Args:
        before, after: programs.
        lang: "en", "ko" or "both".
        theme: "auto", "light" or "dark".
        title: the line above; None: how many rows there were and are.

    Raises:
        TypeError: one of them is no program. ValueError: an unknown lang or theme.

    >>> import microtensor as mt
    >>> from microtensor.program import capture
    >>> from microtensor.program.passes import prune
    >>> def wasteful(x):
    ...     x.exp()
    ...     return x * 2.0
    >>> program = capture(wasteful, mt.Tensor(1.0), names=["x"]).program
    >>> print(compare(program, prune(program), lang="en"))
    2 operations, then 1: 1 gone
    −   %2 = exp(x)            float32[]
        %3 = multiply(x, 2.0)  float32[]
    """
    for program in (before, after):
        if not is_program(program):
            raise TypeError(f"compare takes two programs, as mt.jit(f).program is one; got {program!r:.60}.")
    checked_theme(theme)
    return Comparison(_lines(before), _lines(after), checked(lang), theme, checked_title(title))


def _lines(program: Any) -> list[Line]:
    return [
        Line(str(row), row.result.type, (str(row.result), row.operation.name), row.group)
        for row in program.rows
    ]


def _marked(before: list[Line], after: list[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """The two lists side by side, by what the rows make; None where the other one has no such row there."""
    old, new = ({line.key: line.text for line in lines} for lines in (before, after))

    def alone(line: Line, others: dict[tuple[str, str], str], missing: str) -> Line:
        other = others.get(line.key)
        return line._replace(mark=missing if other is None else "moved" if other == line.text else "changed")

    matcher = difflib.SequenceMatcher(None, [a.key for a in before], [b.key for b in after], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            for one, two in zip(before[a:b], after[c:d], strict=True):
                mark = "same" if one.text == two.text else "changed"
                yield one._replace(mark=mark), two._replace(mark=mark)
        else:
            left = [alone(line, new, "gone") for line in before[a:b]]
            right = [alone(line, old, "new") for line in after[c:d]]
            yield from itertools.zip_longest(left, right)


class Comparison:
    """Two lists of rows, line by line. `str(c)` is text, `c.save("pass.svg")` a picture of two columns."""

    def __init__(
        self, before: list[Line], after: list[Line], lang: str, theme: str, title: str | None
    ) -> None:
        self.lang, self.theme = lang, theme
        self.rows = list(_marked(before, after))
        self.title = self._title(len(before), len(after)) if title is None else title

    def _title(self, before: int, after: int) -> str:
        """`38 operations, then 36: 2 gone, 1 moved`"""
        changes = [
            f"{len(lines)} {word(kind, self.lang)}"
            for kind in GROUNDS
            if (lines := self._of(kind, 0 if kind == "gone" else 1))
        ]
        english = f"{count(before, 'operations', 'en')}, then {after:,}"
        return ": ".join(
            filter(None, [joined(english, f"연산 {before:,}개 → {after:,}개", self.lang), ", ".join(changes)])
        )

    def _of(self, kind: str, side: int) -> list[str]:
        return [line.text for pair in self.rows if (line := pair[side]) is not None and line.mark == kind]

    @property
    def gone(self) -> list[str]:
        """The rows that were there before, and are no more."""
        return self._of("gone", 0)

    @property
    def new(self) -> list[str]:
        """The rows that were not there before."""
        return self._of("new", 1)

    @property
    def changed(self) -> list[str]:
        """The rows that make the same value by the same operation, of something else, as they are now."""
        return self._of("changed", 1)

    @property
    def moved(self) -> list[str]:
        """The rows that stand elsewhere, and are the same."""
        return self._of("moved", 1)

    @property
    def text(self) -> str:
        """For terminals: a mark before each row, − gone, + new, ~ changed (as it is now), ↕ moved (where it
        is now), and a bar before rows that run as one loop.
        """
        lines, waiting = list[Line](), list[Line]()
        for before, after in self.rows:
            if before is not None and before.mark == "gone":
                lines.append(before)
            if after is None:
                continue
            if before is None or before.mark in ("gone", "moved", "changed"):
                waiting.append(after)
            else:
                lines += [*waiting, after]
                waiting = []
        lines += waiting
        wide = min(max((len(line.text) for line in lines), default=0), 60)
        return "\n".join(
            [
                self.title,
                *(
                    f"{MARKS[line.mark]} {'|' if line.group else ' '} {line.text:<{wide}}  {line.type}"
                    for line in lines
                ),
            ]
        )

    @functools.cached_property
    def svg(self) -> str:
        """The two columns, as the text of an SVG file. Marks stand beside the colours; what moved is
        connected.
        """
        lines = [line for pair in self.rows for line in pair if line is not None]
        types = max((mono_width(line.text, SIZE) for line in lines), default=0.0) + ROOM + BAR + 12
        column = types + max((mono_width(line.type, SIZE) for line in lines), default=0.0) + 6
        starts = MARGIN, MARGIN + column + BETWEEN
        top = MARGIN * 2 + 12
        parts = [text("title", MARGIN, MARGIN + 2, self.title)]
        for x, key in zip(starts, ("before", "after"), strict=True):
            parts.append(text("caption", x + ROOM + BAR, top, word(key, self.lang)))
        found: dict[tuple[str, str], list[float]] = {}
        for k, pair in enumerate(self.rows, 1):
            y = top + 6 + LINE * k
            for x, line in zip(starts, pair, strict=True):
                if line is not None:
                    parts += _row(line, x, y, types, column)
                    if line.mark in ("moved", "changed"):
                        found.setdefault(line.key, []).append(y - 3)
        for places in found.values():
            if len(set(places)) > 1:
                parts.append(_connection(starts[0] + column, places[0], starts[1], places[1]))
        bottom = top + 6 + LINE * (len(self.rows) + 2)
        legend, right = self._legend(bottom)
        w = max(starts[1] + column, right, MARGIN + width(self.title, 12.5, bold=True)) + MARGIN
        said = f"{len(self.gone)} rows are gone, {len(self.new)} are new, {len(self.changed)} changed, "
        said += f"{len(self.moved)} only moved."
        return document([*parts, *legend], w, bottom + MARGIN, self.theme, self.title, said)

    def _legend(self, y: float) -> tuple[list[str], float]:
        """The marks that occur, and how far they reach."""
        x, parts = MARGIN, list[str]()
        marks = {line.mark for pair in self.rows for line in pair if line is not None}
        for kind, ground in GROUNDS.items():
            if kind in marks:
                parts += [rect(ground, x, y - 11, 16, LINE, 3), text("sub", x + 5, y, MARKS[kind])]
                parts.append(text("sub", x + 22, y, word(kind, self.lang)))
                x += 42 + width(word(kind, self.lang), SIZE)
        if any(line.group for pair in self.rows for line in pair if line is not None):
            parts += [
                rect("bar", x + 13, y - 11, 2.5, LINE),
                text("sub", x + 22, y, word("one loop", self.lang)),
            ]
            x += 42 + width(word("one loop", self.lang), SIZE)
        return parts, x

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture (.svg) or the text (.txt): all of it, or the file stays as it was.

        Raises:
            ValueError: another suffix. FileNotFoundError: there is no such folder.
        """
        path = target(path, (".svg", ".txt"), "a comparison")
        replace_file(path, (self.svg if path.suffix.lower() == ".svg" else self.text + "\n").encode())
        return path

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Comparison: {self.title}>"

    def _repr_svg_(self) -> str:
        return self.svg


def _row(line: Line, x: float, y: float, types: float, column: float) -> Iterator[str]:
    if line.mark in GROUNDS:
        yield rect(GROUNDS[line.mark], x, y - 11, column, LINE)
        yield text("formula", x + 5, y, MARKS[line.mark], address=CODE)
    if line.group:
        yield rect("bar", x + ROOM, y - 11, 2.5, LINE)
    yield text("formula", x + ROOM + BAR, y, line.text, address=CODE)
    yield text("sub", x + types, y, line.type, address=CODE)


def _connection(x: float, y: float, end: float, down: float) -> str:
    middle = n((x + end) / 2)
    return f'<path class="axis" d="M{n(x)},{n(y)} C{middle},{n(y)} {middle},{n(down)} {n(end)},{n(down)}"/>'
