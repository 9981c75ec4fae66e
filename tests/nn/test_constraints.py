"""Constraints: Keras' numbers, names, configs."""

import json
from pathlib import Path

import numpy as np
import pytest

from microtensor import Tensor
from microtensor.keras import constraints
from microtensor.keras.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_small_functions.json").read_text("utf-8"))
CASES = {
    name.split("/")[1]: case for name, case in RECORDED["cases"].items() if name.startswith("constraints/")
}
MADE = {
    "MaxNorm()": MaxNorm(),
    "MaxNorm(1.0,axis=1)": MaxNorm(1.0, axis=1),
    "UnitNorm()": UnitNorm(),
    "MinMaxNorm()": MinMaxNorm(),
}
W = np.random.default_rng(0).normal(size=(10, 6)) * 20
ALL = [MaxNorm(3.0, axis=1), NonNeg(), UnitNorm(axis=[0, 1]), MinMaxNorm(0.5, 2.0, 0.7, axis=1)]


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_of_keras(name):
    recorded = CASES[name]
    y = MADE[name](np.array(recorded["x"], "float32"))
    assert y.dtype == recorded["y"]["dtype"]
    np.testing.assert_allclose(y, recorded["y"]["value"], rtol=1e-6, atol=1e-6)


def test_lengths():
    def length(w):
        return np.linalg.norm(w, axis=0)

    assert length(MaxNorm(2.0)(W).numpy()).max() <= 2
    np.testing.assert_allclose(length(UnitNorm()(W).numpy()), 1)
    between = length(MinMaxNorm(0.2, 0.5)(W).numpy())
    assert (between >= 0.2).all()
    assert (between <= 0.5).all()
    halfway = length(MinMaxNorm(0.0, 1.0, rate=0.5)(W).numpy())
    np.testing.assert_allclose(halfway, (1 + length(W)) / 2)
    small = np.array([[0.3], [0.4]])
    np.testing.assert_allclose(MaxNorm(2.0)(small), small, rtol=1e-6, err_msg="what is short enough stays")


def test_zeros_stay_zeros():
    for made in ALL[:3]:
        assert made(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]


def test_not_negative():
    assert NonNeg()([[-3.0, 3.0, 0.0]]).tolist() == [[0, 3, 0]]
    assert np.isnan(NonNeg()([np.nan]).numpy()).all(), "NaN shows"


@pytest.mark.parametrize("made", ALL, ids=repr)
def test_configs_and_names(made):
    config = constraints.serialize(made)
    assert config["module"] == "keras.constraints"
    again = constraints.deserialize(json.loads(json.dumps(config)))
    assert again.get_config() == made.get_config()
    np.testing.assert_array_equal(again(W), made(W))
    assert type(constraints.get(type(made).__name__)) is type(made)


def test_lookup():
    names = {"max_norm": MaxNorm, "non_neg": NonNeg, "unit_norm": UnitNorm, "min_max_norm": MinMaxNorm}
    for name, cls in names.items():
        assert type(constraints.get(name)) is getattr(constraints, name) is cls
    assert constraints.get(None) is None
    assert constraints.get({"class_name": "max_norm", "config": {"max_value": 3}}).max_value == 3
    with pytest.raises(ValueError, match="Could not interpret constraint identifier: typo"):
        constraints.get("typo")


def test_the_base_leaves_weights_as_they_are():
    w = Tensor([1.0, 2.0])
    assert Constraint()(w) is w
    assert Constraint().get_config() == {}
    assert isinstance(Constraint.from_config({}), Constraint)
