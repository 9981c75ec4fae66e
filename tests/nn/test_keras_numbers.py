"""The same starting weights give the same numbers as Keras: recorded with Keras 3.15 (see tests/data)."""

import json
from pathlib import Path

import numpy as np
import pytest

from microtensor import keras

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_training.json").read_text("utf-8"))
META, CASES = RECORDED["meta"], RECORDED["cases"]
X = np.array(META["x"])

SGD = keras.optimizers.SGD
TRAINED = {
    "and_1unit_sgd0.3": (SGD(0.3), 1),
    "xor_2_2_1_sgd0.3": (SGD(0.3), 1),
    "xor_2_2_1_momentum": (SGD(0.3, momentum=0.9), 1),
    "xor_2_2_1_nesterov": (SGD(0.3, momentum=0.9, nesterov=True), 1),
    "xor_2_2_1_sgd_clipnorm": (SGD(0.3, clipnorm=0.01), 1),
    "xor_2_2_1_adam": (keras.optimizers.Adam(0.05), 1),
    "xor_2_2_1_rmsprop": (keras.optimizers.RMSprop(0.05), 1),
    "xor_batch3_partial_last": (SGD(0.3), 3),
    "xor_batch_default": (SGD(0.3), None),
}


def close(ours, recorded):
    """To 1e-6 relative; the back ends of Keras differ from each other by up to 3e-7 absolute."""
    np.testing.assert_allclose(ours, recorded, rtol=1e-6, atol=3e-7)


def network(gate):
    dense = keras.layers.Dense
    if gate:
        layers = [dense(1, "sigmoid", input_shape=(2,))]
    else:
        layers = [dense(2, "sigmoid", input_shape=(2,)), dense(1, "sigmoid")]
    model = keras.Sequential(layers)
    model.set_weights([np.array(w) for w in META["gate_weights" if gate else "xor_weights"]])
    return model


class Recorder(keras.callbacks.Callback):
    def __init__(self):
        self.weights, self.running = [], []

    def on_train_batch_end(self, batch, logs=None):
        self.running.append(logs["loss"])

    def on_epoch_end(self, epoch, logs=None):
        self.weights.append(self.model.get_weights())


@pytest.mark.parametrize("case", TRAINED)
def test_training_gives_the_losses_weights_and_predictions_of_keras(case):
    optimizer, batch_size = TRAINED[case]
    recorded, gate = CASES[case], case.startswith("and")
    model, recorder = network(gate), Recorder()
    model.compile(type(optimizer).from_config(optimizer.get_config()), loss="mse")
    history = model.fit(
        X,
        np.array(META["gates"]["and" if gate else "xor"]),
        batch_size=batch_size,
        epochs=5,
        shuffle=False,
        verbose=0,
        callbacks=[recorder],
    )
    close(history.history["loss"], recorded["history"]["loss"])
    close(recorder.running, recorded["running_loss_at_batch_end"])
    assert history.epoch == recorded["epoch"]
    assert history.params == recorded["params"]
    for ours, theirs in zip(recorder.weights, recorded["weights_after_epoch"], strict=True):
        for w, expected in zip(ours, theirs, strict=True):
            close(w, expected)
    close(model.predict(X, verbose=0), recorded["predict"])
    sizes = [np.size(v["value"]) for v in recorded["optimizer_variables"]]
    assert [v.size for v in model.optimizer.variables] == sizes
    for ours, theirs in zip(model.optimizer.variables, recorded["optimizer_variables"], strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs["value"], rtol=1e-5, atol=3e-7)


XOR = np.array(META["gates"]["xor"])
DECAY = keras.optimizers.schedules.ExponentialDecay(0.3, 4, 0.5)
WEIGHTED = {"sample_weight": np.array([1.0, 2.0, 0.0, 1.0])}
L2 = {"kernel_regularizer": keras.regularizers.L2(0.01)}
# A recorded case: optimizer, batch size, loss, arguments of compile, of the hidden layer, of fit.
WITH_MORE = {
    "xor_sample_weight": (SGD(0.3), 3, "mse", {}, {}, WEIGHTED),
    "xor_metrics_validation": (
        SGD(0.3),
        3,
        "binary_crossentropy",
        {"metrics": ["accuracy", "mae"]},
        {},
        {"validation_data": (X, XOR)},
    ),
    "xor_validation_split": (SGD(0.3), 1, "mse", {}, {}, {"validation_split": 0.25}),
    "xor_l2_regularizer": (SGD(0.3), 3, "mse", {}, L2, {}),
    "xor_initial_epoch": (SGD(0.3), 1, "mse", {}, {}, {"initial_epoch": 3}),
    "xor_2_2_1_sgd_exponential_decay": (SGD(DECAY), 1, "mse", {}, {}, {}),
}


@pytest.mark.parametrize("case", WITH_MORE)
def test_training_with_more_arguments_gives_the_numbers_of_keras(case):
    optimizer, batch_size, loss, compiled, hidden, fitted = WITH_MORE[case]
    recorded, dense = CASES[case], keras.layers.Dense
    model = keras.Sequential([dense(2, "sigmoid", input_shape=(2,), **hidden), dense(1, "sigmoid")])
    model.set_weights([np.array(w) for w in META["xor_weights"]])
    recorder = Recorder()
    model.compile(type(optimizer).from_config(optimizer.get_config()), loss=loss, **compiled)
    history = model.fit(
        X, XOR, batch_size=batch_size, epochs=5, shuffle=False, verbose=0, callbacks=[recorder], **fitted
    )
    assert list(history.history) == list(recorded["history"])
    for key, values in recorded["history"].items():
        close(history.history[key], values)
    assert (history.epoch, history.params) == (recorded["epoch"], recorded["params"])
    for ours, theirs in zip(recorder.weights, recorded["weights_after_epoch"], strict=True):
        for w, expected in zip(ours, theirs, strict=True):
            close(w, expected)
    close(model.predict(X, verbose=0), recorded["predict"])
    for ours, theirs in zip(model.optimizer.variables, recorded["optimizer_variables"], strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs["value"], rtol=1e-5, atol=3e-7)


def test_every_recorded_training_is_tried():
    elsewhere = {
        "train_on_batch",
        "softmax_3class",
    }  # below; in training_cases.py: its data were not recorded
    assert set(CASES) == {*TRAINED, *WITH_MORE, *elsewhere}


def test_train_on_batch_reports_the_batch_before_its_update():
    model = network(gate=False)
    model.compile(SGD(0.3), loss="mse", metrics=["mae"])
    y = np.array(META["gates"]["xor"])
    reported = [
        model.train_on_batch(X, y),
        model.train_on_batch(X, y),
        model.test_on_batch(X, y),
        model.train_on_batch(X, y, return_dict=True),
    ]
    expected = CASES["train_on_batch"]["train,train,test,train_dict"]
    for ours, theirs in zip(reported[:3], expected[:3], strict=True):
        close(ours, theirs)
    assert reported[3] == pytest.approx(expected[3], rel=1e-6)
    for w, theirs in zip(model.get_weights(), CASES["train_on_batch"]["weights"], strict=True):
        close(w, theirs)
