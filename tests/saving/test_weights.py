"""Weights alone: `save_weights` and `load_weights`, and what they say of what does not fit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microtensor import keras
from microtensor.saving import save_weights

from .samples import X, numbers, same, xor

pytest.importorskip("h5py")
ALONE = ["x.weights.h5", "x.weights.mt"]
ALL = [*ALONE, "x.keras", "x.mt", "x.h5"]


def stack(*units: int) -> Any:
    layers = [keras.layers.Dense(n) for n in units]
    return keras.Sequential([keras.Input((3,)), *layers])


def write(model: Any, path: Path) -> Path:
    if "weights" in path.name:
        model.save_weights(path)
    else:
        model.save(path)
    return path


@pytest.mark.parametrize("name", ALL)
def test_weights_are_read_from_every_kind_of_file(tmp_path: Path, name: str) -> None:
    model, other = xor(seed=1), xor(seed=2)
    other.load_weights(write(model, tmp_path / name))
    assert same([w.numpy() for w in other.weights], [w.numpy() for w in model.weights])
    if name != "x.h5":
        assert same(numbers(other), numbers(model))
    np.testing.assert_array_equal(other.predict(X, verbose=0), model.predict(X, verbose=0))


@pytest.mark.parametrize("source", ["float16", "float32", "float64"])
@pytest.mark.parametrize("target", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", ALL)
def test_weights_are_cast_to_the_model(tmp_path: Path, name: str, source: str, target: str) -> None:
    model, other = (
        keras.Sequential([keras.layers.Dense(5, input_shape=(3,), dtype=dtype)]) for dtype in (source, target)
    )
    other.load_weights(write(model, tmp_path / name))
    assert other.weights[0].dtype == target
    for a, b in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a.astype("f8"), b.astype("f8"), atol=1e-3, rtol=1e-2)


@pytest.mark.parametrize("name", ["x.weights.h5", "x.weights.mt", "x.keras"])
def test_what_does_not_fit_changes_nothing(tmp_path: Path, name: str) -> None:
    path = write(stack(4, 5), tmp_path / name)
    for other, words in (
        (stack(4, 6), "must match"),
        (stack(4, 5, 5), "received 0 variables"),
        (
            stack(4, 5, 5),
            r"A total of 1 objects could not be loaded. Example error message for object <Dense",
        ),
    ):
        before = [w.numpy().copy() for w in other.weights]
        with pytest.raises(ValueError, match=words):
            other.load_weights(path)
        assert same([w.numpy() for w in other.weights], before)


@pytest.mark.parametrize("name", ["x.weights.h5", "x.weights.mt", "x.keras"])
def test_what_does_not_fit_may_be_skipped(tmp_path: Path, name: str) -> None:
    model = stack(4, 5)
    path = write(model, tmp_path / name)
    for other in (stack(4, 6), stack(4, 5, 5)):
        last = [w.numpy().copy() for w in other.layers[-1].weights]
        with pytest.warns(UserWarning, match="could not be loaded"):
            other.load_weights(path, skip_mismatch=True)
        assert same(other.layers[0].get_weights(), model.layers[0].get_weights())
        assert same(other.layers[-1].get_weights(), last)


def test_a_model_with_fewer_layers_takes_what_it_knows(tmp_path: Path) -> None:
    model, other = stack(4, 5), stack(4)
    other.load_weights(write(model, tmp_path / "x.weights.h5"))
    assert same(other.layers[0].get_weights(), model.layers[0].get_weights())


@pytest.mark.parametrize("name", ALONE)
def test_layers_may_be_left_out(tmp_path: Path, name: str) -> None:
    model, other = stack(5, 5), stack(5, 5)
    path, first = tmp_path / name, [w.numpy().copy() for w in other.layers[0].weights]
    save_weights(model, path)
    other.load_weights(path, objects_to_skip=[other.layers[0]])
    assert same(other.layers[0].get_weights(), first)
    assert same(other.layers[1].get_weights(), model.layers[1].get_weights())
    save_weights(model, path, objects_to_skip=[model.layers[0]])
    with pytest.raises(ValueError, match="received 0 variables"):
        other.load_weights(path)
    other.load_weights(path, objects_to_skip=[other.layers[0]])


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    model = stack(2)
    for name in ("x.h5", "x.weights", "x.mt", "x.keras"):
        with pytest.raises(ValueError, match=r"The filename must end in `\.weights\.h5`"):
            model.save_weights(tmp_path / name)
    with pytest.raises(ValueError, match="File format not supported"):
        model.load_weights(tmp_path / "x.pkl")
    with pytest.raises(FileNotFoundError):
        model.load_weights(tmp_path / "x.weights.h5")
    files = [write(model, tmp_path / name) for name in ALL]
    for path in files:
        with pytest.raises(ValueError, match="Invalid keyword arguments"):
            model.load_weights(path, nonsense=1)
        if "weights" not in path.name:
            with pytest.raises(ValueError, match=r"only supports loading '\.weights\.h5' files"):
                model.load_weights(path, objects_to_skip=[])
        if path.name != "x.h5":
            with pytest.raises(ValueError, match=r"only supports loading legacy '\.h5' or '\.hdf5' files"):
                model.load_weights(path, by_name=True)
    unbuilt = keras.Sequential([keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="You are saving a model that has not yet been built"):
        unbuilt.save_weights(tmp_path / "y.weights.h5")
    with pytest.raises(ValueError, match="You are loading weights into a model that has not yet been built"):
        unbuilt.load_weights(files[0])


@pytest.mark.parametrize(("size", "parts"), [(1, 1), (1.4e-7, 2)])
def test_weights_in_parts(tmp_path: Path, size: float, parts: int) -> None:
    model, other = stack(6, 5), stack(6, 5)
    model.save_weights(tmp_path / "x.weights.json", max_shard_size=size)
    assert len(os.listdir(tmp_path)) == parts + 1
    config = json.loads((tmp_path / "x.weights.json").read_text())
    assert config["metadata"]["total_size"] == sum(w.nbytes for w in model.get_weights())
    other.load_weights(tmp_path / "x.weights.json")
    assert same(other.get_weights(), model.get_weights())
    with pytest.raises(ValueError, match="exceeds the maximum shard size"):
        model.save_weights(tmp_path / "y.weights.json", max_shard_size=1e-9)


def test_a_list_of_parts_names_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    stack(2).save_weights(tmp_path / "secret.weights.h5")
    for name in (
        "../secret.weights.h5",
        str(tmp_path / "secret.weights.h5"),
        "..",
        "",
        "missing.weights.h5",
        3,
    ):
        (tmp_path / "in" / "x.weights.json").write_text(
            json.dumps({"weight_map": {"/layers/dense/vars": name}})
        )
        with pytest.raises(ValueError, match="no file of weights beside it"):
            stack(2).load_weights(tmp_path / "in" / "x.weights.json")


class Parent(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.dense = keras.layers.Dense(3)

    def call(self, x: Any) -> Any:
        return self.dense(x)


class Renamed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.a_dense = keras.layers.Dense(3)

    @property
    def dense(self) -> Any:
        return self.a_dense

    def call(self, x: Any) -> Any:
        return self.dense(x)


def test_an_attribute_may_be_known_by_an_older_name(tmp_path: Path) -> None:
    model, other = Parent(), Renamed()
    model(X)
    other(X)
    model.save_weights(tmp_path / "x.weights.h5")
    other.load_weights(tmp_path / "x.weights.h5")
    assert same(other.get_weights(), model.get_weights())
