"""Nothing overlaps: cards, layers, and lines that would run over cards, for any graph."""

from __future__ import annotations

import itertools
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

import microtensor as mt
from microtensor.graph import trace
from microtensor.graph.cards import Style
from microtensor.graph.folding import BETWEEN, fold
from microtensor.graph.layout import Layout, layout
from microtensor.graph.placement import place
from microtensor.graph.routing import Box

from .samples import chain, dags, diamond, fan_out, xor_loss


def check(plan: Layout) -> None:
    """Cards and frames apart from each other and inside the picture; lines around cards."""
    boxes = {id: placed.box for id, placed in plan.cards.items()}
    for (a, one), (b, two) in itertools.combinations(boxes.items(), 2):
        assert not one.overlaps(two), f"{a} and {b} overlap"
    for one, two in itertools.combinations([frame.box for frame in plan.frames], 2):
        assert not one.overlaps(two)
    for box in (*boxes.values(), *(frame.box for frame in plan.frames)):
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= plan.width
        assert box.bottom <= plan.height
    for wire in plan.wires:
        for line in (*wire.forward, *wire.back):
            for a, b in itertools.pairwise(line):
                assert a[0] == b[0] or a[1] == b[1], "lines run along the axes"
                part = Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1]))
                for id, box in boxes.items():
                    inner = Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
                    touches = part.x < inner.right and inner.x < part.right + 0.01
                    touches = touches and part.y < inner.bottom and inner.y < part.bottom + 0.01
                    assert not touches, f"the line {wire.edge.source} -> {wire.edge.target} crosses {id}"


@pytest.mark.parametrize("make", [xor_loss, diamond, fan_out, lambda: chain(40)])
@pytest.mark.parametrize("lang", ["en", "ko", "both"])
@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("width", [300, 900, 1700])
def test_nothing_overlaps(make, lang, direction, width):
    check(fold(layout(trace(make()), Style(lang, direction=direction)), width))


@given(dags(), st.booleans(), st.sampled_from(["LR", "TB"]), st.floats(200, 3000))
def test_nothing_overlaps_in_any_graph(output, compact, direction, width):
    plan = layout(trace(output), Style(compact=compact, direction=direction))
    check(plan)
    check(fold(plan, width))


@given(dags(), st.sampled_from(["LR", "TB"]), st.floats(200, 3000))
def test_labels_do_not_cover_each_other_nor_cards(output, direction, width):
    plan = fold(layout(trace(output), Style(direction=direction)), width)
    labels = [wire.label for wire in plan.wires if wire.lines]
    for label in labels:
        assert not any(label.overlaps(placed.box) for placed in plan.cards.values())
    for one, two in itertools.combinations(labels, 2):
        assert not one.overlaps(two)


def test_lines_of_different_values_do_not_run_into_one():
    """Two vertical lines at the same x belong to one source, or lie at different heights."""
    plan = layout(trace(fan_out(6)))
    uprights = [
        (wire.edge.source, a[0], min(a[1], b[1]), max(a[1], b[1]))
        for wire in plan.wires
        for line in wire.forward
        for a, b in itertools.pairwise(line)
        if a[0] == b[0]
    ]
    for (s, x, low, high), (other, x2, low2, high2) in itertools.combinations(uprights, 2):
        assert s == other or x != x2 or high < low2 or high2 < low


def test_the_data_path_of_xor_is_one_straight_line_with_its_weights_below():
    plan = layout(trace(xor_loss()))
    boxes = {id: placed.box for id, placed in plan.cards.items()}
    spine = ["x", "dense/matmul", "dense/add", "dense/sigmoid", "dense_1/matmul", "dense_1/add"]
    spine += ["dense_1/sigmoid", "mse"]
    assert len({boxes[id].y for id in spine}) == 1
    assert [boxes[id].x for id in spine] == sorted(boxes[id].x for id in spine)
    for leaf, user in (("dense/kernel", "dense/matmul"), ("dense_1/bias", "dense_1/add"), ("y", "mse")):
        assert boxes[leaf].y > boxes[user].bottom
        assert boxes[leaf].x < boxes[user].right
        assert boxes[user].x < boxes[leaf].right


