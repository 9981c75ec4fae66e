"""How lines run: straight along a row, through a channel between columns, or over columns in a lane.

The one idea: a source has one trunk. All lines that leave it share its channel and its lane, and part
where they must; so a value that is used in ten places is one line with ten ends, and on the way back ten
gradients visibly flow together into a sum. The gradient's line keeps to the right-hand side of the
value's, as traffic does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from .labels import Label, label_width
from .placement import Placement
from .records import Edge

Point = tuple[float, float]
Line = tuple[Point, ...]
Cell = tuple[int, int]  # (track, column)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its left top corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        """Do they share more than an edge?"""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge on the page: the value's line and the gradient's, each in the pieces that stand on one row of
    the page, both from source to target; and where the label's first line stands.
    """

    edge: Edge
    forward: tuple[Line, ...]
    back: tuple[Line, ...]
    lines: tuple[Label, ...]
    x: float
    y: float
    anchor: str

    @property
    def label(self) -> Box:
        """The room that the label takes."""
        width, height = label_width(self.lines), 11.0 * len(self.lines)
        return Box(self.x - (width / 2 if self.anchor == "middle" else 0.0), self.y - 9.0, width, height)


def beside(points: Line, turn: float, aside: float) -> Line:
    """The gradient's line, from the source, `aside` to the right of the value's; `turn` on vertical parts."""
    upright = points[0][0] == points[-1][0]
    sides = [_aside(a, b, turn if not upright else aside, aside) for a, b in itertools.pairwise(points)]
    moved = [(points[0][0] + sides[0][0], points[0][1] + sides[0][1])]
    for k, (x, y) in enumerate(points[1:-1]):  # at a corner one part gives the x, the other the y
        dx, dy = sides[k][0] + sides[k + 1][0], sides[k][1] + sides[k + 1][1]
        moved.append((x + dx, y + dy))
    return (*moved, (points[-1][0] + sides[-1][0], points[-1][1] + sides[-1][1]))


def _aside(a: Point, b: Point, vertical: float, horizontal: float) -> Point:
    """The step to the right-hand side of someone who goes from a to b."""
    if a[0] == b[0]:
        return (-vertical if b[1] > a[1] else vertical), 0.0
    return 0.0, horizontal


class Rails:
    """The lanes above rows and the channels between columns, and which source runs in which."""

    def __init__(
        self, cells: Placement, edges: list[Edge], port: dict[Edge, float], first_port: float
    ) -> None:
        self.cells, self.port, self.first_port = cells, port, first_port
        self.lane_height: dict[tuple[int, int], float] = {}  # of (row, lane): filled in by the layout
        self.channel_start: dict[int, float] = {}  # of each gap: likewise
        self.lane: dict[str, int] = {}  # by source
        self.channel: dict[tuple[int, str], int] = {}  # by gap and source
        self._used: dict[int, int] = {}
        self._occupied = sorted((cells.track[h], cells.column[h]) for h in cells.heads)
        self._next = dict(zip(self._occupied, self._occupied[1:], strict=False))
        self.edges = edges
        self._assign_lanes()

    def is_adjacent(self, edge: Edge) -> bool:
        return self.cells.column[edge.target] - self.cells.column[edge.source] == 1

    def is_straight(self, edge: Edge) -> bool:
        """On one row, at the first port, with nothing in between."""
        source, target = (self._cell(name) for name in (edge.source, edge.target))
        return (
            self.port[edge] == self.first_port and self._next.get(source) == target and source[0] == target[0]
        )

    def _cell(self, name: str) -> Cell:
        return self.cells.track[name], self.cells.column[name]

    def _assign_lanes(self) -> None:
        """A lane above its row for each source with a line over columns; sources share it where they can."""
        reach: dict[str, int] = {}
        for edge in self.edges:
            if not self.is_straight(edge) and not self.is_adjacent(edge):
                reach[edge.source] = max(reach.get(edge.source, 0), self.cells.column[edge.target])
        ends: dict[int, list[int]] = {}  # of each row: where each lane is free again
        for source in sorted(reach, key=lambda s: (*self._cell(s), reach[s])):
            row, column = self._cell(source)
            lanes = ends.setdefault(row, [])
            lane = next((k for k, end in enumerate(lanes) if end <= column), len(lanes))
            if lane == len(lanes):
                lanes.append(0)
            lanes[lane], self.lane[source] = reach[source], lane
        self._lanes = {row: len(lanes) for row, lanes in ends.items()}

    def lanes_above(self, row: int) -> int:
        return self._lanes.get(row, 0)

    def lane_y(self, source: str) -> float:
        return self.lane_height[self.cells.track[source], self.lane[source]]

    def channels(self, top: list[float]) -> dict[int, int]:
        """Give each source its channel in each gap that it turns in; returns how many each gap needs."""
        spans: dict[int, dict[str, list[float]]] = {k: {} for k in range(max(self.cells.column.values()) + 1)}
        for edge in self.edges:
            if self.is_straight(edge):
                continue
            source, target = edge.source, edge.target
            start, end = (
                top[self.cells.track[source]] + self.first_port,
                top[self.cells.track[target]] + self.port[edge],
            )
            before, after = self.cells.column[source], self.cells.column[target] - 1
            if self.is_adjacent(edge):
                spans[before].setdefault(source, []).extend((start, end))
            else:
                spans[before].setdefault(source, []).extend((start, self.lane_y(source)))
                spans[after].setdefault(source, []).extend((self.lane_y(source), end))
        for gap, found in spans.items():
            ends: list[float] = []
            for source in sorted(found, key=lambda s: (min(found[s]), max(found[s]), *self._cell(s))):
                low, high = min(found[source]) - 4.0, max(found[source]) + 20.0
                channel = next((k for k, end in enumerate(ends) if end <= low), len(ends))
                if channel == len(ends):
                    ends.append(0.0)
                ends[channel], self.channel[gap, source] = high, channel
            self._used[gap] = len(ends)
        return self._used


