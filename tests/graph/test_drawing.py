"""Drawings as people use them: printed, saved, shown in a notebook, collapsed when large."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.graph import Drawing, draw, trace
from microtensor.graph.lettering import cells, number
from microtensor.graph.text import array_text
from microtensor.program import capture

from .samples import chain, fan_out, xor_loss

XOR_TABLE = """\
mse = 0.1597 · 7 operations, 4 parameters (9 numbers)
#  layer    op       in         shape  value                            grad                       local derivative
1  dense    matmul   x,kernel   1×2    [0.620 -0.840]                   [-0.0464 +0.0259]          xᵀ·
2  dense    add      #1,bias    1×2    [0.720 -1.040]                   [-0.0464 +0.0259]          ×1 | ×1
3  dense    sigmoid  #2         1×2    [0.673 0.261]                    [-0.2109 +0.1342]          ×h₃·(1 − h₃) = [0.220 0.193]
4  dense_1  matmul   #3,kernel  1×1    0.557                            -0.1918                    ·Wᵀ | h₃ᵀ·
5  dense_1  add      #4,bias    1×1    0.407                            -0.1918                    ×1 | ×1
6  dense_1  sigmoid  #5         1×1    0.600                            -0.7992                    ×h₆·(1 − h₆) = 0.240
7  loss     mse      #6,y       ()     0.1597                           +1.0000                    ×2·(h₆ − y) / N = -0.799
   dense    kernel   weight     2×2    [[0.620 -0.840] [-0.530 0.910]]  [[-0.0464 +0.0259] [0 0]]
   dense    bias     bias       2      [0.100 -0.200]                   [-0.0464 +0.0259]
   dense_1  kernel   weight     2×1    [[1.100] [-0.700]]               [[-0.1290] [-0.0501]]
   dense_1  bias     bias       1      -0.150                           -0.1918"""  # noqa: E501


def test_the_table_of_the_xor_step():
    assert str(draw(xor_loss())) == XOR_TABLE


def test_korean_is_two_cells_wide():
    assert cells("가중치 w") == 8
    with mt.scope("은닉층"):
        y = mt.Variable([1.0], name="가중치") * 2.0
    with mt.scope("out"):
        y = mt.tanh(y)
    lines = str(draw(y.sum(), lang="ko")).split("\n")[1:]
    names = ("multiply", "tanh", "sum")
    starts = {cells(line[: line.index(name)]) for name, line in zip(names, lines[1:], strict=False)}
    assert len(starts) == 1, "the column of operations is aligned"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *(
            (0.62, "0.620"),
            (-0.84, "−0.840"),
            (0.0, "0.000"),
            (1e-7, "1.0e−7"),
            (123456.0, "1.2e5"),
            (3, "3"),
        ),
        *((float("nan"), "NaN"), (float("-inf"), "−∞"), (True, "True"), (-7, "−7"), (1 + 2j, "1+2j")),
    ],
)
def test_numbers_of_values(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0259, "+0.0259"), (-0.0464, "−0.0464"), (0.0, "0"), (1e-6, "+1.0e−6"), (float("inf"), "+∞")],
)
def test_numbers_of_gradients(value, text):
    assert number(value, 4, signed=True) == text


def test_arrays_on_a_line():
    assert array_text(np.array([[1.0, -2.0], [0.5, 0.0]])) == "[[1.000 -2.000] [0.500 0.000]]"
    assert array_text(np.zeros((0, 3))) == "[]"
    assert array_text(np.arange(10.0)) == "min 0.000  mean 4.500  max 9.000"


# --- saving -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".svg", ".txt", ".json", ".SVG"])
def test_saved_by_suffix(tmp_path, suffix):
    picture = draw(xor_loss())
    path = picture.save(tmp_path / f"그림{suffix}")
    text = path.read_text(encoding="utf-8")
    if suffix == ".json":
        data = json.loads(text)
        assert data["root"] == "mse"
        assert [n["id"] for n in data["nodes"]] == [n.id for n in picture.graph.nodes]
        assert data["nodes"][0]["value"] == [[1.0, 0.0]]
    elif suffix == ".txt":
        assert text == f"{picture}\n"
    else:
        ET.fromstring(text)
    assert os.listdir(tmp_path) == [path.name]


def test_saving_replaces_and_takes_strings(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")
    assert draw(xor_loss()).save(str(path)) == path
    assert path.read_text(encoding="utf-8").startswith("mse")


def test_a_save_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "x.svg"
    path.write_text("old")

    def broken(*args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="the disk is full"):
        draw(xor_loss()).save(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["x.svg"]


def test_wrong_calls_are_answered_in_sentences(tmp_path):
    picture = draw(xor_loss())
    with pytest.raises(ValueError, match=r"one of \.svg, \.html, \.dot, .*\.png, \.pdf; got 'x\.bmp'\."):
        picture.save(tmp_path / "x.bmp")
    with pytest.raises(ValueError, match="saved by its suffix"):
        picture.save(tmp_path / "x")
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*missing to save x\.svg in"):
        picture.save(tmp_path / "missing" / "x.svg")
    with pytest.raises(ValueError, match='lang is one of "en", "ko" and "both"; got \'jp\''):
        draw(xor_loss(), lang="jp")
    with pytest.raises(ValueError, match="theme is one of"):
        draw(xor_loss(), theme="pink")
    with pytest.raises(TypeError, match=r"a drawing is saved to a path, such as 'xor\.svg'; got 3"):
        picture.save(3)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "how", "error", "words"),
    [
        ((), {"theme": "page"}, ValueError, "theme is one of"),
        ((), {"title": 3}, TypeError, "title is a text, or None; got 3"),
        ((), {"parameters": 3}, TypeError, "parameters is a list of tensors.*got 3"),
        ((), {"parameters": ["a"]}, TypeError, "parameters is a list of tensors"),
        ((), {"check": 3}, ValueError, "check is True or False; got 3"),
        ((1.0,), {}, TypeError, "inputs are for a function or a model"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_drawn(arguments, how, error, words):
    with pytest.raises(error, match=words):
        draw(xor_loss(), *arguments, **how)


def test_what_would_be_ignored_is_refused():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    program = capture(lambda x: x * 2.0, mt.Tensor(1.0)).program
    for how in ({"check": True}, {"parameters": model.trainable_weights}, {"style": "ops"}):
        with pytest.raises(ValueError, match=r"are for draw\(model, x\)"):
            draw(model, **how)
    for how in ({"check": True}, {"style": "neurons"}):
        with pytest.raises(ValueError, match="a program is drawn as it stands"):
            draw(program, **how)


def test_numpys_numbers_are_numbers():
    wide = draw(xor_loss(), width=np.int64(900), depth=np.int64(1))
    assert wide.svg == draw(xor_loss(), width=900, depth=1).svg


def test_notebooks_show_the_picture_and_terminals_the_table():
    picture = draw(xor_loss())
    bundle = picture._repr_mimebundle_()
    assert bundle == {"image/svg+xml": picture._repr_svg_(), "text/plain": str(picture)}
    assert repr(picture) == "<Drawing of mse: 7 operations>"


def test_a_trace_can_be_drawn_again():
    graph = trace(xor_loss())
    assert draw(graph).svg == draw(graph).svg
    assert isinstance(draw(graph, lang="ko"), Drawing)


# --- large graphs -------------------------------------------------------------------------------------------


def test_large_graphs_are_collapsed_and_it_is_said(tmp_path: Path):
    y = mt.Variable([0.5], name="w")
    x = y
    for layer in range(3):
        with mt.scope(f"layer_{layer}"):
            b = mt.Variable([0.0], name="bias")
            for _ in range(200):
                x = mt.sigmoid(x + b)
    picture = draw(mt.sum(x * y))
    assert picture.graph.operations == 1202
    shown = picture.shown
    assert [n.label for n in shown.nodes] == ["layer_0", "layer_1", "layer_2", "#1201 … #1201", "sum"]
    assert sum(n.operations for n in shown.nodes) == 1202
    assert "1,202 operations in 5 groups" in picture.svg
    assert "400 operations · 2 params" in picture.svg
    assert "sigmoid ×200" in str(picture)
    data = json.loads(picture.save(tmp_path / "all.json").read_text())
    assert len([n for n in data["nodes"] if n["number"]]) == 1202


def test_a_long_chain_and_many_layers_become_few_cards():
    assert len(draw(chain(10_000)).shown.nodes) <= 4
    x = mt.Variable(0.5, name="w")
    for k in range(1000):
        with mt.scope(f"s{k}"):
            x = mt.tanh(x)
    picture = draw(x)
    assert 2 < picture.shown.collapsed <= 62
    ET.fromstring(picture.svg)


def test_cards_take_no_id_that_a_name_has():
    w = mt.Variable(0.5, name="operations")
    x = w
    for _ in range(500):
        x = mt.tanh(x)
    shown = draw(x * w).shown
    assert [n.id for n in shown.nodes] == ["operations_1", "operations", "multiply"]


def test_fan_outs_of_hundreds_are_drawn():
    ET.fromstring(draw(fan_out(120)).svg)


def test_graphviz_lays_out_where_it_is_asked_and_there():
    from tests.missing import dot_program

    dot_program()
    picture = draw(xor_loss(), engine="dot")
    assert "Graphviz" in picture.svg or "graphviz" in picture.svg
    ET.fromstring(picture.svg)
    assert draw(xor_loss(), engine="builtin").svg == draw(xor_loss()).svg


def test_without_graphviz_we_lay_out_and_say_so(monkeypatch):
    from microtensor.graph import image

    monkeypatch.setattr(image, "_rungs", lambda format, dpi: iter(()))
    picture = draw(xor_loss(), engine="dot")
    with pytest.warns(UserWarning, match="laid out by ourselves: SVG needs Graphviz"):
        found = picture.svg
    assert found == draw(xor_loss()).svg
    with pytest.raises(ValueError, match='engine is "auto", "builtin" or "dot"'):
        draw(xor_loss(), engine="neato")
