"""Regularizers: Keras' numbers, gradients, names, configs, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor.keras import regularizers
from microtensor.keras.regularizers import L1, L1L2, L2, OrthogonalRegularizer

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_small_functions.json").read_text("utf-8"))
CASES = {
    name.split("/")[1]: case for name, case in RECORDED["cases"].items() if name.startswith("regularizers/")
}
X = np.array([[0.5, -1.2, 0.7], [1.1, 0.4, -0.3]])
ALL = [L1(0.1), L2(0.2), L1L2(0.1, 0.2), OrthogonalRegularizer(0.1, "columns")]


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_of_keras(name):
    recorded = CASES[name]
    made = getattr(regularizers, name.removesuffix("()"))()
    y = made(np.array(recorded["x"], "float32"))
    assert y.dtype == recorded["y"]["dtype"]
    assert float(y) == pytest.approx(recorded["y"]["value"], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("made", ALL, ids=repr)
def test_gradients(made):
    mt.testing.check_grads(made, X)


def test_formulas():
    assert float(L1(0.1)(X)) == pytest.approx(0.1 * np.abs(X).sum())
    assert float(L2(0.1)(X)) == pytest.approx(0.1 * (X**2).sum())
    assert float(L1L2(0.1, 0.2)(X)) == pytest.approx(0.1 * np.abs(X).sum() + 0.2 * (X**2).sum())
    assert float(L1L2()(X)) == 0.0
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    assert float(OrthogonalRegularizer(0.1)(X)) == pytest.approx(0.1 * abs(unit[0] @ unit[1]))
    assert float(OrthogonalRegularizer(0.1)(X[:1])) == 0.0, "one row has no other"


@pytest.mark.parametrize("made", ALL, ids=repr)
def test_configs_and_names(made):
    config = regularizers.serialize(made)
    assert config["module"] == "keras.regularizers"
    again = regularizers.deserialize(json.loads(json.dumps(config)))
    assert again.get_config() == made.get_config()
    assert type(made).from_config(made.get_config()).get_config() == made.get_config()
    assert type(regularizers.get(config)) is type(regularizers.get(type(made).__name__)) is type(made)


def test_lookup():
    for name, cls in {
        "l1": L1,
        "l2": L2,
        "l1l2": L1L2,
        "orthogonal_regularizer": OrthogonalRegularizer,
    }.items():
        assert type(regularizers.get(name)) is cls
    assert regularizers.get(None) is None
    assert regularizers.get(L2).l2 == pytest.approx(0.01)
    assert regularizers.l1_l2 is L1L2
    assert regularizers.get({"class_name": "l2", "config": {"l2": 0.5}}).l2 == 0.5
    own = regularizers.get(lambda w: (w * w).sum())
    assert float(own(mt.Tensor([3.0]))) == 9.0
    with pytest.raises(ValueError, match="Could not interpret regularizer identifier: typo"):
        regularizers.get("typo")


@pytest.mark.parametrize("value", [-1.0, "a", float("nan"), float("inf"), [0.1], True])
def test_an_amount_is_a_finite_number_that_is_not_negative(value):
    for make in (L1, L2):
        with pytest.raises(ValueError, match="expected a non-negative float"):
            make(value)


def test_what_an_orthogonal_regularizer_refuses():
    with pytest.raises(ValueError, match=r'Expected one of {"rows", "columns"}. Received: mode=both'):
        OrthogonalRegularizer(mode="both")
    with pytest.raises(ValueError, match=r"must have rank 2. Received: inputs.shape=\(2, 2, 2\)$"):
        OrthogonalRegularizer()(np.ones((2, 2, 2)))


def test_one_of_your_own_defines_its_config():
    class Mine(regularizers.Regularizer):
        pass

    with pytest.raises(NotImplementedError, match=r"does not implement get_config\(\)"):
        Mine().get_config()
    assert repr(Mine()) == "Mine()"
    assert Mine()(X) == 0.0
