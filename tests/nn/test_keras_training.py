"""The trainings of training_cases.py, with the numbers that Keras 3.15 gave
(tests/recording/keras_training.py).
"""

import json
from pathlib import Path

import numpy as np
import pytest

from microtensor import keras

from .training_cases import CASES

# The back ends of Keras differ from each other by up to 7e-6 on these (JAX from Torch, `logits`).

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_more_training.json").read_text("utf-8"))[
    "cases"
]


@pytest.mark.parametrize("name", RECORDED)
def test_training_gives_the_numbers_of_keras(name):
    recorded = RECORDED[name]
    model, arguments = CASES[name](keras)
    model.set_weights([np.array(w, "float32") for w in recorded["start"]])
    history = model.fit(**arguments)
    assert list(history.history) == list(recorded["history"])
    for key, values in recorded["history"].items():
        np.testing.assert_allclose(history.history[key], values, rtol=1e-5, atol=1e-6, err_msg=key)
    assert len(model.get_weights()) == len(recorded["weights"])
    for ours, theirs in zip(model.get_weights(), recorded["weights"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)
    given = model.predict(arguments["x"], verbose=0)
    np.testing.assert_allclose(given, recorded["predict"], rtol=1e-5, atol=1e-5)
    assert [v.shape for v in model.optimizer.variables] == [np.shape(v) for v in recorded["optimizer"]]
    for ours, theirs in zip(model.optimizer.variables, recorded["optimizer"], strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-5, atol=1e-5)
