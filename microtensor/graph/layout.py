"""From cells to coordinates: where each card, line, label and layer stands, in pixels.

The one idea: everything has room of its own. A row is as high as its highest card with what stands under
it; a column as wide as its widest; between columns is a gap that is divided into channels, in which lines
run vertically, and a strip for the labels of the lines that end there; above a row are lanes, for lines
that pass over columns. So no line crosses a card, and no label covers another one. Rows and lanes are
found first, channels from them, and columns last. The words here are those of a picture that is read from
left to right; `axes` turns it, and `folding` breaks it into lines of a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .axes import LINE, PAD, Axes
from .badges import Badge, badges
from .captions import frame_name, name_width
from .cards import MIN_WIDTH, Card, Style, card
from .labels import label_lines
from .placement import Placement, place
from .records import Edge, Graph
from .routing import Box, Cell, Line, Rails, Wire, beside, crosswise, divide, upright

BOTTOM = 46.0  # under the picture, for the legend
RETURN = 13.0  # the gradient's line beside the value's
STUB, CHANNEL, LANE = 22.0, 22.0, 28.0
TIGHT = 6.0  # between a label and a card, where lines go straight
BELOW, BESIDE, ROW_GAP = 40.0, 12.0, 30.0  # between a card and its satellites; between these; between rows
AFTER, AFTER_NAME = 11.0, 9.0  # of a layer after its cards; of its frame after its name
NARROWEST = MIN_WIDTH + ROW_GAP  # what a row or a column takes at least, with its distance to the next


@dataclass(frozen=True, slots=True)
class Placed:
    """A card and where it stands."""

    card: Card
    box: Box


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of a layer; all of it, where no other one stands in between. `start`: where its name begins,
    from the left; `least`: where it ends.
    """

    group: str
    parameters: int
    box: Box
    first: bool
    start: float
    least: float


@dataclass(frozen=True, slots=True)
class Layout:
    """All that is to be drawn, in pixels. Cards are in the order of the graph's nodes.

    `gaps` are the places between columns at which the picture may be broken: nothing but lines passes there.
    `breaks` are the places where lines go on from another row of the page: (x, y, the id of their source).
    """

    width: float
    height: float
    cards: Mapping[str, Placed]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...]
    gaps: tuple[float, ...] = ()
    breaks: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """What will have a frame: these heads of a layer, which is at least as wide as its name, with what stands
    before it.
    """

    group: str
    parameters: int
    heads: tuple[str, ...]
    first: bool
    start: float
    least: float


def layout(graph: Graph, style: Style | None = None) -> Layout:
    """Lay a graph out. Cards never overlap; the result depends on the graph and the style only."""
    return _Layout(graph, style or Style()).result()


