"""From cells to coordinates: where each card, line, label and layer stands, in pixels.

The one idea: everything has room of its own. A row is as high as its highest card with what stands under
it; a column as wide as its widest; between columns is a gap that is divided into channels, in which lines
run vertically, and a strip for the labels of the lines that end there; above a row are lanes, for lines
that pass over columns. So no line crosses a card, and no label covers another one. Rows and lanes are
found first, channels from them, and columns last.
"""

from __future__ import annotations

from dataclasses import dataclass

from .cards import Card, Style, card
from .labels import label_lines, label_width
from .placement import Placement, place
from .records import Edge, Graph
from .routing import Box, Rails, Wire, crosswise, divide, upright

MARGIN, TOP, BOTTOM = 26.0, 40.0, 46.0  # around the picture; TOP holds the caption, BOTTOM the legend
PORT, RETURN = 31.0, 13.0  # a line's place on a card, from its top; the gradient's line under the value's
STUB, LANDING, CHANNEL, LANE = 22.0, 26.0, 22.0, 28.0
BELOW, BESIDE, ROW_GAP = 40.0, 12.0, 30.0  # between a card and its satellites; between these; between rows
PAD, HEADER = 11.0, 26.0  # of a layer around its cards


@dataclass(frozen=True, slots=True)
class Placed:
    """A card and where it stands."""

    card: Card
    box: Box


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of a layer; all of it, where no other one stands in between."""

    group: str
    parameters: int
    box: Box
    first: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """All that is to be drawn, in pixels. Cards are in the order of the graph's nodes."""

    width: float
    height: float
    cards: dict[str, Placed]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...]


def layout(graph: Graph, style: Style | None = None) -> Layout:
    """Lay a graph out. Cards never overlap; the result depends on the graph and the style only."""
    return _Layout(graph, style or Style()).result()


