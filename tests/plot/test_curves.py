"""Losses and weights over epochs: from whatever they come, and nothing that was not computed."""

import numpy as np
import pytest

from microtensor import plot
from microtensor.plot import drawn
from microtensor.plot.curves import loss_panel, weights_panel

from .samples import X, Y, filmed, korean, texts, xor_model


def names(panel):
    return [line.name for line in panel.lines]


def test_the_losses_of_a_history():
    model = xor_model()
    history = model.fit(X, Y, epochs=5, verbose=0, validation_data=(X, Y))
    for given in (history, history.history):
        panel = loss_panel(given)
        assert names(panel) == ["loss", "val_loss"]
        assert panel.lines[0].x.tolist() == [1, 2, 3, 4, 5]
        assert panel.lines[0].y.tolist() == history.history["loss"]
    assert names(loss_panel(history, keys=["val_loss"])) == ["val_loss"]
    assert panel.x_limits == (0.0, 5.0)


def test_several_trainings_in_one_picture():
    model = xor_model()
    history = model.fit(X, Y, epochs=3, verbose=0, validation_data=(X, Y))
    panel = loss_panel({"SGD": history, "by hand": [3.0, 2.0]})
    assert names(panel) == ["SGD", "SGD val_loss", "by hand"]
    assert names(loss_panel({"a": [1.0], "b": [2.0]})) == ["a", "b"]
    assert len({line.kind for line in panel.lines}) == 3
    shown = texts(drawn.loss({"SGD": history, "by hand": [3.0, 2.0]}).svg)
    assert {"SGD", "SGD val_loss", "by hand"} <= set(shown)


def test_a_logarithmic_scale_leaves_out_what_has_no_logarithm():
    panel = loss_panel([1.0, 0.1, 0.0, 0.001], log=True)
    assert np.isnan(panel.lines[0].y).tolist() == [False, False, True, False]
    assert panel.y_limits[0] > 0
    assert "0.01" in texts(drawn.loss([1.0, 0.1, 0.0, 0.001], log=True).svg)


@pytest.mark.parametrize("losses", [[], [np.nan, np.nan], [np.inf]])
@pytest.mark.parametrize("log", [False, True])
def test_nothing_to_show_is_said(losses, log):
    svg = drawn.loss(losses, log=log, lang="en").svg
    assert "nothing to show yet" in texts(svg)
    assert "nan" not in svg


def test_one_epoch_and_a_hole():
    assert 'class="curve s0 d0" d="M' in drawn.loss([0.5]).svg
    (line,) = loss_panel([1.0, np.nan, 0.5]).lines
    svg = drawn.loss([1.0, np.nan, 0.5]).svg
    assert np.isnan(line.y[1])
    assert "nan" not in svg


@pytest.mark.parametrize(
    ("given", "how", "error", "words"),
    [
        ({"loss": [1.0]}, {"keys": ["accuracy"]}, ValueError, "no 'accuracy'; it has 'loss'"),
        (3.0, {}, TypeError, "from what fit returned"),
        ("loss", {}, TypeError, "got 'loss' of type str"),
        ([1.0], {"lang": "de"}, ValueError, "lang is one of"),
    ],
)
def test_wrong_histories_are_sentences(given, how, error, words):
    with pytest.raises(error, match=words):
        drawn.loss(given, **how)


def test_each_weight_has_its_line_and_its_name():
    film = plot.Film(X, Y)
    model, history = filmed(film, 4)
    panel = weights_panel(film)
    assert len(panel.lines) == 9
    assert names(panel)[:5] == [f"hidden/kernel[{i},{j}]" for i in (0, 1) for j in (0, 1)] + [
        "hidden/bias[0]"
    ]
    assert panel.lines[1].x.tolist() == [0, 1, 2, 3, 4]
    assert panel.lines[1].y[-1] == model.get_weights()[0][0, 1]
    assert names(weights_panel(history)) == names(panel)
    styles = {(line.kind % 6, line.kind) for line in panel.lines}
    assert len(styles) == 9
    assert not korean(" ".join(texts(drawn.weights(film, lang="en").svg)))


def test_of_many_weights_the_norms():
    from microtensor import keras

    film = plot.Film()
    model = keras.Sequential([keras.layers.Dense(20, input_shape=(2,), name="wide"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    filmed(film, 2, model)
    panel = weights_panel(film)
    assert names(panel)[:2] == ["‖wide/kernel‖", "‖wide/bias‖"]
    assert panel.lines[0].y[-1] == pytest.approx(np.linalg.norm(model.get_weights()[0]))


def test_weights_without_a_film_say_what_to_add():
    history = xor_model().fit(X, Y, epochs=1, verbose=0)
    for given in (history, [1.0]):
        with pytest.raises(ValueError, match=r"callbacks=\[film\]"):
            drawn.weights(given)
    assert "nothing to show yet" in texts(drawn.weights(plot.Film(X, Y), lang="en").svg)


def test_the_key_of_a_chart_is_by_dashes_too():
    svg = drawn.loss({str(k): [1.0, k] for k in range(9)}).svg
    used = {(f"s{k % 6}", f"d{(k + k // 6) % 6}") for k in range(9)}
    assert len(used) == 9
    for colour, dashes in used:
        assert f'class="curve {colour} {dashes}"' in svg
