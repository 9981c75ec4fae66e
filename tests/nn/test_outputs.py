"""Models of several outputs: each loss, weight and metric meets the output that it was said for."""

import numpy as np
import pytest

from microtensor import keras
from microtensor.nn.measures import Measures
from microtensor.nn.objective import Objective
from microtensor.nn.places import by_place, in_places

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], "float32")
A, B = X[:, :1], X * 2


class Fork(keras.Model):
    """Two dense outputs, handed out in the form that is asked for."""

    def __init__(self, form, **kwargs):
        super().__init__(**kwargs)
        self.a, self.b, self.form = keras.layers.Dense(1), keras.layers.Dense(2), form

    def call(self, x):
        return self.form(self.a(x), self.b(x))


def as_dict(a, b):
    return {"a": a, "b": b}


def as_list(a, b):
    return [a, b]


def deep(a, b):
    return {"left": a, "right": {"low": [b, a]}}


def squares(given, wanted):
    return float(np.mean((given - wanted) ** 2))


def absolutes(given, wanted):
    return float(np.mean(np.abs(given - wanted)))


@pytest.mark.parametrize(
    ("form", "loss", "y", "first", "second"),
    [
        (as_dict, {"a": "mse", "b": "mae"}, {"b": B, "a": A}, "a_loss", "b_loss"),
        (as_dict, ["mse", "mae"], {"b": B, "a": A}, "a_loss", "b_loss"),
        (as_list, ["mse", "mae"], [A, B], "mse_loss", "mae_loss"),
        (as_list, ("mse", "mae"), (A, B), "mse_loss", "mae_loss"),
    ],
)
def test_the_loss_is_the_sum_and_each_part_is_shown(form, loss, y, first, second):
    model = Fork(form)
    model.compile("sgd", loss, loss_weights=(2.0, 0.5))
    logs = model.evaluate(X, y, verbose=0, return_dict=True)
    a, b = by_place(model.predict(X, verbose=0)).values()
    assert logs[first] == pytest.approx(squares(a, A), rel=1e-5)
    assert logs[second] == pytest.approx(absolutes(b, B), rel=1e-5)
    assert logs["loss"] == pytest.approx(2 * squares(a, A) + 0.5 * absolutes(b, B), rel=1e-5)
    assert set(model.fit(X, y, epochs=2, verbose=0).history) == {"loss", first, second}


def test_one_loss_is_for_every_output():
    model = Fork(as_list)
    model.compile("sgd", "mse")
    loss, _, _ = model.evaluate(X, [A, B], verbose=0)
    a, b = model.predict(X, verbose=0)
    assert loss == pytest.approx(squares(a, A) + squares(b, B), rel=1e-5)


@pytest.mark.parametrize("y", [[A], [B, A]])
def test_a_target_for_each_output_that_has_a_loss(y):
    three = Fork(lambda a, b: [b, a, b])
    three.compile("sgd", ["mse" if len(y) == 2 else None, "mse", None])
    loss = three.evaluate(X, y, verbose=0, return_dict=True)["loss"]
    b, a, _ = three.predict(X, verbose=0)
    assert loss == pytest.approx(squares(a, A) + (squares(b, B) if len(y) == 2 else 0.0), rel=1e-5)


def test_outputs_nested_deeply_have_losses_and_metrics_so_nested():
    model = Fork(deep)
    model.compile(
        "sgd",
        {"left": "mse", "right": {"low": ["mae", None]}},
        metrics={
            "left": ["mae", "mse"],
            "right": {"low": [keras.metrics.MeanSquaredError(name="far"), None]},
        },
    )
    logs = model.evaluate(X, {"left": A, "right": {"low": (B, A)}}, verbose=0, return_dict=True)
    given = by_place(model.predict(X, verbose=0))
    assert logs["right/low/mae_loss"] == pytest.approx(absolutes(given["right", "low", 0], B), rel=1e-5)
    assert logs["mae"] == pytest.approx(absolutes(given[("left",)], A), rel=1e-5)
    assert logs["far"] == pytest.approx(squares(given["right", "low", 0], B), rel=1e-5)


def test_each_output_has_weights_of_its_own():
    model = Fork(as_dict)
    model.compile("sgd", {"a": "mse", "b": "mse"}, weighted_metrics={"b": ["mae"]})
    weights = {"a": np.array([1.0, 0.0, 0.0, 0.0]), "b": np.array([0.0, 0.0, 0.0, 2.0])}
    logs = model.evaluate(X, {"a": A, "b": B}, sample_weight=weights, verbose=0, return_dict=True)
    given = model.predict(X, verbose=0)
    expected = squares(given["a"][:1], A[:1]) / 4 + 2 * squares(given["b"][3:], B[3:]) / 4
    assert logs["loss"] == pytest.approx(expected, rel=1e-5, abs=1e-7)
    assert logs["b_mae"] == pytest.approx(absolutes(given["b"][3:], B[3:]), rel=1e-5)
    model.fit(X, {"a": A, "b": B}, sample_weight=weights, verbose=0)