def crosswise(start: Point, end: Point, edge: Edge, rails: Rails, pitch: float) -> Line:
    """The corners of a line from left to right."""
    if rails.is_straight(edge):
        return start, end
    gaps = rails.cells.column[edge.source], rails.cells.column[edge.target] - 1
    first, last = (rails.channel_start[gap] + pitch * (rails.channel[gap, edge.source] + 0.5) for gap in gaps)
    if rails.is_adjacent(edge):
        return start, (first, start[1]), (first, end[1]), end
    y = rails.lane_y(edge.source)
    return start, (first, start[1]), (first, y), (last, y), (last, end[1]), end


def upright(edges: list[Edge], boxes: dict[str, Box], labels: list[float]) -> Iterator[tuple[Edge, Line]]:
    """The lines from a satellite up to its user, side by side, with room for labels of these widths."""
    below, above = boxes[edges[0].source], boxes[edges[0].target]
    widths = [31.0 + label for label in labels]
    x = below.x + below.width / 2 - (6.0 if len(edges) == 1 else sum(widths) / 2 - 5.0)
    for edge, width in zip(edges, widths, strict=True):
        yield edge, ((x, below.y), (x, above.bottom))
        x += width


def divide(members: dict[str, list[Cell]], at: dict[Cell, str]) -> Iterator[tuple[str, list[Cell], bool]]:
    """Pieces of layers, (layer, its cells, is it the first piece): as few as leave all others outside."""
    taken: list[tuple[int, int, int, int]] = []
    for group, cells in members.items():
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        area = (min(rows), max(rows), min(columns), max(columns))
        foreign = any(_inside(cell, area) for cell, owner in at.items() if owner != group)
        if not foreign and not any(_meet(area, other) for other in taken):
            taken.append(area)
            yield group, cells, True
            continue
        piece: list[Cell] = []
        first = True
        for row, column in sorted(cells):
            if piece and (piece[-1][0] != row or piece[-1][1] != column - 1):
                yield group, piece, first
                first, piece = False, []
            piece.append((row, column))
        yield group, piece, first


def _inside(cell: Cell, area: tuple[int, int, int, int]) -> bool:
    return area[0] <= cell[0] <= area[1] and area[2] <= cell[1] <= area[3]


def _meet(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1] and a[2] <= b[3] and b[2] <= a[3]
