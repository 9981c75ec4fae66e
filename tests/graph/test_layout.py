"""Nothing overlaps: cards, layers, and lines that would run over cards, for any graph."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given

import microtensor as mt
from microtensor.graph import trace
from microtensor.graph.cards import Style
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
        for line in (wire.points, wire.way_back()):
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
def test_nothing_overlaps(make, lang):
    check(layout(trace(make()), Style(lang)))


@given(dags())
def test_nothing_overlaps_in_any_graph(output):
    check(layout(trace(output)))


@given(dags())
def test_labels_do_not_cover_each_other(output):
    plan = layout(trace(output))
    labels = []
    for wire in plan.wires:
        if wire.lines and wire.anchor == "middle":
            half = max(len(line) for line in wire.lines) * 0.6 * 10.5 / 2
            labels.append(Box(wire.x - half, wire.y - 9, 2 * half, 9 + 11 * (len(wire.lines) - 1)))
    for one, two in itertools.combinations(labels, 2):
        assert not one.overlaps(two)


def test_lines_of_different_values_do_not_run_into_one():
    """Two vertical lines at the same x belong to one source, or lie at different heights."""
    plan = layout(trace(fan_out(6)))
    uprights = [
        (wire.edge.source, a[0], min(a[1], b[1]), max(a[1], b[1]))
        for wire in plan.wires
        for a, b in itertools.pairwise(wire.points)
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