def test_data_starts_the_path_even_as_a_second_argument():
    w, x = mt.Variable([[1.0]], name="w"), mt.Tensor([[2.0]], name="x")
    cells = place(trace(w @ x))
    assert cells.spine == {"matmul": "x"}
    assert cells.satellites["matmul"] == ["w"]


def test_layers_are_one_frame_where_nothing_stands_between():
    frames = layout(trace(xor_loss())).frames
    assert [(f.group, f.parameters) for f in frames] == [("dense", 6), ("dense_1", 3), ("loss", 0)]


@pytest.mark.parametrize("width", [500, 900, 1400])
def test_a_long_picture_is_broken_into_rows_and_its_lines_go_on(width):
    strip = layout(trace(chain(30)))
    plan = fold(strip, width)
    assert plan.width <= 1.2 * width < strip.width
    assert list(plan.cards) == list(strip.cards)
    rows = sorted({placed.box.y for id, placed in plan.cards.items() if id.startswith("add")})
    assert len(rows) >= strip.width / (1.2 * width)
    broken = [wire for wire in plan.wires if len(wire.forward) > 1]
    assert len(broken) == len(rows) - 1
    assert {source for _, _, source in plan.breaks} == {wire.edge.source for wire in broken}
    for wire in broken:  # what leaves at the right goes on at the left, one row further down
        (first, *_), (second, *_) = wire.forward[0][-1:], wire.forward[1]
        assert second[0] < first[0]
        assert second[1] > first[1]


def test_rows_end_where_layers_end():
    x = mt.Variable([0.5], name="x")
    for k in range(12):
        with mt.scope(f"layer_{k}"):
            x = mt.sigmoid(x * 2.0 + 1.0)
    plan = fold(layout(trace(x.sum())), 1500)
    assert all(frame.first for frame in plan.frames), "no layer is torn"


@pytest.mark.parametrize("width", [500, 900, 1500])
def test_rows_are_no_higher_than_what_stands_in_them(width):
    plan = fold(layout(trace(fan_out())), width)
    ends = [frame.box.y for frame in plan.frames] + [frame.box.bottom for frame in plan.frames]
    spans = [(placed.box.y, placed.box.bottom) for placed in plan.cards.values()]
    spans += [(wire.label.y, wire.label.bottom) for wire in plan.wires if wire.lines]
    spans += [(y, y) for y in ends]
    spans += [(y, y) for wire in plan.wires for line in (*wire.forward, *wire.back) for _, y in line]
    bottom, empty = min(spans)[0], []
    for top, end in sorted(spans):
        empty.append(top - bottom)
        bottom = max(bottom, end)
    assert max(empty) <= BETWEEN + 1


def test_a_layer_that_is_longer_than_a_row_is_framed_on_each():
    with mt.scope("long"):
        y = mt.Variable(0.5, name="w")
        for _ in range(20):
            y = y + 1.0
    frames = [frame for frame in fold(layout(trace(y)), 700).frames if frame.group == "long"]
    assert len(frames) > 2
    assert [frame.first for frame in frames] == [True] + [False] * (len(frames) - 1)


def test_top_to_bottom_is_the_same_picture_turned():
    graph = trace(xor_loss())
    boxes = {id: placed.box for id, placed in layout(graph, Style(direction="TB")).cards.items()}
    spine = ["x", "dense/matmul", "dense/add", "dense/sigmoid", "dense_1/matmul", "mse"]
    assert len({boxes[id].x for id in spine}) == 1
    assert [boxes[id].y for id in spine] == sorted(boxes[id].y for id in spine)
    assert boxes["dense/kernel"].x > boxes["dense/matmul"].right


LONG = ("dense", "a_layer_with_a_long_name", "은닉층_하나", "dense_1")


def named_layers(count: int = 4) -> mt.Tensor:
    x = mt.Variable(0.5, name="x")
    for name in LONG[:count]:
        with mt.scope(name):
            x = mt.sigmoid(x * mt.Variable(2.0, name="kernel"))
    return mt.mse(x, mt.Tensor(1.0, name="y"))


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("make", [xor_loss, named_layers, lambda: mt.mse(mt.Variable(1.0, name="w"), 0.0)])
def test_a_layers_name_is_never_cut(make, direction, lang):
    """It was cut where layers stand below each other: the frame was as wide as its cards."""
    drawing = mt.graph.draw(make(), direction=direction, lang=lang)
    names = re.findall(r'<text class="name"[^>]*>(.*?)</text>', drawing.svg)
    assert names
    assert not [name for name in names if "…" in name]
    check(layout(drawing.graph, drawing.style))


