"""The SVG painter: panels as parts of a picture that needs no other program.

The one idea: a `Frame` knows where a panel's numbers lie on the paper; every part is written from it, in the
order in which it lies: grounds, grid, lines, points, words. Every text is escaped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..graph.lettering import clean, escape, fitted, mono_width, width
from .panel import SERIES, Array, Line, Panel, Region
from .path import data, number, runs, thinned
from .scale import Scale
from .style import dashes

LINE = 14.0  # from one line of text to the next
END = 9.5  # the size of the names at the ends of lines


@dataclass(frozen=True)
class Frame:
    """A panel's place on the paper, and the two scales within it."""

    left: float
    top: float
    right: float
    bottom: float
    x: Scale
    y: Scale

    def places(self, line: Array) -> Array:
        """(n, 2) numbers as (n, 2) places."""
        return np.stack([self.x(line[:, 0]), self.y(line[:, 1])], axis=1)


def frame(panel: Panel, x: float, y: float, w: float, h: float) -> Frame:
    """Where a panel lies that has this much room, words included."""
    ticks = max((width(text, 10) for _, text in Scale(panel.y_limits, 0, 1, panel.log).ticks()), default=0.0)
    ends = max((mono_width(line.name, END) for line in panel.lines), default=0.0) + 10 if panel.ends else 0.0
    left = x + ticks + (24 if panel.y_label else 12)
    top = y + 22 + LINE * (len(panel.formulas) + (1 if _key(panel) else 0))
    right, bottom = x + w - 10 - min(ends, w * 0.35), y + h - (34 if panel.x_label else 20)
    return Frame(
        *(left, top, right, bottom),
        Scale(panel.x_limits, left, right, panel.log_x, panel.counted),
        Scale(panel.y_limits, bottom, top, panel.log),
    )


def painted(panel: Panel, x: float, y: float, w: float, h: float) -> str:
    """The panel, as an SVG group in that place."""
    at = frame(panel, x, y, w, h)
    parts = [
        f'<g class="panel"><title>{escape(panel.note or panel.title)}</title>',
        *(region_path(region, at) for region in panel.regions),
        _grid(panel, at),
        *(_mark("mark", at, mark) for mark in panel.marks),
        *(_curve(line, at) for line in panel.lines),
        _points(panel, at),
        *_words(panel, at, x, y, w),
    ]
    return "\n".join(part for part in parts if part) + "\n</g>"


def text(kind: str, x: float, y: float, words: str, anchor: str = "", turned: bool = False) -> str:
    """A text at its place."""
    more = f' text-anchor="{anchor}"' if anchor else ""
    if turned:
        more += f' transform="rotate(-90 {number(x)} {number(y)})"'
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}"{more}>{escape(words)}</text>'


def region_path(region: Region, at: Frame) -> str:
    """An area; one that is empty stays, without a path, so that a film's frames have the same parts."""
    kind = region.kind if isinstance(region.kind, str) else f"r{region.kind % SERIES}"
    return f'<path class="region {kind}" d="{region_data(region, at)}"/>'


def region_data(region: Region, at: Frame) -> str:
    """The outlines of an area."""
    return "".join(data(at.places(loop)[:-1], close=True) for loop in region.loops)


def line_data(line: Line, at: Frame) -> str:
    """A line's path, in pieces where it has gaps."""
    pieces = runs(at.x(line.x), at.y(line.y))
    return "".join(data(thinned(piece, 0.12)) for piece in pieces)


def _kind(line: Line) -> str:
    return line.kind if isinstance(line.kind, str) else f"s{line.kind % SERIES} d{dashes(line.kind)}"


def _curve(line: Line, at: Frame) -> str:
    """The line; a boundary that is nowhere stays, as an empty path, for a film's other frames."""
    d = line_data(line, at)
    name = f"<title>{escape(line.name)}</title>" if line.name else ""
    return f'<path class="curve {_kind(line)}" d="{d}">{name}</path>' if d or line.kind == "boundary" else ""


def _mark(kind: str, at: Frame, x: float) -> str:
    place = float(at.x(x))
    return f'<path class="{kind}" d="M{number(place)},{number(at.top)}V{number(at.bottom)}"/>'


def _grid(panel: Panel, at: Frame) -> str:
    parts = []
    across = max(2, int((at.right - at.left) / 58))
    for value, words in at.x.ticks(across):
        x = float(at.x(value))
        parts.append(f'<path class="grid" d="M{number(x)},{number(at.top)}V{number(at.bottom)}"/>')
        parts.append(text("tick", x, at.bottom + 13, words, "middle"))
    for value, words in at.y.ticks(max(3, int((at.bottom - at.top) / 30))):
        y = float(at.y(value))
        parts.append(f'<path class="grid" d="M{number(at.left)},{number(y)}H{number(at.right)}"/>')
        parts.append(text("tick", at.left - 5, y + 3.5, words, "end"))
    if panel.axes:
        x, y = float(at.x(0.0)), float(at.y(0.0))
        if at.left <= x <= at.right:
            parts.append(f'<path class="axis" d="M{number(x)},{number(at.top)}V{number(at.bottom)}"/>')
        if at.top <= y <= at.bottom:
            parts.append(f'<path class="axis" d="M{number(at.left)},{number(y)}H{number(at.right)}"/>')
    w, h = number(at.right - at.left), number(at.bottom - at.top)
    parts.append(f'<rect class="frame" x="{number(at.left)}" y="{number(at.top)}" width="{w}" height="{h}"/>')
    return "\n".join(parts)


