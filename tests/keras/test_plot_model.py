"""keras.utils.plot_model and model_to_dot: what Keras draws, with and without the `dot` program."""

from __future__ import annotations

import inspect
import itertools
import json
import os
import subprocess
import sys
import types
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from microtensor import keras
from microtensor.graph import image
from microtensor.keras.utils import model_to_dot, plot_model
from tests.graph.hostile import NAMES, documents
from tests.missing import dot_program

L = keras.layers
ALL = {
    "show_shapes": True,
    "show_dtype": True,
    "show_layer_names": True,
    "show_layer_activations": True,
    "show_trainable": True,
}


@pytest.fixture
def nobody(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(image.importlib.util, "find_spec", lambda name: None)


def model(**names: str) -> Any:
    deep = keras.Sequential([L.Dense(2, name="tiny")], name="deep")
    inner = keras.Sequential([L.Dense(3, "relu", name="first"), deep], name=names.get("inner", "inner"))
    made = keras.Sequential(
        [
            L.Input((2,)),
            L.Dense(2, "sigmoid", name=names.get("hidden", "hidden")),
            inner,
            L.Dropout(0.5, name="dropout"),
        ],
        name="xor",
    )
    made.layers[0].trainable = False
    return made


def texts(svg: Path) -> list[str]:
    found = [e for e in ET.parse(svg).iter() if e.tag.endswith("text")]
    return ["".join(e.itertext()) for e in found]


def test_the_signatures_are_keras():
    """Names and defaults, as Keras 3 documents them."""
    common = {
        "show_shapes": False, "show_dtype": False, "show_layer_names": True, "rankdir": "TB",
        "expand_nested": False, "dpi": 200, "show_layer_activations": False, "show_trainable": False,
        "splines": "ortho",
    }  # fmt: skip
    assert defaults(model_to_dot) == {**common, "subgraph": False}
    assert defaults(plot_model) == {**common, "show_layer_names": False, "to_file": "model.png"}


def defaults(function: Any) -> dict[str, Any]:
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def test_what_a_box_says(tmp_path):
    drawn = texts(plot_model(model(), tmp_path / "m.svg"))
    assert drawn == ["xor", "Dense", "Sequential", "Dropout"]
    drawn = texts(plot_model(model(), tmp_path / "m.svg", **ALL))
    assert drawn[1:7] == [
        "hidden (Dense)",
        "Activation: sigmoid",
        "Input shape: (None, 2)",
        "Output shape: (None, 2)",
        "Output dtype: float32",
        "Non-trainable",
    ]
    assert drawn[7] == "inner (Sequential)"
    assert "Trainable" in drawn
    assert drawn[-4] == "dropout (Dropout)"
    assert drawn[-1] == "Output dtype: float32", "without weights nothing is said of learning"


def test_models_inside_are_framed(tmp_path):
    drawn = texts(plot_model(model(), tmp_path / "m.svg", expand_nested=True, **ALL))
    assert {"inner", "deep", "first (Dense)", "tiny (Dense)"} <= set(drawn)
    assert "inner (Sequential)" not in drawn
    assert drawn.count("Input shape: (None, 3)") == 1


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("direction", ["TB", "BT", "LR", "RL"])
def test_nothing_overlaps_and_frames_hold_what_is_inside(tmp_path, direction, nested):
    path = plot_model(model(), tmp_path / "m.svg", rankdir=direction, expand_nested=nested, **ALL)
    root = ET.parse(path).getroot()
    rectangle = "{http://www.w3.org/2000/svg}rect"
    boxes = [box(group.find(rectangle)) for group in root if group.tag.endswith("}g")]
    frames = [box(r) for r in root.iter(rectangle) if r.get("class") == "layer"]
    page = (0.0, 0.0, float(root.get("width")), float(root.get("height")))
    assert len(boxes) == (4 if nested else 3)
    assert len(frames) == (2 if nested else 0)
    axis = 1 if direction in ("TB", "BT") else 0
    along = [b[axis] for b in boxes]
    assert along == sorted(along, reverse=direction in ("BT", "RL"))
    for a, b in itertools.pairwise(boxes):
        first, second = sorted((a, b), key=lambda r: r[axis])
        assert second[axis] - (first[axis] + first[axis + 2]) >= 24, "room for an arrow"
    assert all(holds(page, r) for r in (*boxes, *frames))
    if nested:
        outer, inner = frames
        assert holds(outer, inner)
        assert [holds(outer, b) for b in boxes] == [False, True, True, False]
        assert [holds(inner, b) for b in boxes] == [False, False, True, False]


def box(rect: Any) -> tuple[float, float, float, float]:
    x, y, w, h = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, w, h


def holds(outer: tuple[float, ...], inner: tuple[float, ...]) -> bool:
    return all(
        outer[k] <= inner[k] + 0.2 and inner[k] + inner[k + 2] <= outer[k] + outer[k + 2] + 0.2
        for k in (0, 1)
    )


def test_a_digraph_of_graphviz():
    import graphviz

    digraph = model_to_dot(model(), rankdir="LR", dpi=72, splines="curved", expand_nested=True, **ALL)
    assert isinstance(digraph, graphviz.Digraph)
    done = subprocess.run([dot_program(), "-Tjson0"], input=digraph.source.encode(), capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    read = json.loads(done.stdout)
    assert (read["rankdir"], read["dpi"], read["splines"]) == ("LR", "72", "curved")
    names = [thing["name"] for thing in read["objects"]]
    assert names == ["cluster_1_0", "cluster_2_0", "hidden", "inner/first", "inner/deep/tiny", "dropout"]
    assert len(read["edges"]) == 3


def test_a_cluster_to_put_into_another_graph():
    import graphviz

    whole = graphviz.Digraph()
    whole.subgraph(model_to_dot(model(), subgraph=True))
    done = subprocess.run([dot_program(), "-Tjson0"], input=whole.source.encode(), capture_output=True)
    assert "cluster_xor" in [thing["name"] for thing in json.loads(done.stdout)["objects"]], done.stderr


@pytest.mark.parametrize(
    ("name", "start"),
    [("m.png", b"\x89PNG"), ("m.pdf", b"%PDF"), ("model", b"\x89PNG"), ("m.dot", b"digraph")],
)
def test_files(tmp_path, name, start):
    dot_program()
    assert plot_model(model(), tmp_path / name, dpi=50) == tmp_path / name
    assert (tmp_path / name).read_bytes().startswith(start)
    assert os.listdir(tmp_path) == [name]


def test_without_the_program_an_svg_and_a_sentence(tmp_path, nobody):
    with pytest.warns(UserWarning, match=r"^wrote model\.svg instead of model\.png: PNG needs") as caught:
        assert plot_model(model(), str(tmp_path / "model.png")) == tmp_path / "model.svg"
    assert caught[0].filename == __file__
    assert os.listdir(tmp_path) == ["model.svg"]
    assert texts(tmp_path / "model.svg")[0] == "xor"


def test_in_a_notebook_the_picture_shows_itself(tmp_path, monkeypatch):
    display = types.SimpleNamespace(
        SVG=lambda filename: ("svg", filename), Image=lambda filename: ("image", filename)
    )
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(display=display))
    path = tmp_path / "m.svg"
    assert plot_model(model(), path) == ("svg", str(path))
    dot_program()
    assert plot_model(model(), tmp_path / "m.png") == ("image", str(tmp_path / "m.png"))
    assert plot_model(model(), tmp_path / "m.pdf") == tmp_path / "m.pdf"


def test_a_model_of_ones_own_is_one_box(tmp_path):
    class Mine(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="mine")
            self.dense = L.Dense(1)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    mine = Mine()
    mine(keras.ops.ones((1, 2)))
    assert texts(plot_model(mine, tmp_path / "m.svg", **ALL))[1] == "mine (Mine)"


def test_wrong_calls(tmp_path):
    unbuilt = keras.Sequential([L.Dense(1)])
    for call in (plot_model, model_to_dot):
        with pytest.raises(ValueError, match=r"This model has not yet been built\. Build the model first by"):
            call(unbuilt)
        with pytest.raises(ValueError, match="Argument `layer_range` is no longer supported"):
            call(model(), layer_range=("a", "b"))
        with pytest.raises(ValueError, match=r"Unrecognized keyword arguments: \{'show_all': True\}"):
            call(model(), show_all=True)
        with pytest.raises(ValueError, match="rankdir is one of TB, BT, LR, RL; got 'down'"):
            call(model(), rankdir="down")
        with pytest.raises(ValueError, match="splines is one of ortho"):
            call(model(), splines='"; evil')
        with pytest.raises(ValueError, match="dpi is how many pixels"):
            call(model(), dpi=0)
    with pytest.raises(ValueError, match=r"plot_model writes \.svg, .*; got to_file='m\.bmp'"):
        plot_model(model(), "m.bmp")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        plot_model(model(), tmp_path / "nowhere" / "m.svg")


def test_hostile_names_are_text(tmp_path):
    def structure(path: Path) -> list[Any]:
        return [(e.tag, sorted(e.attrib)) for e in ET.parse(path).iter()]

    plain = structure(plot_model(model(), tmp_path / "m.svg", expand_nested=True, **ALL))
    names = [name for name in NAMES if name.strip() and "/" not in name]
    sources = []
    for name in names:
        hostile = model(inner=name + "1", hidden=name)
        path = plot_model(hostile, tmp_path / "m.svg", expand_nested=True, **ALL)
        assert structure(path) == plain, name[:80]
        sources.append(model_to_dot(hostile, expand_nested=True, **ALL).source)
    text = "".join(sources).encode("utf-8", "replace")
    done = subprocess.run([dot_program(), "-Tjson0"], input=text, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    graphs = documents(done.stdout.decode())
    assert [(len(g["objects"]), len(g["edges"])) for g in graphs] == [(6, 3)] * len(names)
