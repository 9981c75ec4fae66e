"""Files that Keras 3.15.1 wrote: they load, predict as Keras noted, and train on as Keras did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microtensor import keras

from .samples import FILES, Y

pytest.importorskip("h5py")
MANIFEST: dict[str, Any] = json.loads((FILES / "manifest.json").read_text())
NAMES = [name for name in MANIFEST if name != "made_with"]


def close(mine: Any, theirs: Any) -> None:
    assert len(mine) == len(theirs)
    for a, b in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_an_archive_of_keras(name: str) -> None:
    noted, model = MANIFEST[name], keras.models.load_model(FILES / f"{name}.keras")
    close(model.predict(noted["x"], verbose=0), noted["predict"])
    close(model.get_weights(), noted["weights"])
    close(
        [v.numpy() for v in model.optimizer.variables], [value for _, value in noted["optimizer_variables"]]
    )
    assert int(model.optimizer.iterations) == noted["optimizer_variables"][0][1]


@pytest.mark.parametrize("name", NAMES)
def test_training_goes_on_as_in_keras(name: str) -> None:
    noted, model = MANIFEST[name], keras.models.load_model(FILES / f"{name}.keras")
    model.fit(noted["x"], Y, batch_size=1, epochs=1, shuffle=False, verbose=0)
    close(model.get_weights(), noted["weights_after_one_more_epoch_of_the_reloaded_model"])


@pytest.mark.parametrize("name", NAMES)
def test_weights_of_keras(name: str) -> None:
    noted = MANIFEST[name]
    model = keras.Sequential(
        [keras.layers.Dense(2, "sigmoid", input_shape=(2,)), keras.layers.Dense(1, "sigmoid")]
    )
    model.load_weights(FILES / f"{name}.weights.h5")
    close(model.get_weights(), noted["weights"])
    close(model.predict(noted["x"], verbose=0), noted["predict"])


@pytest.mark.parametrize("name", NAMES)
def test_reading_changes_no_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.keras"
    shutil.copy(FILES / path.name, path)
    path.chmod(0o444)
    before = path.stat()
    keras.models.load_model(path)
    assert path.read_bytes() == (FILES / path.name).read_bytes()
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_saved_again_has_the_same_members(name: str, tmp_path: Path) -> None:
    import zipfile

    keras.models.load_model(FILES / f"{name}.keras").save(tmp_path / "again.keras")
    with (
        zipfile.ZipFile(FILES / f"{name}.keras") as theirs,
        zipfile.ZipFile(tmp_path / "again.keras") as ours,
    ):
        assert ours.namelist() == theirs.namelist()
        again, config = (json.loads(archive.read("config.json")) for archive in (ours, theirs))
    assert without_ids(again) == without_ids(config)


def without_ids(value: Any) -> Any:
    """Keras marks a dict that comes again by a number of its process."""
    if isinstance(value, dict):
        return {key: without_ids(inner) for key, inner in value.items() if key != "shared_object_id"}
    return [without_ids(inner) for inner in value] if isinstance(value, list) else value