def test_named_outputs_in_a_list():
    model = Fork(as_list)
    model.output_names = ["first", "second"]
    model.compile("sgd", {"second": "mae", "first": "mse"}, metrics={"second": "mse"})
    logs = model.evaluate(X, {"second": B, "first": A}, verbose=0, return_dict=True)
    a, b = model.predict(X, verbose=0)
    assert list(logs) == ["first_loss", "loss", "second_loss", "second_mse"]
    assert logs["second_mse"] == pytest.approx(squares(b, B), rel=1e-5)
    assert logs["first_loss"] == pytest.approx(squares(a, A), rel=1e-5)


def test_a_metric_of_ones_own_keeps_its_name_through_a_second_compile():
    model, metric = Fork(as_dict), keras.metrics.MeanSquaredError()
    for _ in range(2):
        model.compile("sgd", {"a": "mse", "b": "mse"}, metrics={"a": metric})
        logs = model.evaluate(X, {"a": A, "b": B}, verbose=0, return_dict=True)
        assert "a_mean_squared_error" in logs
    assert metric.name == "mean_squared_error"


def test_names_are_numbered_and_weighted():
    same = keras.metrics.MeanSquaredError
    measures = Measures([[same(), same()], [same()]], [[same()], [same(name="other")]])
    measures.resolve([(4, 1), (4, 2)])
    assert [entry.name for entry in measures.entries] == [
        *("mean_squared_error", "mean_squared_error_1", "mean_squared_error_2"),
        *("weighted_mean_squared_error", "other"),
    ]


@pytest.mark.parametrize(
    ("loss", "weights", "y", "error", "words"),
    [
        ({"a": "mse", "c": "mse"}, None, {"a": A, "b": B}, KeyError, "('c',).*model's output"),
        ({"a": {"c": "mse"}}, None, {"a": A, "b": B}, KeyError, "('a', 'c').*model's output"),
        ({"a": "mse", "b": "mse"}, None, {"a": A, "c": B}, ValueError, "different structures"),
        (["mse", "mae", "mse"], None, {"a": A, "b": B}, ValueError, "3 losses in `loss`.*2 outputs"),
        ({"a": "mse"}, [1.0, 2.0], None, ValueError, "must match the number of losses, got 1"),
        ({"a": "mse"}, {"b": 1.0}, None, ValueError, "loss_weights.*'b'"),
        ({"a": "mse"}, [np.ones(2)], None, ValueError, "must hold numbers"),
    ],
)
def test_what_is_for_no_output_is_told(loss, weights, y, error, words):
    def trained():
        model = Fork(as_dict)
        model.compile("sgd", loss, loss_weights=weights)
        model.fit(X, y, verbose=0)

    with pytest.raises(error, match=words):
        trained()


def test_metrics_of_another_form_are_told():
    model = Fork(as_dict)
    model.compile("sgd", "mse", metrics=["mae"])
    with pytest.raises(ValueError, match=r"Invalid `metrics`(.|\n)*\{'a': \*, 'b': \*\}"):
        model.fit(X, {"a": A, "b": B}, verbose=0)


def test_a_loss_without_its_target_is_told():
    objective = Objective({"a": "mse", "b": "mse"})
    with pytest.raises(KeyError, match="labels"):
        objective.resolve({"a": (4, 1), "b": None}, {"a": (4, 1), "b": (4, 2)})


def test_places():
    assert by_place(3) == {(): 3}
    assert by_place({"z": [1, (2.5, "a")], "b": None}) == {
        ("b",): None,
        ("z", 0): 1,
        ("z", 1, 0): 2.5,
        ("z", 1, 1): "a",
    }
    assert in_places((1.5, [2.5]), [3.5, (4.5,)]) == {(0,): 1.5, (1, 0): 2.5}
    assert in_places({"b": 1.5, "a": 2.5}, [0.5, 0.5], names=["a", "b"]) == {(0,): 2.5, (1,): 1.5}
    assert in_places([1.5], {"a": 0.5, "b": 0.5}, wanted=[("b",)]) == {("b",): 1.5}
    with pytest.raises(ValueError, match="different structures"):
        in_places([1.5, 2.5, 3.5], {"a": 0.5, "b": 0.5})


def test_a_list_of_arrays_is_rows_for_a_model_of_one_output():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(list(X), list(A), verbose=0)
    assert model.evaluate(X, list(A), verbose=0) == pytest.approx(model.evaluate(X, A, verbose=0))
