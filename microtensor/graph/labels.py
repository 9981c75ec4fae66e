"""What stands on a line of the gradient, and how wide it is.

The one idea: a label says what happens to the gradient on its way back: the local derivative; over which
axes it is summed, where broadcasting had stretched the value; and, where several uses add up, how much
comes from here.
"""

from __future__ import annotations

from .cards import Style
from .lettering import MONO, clean, fitted, mono_width, number
from .records import Edge
from .words import count

LABEL = 10.5  # the font size
MAX_LABEL = 26
MAX_CONTRIBUTION = 2  # as many numbers are read at a glance


def label_lines(edge: Edge, style: Style) -> tuple[str, ...]:
    """The lines of an edge's label; none where no gradient flows."""
    if edge.count > 1:
        return (count(edge.count, "edges", style.lang),)
    if not edge.flows or not style.grads:
        return ()
    lines = [edge.local, edge.note]
    part = edge.contribution
    if edge.shared and part is not None and 0 < part.size <= MAX_CONTRIBUTION:
        lines.append(" ".join(number(x, 4, signed=True) for x in part.ravel().tolist()))
    return tuple(_short(line) for line in lines if line)


def label_width(lines: tuple[str, ...]) -> float:
    """Of the widest line."""
    return max((mono_width(line, LABEL) for line in lines), default=0.0)


def _short(text: str) -> str:
    tight = clean(text).replace(" − ", "−").replace(" + ", "+").replace(" / ", "/")
    return fitted(tight, MAX_LABEL * LABEL * MONO, lambda t: mono_width(t, LABEL))
