"""Graphs that are made of rows, as a program has them; and the bytes that a graph keeps."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import microtensor as mt
from microtensor.graph import Row, draw, from_rows, memory, trace

from .samples import chain, xor_loss

PROGRAM = [
    Row("%0", "input", (), (4, 2), "float32"),
    Row("dense/kernel", "parameter", (), (2, 3), "float32", "dense"),
    Row("dense/bias", "parameter", (), (3,), "float32", "dense"),
    Row("%1", "matmul", ("%0", "dense/kernel"), (4, 3), "float32", "dense"),
    Row("%2", "add", ("%1", "dense/bias"), (4, 3), "float32", "dense"),
    Row("%3", "sigmoid", ("%2",), (4, 3), "float32", "dense"),
    Row("%4", "multiply", ("%3", "0.5"), (4, 3), "float32", "dense'"),
    Row("%5", "fused_thing", ("%4", "%3"), (4, 3), "float32"),
]


def test_rows_become_a_graph_with_names_formulas_and_layers():
    graph = from_rows(PROGRAM)
    assert [node.id for node in graph.nodes] == [
        *("input", "dense/kernel", "dense/bias", "dense/matmul", "dense/add", "dense/sigmoid"),
        *("dense_/constant", "dense_/multiply", "fused_thing"),
    ]
    assert {n.id: n.formula for n in graph.nodes if n.number} == {
        "dense/matmul": "%0 W",
        "dense/add": "%1 + b",
        "dense/sigmoid": "1 / (1 + e^(−%2))",
        "dense_/multiply": "%3·0.5",
        "fused_thing": "fused_thing(%4, %3)",
    }
    assert [n.number for n in graph.nodes if n.number] == [1, 2, 3, 4, 5]
    assert [(g.id, g.parameters) for g in graph.groups] == [("dense", 9), ("dense'", 0)]
    assert (graph.root, graph.operations) == ("fused_thing", 5)


def test_rows_are_drawn_and_printed_without_numbers():
    picture = draw(from_rows(PROGRAM), lang="en")
    ET.fromstring(picture.svg)
    assert "4×3 · float32" in picture.svg
    assert "%3·0.5" in picture.svg
    header, columns, *_, last = picture.text.split("\n")
    assert columns.split() == ["#", "layer", "op", "in", "shape"]
    assert last.split()[-2:] == ["bias", "3"]
    assert header == "fused_thing · 5 operations, 2 parameters (9 numbers)"


def test_many_rows_are_collapsed():
    rows = [Row("x", "input"), Row("0", "tanh", ("x",))]
    rows += [Row(str(k), "tanh", (str(k - 1),), scope=f"layer_{k % 1000}") for k in range(1, 5000)]
    picture = draw(from_rows(rows), lang="en")
    assert picture.shown.collapsed <= 25
    assert "5,000 operations in" in picture.text


@pytest.mark.parametrize(
    ("rows", "root", "words"),
    [
        ([], None, "there are no rows"),
        ([Row("a", "input"), Row("a", "input")], None, "two rows are called 'a'"),
        ([Row("a", "input")], "b", "no row is called 'b'"),
    ],
)
def test_rows_that_make_no_graph_are_refused(rows, root, words):
    with pytest.raises(ValueError, match=words):
        from_rows(rows, root)


def test_the_root_may_be_any_row():
    assert draw(from_rows(PROGRAM, root="%3")).text.startswith("sigmoid · 5 operations")


# --- memory -------------------------------------------------------------------------------------------------


def test_the_bytes_of_the_xor_step():
    kept = memory(trace(xor_loss()))
    assert (kept.values, kept.needed, kept.data, kept.parameters, kept.gradients) == (80, 24, 24, 72, 72)
    read = {k.node.id: k.read_by for k in kept.arrays}
    assert read["dense/sigmoid"] == ("dense/sigmoid", "dense_1/matmul")
    assert read["dense/add"] == ()


def test_views_are_counted_once():
    w = mt.Variable(np.zeros((4, 6)), name="w")
    kept = memory(trace(mt.sum(mt.reshape(w + 1.0, (24,)))))
    sizes = {k.node.id: k.bytes for k in kept.arrays}
    assert (sizes["add"], sizes["reshape"]) == (192, 0)


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
def test_the_table_of_memory(lang):
    text = str(draw(xor_loss(), lang=lang).memory())
    assert ("bytes" in text) == (lang != "ko")
    assert ("바이트" in text) == (lang != "en")


def test_a_trace_without_detail_does_not_pretend():
    with pytest.raises(ValueError, match='style="ops"'):
        draw(chain(500)).memory()
    assert draw(chain(500), style="ops").memory().values == 2000