class _Layout:
    def __init__(self, graph: Graph, style: Style) -> None:
        self.graph, self.style, self.axes = graph, style, Axes(style.direction == "TB")
        self.cells: Placement = place(graph)
        found: Mapping[str, tuple[Badge, ...]] = badges(graph, style)
        self.card = {node.id: card(node, style, found.get(node.id, ())) for node in graph.nodes}
        self.size = {id: self.axes.size(card) for id, card in self.card.items()}
        heads = set(self.cells.column)
        self.side: dict[str, list[Edge]] = {}  # by satellite
        self.flow: dict[str, list[Edge]] = {}  # by target: those that come from the left
        for edge in graph.edges:
            place_of = self.flow if edge.source in heads else self.side
            place_of.setdefault(edge.target if edge.source in heads else edge.source, []).append(edge)
        self.lines = {id(edge): label_lines(edge, style) for edge in graph.edges}
        self.port = {edge: offset for head in heads for edge, offset in self._ports(head)}
        self.head_width = {head: self._head_width(head) for head in self.cells.heads}
        self.owner = {node: group.id for group in graph.groups for node in group.nodes}
        self.pieces = self._pieces()
        self.room = self._rooms()
        self.straight = set[int]()  # columns before which no line turns

    def _along(self, edge: Edge) -> float:
        return self.axes.along(self.lines[id(edge)])

    def _across(self, edge: Edge) -> float:
        return self.axes.across(self.lines[id(edge)])

    # --- layers ---------------------------------------------------------------------------------------------

    def _pieces(self) -> list[Piece]:
        """The layers, each whole where no other one stands in between."""
        owner = self.owner
        head_at = {(self.cells.track[h], self.cells.column[h]): h for h in self.cells.heads}
        at = {cell: owner.get(head, "") for cell, head in head_at.items()}
        members: dict[str, list[Cell]] = {}
        for cell, group in at.items():
            if group:
                members.setdefault(group, []).append(cell)
        parameters = {group.id: group.parameters for group in self.graph.groups}
        found = []
        for group, cells, first in divide(members, at):
            name = frame_name(group, parameters[group] if first else 0, self.style.lang)
            heads = tuple(head_at[cell] for cell in cells)
            start = self._name_start(heads)
            least = start + name_width(name) + AFTER_NAME + 0.5  # sums are rounded
            found.append(Piece(group, parameters[group], heads, first, start, least))
        return found

    def _name_start(self, heads: tuple[str, ...]) -> float:
        """Where a layer's name begins: read downwards, beside all lines that come from above."""
        if not self.axes.down:
            return self.axes.name
        edge = min(self.cells.track[head] for head in heads)
        outer = [head for head in heads if self.cells.track[head] == edge]
        inside = set(heads)
        ports = [self.port[e] for head in outer for e in self.flow.get(head, ()) if e.source not in inside]
        return max(self.axes.name, PAD + max(ports, default=0.0) + RETURN + 12.0)

    def _rooms(self) -> dict[str, float]:
        """How wide a head's row (read downwards) or its column is at least, for a layer's name to fit in."""
        place_of = self.cells.track if self.axes.down else self.cells.column
        rooms = dict[str, float]()
        for piece in self.pieces:
            last = max(piece.heads, key=place_of.__getitem__)
            others = len({place_of[head] for head in piece.heads}) - 1
            rooms[last] = piece.least - PAD - AFTER - others * NARROWEST
        return rooms

    # --- sizes ------------------------------------------------------------------------------------------

    def _ports(self, head: str) -> list[tuple[Edge, float]]:
        """Where the lines from the left end on a card: the spine's first, then by row and column."""
        cells, found = self.cells, list[tuple[Edge, float]]()

        def order(edge: Edge) -> tuple[bool, int, int, int]:
            name = edge.source
            return name != cells.spine.get(head), cells.track[name], cells.column[name], edge.argument

        offset = self.axes.port
        for edge in sorted(self.flow.get(head, ()), key=order):
            found.append((edge, offset))
            labelled = edge.flows or bool(self.lines[id(edge)])
            offset += RETURN + 10.0 + self._across(edge) if labelled else 18.0
        return found

    def _head_height(self, head: str) -> float:
        ports = [self.port[edge] for edge in self.flow.get(head, ())]
        return max(self.size[head][1], max(ports, default=0.0) + RETURN + 12.0)

    def _slot(self, satellite: str) -> float:
        """How wide a satellite is with the labels on the lines above it."""
        labels = [self._along(edge) for edge in self.side[satellite]]
        needed = 2 * (17.0 + labels[0]) if len(labels) == 1 else sum(31.0 + w for w in labels)
        return max(self.size[satellite][0], needed)

    def _slots(self, head: str) -> float:
        slots = [self._slot(satellite) for satellite in self.cells.satellites[head]]
        return sum(slots) + BESIDE * (len(slots) - 1) if slots else 0.0

    def _head_width(self, head: str) -> float:
        """A card over several satellites spans them, so that their lines go straight up."""
        many = len(self.cells.satellites[head]) > 1
        return max(self.size[head][0], self._slots(head) if many else 0.0)

    def _below(self, head: str) -> float:
        """The distance to the satellites, with room for the labels."""
        edges = [edge for satellite in self.cells.satellites[head] for edge in self.side[satellite]]
        labels = max((self._across(edge) for edge in edges), default=0.0)
        return max(BELOW, labels + 18.0)

    def _block_height(self, head: str) -> float:
        ports = [self.port[edge] + RETURN + 8 + self._across(edge) for edge in self.flow.get(head, ())]
        satellites = [self.size[satellite][1] for satellite in self.cells.satellites[head]]
        below = self._below(head) + max(satellites) if satellites else 0.0
        room = self.room.get(head, 0.0) if self.axes.down else 0.0
        return max(self._head_height(head) + below, max(ports, default=0.0), room)

    # --- coordinates ------------------------------------------------------------------------------------

    def result(self) -> Layout:
        cells, axes = self.cells, self.axes
        rails = Rails(cells, [edge for edges in self.flow.values() for edge in edges], self.port, axes.port)
        top = self._rows(rails)
        left, right = self._columns(rails, top)
        boxes: dict[str, Box] = {}
        for head in cells.heads:
            k = cells.column[head]
            center, y = (left[k] + right[k]) / 2, top[cells.track[head]]
            w = self.head_width[head]
            boxes[head] = Box(center - w / 2, y, w, self._head_height(head))
            x, y = center - self._slots(head) / 2, y + boxes[head].height + self._below(head)
            for satellite in cells.satellites[head]:
                slot, (width, height) = self._slot(satellite), self.size[satellite]
                boxes[satellite] = Box(x + (slot - width) / 2, y, width, height)
                x += slot + BESIDE
        wires = [
            self._wire(edge, boxes, rails, left, right) for edge in self.graph.edges if edge in self.port
        ]
        for edges in self.side.values():
            widths = [self._along(edge) for edge in edges]
            for edge, points in upright(edges, boxes, widths):
                wires.append(self._satellite_wire(edge, points))
        frames = tuple(self._frame(piece, boxes, left, right) for piece in self.pieces)
        placed = {node.id: Placed(self.card[node.id], axes.box(boxes[node.id])) for node in self.graph.nodes}
        gaps = () if axes.down else tuple(x + 12.0 for x in right[:-1])
        return measured(Layout(0.0, 0.0, placed, tuple(wires), frames, gaps))

    def _rows(self, rails: Rails) -> list[float]:
        """The top of the cards of each row; the heights of the lanes are noted in `rails`."""
        heights = [0.0] * (1 + max(self.cells.track.values()))
        for head, row in self.cells.track.items():
            heights[row] = max(heights[row], self._block_height(head))
        header = self.axes.pads[1] if self.graph.groups else 4.0
        top, y = [], self.axes.start[1]
        for row, height in enumerate(heights):
            lanes = rails.lanes_above(row)
            for lane in range(lanes):
                rails.lane_height[row, lane] = y + LANE * lane + 8.0
            y += LANE * lanes + header
            top.append(y)
            y += height + ROW_GAP
        return top

    def _columns(self, rails: Rails, top: list[float]) -> tuple[list[float], list[float]]:
        """The left and the right of each column; the places of the channels are noted in `rails`."""
        cells = self.cells
        count = 1 + max(cells.column.values())
        self.layers: list[set[str]] = [set() for _ in range(count)]  # of each column
        for head, k in cells.column.items():
            self.layers[k].add(self.owner.get(head, ""))
        widths, labels, channels = [0.0] * count, [0.0] * count, rails.channels(top)
        for head, k in cells.column.items():
            room = 0.0 if self.axes.down else self.room.get(head, 0.0)
            widths[k] = max(widths[k], self.head_width[head], self._slots(head), room)
            labels[k] = max([labels[k], *map(self._along, self.flow.get(head, ()))])
        left, right, x = [], [], self.axes.start[0] + (self.axes.pads[0] if self.graph.groups else 0.0)
        for k in range(count):
            if k:
                rails.channel_start[k - 1] = x + STUB
                x += self._gap(k, channels[k - 1], labels[k])
            left.append(x)
            x += widths[k]
            right.append(x)
        return left, right

    def _gap(self, column: int, lines: int, label: float) -> float:
        """Between a column and the one before it. Where lines only go straight, a label needs no more than
        itself, and a layer's frame on either side.
        """
        inside = len(self.layers[column - 1] | self.layers[column]) == 1
        if lines or (self.axes.down and not inside):
            return max(STUB + CHANNEL * lines + label + self.axes.landing, 58.0)
        self.straight.add(column)
        return max(label + 2 * TIGHT, 44.0) if inside else max(label + 2 * (PAD + TIGHT), 52.0)

    def _wire(
        self, edge: Edge, boxes: dict[str, Box], rails: Rails, left: list[float], right: list[float]
    ) -> Wire:
        source, target = boxes[edge.source], boxes[edge.target]
        start = source.right, source.y + self.axes.port
        end = target.x, target.y + self.port[edge]
        points = crosswise(start, end, edge, rails, CHANNEL)
        column = self.cells.column[edge.target]
        x = left[column] - self.axes.landing + 4.0 - self._along(edge) / 2
        if column in self.straight:
            x = (right[column - 1] + left[column]) / 2  # nothing else runs here: the middle looks best
            if rails.is_adjacent(edge):
                x = (start[0] + end[0]) / 2
        y = end[1] + RETURN
        if self.axes.down:  # beside the gradient's line
            return self._page(edge, points, 6.0, (y + 6.0, x + 8.0 - self._along(edge) / 2), "start")
        return self._page(edge, points, 6.0, (x, y + 14.0), "middle")

    def _satellite_wire(self, edge: Edge, points: Line) -> Wire:
        (x, low), (_, high) = points
        middle = (low + high) / 2
        if self.axes.down:  # under the gradient's line
            return self._page(edge, points, 12.0, (middle, x + 24.0), "middle", 12.0)
        rows = len(self.lines[id(edge)])
        return self._page(edge, points, 12.0, (x + 21.0, middle + 3.0 - LINE / 2 * (rows - 1)), "start", 12.0)

    def _page(
        self,
        edge: Edge,
        points: Line,
        turn: float,
        at: tuple[float, float],
        anchor: str,
        aside: float = RETURN,
    ) -> Wire:
        """The wire on the page: `at` is already there, the lines are turned."""
        back = beside(points, turn, aside)
        line = self.axes.line
        return Wire(edge, (line(points),), (line(back),), self.lines[id(edge)], *at, anchor)

    def _frame(self, piece: Piece, boxes: dict[str, Box], left: list[float], right: list[float]) -> Frame:
        """Around the cards; and if these are narrower than the name, as far as the room goes that is kept."""
        along, across = self.axes.pads
        around = [boxes[name] for head in piece.heads for name in (head, *self.cells.satellites[head])]
        x, y = min(b.x for b in around) - along, min(b.y for b in around) - across
        end, bottom = max(b.right for b in around) + AFTER, max(b.bottom for b in around) + AFTER + 1
        if self.axes.down:
            bottom = max(bottom, y + piece.least)
        elif end - x < piece.least:
            last = max(self.cells.column[head] for head in piece.heads)
            x, end = min(x, left[last] - along), max(end, right[last] + AFTER)
        box = self.axes.box(Box(x, y, end - x, bottom - y))
        return Frame(piece.group, piece.parameters, box, piece.first, piece.start, piece.least)


def measured(plan: Layout) -> Layout:
    """The layout with its size: all that is in it, and the margins."""
    boxes = [*(placed.box for placed in plan.cards.values()), *(frame.box for frame in plan.frames)]
    boxes += [wire.label for wire in plan.wires if wire.lines]
    points = [p for wire in plan.wires for line in (*wire.forward, *wire.back) for p in line]
    width = max([*(box.right for box in boxes), *(x for x, _ in points)]) + 26.0
    height = max([*(box.bottom for box in boxes), *(y for _, y in points)]) + BOTTOM
    return replace(plan, width=width, height=height)
