"""The steps of optimizer_cases.py, with the numbers that Keras 3.15 gave.

Recorded by tests/recording/keras_optimizers.py.
"""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras

from .optimizer_cases import CASES, SCHEDULES, SHAPES, numbers

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_optimizers.json").read_text("utf-8"))


def built(case, **more):
    """The optimizer of a case, the weights it begins with, and the gradients of all steps."""
    kind, arguments = CASES[case]
    optimizer = getattr(keras.optimizers, kind)(**arguments, **more)
    start, gradients = numbers()
    weights = [keras.Variable(a, name=key) for a, key in zip(start, SHAPES, strict=True)]
    return optimizer, weights, gradients


@pytest.mark.parametrize("name", CASES)
def test_steps_variables_and_averages_are_those_of_keras(name):
    recorded = RECORDED["cases"][name]
    optimizer, weights, gradients = built(name, name=recorded["config"]["name"])
    for each, expected in zip(gradients, recorded["steps"], strict=True):
        optimizer.apply(each, weights)
        for w, value in zip(weights, expected, strict=True):
            np.testing.assert_allclose(w.numpy(), value, rtol=1e-6, atol=1e-6)
    assert [v.shape for v in optimizer.variables] == [np.shape(v) for v in recorded["variables"]]
    for v, value in zip(optimizer.variables, recorded["variables"], strict=True):
        np.testing.assert_allclose(v.numpy(), value, rtol=2e-6, atol=1e-6, err_msg=v.path)
    optimizer.finalize_variable_values(weights)
    for w, value in zip(weights, recorded["final"], strict=True):
        np.testing.assert_allclose(w.numpy(), value, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_configurations_and_paths_are_those_of_keras(name):
    recorded = RECORDED["cases"][name]
    optimizer, weights, _ = built(name, name=recorded["config"]["name"])
    assert optimizer.get_config() == recorded["config"]
    assert list(optimizer.get_config()) == list(recorded["config"])
    again = type(optimizer).from_config(json.loads(json.dumps(optimizer.get_config())))
    assert again.get_config() == recorded["config"]
    optimizer.build(weights)
    assert [v.path for v in optimizer.variables] == recorded["paths"]
    assert (str(optimizer.variables[0].dtype), str(optimizer.variables[1].dtype)) == ("int64", "float32")


@pytest.mark.parametrize("kind", RECORDED["signatures"])
def test_signatures_have_the_names_and_defaults_of_keras(kind):
    parameters = inspect.signature(getattr(keras.optimizers, kind)).parameters.values()
    ours = {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}
    assert ours == RECORDED["signatures"][kind]


@pytest.mark.parametrize("kind", SCHEDULES)
def test_schedules_are_those_of_keras(kind):
    for recorded in RECORDED["schedules"][kind]:
        schedule = getattr(keras.optimizers.schedules, kind)(0.1, **recorded["arguments"])
        assert schedule.get_config() == recorded["config"]
        rates = [float(schedule(step)) for step in range(25)]
        np.testing.assert_allclose(rates, recorded["rates"], rtol=2e-6, atol=1e-8)
        on_tensors = [float(schedule.rate(mt.Tensor(float(step)))) for step in range(25)]
        np.testing.assert_allclose(on_tensors, rates, rtol=2e-6, atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_a_stateless_step_gives_what_apply_does_and_changes_nothing(name):
    optimizer, weights, gradients = built(name)
    optimizer.build(weights)
    before = [v.numpy() for v in (*weights, *optimizer.variables)]
    values, state = [w.numpy() for w in weights], [v.numpy() for v in optimizer.variables]
    for each in gradients:
        values, state = optimizer.stateless_apply(state, each, values)
    for v, old in zip((*weights, *optimizer.variables), before, strict=True):
        np.testing.assert_array_equal(v, old)
    for each in gradients:
        optimizer.apply(each)
    for ours, theirs in zip((*values, *state), (*weights, *optimizer.variables), strict=True):
        np.testing.assert_array_equal(ours, theirs)
