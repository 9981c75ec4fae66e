"""Whole models: what is saved is what is loaded, and it trains on as if nothing had been."""

from __future__ import annotations

import io
import json
import os
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microtensor import keras, random
from microtensor.keras import saving as registration
from microtensor.saving import FileDamagedError, load_model, model_from_json, save_model

from .samples import X, Y, numbers, same, xor

pytest.importorskip("h5py")
WHOLE = ["model.mt", "model.keras", "model.h5"]
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.3),
    "momentum": lambda: keras.optimizers.SGD(0.3, momentum=0.9, nesterov=True),
    "adam": lambda: keras.optimizers.Adam(0.05),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
    "schedule": lambda: keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_model_comes_back_as_it_was(tmp_path: Path, name: str, optimizer: str) -> None:
    model = xor(OPTIMIZERS[optimizer]())
    model.save(tmp_path / name)
    back = keras.models.load_model(tmp_path / name)
    assert same(numbers(back), numbers(model))
    assert back.to_json() == model.to_json()
    assert [layer.name for layer in back.layers] == ["hidden", "out"]
    assert type(back.optimizer) is type(model.optimizer)
    np.testing.assert_array_equal(back.predict(X, verbose=0), model.predict(X, verbose=0))


@pytest.mark.parametrize("name", ["model.mt", "model.keras"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_resumed_training_is_uninterrupted_training(tmp_path: Path, name: str, optimizer: str) -> None:
    """Shuffled: the order of the samples goes on too."""
    straight = xor(OPTIMIZERS[optimizer](), epochs=3)
    rest = straight.fit(X, Y, batch_size=2, epochs=4, verbose=0)
    model = xor(OPTIMIZERS[optimizer](), epochs=3)
    model.save(tmp_path / name)
    random.seed(999)
    back = keras.models.load_model(tmp_path / name)
    resumed = back.fit(X, Y, batch_size=2, epochs=4, verbose=0)
    assert resumed.history == rest.history
    assert same(numbers(back), numbers(straight))


@pytest.mark.parametrize("name", ["model.mt", "model.keras"])
def test_random_layers_go_on_too(tmp_path: Path, name: str) -> None:
    def made() -> Any:
        random.seed(5)
        layers = [keras.Input((2,)), keras.layers.Dense(8), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
        model = keras.Sequential(layers)
        model.compile("sgd", "mse")
        model.fit(X, Y, batch_size=2, epochs=2, verbose=0)
        return model

    straight, model = made(), made()
    model.save(tmp_path / name)
    back = keras.models.load_model(tmp_path / name)
    straight.fit(X, Y, batch_size=2, epochs=2, verbose=0)
    back.fit(X, Y, batch_size=2, epochs=2, verbose=0)
    assert same(numbers(back), numbers(straight))


@pytest.mark.parametrize("name", [*WHOLE, "model.weights.h5", "model.weights.mt"])
def test_the_same_model_is_the_same_bytes(tmp_path: Path, name: str) -> None:
    model = xor()
    saved = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / name
        if "weights" in name:
            model.save_weights(path)
        else:
            model.save(path)
        saved.append(path.read_bytes())
    assert saved[0] == saved[1]
    if name in ("model.mt", "model.keras"):
        load_model(tmp_path / "one" / name).save(tmp_path / name)
        assert (tmp_path / name).read_bytes() == saved[0]


def test_the_archive_is_that_of_keras(tmp_path: Path) -> None:
    xor().save(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "model.keras") as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        config, metadata = json.loads(archive.read("config.json")), json.loads(archive.read("metadata.json"))
    assert set(metadata) >= {"keras_version", "date_saved"}
    assert list(config) == [
        "module",
        "class_name",
        "config",
        "registered_name",
        "build_config",
        "compile_config",
    ]
    assert (config["module"], config["class_name"]) == ("keras", "Sequential")
    assert config["config"]["layers"][0]["class_name"] == "InputLayer"
    assert config["build_config"] == {"input_shape": [None, 2]}


def test_our_own_archive_needs_numpy_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "h5py", None)
    model = xor()
    model.save(tmp_path / "model.mt")
    back = load_model(tmp_path / "model.mt")
    assert same(numbers(back), numbers(model))
    with (
        zipfile.ZipFile(tmp_path / "model.mt") as archive,
        archive.open("weights/layers/dense/vars/0.npy") as file,
    ):
        np.testing.assert_array_equal(np.load(io.BytesIO(file.read())), model.layers[0].kernel.numpy())
    for name in ("model.keras", "model.h5"):
        with pytest.raises(ImportError, match=r"microtensor\[h5\]"):
            model.save(tmp_path / name)
    assert os.listdir(tmp_path) == ["model.mt"]


def test_a_folder_and_an_open_file(tmp_path: Path) -> None:
    model = xor()
    for _ in range(2):
        save_model(model, tmp_path / "folder", zipped=False)
    assert sorted(os.listdir(tmp_path / "folder")) == ["config.json", "metadata.json", "model.weights.h5"]
    assert os.listdir(tmp_path) == ["folder"]
    assert same(numbers(load_model(tmp_path / "folder")), numbers(model))
    stream = io.BytesIO()
    save_model(model, stream)
    stream.seek(0)
    assert same(numbers(load_model(stream)), numbers(model))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="other things than a model"):
        save_model(model, tmp_path / "mine", zipped=False)
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_without_compile(tmp_path: Path) -> None:
    for name in WHOLE:
        xor().save(tmp_path / name)
        assert not load_model(tmp_path / name, compile=False).compiled
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,))])
    for name in WHOLE:
        model.save(tmp_path / name)
        back = load_model(tmp_path / name)
        assert not back.compiled
        np.testing.assert_array_equal(back.predict(X, verbose=0), model.predict(X, verbose=0))
    xor().save(tmp_path / "model.h5", include_optimizer=False)
    assert not load_model(tmp_path / "model.h5").compiled


