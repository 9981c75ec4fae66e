"""`.h5`, the file of Keras 1 and 2: as Keras 3 still writes it, and as the older ones did."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microtensor import keras
from microtensor.saving import FileDamagedError, load_model

from .samples import X, Y, numbers, same, xor

h5py = pytest.importorskip("h5py")


def dense(name: str, units: int, activation: str, **more: Any) -> dict[str, Any]:
    config = {
        "name": name,
        "trainable": True,
        **more,
        "dtype": "float32",
        "units": units,
        "activation": activation,
        "use_bias": True,
        "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
        "bias_initializer": {"class_name": "Zeros", "config": {}},
        "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.0}},
        "bias_regularizer": None,
        "activity_regularizer": None,
        "kernel_constraint": None,
        "bias_constraint": None,
    }
    return {"class_name": "Dense", "config": config}


INPUT = {
    "class_name": "InputLayer",
    "config": {
        "batch_input_shape": [None, 2],
        "dtype": "float32",
        "sparse": False,
        "ragged": False,
        "name": "hidden_input",
    },
}
LAYERS = [dense("hidden", 3, "tanh", batch_input_shape=[None, 2]), dense("out", 1, "sigmoid")]
METRIC = {
    "class_name": "MeanMetricWrapper",
    "config": {"name": "accuracy", "dtype": "float32", "fn": "binary_accuracy"},
}
MODELS = {
    "2.4": {"class_name": "Sequential", "config": {"name": "xor", "layers": [INPUT, *LAYERS]}},
    "2.2": {"class_name": "Sequential", "config": {"name": "xor", "layers": LAYERS}},
    "1.2": {"class_name": "Sequential", "config": LAYERS},
}
OPTIMIZERS: dict[str, Any] = {
    "SGD": (
        {"name": "SGD", "learning_rate": 0.05, "decay": 0.0, "momentum": 0.9, "nesterov": False},
        ["momentum"],
    ),
    "Adam": (
        {
            "name": "Adam",
            "learning_rate": 0.05,
            "decay": 0.0,
            "beta_1": 0.9,
            "beta_2": 0.999,
            "epsilon": 1e-07,
            "amsgrad": False,
        },
        ["m", "v"],
    ),
}


def written_by_keras_2(path: Path, model: Any, version: str, optimizer: str = "SGD") -> None:
    """The file that tf.keras 2 would have written of this model."""
    config, kinds = OPTIMIZERS[optimizer]
    training = {
        "loss": "mse",
        "metrics": [[METRIC]],
        "weighted_metrics": None,
        "loss_weights": None,
        "optimizer_config": {"class_name": optimizer, "config": config},
    }
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = f"{version}.0", "tensorflow"
        file.attrs["model_config"] = json.dumps(MODELS[version]).encode()
        file.attrs["training_config"] = json.dumps(training).encode()
        weights = file.create_group("model_weights")
        weights.attrs["layer_names"] = [b"hidden", b"out"]
        for layer in model.layers:
            group = weights.create_group(layer.name)
            group.attrs["weight_names"] = [f"{layer.name}/{kind}:0".encode() for kind in ("kernel", "bias")]
            for kind, w in zip(("kernel", "bias"), layer.weights, strict=True):
                group[f"{layer.name}/{kind}:0"] = w.numpy()
        names = [f"{optimizer}/iter:0"]
        state = file.create_group("optimizer_weights")
        state[names[0]] = np.int64(int(model.optimizer.iterations))
        slots = model.optimizer.variables[2:]
        for k, kind in enumerate(kinds):
            weights_of = [f"{layer.name}/{weight}" for layer in model.layers for weight in ("kernel", "bias")]
            names += [f"{optimizer}/{weight}/{kind}:0" for weight in weights_of]
            for name, slot in zip(names[-4:], slots[k :: len(kinds)], strict=True):
                state[name] = slot.numpy()
        state.attrs["weight_names"] = [name.encode() for name in names]


def sgd() -> Any:
    return keras.optimizers.SGD(0.05, momentum=0.9)


@pytest.mark.parametrize("version", MODELS)
def test_a_model_of_an_older_keras(tmp_path: Path, version: str) -> None:
    model = xor(sgd())
    written_by_keras_2(tmp_path / "old.h5", model, version)
    back = load_model(tmp_path / "old.h5")
    np.testing.assert_array_equal(back.predict(X, verbose=0), model.predict(X, verbose=0))
    assert same(numbers(back), numbers(model))
    assert back.loss == "mse"
    assert back.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)


def test_the_order_of_older_slots_is_turned(tmp_path: Path) -> None:
    """Keras 2 wrote all first moments, then all second ones; Keras 3 both of one weight after another."""
    model = xor(keras.optimizers.Adam(0.05))
    written_by_keras_2(tmp_path / "old.h5", model, "2.4", "Adam")
    back = load_model(tmp_path / "old.h5")
    assert same(numbers(back), numbers(model))
    for each in (model, back):
        each.fit(X, Y, shuffle=False, epochs=2, verbose=0)
    assert same(numbers(back), numbers(model))


def test_optimizer_state_that_does_not_fit_starts_afresh(tmp_path: Path) -> None:
    path = tmp_path / "old.h5"
    written_by_keras_2(path, xor(sgd()), "2.4")
    with h5py.File(path, "r+") as file:
        file["optimizer_weights"].attrs["weight_names"] = [b"SGD/iter:0"]
    with pytest.warns(UserWarning, match="freshly initialized optimizer"):
        back = load_model(path)
    assert int(back.optimizer.iterations) == 0


def test_weights_of_an_older_keras_by_order_and_by_name(tmp_path: Path) -> None:
    model, path = xor(sgd()), tmp_path / "old.h5"
    written_by_keras_2(path, model, "2.4")
    other = keras.Sequential(
        [keras.layers.Dense(3, input_shape=(2,), name="hidden"), keras.layers.Dense(1, name="else")]
    )
    last = [w.copy() for w in other.layers[1].get_weights()]
    other.load_weights(path, by_name=True)
    assert same(other.layers[0].get_weights(), model.layers[0].get_weights())
    assert same(other.layers[1].get_weights(), last)
    other.load_weights(path)
    assert same(other.get_weights(), model.get_weights())


def test_what_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "old.h5"
    xor(sgd()).save(path)
    for units, words in (
        ((3,), "Layer count mismatch"),
        ((3, 2), "Shape mismatch in layer #1"),
    ):
        layers = [keras.layers.Dense(n) for n in units]
        other = keras.Sequential([keras.Input((2,)), *layers])
        before = [w.copy() for w in other.get_weights()]
        with pytest.raises(ValueError, match=words):
            other.load_weights(path)
        assert same(other.get_weights(), before)
    with pytest.warns(UserWarning, match="Skipping loading weights"):
        other.load_weights(path, skip_mismatch=True)
    other = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3, use_bias=False, name="hidden"), keras.layers.Dense(1)]
    )
    with pytest.raises(ValueError, match="Weight count mismatch for layer #0"):
        other.load_weights(path)
    with pytest.raises(ValueError, match="Weight count mismatch for layer #0"):
        other.load_weights(path, by_name=True)
    with pytest.warns(UserWarning, match="mismatch in number"):
        other.load_weights(path, by_name=True, skip_mismatch=True)


def test_the_layout_is_that_of_keras(tmp_path: Path) -> None:
    xor().save(tmp_path / "model.h5")
    with h5py.File(tmp_path / "model.h5") as file:
        assert set(file.attrs) == {"backend", "keras_version", "model_config", "training_config"}
        assert set(file) == {"model_weights", "optimizer_weights"}
        assert list(file["model_weights"].attrs["layer_names"]) == ["hidden", "out"]
        hidden = file["model_weights/hidden"]
        assert list(hidden.attrs["weight_names"]) == ["xor/hidden/kernel", "xor/hidden/bias"]
        assert hidden["xor/hidden/kernel"].shape == (2, 3)
        assert json.loads(file.attrs["training_config"])["optimizer_config"]["class_name"] == "Adam"


def test_folders_are_made_and_the_format_is_called_old(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a" / "b" / "model.h5"
    with caplog.at_level(logging.WARNING):
        xor().save(path)
    assert path.exists()
    assert "legacy" in caplog.text


def test_long_lists_of_names_are_split(tmp_path: Path) -> None:
    layers = [keras.layers.Dense(1, name=f"{'n' * 700}_{k}") for k in range(120)]
    model = keras.Sequential([keras.Input((1,)), *layers])
    model.save(tmp_path / "model.h5")
    assert same(load_model(tmp_path / "model.h5").get_weights(), model.get_weights())


def test_a_file_without_a_model_says_so(tmp_path: Path) -> None:
    xor().save_weights(tmp_path / "x.weights.h5")
    with pytest.raises(ValueError, match="No model config found in the file at"):
        load_model(tmp_path / "x.weights.h5")


@pytest.mark.parametrize("kind", ["external", "soft"])
def test_links_to_elsewhere_are_refused(tmp_path: Path, kind: str) -> None:
    model = xor()
    model.save(tmp_path / "target.h5")
    with h5py.File(tmp_path / "link.h5", "w") as file:
        if kind == "external":
            file["model_weights"] = h5py.ExternalLink(str(tmp_path / "target.h5"), "/model_weights")
        else:
            file.create_group("real")
            file["model_weights"] = h5py.SoftLink("/real")
    with pytest.raises(FileDamagedError, match="ExternalLink" if kind == "external" else "SoftLink"):
        model.load_weights(tmp_path / "link.h5")