def test_a_name_that_would_fill_the_page_is_cut_all_the_same():
    with mt.scope("a" * 300):
        y = mt.Variable(0.5, name="w") * 2.0
    plan = layout(trace(y), Style(direction="TB"))
    assert plan.width < 500
    check(plan)


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
@pytest.mark.parametrize("look", [{"direction": "TB"}, {"width": 480}])
@pytest.mark.parametrize("batch", [((1, 0),), ((1, 1), (1, 0), (0, 1), (0, 0))])
def test_xor_can_be_read_on_a_phone(batch, look, lang):
    """A picture wider than its page shrinks with all its text: these keep theirs, of 9.5 pixels at least."""
    drawing = mt.graph.draw(xor_loss(x=batch, y=[[1]] * len(batch)), lang=lang, **look)
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', drawing.svg)[1])
    assert width <= 500
    assert min(float(size) for size in re.findall(r"font-size:([\d.]+)px", drawing.svg)) >= 9.5


def test_straight_lines_take_no_more_room_than_their_labels():
    """XOR's picture was 1,610 pixels wide, and shrank on the page of most screens."""
    assert layout(trace(xor_loss()), Style("en")).width < 1500


def test_a_piece_of_a_layer_stands_around_its_own_cards():
    """Above it was the height of rows that have cards on another row of the page only."""
    with mt.scope("layer"):
        x = mt.Variable(0.5, name="x")
        early = mt.exp(x) * mt.sin(x)
        late = early
        for _ in range(12):
            late = mt.tanh(late)
        y = mt.cos(mt.Variable(0.1, name="z")) + late
    plan = fold(layout(trace(y)), 700)
    check(plan)
    for frame in plan.frames:
        tops = [c.box.y for c in plan.cards.values() if frame.box.overlaps(c.box)]
        assert min(tops) - frame.box.y <= 26


def one_weight(steps: int) -> mt.Tensor:
    h, w = mt.Tensor([[1.0, 0.5]]), mt.Variable([[0.5, -0.5], [0.5, 0.5]], name="w")
    for _ in range(steps):
        h = mt.tanh(h @ w)
    return h.sum()


def test_a_weight_that_is_used_everywhere_does_not_square_the_picture():
    """Its line to each use was drawn anew in every row of the page: 470 MB of 10,000 operations."""
    few, many = (mt.graph.draw(one_weight(steps), style="ops") for steps in (200, 800))
    assert len(many.svg) < 4.6 * len(few.svg)
    plan = fold(layout(many.graph, many.style), 1700)
    lines = {line for wire in plan.wires for line in wire.forward}
    starts = {(*line[0], wire.edge.source) for wire in plan.wires for line in wire.forward}
    assert set(plan.breaks) <= starts, "what goes on in a row begins at its left"
    ends = sum(wire.edge.source == "w" for wire in plan.wires)
    assert ends == 800
    assert len(lines) < 4 * len(plan.wires)


def test_memory_grows_as_the_graph_does():
    def peak(steps: int) -> int:
        loss = one_weight(steps)
        tracemalloc.start()
        try:
            assert mt.graph.draw(loss, style="ops").svg
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(20)  # what is imported and remembered once
    assert peak(800) < 5 * peak(200)


@pytest.mark.parametrize("make", [fan_out, lambda: fan_out(3), diamond, xor_loss])
def test_no_line_from_above_runs_through_a_layers_name(make):
    """Of two lines that come in from above, the second ran through it."""
    drawing = mt.graph.draw(make(), direction="TB", lang="en")
    plan = layout(drawing.graph, drawing.style)
    for frame in plan.frames:
        name = Box(frame.box.x + frame.start, frame.box.y + 7, 20.0, 12.0)
        for wire in plan.wires:
            if wire.edge.target.startswith(f"{frame.group}/"):
                for a, b in itertools.pairwise((*wire.forward[0],)):
                    assert not (a[0] == b[0] and name.x < a[0] < name.right and a[1] < name.y < b[1])
