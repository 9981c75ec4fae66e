"""Decision boundaries and hidden spaces of models whose answers are known."""

import numpy as np
import pytest

from microtensor import keras
from microtensor.plot import drawn
from microtensor.plot.planes import Plane, boundary_panel, hidden_panel

from .samples import WEIGHTS, X, Y, texts, xor_model


def boundary(panel):
    (line,) = [line for line in panel.lines if line.kind == "boundary"]
    points = np.stack([line.x, line.y], axis=1)
    return points[np.isfinite(points).all(axis=1)]


def test_the_boundary_of_a_straight_rule_is_that_line():
    panel = boundary_panel(lambda x: 1 / (1 + np.exp(-8 * (x[:, 0] + x[:, 1] - 1))), X, Y)
    points = boundary(panel)
    assert len(points) == 2
    assert points.sum(axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert {region.kind for region in panel.regions} == {"high", "low"}


def test_xor_has_two_lines_between_its_points():
    model = xor_model(WEIGHTS)
    assert np.asarray(model(np.float32(X))).round().ravel().tolist() == [0, 1, 1, 0]
    points = boundary(boundary_panel(model, X, Y))
    sums = points.sum(axis=1)
    assert set(np.round(sums, 1).tolist()) <= {0.5, 1.5}
    assert len(points) == 4


def test_points_are_shown_by_class():
    circles, squares = boundary_panel(xor_model(), X, Y).dots
    assert (circles.kind, squares.kind) == (0, 1)
    assert sorted(zip(squares.x.tolist(), squares.y.tolist(), strict=True)) == [(0.0, 1.0), (1.0, 0.0)]
    svg = drawn.decision_boundary(xor_model(), X, Y).svg
    assert svg.count("<circle") == 2 + 1  # and one in the key
    assert svg.count('class="dot hollow"') == 2 + 1


def test_targets_in_any_form():
    def classes(y, threshold=0.5):
        return Plane(X, y, threshold).classes.tolist()

    assert classes(Y) == classes([0, 1, 1, 0]) == classes(np.float32(Y)) == [0, 1, 1, 0]
    assert classes([[1, 0], [0, 1], [0, 1], [1, 0]]) == [0, 1, 1, 0]
    assert classes([-1, 1, 1, -1], threshold=0.0) == [0, 1, 1, 0]
    assert classes([0, 1, 2, 3]) == [0, 1, 2, 3]
    assert Plane(X).classes is None


def test_several_outputs_are_several_regions():
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])

    def nearest(x):
        return -((x[:, None] - corners) ** 2).sum(axis=-1)

    panel = boundary_panel(nearest, corners, [0, 1, 2])
    assert [region.kind for region in panel.regions] == [0, 1, 2]
    assert all(region.loops for region in panel.regions)
    assert [dots.kind for dots in panel.dots] == [0, 1, 2]


def test_answers_outside_nought_and_one_are_shaded_by_their_own_measure():
    panel = boundary_panel(lambda x: 100 * (x[:, 0] - 0.5), X, Y, threshold=0.0)
    assert sum(bool(region.loops) for region in panel.regions) == len(panel.regions)
    assert boundary(panel)[:, 0] == pytest.approx([0.5, 0.5])


def test_a_model_that_answers_nan_has_no_boundary_and_no_warning():
    panel = boundary_panel(lambda x: np.full(len(x), np.nan), X, Y)
    assert len(boundary(panel)) == 0
    assert "nan" not in drawn.decision_boundary(lambda x: np.full(len(x), np.nan), X, Y).svg


def test_the_hidden_space_of_xor_is_divided_by_one_line():
    panel = hidden_panel(xor_model(WEIGHTS), X, Y)
    assert len(boundary(panel)) == 2
    (ones,) = [dots for dots in panel.dots if dots.kind == 1]
    assert np.stack([ones.x, ones.y]).round(1).tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert panel.x_limits == (-0.15, 1.15)
    shown = texts(drawn.hidden_space(xor_model(WEIGHTS), X, Y, lang="en").svg)
    assert "(1, 0), (0, 1)" in shown  # both lie on one place, and are named together
    assert "Hidden space: hidden" in shown


def test_the_hidden_layer_is_found_or_named():
    model = xor_model(WEIGHTS)
    whole = hidden_panel(model, X, Y)
    for layer in ("hidden", 0, -2, model.layers[0]):
        assert hidden_panel(model, X, Y, layer=layer).title == whole.title
    with pytest.raises(ValueError, match=r"no layer 'nowhere'; it has hidden, output"):
        drawn.hidden_space(model, X, Y, layer="nowhere")
    with pytest.raises(ValueError, match=r"layer 'output' gives \(1,\)"):
        drawn.hidden_space(model, X, Y, layer="output")
    wide = keras.Sequential([keras.layers.Dense(3, input_shape=(2,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="needs a hidden layer of two units"):
        drawn.hidden_space(wide, X, Y)
    with pytest.raises(ValueError, match="chain of at least two layers"):
        drawn.hidden_space(lambda x: x, X, Y)


def test_looking_changes_nothing():
    model = xor_model(WEIGHTS)
    x = np.float32(X)
    loss = ((model(x) - np.float32(Y)) ** 2).mean()
    before = [w.tobytes() for w in model.get_weights()]
    drawn.decision_boundary(model, X, Y)
    drawn.hidden_space(model, X, Y)
    assert [w.tobytes() for w in model.get_weights()] == before
    loss.backward()  # the graph from before is not stale
    assert all(w.grad is not None for w in model.trainable_variables)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([[1.0, 2.0, 3.0]], None, r"shape \(N, 2\); got \(1, 3\)"),
        ([1.0, 2.0], None, r"got \(2,\)"),
        (np.zeros((0, 2)), None, r"got \(0, 2\)"),
        (X, [1, 0], "4 points and y has 2"),
    ],
)
def test_wrong_points_are_sentences(x, y, words):
    with pytest.raises(ValueError, match=words):
        drawn.decision_boundary(xor_model(), x, y)


def test_a_model_that_gives_no_row_for_each_input():
    with pytest.raises(ValueError, match="one row of answers for each input"):
        drawn.decision_boundary(lambda x: np.zeros(3), X, Y)
