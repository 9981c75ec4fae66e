"""Models and functions: layers as cards, neurons as circles, functions by running them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import microtensor as mt
from microtensor.graph import draw
from microtensor.graph.models import curve
from microtensor.keras.layers import Activation, Dense, Dropout, Flatten, Input
from microtensor.keras.models import Sequential

SVG = "{http://www.w3.org/2000/svg}"
KERNEL = [[0.62, -0.84], [-0.53, 0.91]]


def xor_model() -> Sequential:
    model = Sequential(
        [Input((2,)), Dense(2, "sigmoid", name="hidden"), Dense(1, "sigmoid", name="out")], name="xor"
    )
    model.set_weights([np.array(KERNEL), np.array([0.1, -0.2]), np.array([[1.1], [-0.7]]), np.array([-0.15])])
    return model


def test_layers_with_shapes_and_parameters():
    picture = draw(xor_model(), lang="en")
    assert str(picture) == (
        "xor: 2 layers · 9 params\n"
        "#  layer   op     in  shape\n"
        "1  hidden  Dense  x   ?×2\n"
        "2  out     Dense  #1  ?×1"
    )
    for text in ("hidden", "Dense · sigmoid · 6 params", "?×2", "Dense · sigmoid · 3 params"):
        assert f">{text}</text>" in picture.svg
    assert [(e.source, e.target) for e in picture.graph.edges] == [("input", "hidden"), ("hidden", "out")]


def test_layers_that_are_not_built_are_drawn_as_far_as_they_are_known():
    picture = draw(Sequential([Dense(2, name="d")], name="open"), lang="en")
    assert "Dense · ?" in picture.svg
    with pytest.raises(ValueError, match="has no layers yet"):
        draw(Sequential(name="empty"))


def test_neurons_with_weights_signs_and_answers():
    svg = draw(xor_model(), [[1.0, 0.0]], style="neurons", lang="en").svg
    root = ET.fromstring(svg)
    weights = {
        (g.get("data-source"), g.get("data-target")): (
            g.get("class"),
            g.find(f"{SVG}title").text,
            g.find(f"{SVG}path"),
        )
        for g in root.iter(f"{SVG}g")
        if (g.get("class") or "").startswith("weight") and g.get("data-source")
    }
    assert len(weights) == 6
    assert weights["x₁", "hidden 1"][:2] == ("weight positive", "x₁ → hidden 1: 0.620")
    assert weights["x₁", "hidden 2"][:2] == ("weight negative", "x₁ → hidden 2: −0.840")
    widths = {key: float(re.search(r"[\d.]+", path.get("style"))[0]) for key, (_, _, path) in weights.items()}
    assert max(widths, key=widths.get) == ("hidden 1", "out 1")
    assert min(widths, key=widths.get) == ("x₂", "hidden 1")
    neurons = [g for g in root.iter(f"{SVG}g") if "neuron" in (g.get("class") or "")]
    assert [g.get("data-node") for g in neurons] == ["x₁", "x₂", "hidden 1", "hidden 2", "out 1"]
    assert neurons[2].find(f"{SVG}title").text == "hidden 1, sigmoid, bias 0.100, value 0.6726"
    assert all(g.find(f"{SVG}path[@class='curve']") is not None for g in neurons[2:])
    assert ">0.600</text>" in svg


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ko", "both"])
def test_neurons_in_every_theme_and_language(theme, lang):
    svg = draw(xor_model(), style="neurons", theme=theme, lang=lang).svg
    root = ET.fromstring(svg)
    assert ("가중치" in svg) == (lang != "en")
    assert root.find(f"{SVG}desc").text == "Columns of 2, 2, 1 neurons, inputs first. Lines are weights."


def test_wide_layers_show_their_first_and_last_neurons():
    model = Sequential([Input((3,)), Dense(50, "relu", name="wide"), Dense(2, "softmax", name="out")])
    svg = draw(model, style="neurons").svg
    shown = re.findall(r'data-node="wide (\d+)"', svg)
    assert shown == ["1", "2", "3", "4", "5", "46", "47", "48", "49", "50"]
    assert ">⋮ 40</text>" in svg
    assert 'data-source="wide 6"' not in svg


def test_layers_without_weights_are_part_of_the_one_before():
    model = Sequential(
        [Input((2,)), Dense(2, name="d"), Activation("tanh"), Dropout(0.5), Dense(1, name="e")]
    )
    svg = draw(model, style="neurons").svg
    assert svg.count('class="operation neuron"') == 3
    assert ">tanh · 6 params</text>" in svg


def test_what_is_no_chain_of_dense_layers_is_refused_in_words():
    with pytest.raises(ValueError, match=r"draws Dense layers that are built; 'f' is a Flatten"):
        draw(Sequential([Input((2, 2)), Flatten(name="f"), Dense(1)]), style="neurons")
    with pytest.raises(ValueError, match="'d' is a Dense that is not built yet"):
        draw(Sequential([Dense(1, name="d")]), style="neurons")
    with pytest.raises(ValueError, match='style="neurons" is for models'):
        draw(mt.Variable(1.0) * 2.0, style="neurons")
    with pytest.raises(ValueError, match="style is"):
        draw(xor_model(), style="circles")


def test_a_model_is_traced_when_it_is_given_an_input():
    picture = draw(xor_model(), np.array([[1.0, 0.0]], np.float32))
    assert picture.graph.operations == 6
    assert picture.graph.node("hidden/kernel").role == "weight"
    assert picture.graph.nodes[0].kind == "input"
    layers = draw(xor_model(), [[1.0, 0.0]], style="layers").shown
    assert [n.label for n in layers.nodes if n.kind == "group"] == ["hidden", "out"]


def test_functions_are_drawn_by_running_them():
    def energy(mass, speed):
        return 0.5 * mass * speed**2

    graph = draw(energy, 2.0, 3.0).graph
    assert [n.label for n in graph.nodes if n.kind == "parameter"] == ["mass", "speed"]
    assert float(graph.node("speed").gradient) == 6.0
    with pytest.raises(TypeError, match=r"give its inputs as well, draw\(energy, x\)"):
        draw(energy)
    with pytest.raises(TypeError, match="one tensor is drawn"):
        draw(lambda x: [x], 1.0)


def test_a_model_whose_layers_are_no_chain_wants_an_input():
    class Branching(mt.keras.Model):
        def __init__(self):
            super().__init__(name="branching")
            self.a = Dense(2, name="a")

        def call(self, x):
            return self.a(x) + x

    with pytest.raises(TypeError, match=r"'branching' is no Sequential.*draw\(model, x\)"):
        draw(Branching())
    assert draw(Branching(), [[1.0, 2.0]]).graph.operations == 3  # matmul, add, add


def test_curves_of_activations():
    x = np.linspace(-4, 4, 25)
    np.testing.assert_allclose(curve(mt.tanh), np.tanh(x))
    assert curve(mt.softmax) is None
    assert curve(lambda x: 1 / 0) is None
    assert curve(mt.log) is None


def test_numbers_are_read_over_lines():
    """The line went on between the digits: 0.751 read 0:751; softmax was cut, and biases were crossed out."""
    svg = draw(xor_model(), style="neurons", lang="en").svg
    numbers = re.findall(r'<rect class="page" x="([\d.]+)"[^>]*/>\n<text class="label \w+" x="([\d.]+)"', svg)
    assert len(numbers) == 6
    assert all(float(left) < float(middle) for left, middle in numbers)
    assert svg.count('<text class="sub column"') == 3
    model = Sequential([Input((2,)), Dense(3, activation="softmax", name="d")])
    assert ">softmax</text>" in draw(model, style="neurons", lang="en").svg
