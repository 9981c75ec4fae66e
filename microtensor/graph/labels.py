"""What stands on a line of the gradient, and how wide it is.

The one idea: a label says what happens to the gradient on its way back: the local derivative; over which
axes it is summed, where broadcasting had stretched the value; and, where several uses add up, how much
comes from here.
"""

from __future__ import annotations

from .cards import Style
from .lettering import MONO, clean, fitted, mono_width, number
from .records import Edge
from .words import WORDS, count

LABEL = 10.5  # the font size
MAX_LABEL = 26
MAX_CONTRIBUTION = 2  # as many numbers are read at a glance


class Label(str):
    """One line of a label; `there` says that it is about the value's way, not the gradient's."""

    there: bool

    def __new__(cls, text: str, there: bool = False) -> Label:
        label = super().__new__(cls, text)
        label.there = there
        return label


def label_lines(edge: Edge, style: Style) -> tuple[Label, ...]:
    """The lines of an edge's label: what broadcasting does to the value, then the gradient's way back."""
    if edge.count > 1:
        return (Label(count(edge.count, "edges", style.lang), there=True),)
    lines = []
    if edge.stretch and style.values and not style.compact:
        lines.append(Label(_short(edge.stretch), there=True))
    if edge.flows and style.grads:
        note = edge.note.replace("axis", WORDS["axis"][1]) if style.lang == "ko" else edge.note
        texts = [edge.local, note]
        part = edge.contribution
        if edge.shared and not style.compact and part is not None and 0 < part.size <= MAX_CONTRIBUTION:
            texts.append(" ".join(number(x, 4, signed=True) for x in part.ravel().tolist()))
        lines += [Label(_short(text)) for text in texts if text]
    return tuple(lines)


def label_width(lines: tuple[Label, ...]) -> float:
    """Of the widest line."""
    return max((mono_width(line, LABEL) for line in lines), default=0.0)


def _short(text: str) -> str:
    tight = clean(text).replace(" − ", "−").replace(" + ", "+").replace(" / ", "/")
    return fitted(tight, MAX_LABEL * LABEL * MONO, lambda t: mono_width(t, LABEL))
