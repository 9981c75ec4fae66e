"""A long picture in rows of a page, as a score of music is set.

The one idea: a strip of columns is cut where only lines pass, between two columns, and the pieces stand under
each other. A line that a cut meets ends at the right of its row and goes on at the left of the next one, in
the same place among the others, under the name of what it carries. Where it can, a row ends where a layer
ends; and it is no higher than what stands in it needs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .axes import HEADER, MARGIN, TOP
from .layout import AFTER, Frame, Layout, Placed, measured
from .routing import Box, Line, Point, Wire

BETWEEN = 34.0  # rows of the page
CLEAR = 30.0  # what is left of an empty band, in which other rows have cards
NAME = 26.0  # the upper end of a layer's frame, with its name
SPARE = 1.2  # how much wider a picture may be than asked, before it is broken
MANY = 300  # lines: of so many, each can no longer be followed on its own
OUT = 14.0  # how far a line that goes on runs beyond its row's last card


@dataclass(frozen=True, slots=True)
class Row:
    """The strip from `start` to `end`, moved by `dx`; each band of it, from one of `lows` on, by a `dy`."""

    start: float
    end: float
    dx: float
    lows: tuple[float, ...]
    dys: tuple[float, ...]

    def point(self, p: Point) -> Point:
        return p[0] + self.dx, p[1] + self.dys[max(0, bisect_right(self.lows, p[1]) - 1)]

    def box(self, b: Box) -> Box:
        (x, y), (_, bottom) = self.point((b.x, b.y)), self.point((b.x, b.bottom))
        return Box(x, y, b.width, bottom - y)


def _bands(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where something stands, from top to bottom, at least `CLEAR` apart.

    >>> _bands([(0.0, 10.0), (90.0, 95.0), (30.0, 60.0), (92.0, 99.0)])
    [(0.0, 60.0), (90.0, 99.0)]
    """
    found: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if found and low < found[-1][1] + CLEAR:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def fold(plan: Layout, width: float) -> Layout:
    """The same layout, in rows of at most that width (a column that is wider has a row of its own).

    A picture that is only a little wider stays in one row, and rows are about equally long, so that no card
    stands on a row alone.
    """
    if plan.width <= SPARE * width or not plan.gaps:
        return plan
    rows = -(-plan.width // width)
    even, full = (_cuts(plan, room) for room in (min(width, SPARE * plan.width / rows), width))
    return _Fold(plan, even if len(even) <= len(full) else full).result()


def _cuts(plan: Layout, width: float) -> list[float]:
    """Where the strip is cut: as late as fits; at the end of a layer, if one ends in the second half."""
    gaps, torn = plan.gaps, set[float]()
    for frame in plan.frames:
        torn.update(gaps[bisect_right(gaps, frame.box.x) : bisect_left(gaps, frame.box.right)])
    cuts, start, at = list[float](), 0.0, 0
    while plan.width - start > width and at < len(gaps):
        end = max(at + 1, bisect_right(gaps, start + width - 2 * MARGIN))
        late = range(end - 1, max(at, bisect_right(gaps, start + width / 2)) - 1, -1)
        at = next((k for k in late if gaps[k] not in torn), end - 1)
        start = gaps[at]
        cuts.append(start)
        at += 1
    return cuts


class _Fold:
    def __init__(self, plan: Layout, cuts: list[float]) -> None:
        self.plan, self.cuts = plan, cuts
        self.starts = [float("-inf"), *cuts]
        self.cards: list[dict[str, Placed]] = [{} for _ in self.starts]
        for name, placed in plan.cards.items():
            self.cards[self._row(placed.box.x)][name] = placed
        self.frames: list[list[Frame]] = [[] for _ in self.starts]
        for frame in plan.frames:
            for k, piece in self._pieces_of_frame(frame):
                self.frames[k].append(piece)
        self.drawn: dict[tuple[str, float], int] | None = {} if len(plan.wires) > MANY else None
        self.forward = [[*self._pieces(line, w.edge.source)] for w in plan.wires for line in w.forward]
        self.back = [[*self._pieces(line, w.edge.source)] for w in plan.wires for line in w.back]
        self.rows = self._rows()

    def _row(self, x: float) -> int:
        return bisect_right(self.cuts, x)

    def _pieces(self, line: Line, source: str) -> Iterator[tuple[int, list[Point]]]:
        """(row, points), in the strip's coordinates, from the line's start to its end.

        Where there are many lines, those of one source share the piece that only passes a row: a weight that
        is used in every row would be drawn there as often as it is used further down.
        """
        piece, row = [line[0]], self._row(line[0][0])
        for x, y in line[1:]:
            target = self._row(x)
            while row < target:
                if self.drawn is not None and row and piece == [(self.cuts[row - 1], y)]:
                    passed = self.drawn.get((source, y), row)
                    if passed > row:
                        row = min(passed, target)
                        piece = [(self.cuts[row - 1], y)]
                        continue
                    self.drawn[source, y] = row + 1
                cut = self.cuts[row]
                yield row, [*piece, (cut + OUT, y)]
                row += 1
                piece = [(cut, y)]
            piece.append((x, y))
        yield row, piece

    def _pieces_of_frame(self, frame: Frame) -> Iterator[tuple[int, Frame]]:
        box, first = frame.box, frame.first
        for k in range(self._row(box.x), self._row(box.right - 0.5) + 1):
            left = max(box.x, self.starts[k] + 4.0)
            right = box.right
            if k + 1 < len(self.starts) and right > self.starts[k + 1]:  # nothing stands behind the cut
                right = max(self.starts[k + 1], left + frame.least)
            piece = Box(left, box.y, right - left, box.height)
            # A row may have less of the layer than others: the piece stands around its own cards.
            inside = [c.box for c in self.cards[k].values() if piece.overlaps(c.box)]
            top = max(box.y, min((b.y for b in inside), default=box.y) - HEADER)
            bottom = min(box.bottom, max((b.bottom for b in inside), default=box.bottom) + AFTER + 1.0)
            yield k, replace(frame, box=replace(piece, y=top, height=bottom - top), first=first)
            first = False

    def _rows(self) -> list[Row]:
        spans: list[list[tuple[float, float]]] = [[] for _ in self.starts]
        for k in range(len(self.starts)):
            spans[k] += [(placed.box.y, placed.box.bottom) for placed in self.cards[k].values()]
            for frame in self.frames[k]:
                spans[k] += [(frame.box.y, frame.box.y + NAME), (frame.box.bottom, frame.box.bottom)]
        for pieces in (*self.forward, *self.back):
            for k, points in pieces:
                spans[k] += [(y, y) for _, y in points]
        for wire in self.plan.wires:
            if wire.lines:
                spans[self._row(wire.x)].append((wire.label.y, wire.label.bottom))
        rows, y = [], TOP
        for k, start in enumerate(self.starts):
            lows, dys = [], []
            for low, high in _bands(spans[k]):
                lows.append(low)
                dys.append(y - low)
                y += high - low + CLEAR
            end = self.starts[k + 1] if k + 1 < len(self.starts) else float("inf")
            rows.append(Row(start, end, MARGIN - start if k else 0.0, tuple(lows), tuple(dys)))
            y += BETWEEN - CLEAR
        return rows

    def result(self) -> Layout:
        cards = {
            name: Placed(placed.card, self.rows[k].box(placed.box))
            for k, found in enumerate(self.cards)
            for name, placed in found.items()
        }
        frames = tuple(
            replace(frame, box=self.rows[k].box(frame.box))
            for k, found in enumerate(self.frames)
            for frame in found
        )
        wires, breaks = [], dict[tuple[float, float, str], None]()
        for wire, forward, back in zip(self.plan.wires, self.forward, self.back, strict=True):
            lines = self._placed(forward)
            breaks.update(((*line[0], wire.edge.source), None) for line in lines[1:])
            wires.append(self._labelled(wire, lines, self._placed(back)))
        ordered = {name: cards[name] for name in self.plan.cards}
        return measured(
            replace(
                self.plan, cards=ordered, wires=tuple(wires), frames=frames, gaps=(), breaks=tuple(breaks)
            )
        )

    def _placed(self, pieces: list[tuple[int, list[Point]]]) -> tuple[Line, ...]:
        return tuple(tuple(self.rows[k].point(p) for p in points) for k, points in pieces)

    def _labelled(self, wire: Wire, forward: tuple[Line, ...], back: tuple[Line, ...]) -> Wire:
        x, y = self.rows[self._row(wire.x)].point((wire.x, wire.y))
        return replace(wire, forward=forward, back=back, x=x, y=y)