def test_an_unbuilt_model_is_saved_with_a_warning(tmp_path: Path) -> None:
    model = keras.Sequential([keras.layers.Dense(3), keras.layers.Dense(1)])
    for name in ("model.mt", "model.keras"):
        with pytest.warns(UserWarning, match="has not yet been built"):
            model.save(tmp_path / name)
        assert not load_model(tmp_path / name).built


@pytest.mark.parametrize("overwrite", ["y", "n"])
def test_overwriting_is_asked_for(tmp_path: Path, overwrite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, answers = tmp_path / "model.mt", iter(["what?", overwrite])
    path.write_bytes(b"old")
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    xor().save(path, overwrite=False)
    assert (path.read_bytes() == b"old") == (overwrite == "n")


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    model = xor(epochs=0)
    with pytest.raises(ValueError, match="Invalid filepath extension for saving"):
        model.save(tmp_path / "model.png")
    with pytest.raises(ValueError, match="argument is deprecated"):
        model.save(tmp_path / "model", save_format="keras")
    with pytest.raises(ValueError, match=r"The following argument\(s\) are not supported: \['nonsense'\]"):
        model.save(tmp_path / "model.keras", nonsense=1)
    with pytest.raises(ValueError, match=r"should not end in `\.keras`"):
        model.save(tmp_path / "model.keras", zipped=False)
    with pytest.raises(ValueError, match="takes a Model"):
        save_model(3, tmp_path / "model.keras")
    with pytest.raises(ValueError, match="Please ensure the file is an accessible"):
        load_model(tmp_path / "none.keras")
    with pytest.raises(ValueError, match="File format not supported"):
        load_model(tmp_path / "model.pkl")
    (tmp_path / "text.keras").write_text("no archive")
    with pytest.raises(FileDamagedError, match="Please ensure the file is an accessible"):
        load_model(tmp_path / "text.keras")
    with pytest.raises(FileNotFoundError):
        load_model(tmp_path / "none.h5")
    model.save_weights(tmp_path / "x.weights.mt")
    (tmp_path / "x.weights.mt").rename(tmp_path / "x.mt")
    with pytest.raises(FileDamagedError, match="weights alone"):
        load_model(tmp_path / "x.mt")


def test_json_without_weights() -> None:
    model = xor()
    back = model_from_json(model.to_json())
    assert back.to_json() == model.to_json()
    assert back.layers[0].kernel.shape == (2, 3)
    for text in (
        "{",
        "[]",
        "3",
        "[" * 1000,
        '{"class_name": "Dense", "config": {"units": 1}, "module": "keras.layers"}',
    ):
        with pytest.raises(FileDamagedError):
            model_from_json(text)


# --- classes of the caller -------------------------------------------------------------------------------


class Doubling(keras.layers.Layer):
    """A layer with a variable that is no weight of training, kept in a way of its own."""

    def __init__(self, factor: float = 2.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor, self.calls = factor, np.zeros(())
        self.inner = keras.layers.Dense(2)

    def build(self, input_shape: Any) -> None:
        self.inner.build(input_shape)
        self.inner.built = True

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs) * self.factor

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}

    def save_own_variables(self, store: Any) -> None:
        store["calls"] = self.calls

    def load_own_variables(self, store: Any) -> None:
        self.calls = np.array(store["calls"])