def _points(panel: Panel, at: Frame) -> str:
    parts, labelled = [], []
    for dots in panel.dots:
        for k, (x, y) in enumerate(zip(at.x(dots.x).tolist(), at.y(dots.y).tolist(), strict=True)):
            if np.isfinite([x, y]).all():
                parts.append(dot(dots.kind, x, y))
                if dots.labels:
                    labelled.append((x, y, dots.labels[k]))
    parts += [text("dotlabel", *_beside(x, y, words, at), words) for x, y, words in _merged(labelled)]
    return "\n".join(parts)


def dot(kind: int, x: float, y: float) -> str:
    """A class' sign: 0 a full circle, 1 an empty square, then triangles, rhombs, and so on."""
    match kind % 4:
        case 0:
            return f'<circle class="dot full" cx="{number(x)}" cy="{number(y)}" r="5"/>'
        case 1:
            corner = f'x="{number(x - 5)}" y="{number(y - 5)}"'
            return f'<rect class="dot hollow" {corner} width="10" height="10"/>'
        case 2:
            return f'<path class="dot hollow" d="M{number(x)},{number(y - 6.5)}l6,11h-12z"/>'
    return f'<path class="dot full" d="M{number(x)},{number(y - 6.5)}l6.5,6.5l-6.5,6.5l-6.5,-6.5z"/>'


def _merged(labelled: list[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Points that lie on each other share one text."""
    found: list[tuple[float, float, str]] = []
    for x, y, words in labelled:
        for k, (u, v, other) in enumerate(found):
            if np.hypot(x - u, y - v) < 14:
                found[k] = (u, v, other if words == other else f"{other}, {words}")
                break
        else:
            found.append((x, y, words))
    return found


def _beside(x: float, y: float, words: str, at: Frame) -> tuple[float, float]:
    room = width(words, 10)
    return (x + 9 if x + 9 + room < at.right else x - 9 - room), y - 7 if y - 18 > at.top else y + 16


def _key(panel: Panel) -> list[tuple[str, str]]:
    """(kind of line or dot, its name): what the lines and the points mean."""
    if panel.ends:
        return []
    lines = [(_kind(line), line.name) for line in panel.lines if line.name]
    dots = [(f"dot{dots.kind}", dots.name) for dots in panel.dots if dots.name]
    return (lines if len(lines) > 1 else []) + dots


def _words(panel: Panel, at: Frame, x: float, y: float, w: float) -> list[str]:
    """Title, formulas, key, names of axes and of lines."""
    across = x + w - at.left - 4
    parts = [
        text("title", at.left, y + 14, fitted(clean(panel.title), across, lambda t: width(t, 12.5, True)))
    ]
    for k, (formula, kind) in enumerate(zip(panel.formulas, ("value", "grad"), strict=False)):
        words = fitted(clean(formula), across, lambda t: mono_width(t, 10.5))
        parts.append(text(f"formula {kind}", at.left, y + 14 + LINE * (k + 1), words))
    place, row = at.left, at.top - 7
    for kind, name in _key(panel):
        if kind.startswith("dot"):
            parts.append(dot(int(kind[3:]), place + 6, row - 4))
        else:
            parts.append(f'<path class="curve {kind}" d="M{number(place)},{number(row - 4)}h22"/>')
        room = 16 if kind.startswith("dot") else 27
        words = fitted(clean(name), max(0.0, x + w - place - room), lambda t: width(t, 11))
        parts.append(text("label", place + room, row, words))
        place += room + width(words, 11) + 14
    if panel.x_label:
        middle = (at.left + at.right) / 2
        parts.append(text("label", middle, at.bottom + 27, clean(panel.x_label), "middle"))
    if panel.y_label:
        parts.append(
            text("label", x + 10, (at.top + at.bottom) / 2, clean(panel.y_label), "middle", turned=True)
        )
    if not (panel.regions or panel.dots or any(line_data(line, at) for line in panel.lines)):
        parts.append(
            text("note", (at.left + at.right) / 2, (at.top + at.bottom) / 2, clean(panel.note), "middle")
        )
    return parts + (_ends(panel, at) if panel.ends else [])


def _ends(panel: Panel, at: Frame) -> list[str]:
    """The names of the lines at their right ends, moved apart where they would lie on each other."""
    found = []
    for line in panel.lines:
        pieces = runs(at.x(line.x), at.y(line.y))
        if pieces:
            found.append((float(pieces[-1][-1, 1]), line))
    found.sort(key=lambda pair: pair[0])
    step = min(11.0, (at.bottom - at.top) / max(1, len(found) - 1)) if len(found) > 1 else 11.0
    heights = apart([height for height, _ in found], step, at.top, at.bottom)
    return [
        text(f"end {_kind(line)}", at.right + 6, height + 3, clean(line.name))
        for height, (_, line) in zip(heights, found, strict=True)
    ]


def apart(heights: list[float], step: float, low: float, high: float) -> list[float]:
    """Rising numbers, moved as little as needed so that neighbours are a step apart, between low and high.

    >>> apart([1.0, 1.0, 9.0], 2.0, 0.0, 9.0)
    [1.0, 3.0, 9.0]
    """
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, low, placed[-1] + step if placed else low))
    for k in reversed(range(len(placed))):
        placed[k] = min(placed[k], high - step * (len(placed) - 1 - k))
    return placed