class _Layout:
    def __init__(self, graph: Graph, style: Style) -> None:
        self.graph, self.style = graph, style
        self.cells: Placement = place(graph)
        self.card = {node.id: card(node, style) for node in graph.nodes}
        heads = set(self.cells.column)
        self.side: dict[str, list[Edge]] = {}  # by satellite
        self.flow: dict[str, list[Edge]] = {}  # by target: those that come from the left
        for edge in graph.edges:
            place_of = self.flow if edge.source in heads else self.side
            place_of.setdefault(edge.target if edge.source in heads else edge.source, []).append(edge)
        self.lines = {id(edge): label_lines(edge, style) for edge in graph.edges}
        self.port = {edge: offset for head in heads for edge, offset in self._ports(head)}
        self.head_width = {head: self._head_width(head) for head in self.cells.heads}

    # --- sizes ------------------------------------------------------------------------------------------

    def _ports(self, head: str) -> list[tuple[Edge, float]]:
        """Where the lines from the left end on a card: the spine's first, then by row and column."""
        cells, found = self.cells, list[tuple[Edge, float]]()

        def order(edge: Edge) -> tuple[bool, int, int, int]:
            name = edge.source
            return name != cells.spine.get(head), cells.track[name], cells.column[name], edge.argument

        offset = PORT
        for edge in sorted(self.flow.get(head, ()), key=order):
            found.append((edge, offset))
            offset += RETURN + 10.0 + 11.0 * len(self.lines[id(edge)]) if edge.flows else 18.0
        return found

    def _head_height(self, head: str) -> float:
        ports = [self.port[edge] for edge in self.flow.get(head, ())]
        return max(self.card[head].height, max(ports, default=0.0) + RETURN + 12.0)

    def _slot(self, satellite: str) -> float:
        """How wide a satellite is with the labels on the lines above it."""
        edges = self.side[satellite]
        labels = [label_width(self.lines[id(edge)]) for edge in edges]
        needed = 2 * (17.0 + labels[0]) if len(edges) == 1 else sum(31.0 + w for w in labels)
        return max(self.card[satellite].width, needed)

    def _slots(self, head: str) -> float:
        slots = [self._slot(satellite) for satellite in self.cells.satellites[head]]
        return sum(slots) + BESIDE * (len(slots) - 1) if slots else 0.0

    def _head_width(self, head: str) -> float:
        """A card over several satellites spans them, so that their lines go straight up."""
        many = len(self.cells.satellites[head]) > 1
        return max(self.card[head].width, self._slots(head) if many else 0.0)

    def _below(self, head: str) -> float:
        """The distance to the satellites, with room for the labels."""
        edges = [edge for satellite in self.cells.satellites[head] for edge in self.side[satellite]]
        lines = max((len(self.lines[id(edge)]) for edge in edges), default=0)
        return BELOW + 11.0 * max(0, lines - 2)

    def _block_height(self, head: str) -> float:
        ports = [self.port[e] + RETURN + 8 + 11 * len(self.lines[id(e)]) for e in self.flow.get(head, ())]
        satellites = [self.card[satellite].height for satellite in self.cells.satellites[head]]
        below = self._below(head) + max(satellites) if satellites else 0.0
        return max(self._head_height(head) + below, max(ports, default=0.0))

    # --- coordinates ------------------------------------------------------------------------------------

    def result(self) -> Layout:
        cells = self.cells
        rails = Rails(cells, [edge for edges in self.flow.values() for edge in edges], self.port, PORT)
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
                slot, size = self._slot(satellite), self.card[satellite]
                boxes[satellite] = Box(x + (slot - size.width) / 2, y, size.width, size.height)
                x += slot + BESIDE
        wires = [self._wire(edge, boxes, rails, left) for edge in self.graph.edges if edge in self.port]
        wires += [wire for s, edges in self.side.items() for wire in upright(edges, boxes, self.lines, s)]
        frames = self._frames(boxes, top)
        width = max([right[-1], *(f.box.right for f in frames)]) + MARGIN
        height = max([*(b.bottom for b in boxes.values()), *(f.box.bottom for f in frames), *(
            y for wire in wires for y in wire.extent)]) + BOTTOM  # fmt: skip
        cards = {node.id: Placed(self.card[node.id], boxes[node.id]) for node in self.graph.nodes}
        return Layout(width, height, cards, tuple(wires), frames)

    def _rows(self, rails: Rails) -> list[float]:
        """The top of the cards of each row; the heights of the lanes are noted in `rails`."""
        heights = [0.0] * (1 + max(self.cells.track.values()))
        for head, row in self.cells.track.items():
            heights[row] = max(heights[row], self._block_height(head))
        header = HEADER if self.graph.groups else 4.0
        top, y = [], TOP
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
        widths, labels, channels = [0.0] * count, [0.0] * count, rails.channels(top)
        for head, k in cells.column.items():
            widths[k] = max(widths[k], self.head_width[head], self._slots(head))
            found = [label_width(self.lines[id(edge)]) for edge in self.flow.get(head, ())]
            labels[k] = max([labels[k], *found])
        left, right, x = [], [], MARGIN + (PAD if self.graph.groups else 0.0)
        for k in range(count):
            if k:
                rails.channel_start[k - 1] = x + STUB
                lines = channels[k - 1]
                x += max(STUB + CHANNEL * lines + labels[k] + LANDING, 58.0)
            left.append(x)
            x += widths[k]
            right.append(x)
        return left, right

    def _wire(self, edge: Edge, boxes: dict[str, Box], rails: Rails, left: list[float]) -> Wire:
        source, target = boxes[edge.source], boxes[edge.target]
        start, end = (source.right, source.y + PORT), (target.x, target.y + self.port[edge])
        points = crosswise(start, end, edge, rails, CHANNEL)
        lines = self.lines[id(edge)]
        column = left[self.cells.column[edge.target]]
        x = column - LANDING + 4.0 - label_width(lines) / 2
        if len(points) == 2 and rails.is_adjacent(edge) and not rails.has_channels(edge):
            x = (start[0] + end[0]) / 2  # nothing else runs here: the middle looks best
        return Wire(edge, points, RETURN, lines, x, end[1] + RETURN + 14.0, "middle")

    def _frames(self, boxes: dict[str, Box], top: list[float]) -> tuple[Frame, ...]:
        owner = {node: group.id for group in self.graph.groups for node in group.nodes}
        at = {(self.cells.track[h], self.cells.column[h]): owner.get(h, "") for h in self.cells.heads}
        members: dict[str, dict[tuple[int, int], list[Box]]] = {}
        for head in self.cells.heads:
            if head in owner:
                cell = (self.cells.track[head], self.cells.column[head])
                around = [boxes[name] for name in (head, *self.cells.satellites[head])]
                members.setdefault(owner[head], {})[cell] = around
        frames = []
        for group, piece, first in divide(members, at):
            around = [box for cell in piece for box in members[group][cell]]
            x, y = min(b.x for b in around) - PAD, min(b.y for b in around) - HEADER
            right, bottom = max(b.right for b in around) + PAD, max(b.bottom for b in around) + PAD + 1
            count = next(g.parameters for g in self.graph.groups if g.id == group)
            frames.append(Frame(group, count, Box(x, y, right - x, bottom - y), first))
        return tuple(frames)