@pytest.mark.parametrize("name", ["model.mt", "model.keras"])
def test_layers_of_the_caller(tmp_path: Path, name: str) -> None:
    model = keras.Sequential([keras.Input((2,)), Doubling(3.0), keras.layers.Dense(1)])
    model.layers[0].calls = np.array(7.5)
    model.save(tmp_path / name)
    with pytest.raises(TypeError, match="Could not locate class 'Doubling'"):
        load_model(tmp_path / name)
    for back in (
        load_model(tmp_path / name, custom_objects={"Doubling": Doubling}),
        _in_scope(lambda: load_model(tmp_path / name)),
    ):
        assert back.layers[0].calls == 7.5
        np.testing.assert_array_equal(back.predict(X, verbose=0), model.predict(X, verbose=0))


def _in_scope(function: Any) -> Any:
    with registration.custom_object_scope({"Doubling": Doubling}):
        return function()


class Blocks(keras.Model):
    """Layers in nested lists and dicts, one twice, and a list that holds itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.blocks = [(keras.layers.Dense(3), keras.layers.Dense(3)), [keras.layers.Dense(3)]]
        self.named = {"a": keras.layers.Dense(2), "b": [keras.layers.Dense(2)]}
        self.again = self.named["a"]
        self.cycle: list[Any] = []
        self.cycle.append(self.cycle)
        self._last = keras.layers.Dense(1)

    def call(self, x: Any) -> Any:
        for block in self.blocks:
            for layer in block:
                x = layer(x)
        return self._last(self.named["b"][0](self.named["a"](x)))


@pytest.mark.parametrize("name", ["model.mt", "model.keras"])
def test_models_of_the_caller_with_nested_lists(tmp_path: Path, name: str) -> None:
    model = Blocks()
    model(X)
    model.save(tmp_path / name)
    back = load_model(tmp_path / name, custom_objects={"Blocks": Blocks})
    assert same([w.numpy() for w in back.weights], [w.numpy() for w in model.weights])
    assert len(back.weights) == 12
    np.testing.assert_array_equal(back.predict(X, verbose=0), model.predict(X, verbose=0))


def test_a_layer_that_cannot_be_saved_leaves_no_file(tmp_path: Path) -> None:
    class Refusing(keras.layers.Dense):
        def save_own_variables(self, store: Any) -> None:
            raise ZeroDivisionError("no")

    model = keras.Sequential([keras.Input((2,)), Refusing(1)])
    for name in WHOLE[:2]:
        with pytest.raises(ZeroDivisionError):
            model.save(tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_layer_that_cannot_be_loaded_is_an_error(tmp_path: Path) -> None:
    class Refusing(keras.layers.Dense):
        def load_own_variables(self, store: Any) -> None:
            raise ZeroDivisionError("no")

    keras.Sequential([keras.Input((2,)), Refusing(1)]).save(tmp_path / "model.mt")
    with pytest.raises(ValueError, match=r"A total of 1 objects could not be loaded.*Refusing"):
        load_model(tmp_path / "model.mt", custom_objects={"Refusing": Refusing})


def test_a_registered_class_is_found_without_being_named(tmp_path: Path) -> None:
    @registration.register_keras_serializable(package="files")
    class Shift(keras.layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs + 1.0

    model = keras.Sequential([keras.Input((2,)), Shift()])
    model.save(tmp_path / "model.mt")
    assert "files>Shift" in model.to_json()
    assert isinstance(load_model(tmp_path / "model.mt").layers[0], Shift)


def test_nothing_is_warned_of(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("model.mt", "model.keras"):
            xor().save(tmp_path / name)
            load_model(tmp_path / name)


def test_a_model_that_compiles_in_its_own_way_is_not_compiled_by_its_file(tmp_path):
    @keras.saving.register_keras_serializable("mine")
    class Own(keras.Sequential):
        def compile(self, one, other):
            super().compile(one, loss=other)

    model = Own([keras.layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    model.save(tmp_path / "own.mt")
    with pytest.warns(UserWarning, match=r"`compile\(\)` was not called as part of model loading"):
        loaded = keras.models.load_model(tmp_path / "own.mt")
    assert not loaded.compiled
    np.testing.assert_array_equal(loaded.get_weights()[0], model.get_weights()[0])


def test_a_registered_function_is_written_under_its_registered_name():
    @keras.saving.register_keras_serializable("mine")
    def half(y_true, y_pred):
        return (y_pred - y_true) / 2

    written = keras.saving.serialize_keras_object(half)
    assert written["config"] == written["registered_name"] == "mine>half"
    assert keras.saving.deserialize_keras_object(written) is half
