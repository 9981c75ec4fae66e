"""Each activation is drawn from its operation: value, formula, and the derivative that autodiff computes."""

import numpy as np
import pytest

import microtensor as mt
from microtensor.core import registry
from microtensor.plot import drawn
from microtensor.plot.activations import LECTURE, curve, panel

from .samples import korean, texts

SMOOTH = ("identity", "sigmoid", "tanh", "elu", "softplus", "silu", "gelu", "softsign", "mish", "celu")


def test_the_lectures_functions_are_all_there():
    assert set(LECTURE) == {"identity", "step", "relu", "sigmoid", "tanh", "leaky_relu", "maxout", "elu"}
    shown = texts(drawn.activations(lang="en").svg)
    for name in ("identity", "step (threshold)", "ReLU", "sigmoid", "tanh", "leaky ReLU", "maxout", "ELU"):
        assert name in shown
    assert "f′(x) = f(x)·(1 − f(x))" in shown
    assert "f(x) = x if x > 0, else 0.1·x" in shown


@pytest.mark.parametrize("name", SMOOTH)
def test_the_derivative_is_that_of_the_curve(name):
    value, slope = panel(name).lines
    expected = np.gradient(value.y, value.x, edge_order=2)
    assert slope.y == pytest.approx(expected, abs=2e-2)
    assert value.y == pytest.approx(np.asarray(registry[name].forward(value.x)))


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [("relu", 0.0, 1.0), ("leaky_relu", 0.1, 1.0), ("maxout", -0.5, 1.0), ("step", 0.0, 0.0)],
)
def test_slopes_of_straight_pieces(name, left, right):
    value, slope = panel(name).lines
    slope_at = dict(zip(value.x.round(6).tolist(), slope.y.tolist(), strict=True))
    assert slope_at[-2.5] == pytest.approx(left)
    assert slope_at[2.5] == pytest.approx(right)


@pytest.mark.parametrize("name", LECTURE)
def test_the_formulas_are_right(name):
    """Each formula is put back into Python and evaluated."""
    shown = panel(name)
    value, slope = shown.lines
    for x in (-2.5, -0.5, 0.5, 2.5):
        at = int(np.abs(value.x - x).argmin())
        x = float(value.x[at])
        y = python(shown.formulas[0], {"x": x})
        assert y == pytest.approx(value.y[at])
        assert python(shown.formulas[1], {"x": x, "y": y}) == pytest.approx(slope.y[at])


def python(formula, names):
    text = formula.split(" = ", 1)[1]
    for written, meant in (("f(x)", "y"), (", else", " else"), ("·", "*"), ("−", "-"), ("²", "**2"),
                           ("e⁻ˣ", "exp(-x)"), ("eˣ", "exp(x)")):  # fmt: skip
        text = text.replace(written, meant)
    return eval(text, {"exp": np.exp, "tanh": np.tanh, "max": max}, names)


def test_a_jump_is_drawn_as_a_jump():
    value, slope = panel("step").lines
    assert np.isnan(value.y).sum() == 1
    assert not np.isnan(slope.y).any()
    assert np.isnan(panel("relu").lines[1].y).sum() == 1
    assert np.isnan(panel("maxout").lines[1].y).sum() == 2  # the tie at 0 stands alone between the two
    assert not np.isnan(panel("tanh").lines[1].y).any()


def test_the_steepest_curve_is_no_jump():
    steep = panel(lambda x: mt.sin(20 * x)).lines
    assert not any(np.isnan(line.y).any() for line in steep)
    assert np.isnan(panel("hard_sigmoid").lines[1].y).sum() == 2


def test_formulas_are_those_of_a_call_without_settings():
    assert curve("hard_sigmoid").formulas[1] == "f′(x) = (|x| < 3) / 6"
    assert curve("gelu").formulas[0] == "f(x) = x·erfc(−x / √2) / 2"


@pytest.mark.parametrize("name", [n for n, op in registry.items() if op.elementwise and len(op.vjps) == 1])
def test_whatever_takes_one_number_has_formulas(name):
    formulas = curve(name).formulas
    assert len(formulas) in (0, 2)
    assert all(
        formula.startswith(start) for formula, start in zip(formulas, ("f(x) = ", "f′(x) = "), strict=False)
    )


def test_a_function_of_ones_own_and_any_of_keras():
    own = panel(lambda x: x * mt.sigmoid(x))
    assert own.lines[0].y == pytest.approx(panel("silu").lines[0].y)
    assert own.lines[1].y == pytest.approx(panel("silu").lines[1].y)
    assert own.formulas == ()
    assert panel("hard_sigmoid").formulas
    assert panel(mt.keras.activations.relu).lines[1].y[-1] == 1.0
    assert curve(mt.relu).formulas == curve("relu").formulas
    assert len(panel(np.sin).lines) == 2


def test_only_the_value_if_wanted():
    shown = panel("sigmoid", derivative=False)
    assert [line.kind for line in shown.lines] == ["value"]
    assert len(shown.formulas) == 1


def test_languages():
    assert not korean(" ".join(texts(drawn.activations(lang="en").svg)))
    assert "시그모이드" in texts(drawn.activation("sigmoid", lang="ko").svg)
    assert "sigmoid · 시그모이드" in texts(drawn.activation("sigmoid").svg)


@pytest.mark.parametrize(
    ("arguments", "how", "words"),
    [
        (("relyou",), {}, "relyou"),
        (("relu",), {"x": (1, -1)}, "from < to"),
        (("relu",), {"lang": "fr"}, 'one of "en", "ko" and "both"'),
        ((lambda x: x.sum(),), {}, "the same shape"),
        ((lambda x: 3.0,), {}, "gave float"),
    ],
)
def test_wrong_calls_are_sentences(arguments, how, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        drawn.activation(*arguments, **how)
    with pytest.raises(ValueError, match="at least 1"):
        drawn.activations(columns=0)


def test_a_long_formula_is_written_out():
    """gelu's derivative ended in an ellipsis."""
    for name in ("gelu", "silu", "mish", "selu", "relu"):
        assert not [text for text in texts(drawn.activation(name).svg) if "…" in text], name
