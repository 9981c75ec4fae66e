"""A picture says what is remarkable: in words, and only where it is."""

from __future__ import annotations

import numpy as np
import pytest

import microtensor as mt
from microtensor import Tensor
from microtensor.graph import draw, trace
from microtensor.graph.badges import badges
from microtensor.graph.cards import Style

from .samples import diamond, xor_loss


def said(output: Tensor, lang: str = "en", **options: object) -> dict[str, list[str]]:
    found = badges(trace(output, **options), Style(lang))
    return {id: [f"{badge.kind}: {badge.text}" for badge in mine] for id, mine in found.items()}


def test_a_net_that_learns_has_no_badge():
    assert said(xor_loss()) == {}


def test_where_nan_and_infinity_start():
    w = mt.Variable([0.0, -1.0, 1.0], name="w")
    with np.errstate(all="ignore"):
        y = mt.exp(mt.log(w)).sum()
    found = said(y)
    assert found["log"][0] == "bad: NaN ×1 ∞ ×1 · starts here"
    assert found["exp"][0] == "bad: NaN ×1"
    assert found["sum"] == ["bad: NaN"]
    assert "bad: gradient NaN ×2" in found["w"]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([[-1.0, 2.0, -3.0], [-1.0, 2.0, 3.0]], "warn: ReLU dead 1/3"),
        ([[-1.0, 2.0, -3.0]], None),  # one sample: some units are off
        ([[-1.0, -2.0, -3.0]], "warn: ReLU dead 3/3"),
        ([[1.0], [-1.0]], None),
        ([[-1.0], [-2.0]], "warn: ReLU dead"),
    ],
)
def test_dead_relus(rows, text):
    found = said(mt.relu(mt.Variable(rows, name="w")).sum()).get("relu", [])
    assert [line for line in found if "ReLU" in line] == ([text] if text else [])


@pytest.mark.parametrize(
    ("function", "values", "text"),
    [
        (mt.sigmoid, [9.0, -9.0, 0.0], "warn: saturated 2/3"),
        (mt.sigmoid, [9.0, 0.0, 0.0], None),
        (mt.tanh, [9.0, -9.0], "warn: saturated 2/2"),
        (mt.tanh, 0.5, None),
        (mt.sigmoid, 20.0, "warn: saturated"),
    ],
)
def test_saturated_units(function, values, text):
    found = said(function(mt.Variable(values, name="w")).sum())
    lines = [line for mine in found.values() for line in mine if "saturated" in line]
    assert lines == ([text] if text else [])


def test_sigmoid_and_tanh_are_saturated_at_the_same_slope():
    for z in (1.0, 2.0, 2.2, 2.4, 3.0):
        names = [bool(said(f(mt.Variable(x, name="w")))) for f, x in ((mt.tanh, z), (mt.sigmoid, 2 * z))]
        assert names[0] == names[1], z


def test_gradients_that_are_zero_and_parameters_that_are_not_reached():
    w, never = mt.Variable(1.0, name="w"), mt.Variable(1.0, name="never")
    found = said(mt.step(w) * 1.0 + w * 0.0, parameters=[w, never])
    assert found["w"] == ["warn: gradient 0", "note: gradient = sum of 2"]
    assert found["never"] == ["warn: loss does not reach it"]
    picture = draw(w * 2.0, lang="en", parameters=[never])
    assert "loss does not reach it" in picture.svg


def test_sums_are_named():
    assert said(diamond())["multiply"] == ["warn: gradient 0", "note: gradient = sum of 3"]


def test_badges_speak_the_pictures_language():
    w = mt.Variable(20.0, name="w")
    assert said(mt.sigmoid(w), "ko")["sigmoid"] == ["warn: 포화"]
    assert said(mt.sigmoid(w), "both")["sigmoid"] == ["warn: saturated · 포화"]


# --- check=True ---------------------------------------------------------------------------------------------


def test_right_gradients_are_proven():
    graph = trace(xor_loss(), check=True)
    assert {n.id: n.check for n in graph.nodes if n.kind == "parameter"} == dict.fromkeys(
        ("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"), True
    )
    assert draw(xor_loss(), lang="en", check=True).svg.count("✓ gradient checked</text>") == 4
    assert "checked" not in draw(xor_loss()).svg


def test_wrong_gradients_are_found_where_they_are():
    wrong = mt.Operation("wrong", lambda x: x * x, lambda g, y, x: g * x)
    a, b = mt.Variable(1.5, name="a"), mt.Variable(2.5, name="b")
    graph = trace(wrong(a) * b, check=True)
    assert (graph.node("a").check, graph.node("b").check) == (False, True)
    assert "✗ gradient is wrong" in draw(wrong(a) * b, lang="en", check=True).svg


def test_what_was_drawn_at_random_stays_and_float32_is_no_obstacle():
    w = mt.Variable([[0.5, -1.0]], name="w")
    noise = mt.random.normal((1, 2)) if hasattr(mt, "random") else Tensor([[0.1, 0.2]])
    loss = mt.sum(mt.astype(w, "float32") * noise)
    assert trace(loss, check=True).node("w").check is True


def test_checks_change_no_gradient_and_need_a_graph():
    w = mt.Variable(1.0, name="w")
    trace(w * w, check=True)
    assert w.grad is None
    assert trace(w, check=True).node("w").check is None
    with pytest.raises(TypeError, match="cannot be run again"):
        draw(trace(w * w), check=True)
