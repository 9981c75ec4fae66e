"""Activations by name: Keras' numbers, gradients, arguments, names and configs."""

import inspect
import json
import re
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.keras import activations

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_small_functions.json").read_text("utf-8"))
LISTED = {n: said for n, said in RECORDED["cases"]["activations/_list"].items() if n != "deviation"}
CASES = {
    name.split("/")[1]: case
    for name, case in RECORDED["cases"].items()
    if name.startswith("activations/") and "y" in case
}
# Keras' sparsemax of equal numbers sums to 0.4; the paper's, and ours, to 1.
ROWS = {"sparsemax": slice(0, 2)}
X = np.array([-2.3, -0.7, -0.2, 0.4, 0.8, 2.4])


def called(name, case):
    """The function that a case is about, with the arguments that it was recorded with."""
    plain, _, axis = name.split("{")[0].partition("_axis")
    arguments = {**case.get("kwargs", {}), **({"axis": int(axis)} if axis else {})}
    return lambda x: getattr(activations, plain)(x, **arguments)


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_of_keras(name):
    case = CASES[name]
    y = called(name, case)(np.array(case["x"], "float32"))
    assert y.dtype == case["y"]["dtype"]
    rows = ROWS.get(name, slice(None))
    np.testing.assert_allclose(y[rows], case["y"]["value"][rows], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "grad" in case])
def test_the_gradients_of_keras(name):
    case = CASES[name]
    x = mt.Variable(np.array(case["x"], "float32"))
    called(name, case)(x).sum().backward()
    kinks = [int(k) for at in case.get("backends_disagree_at", []) for k in re.findall(r"value\[(\d+)\]", at)]
    ours, theirs = (np.delete(np.array(g).reshape(-1), kinks) for g in (x.grad, case["grad"]["value"]))
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", LISTED)
def test_every_name_of_keras_is_here_and_is_written_down(name):
    function = getattr(activations, name)
    if name in ("get", "serialize", "deserialize"):
        return
    assert activations.get(name) is activations.deserialize(name) is function
    written = activations.serialize(function)
    assert activations.get(written) is function
    config = keras.utils.serialize_keras_object(function)
    assert keras.utils.deserialize_keras_object(json.loads(json.dumps(config))) is function


def test_written_names_are_those_of_keras():
    written = {
        name: activations.serialize(activations.get(name)) for name in ("swish", "hard_swish", "linear")
    }
    assert written == {"swish": "silu", "hard_swish": "hard_silu", "linear": "linear"}
    assert activations.get(None) is activations.linear


def test_the_arguments_of_keras():
    for name in ("relu", "leaky_relu", "threshold", "softmax", "log_softmax", "linear", "exponential"):
        ours = list(inspect.signature(getattr(activations, name)).parameters.values())
        said = ", ".join(str(p.replace(annotation=inspect.Parameter.empty)) for p in ours)
        assert f"({said})" == LISTED[name], name


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"negative_slope": 0.5}, lambda x: np.where(x > 0, x, 0.5 * x)),
        ({"max_value": 0.6}, lambda x: np.clip(x, 0, 0.6)),
        ({"threshold": 0.5}, lambda x: np.where(x > 0.5, x, 0)),
        (
            {"negative_slope": 0.1, "max_value": 2.0, "threshold": 0.5},
            lambda x: np.where(x >= 2, 2, np.where(x > 0.5, x, 0.1 * (x - 0.5))),
        ),
    ],
)
def test_relu_with_everything_that_can_be_said(arguments, expected):
    np.testing.assert_allclose(activations.relu(X, **arguments), expected(X))
    mt.testing.check_grads(lambda x: activations.relu(x, **arguments), X)


@pytest.mark.parametrize("axis", [(1, 2), (0, 2), [-1, 0], (0, 1, 2)])
def test_softmax_over_several_axes(axis):
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    y = activations.softmax(x, axis=axis)
    e = np.exp(x)
    np.testing.assert_allclose(y, e / e.sum(axis=tuple(axis), keepdims=True))
    np.testing.assert_allclose(activations.log_softmax(x, axis=axis), np.log(y.numpy()))
    mt.testing.check_grads(lambda t: activations.softmax(t, axis=axis), x)


def test_linear_gives_the_tensor_itself():
    x = mt.Tensor([1.0])
    assert activations.linear(x) is x
    assert activations.linear([1, 2]).tolist() == [1, 2]


def test_functions_layers_and_configs_pass():
    def own(x):
        return x * 2

    assert activations.get(own) is own
    layer = keras.layers.LeakyReLU(negative_slope=0.1)
    assert activations.get(layer) is layer
    again = activations.get(json.loads(json.dumps(activations.serialize(layer))))
    assert again.negative_slope == pytest.approx(0.1)


def test_a_registered_function_is_found_by_its_name():
    with keras.utils.custom_object_scope({"doubled": lambda x: x * 2}):
        assert float(activations.get("doubled")(mt.Tensor(1.0))) == 2.0
    assert float(activations.deserialize("tripled", {"tripled": lambda x: x * 3})(mt.Tensor(1.0))) == 3.0


@pytest.mark.parametrize("identifier", ["ReLU", "Relu", "typo", 3, ["relu"]])
def test_other_names_are_refused(identifier):
    with pytest.raises(ValueError, match="Could not interpret activation function identifier: "):
        activations.get(identifier)
