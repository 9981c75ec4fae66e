"""Files that are damaged, or made to do harm: an error, or the old numbers; never more, and nothing else."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microtensor import keras
from microtensor.saving import FileDamagedError, archive, hdf5, load_model, npy

from .samples import same, xor

h5py = pytest.importorskip("h5py")
NAMES = ["model.keras", "model.mt", "x.weights.h5", "x.weights.mt"]


def saved(folder: Path, name: str) -> Any:
    model = xor()
    if "weights" in name:
        model.save_weights(folder / name)
    else:
        model.save(folder / name)
    return model


def load(path: Path) -> Any:
    if "weights" not in path.name:
        return load_model(path)
    model = xor(seed=9)
    model.load_weights(path)
    return model


def state(folder: Path) -> dict[str, Any]:
    return {
        str(path): (path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
        for path in folder.rglob("*")
    }


def refused_or_same(path: Path, data: bytes, model: Any) -> bool:
    """Was it refused? If not, it is the model that was saved. Nothing else happens either way."""
    path.write_bytes(data)
    before = state(path.parent)
    try:
        back = load(path)
    except FileDamagedError:
        return True
    finally:
        assert state(path.parent) == before
    assert same(back.get_weights(), model.get_weights())
    return False


def damages(data: bytes, seed: int) -> Iterator[bytes]:
    draw = np.random.default_rng(seed)
    for _ in range(40):  # a bit
        flipped = bytearray(data)
        flipped[draw.integers(len(data))] ^= 1 << draw.integers(8)
        yield bytes(flipped)
    for cut in draw.integers(0, len(data), 15):  # the end
        yield data[:cut]
    for _ in range(10):  # a piece
        a, b = sorted(draw.integers(0, len(data), 2))
        yield data[:a] + bytes(draw.integers(0, 256, b - a, np.uint8)) + data[b:]
        yield data[:a] + data[b:]
    yield b""
    yield data + b"more"
    yield data + data


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_an_error_or_changes_nothing(tmp_path: Path, name: str) -> None:
    model = saved(tmp_path, name)
    data = (tmp_path / name).read_bytes()
    refused = [refused_or_same(tmp_path / name, damaged, model) for damaged in damages(data, len(name))]
    assert len(refused) >= 75
    assert sum(refused) > len(refused) / 2


def members(name: str) -> dict[str, bytes]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        saved(Path(folder), name)
        return archive.unpack(Path(folder, name).read_bytes(), lambda name: True)


def with_config(change: Any) -> dict[str, bytes]:
    whole = members("model.mt")
    config = json.loads(whole["config.json"])
    changed = change(config)
    return {**whole, "config.json": json.dumps(config if changed is None else changed).encode()}


class Bomb:
    def __reduce__(self) -> Any:
        return os.system, ("echo run > pwned",)


def pickled() -> bytes:
    whole = io.BytesIO()
    np.save(whole, np.array([Bomb()], dtype=object), allow_pickle=True)
    return whole.getvalue()


def layer(config: Any, k: int = 1) -> Any:
    return config["config"]["layers"][k]


def setting(path: str, value: Any) -> Any:
    """A change of one value in the config: "config.layers.1.config.units"."""

    def change(config: Any) -> None:
        *above, last = path.split(".")
        for step in above:
            config = config[int(step) if isinstance(config, list) else step]
        config[int(last) if isinstance(config, list) else last] = value

    return change


CONFIGS: dict[str, Any] = {
    "an unknown class": setting("config.layers.1.class_name", "Popen"),
    "a class of another module": setting("config.layers.1.module", "subprocess"),
    "a registered name that nobody registered": setting("config.layers.1.registered_name", "os>system"),
    "a class of the standard library": lambda config: {
        "module": "os",
        "class_name": "system",
        "config": "echo run > pwned",
        "registered_name": None,
    },
    "a function of the standard library": setting(
        "config.layers.1.config.activation",
        {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
    ),
    "a builtin function": setting(
        "config.layers.1.config.activation",
        {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "function"},
    ),
    "a lambda": setting(
        "config.layers.1.config.activation",
        {"class_name": "__lambda__", "config": {"code": "4wAAAAA=", "defaults": None, "closure": None}},
    ),
    "no class at all": setting("config.layers.1", {}),
    "no layers": setting("config.layers", 3),
    "layers that are numbers": setting("config.layers", [1, 2]),
    "negative units": setting("config.layers.1.config.units", -3),
    "units that are a text": setting("config.layers.1.config.units", "three"),
    "a name with a slash": setting("config.layers.1.config.name", "../../x"),
    "another width": setting("config.layers.1.config.units", 4),
    "another input": setting("config.layers.0.config.batch_shape", [None, 5]),
    "an unknown setting": setting("config.layers.1.config.nonsense", 1),
    "an unknown optimizer": setting("compile_config.optimizer", "nonsense"),
    "an optimizer of nothing": setting("compile_config.optimizer", {"class_name": 3, "config": []}),
    "an unknown dtype": setting("config.layers.1.config.dtype", "object"),
    "a number": lambda config: 3,
    "a list": lambda config: [config],
    "a dense layer alone": lambda config: layer(config),
}
CONFIGS_OF_SIZE: dict[str, Any] = {
    "more units than are in the file": setting("config.layers.1.config.units", 2 * 10**7),
    "many more units": setting("config.layers.1.config.units", 10**12),
    "a wide input": setting("config.layers.0.config.batch_shape", [None, 2 * 10**7]),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_hostile_config_is_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    modules = set(sys.modules)
    (tmp_path / "model.mt").write_bytes(archive.pack(with_config(CONFIGS[name])))
    with pytest.raises((ValueError, TypeError)):
        load_model("model.mt", safe_mode=False)
    assert os.listdir(tmp_path) == ["model.mt"]
    assert not {"subprocess", "os"} & (set(sys.modules) - modules)


BOUNDED = """
import resource, sys
from microtensor.saving import load_model
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
try:
    load_model(sys.argv[1])
except (ValueError, TypeError) as error:
    print(type(error).__name__, error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("name", CONFIGS_OF_SIZE)
def test_a_config_cannot_ask_for_more_than_the_file_holds(tmp_path: Path, name: str) -> None:
    (tmp_path / "model.mt").write_bytes(archive.pack(with_config(CONFIGS_OF_SIZE[name])))
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, str(tmp_path / "model.mt")],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            "OPENBLAS_NUM_THREADS": "1",
        },
        check=True,
    )
    *_, said, grown = done.stdout.splitlines()
    assert "Error" in said
    assert int(grown) < 100_000, f"{said}: {grown} kB"


def raw_header(shape: Any) -> bytes:
    whole = io.BytesIO()
    np.lib.format.write_array_header_1_0(whole, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return whole.getvalue()


KERNEL = "weights/layers/dense/vars/0.npy"
MEMBERS: dict[str, Any] = {
    "objects in an array": lambda whole: {**whole, KERNEL: pickled()},
    "a pickle for an array": lambda whole: {**whole, KERNEL: pickle.dumps(Bomb())},
    "a huge array": lambda whole: {**whole, KERNEL: raw_header((2**40,))},
    "another shape": lambda whole: {**whole, KERNEL: npy.to_bytes(np.zeros((3, 2), np.float32))},
    "texts": lambda whole: {**whole, KERNEL: raw_header((1,)).replace(b"<f4", b"<U1") + bytes(4)},
    "no kernel": lambda whole: {name: data for name, data in whole.items() if name != KERNEL},
    "one variable more": lambda whole: {**whole, KERNEL.replace("0", "7"): whole[KERNEL]},
    "no config": lambda whole: {name: data for name, data in whole.items() if name != "config.json"},
    "no metadata": lambda whole: {name: data for name, data in whole.items() if name != "metadata.json"},
    "deep JSON": lambda whole: {**whole, "config.json": b'{"a":' * 50_000},
    "deep metadata": lambda whole: {**whole, "metadata.json": b"[" * 50_000},
    "no JSON": lambda whole: {**whole, "config.json": b"import os"},
    "a newer format": lambda whole: {**whole, "metadata.json": b'{"microtensor": {"format": 99}}'},
    "a strange format": lambda whole: {**whole, "metadata.json": b'{"microtensor": [1]}'},
    "a strange training state": lambda whole: {
        **whole,
        "metadata.json": b'{"microtensor": {"format": 1, "training": {"order": {"state": 1}, "seeds": 3}}}',
    },
    "a name that points out": lambda whole: {**whole, "weights/../../../tmp/x.npy": whole[KERNEL]},
    "an absolute name": lambda whole: {**whole, "/tmp/x.npy": whole[KERNEL]},
}


@pytest.mark.parametrize("name", MEMBERS)
def test_hostile_members_are_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = archive.pack(MEMBERS[name](members("model.mt")))
    (tmp_path / "model.mt").write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"."):
            load_model("model.mt")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert os.listdir(tmp_path) == ["model.mt"]


def test_members_that_are_none_of_a_model_are_never_read(tmp_path: Path) -> None:
    whole = {**members("model.keras"), "assets/x.bin": b"x" * 100, "README.md": b"hello"}
    data = archive.pack(whole).replace(b"x" * 100, b"y" * 100)  # a wrong checksum there does not matter
    (tmp_path / "model.keras").write_bytes(data)
    assert same(load_model(tmp_path / "model.keras").get_weights(), xor().get_weights())
    assert os.listdir(tmp_path) == ["model.keras"]


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
def test_a_zip_bomb_is_refused(tmp_path: Path, name: str) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as file:
        for member, data in members("model.keras").items():
            kind = zipfile.ZIP_DEFLATED if member == name else zipfile.ZIP_STORED
            file.writestr(member, bytes(200_000_000) if member == name else data, kind)
    (tmp_path / "model.keras").write_bytes(whole.getvalue())
    tracemalloc.start()
    try:
        with pytest.raises(FileDamagedError, match="decompression bomb"):
            load_model(tmp_path / "model.keras")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_an_hdf5_file_that_points_elsewhere_in_an_archive(tmp_path: Path) -> None:
    model = saved(tmp_path, "model.keras")
    target = tmp_path / "target.h5"
    target.write_bytes(members("model.keras")["model.weights.h5"])
    whole = io.BytesIO()
    with h5py.File(whole, "w") as file:
        file["layers"] = h5py.ExternalLink(str(target), "/layers")
    data = archive.pack({**members("model.keras"), "model.weights.h5": whole.getvalue()})
    (tmp_path / "model.keras").write_bytes(data)
    with pytest.raises(FileDamagedError, match="ExternalLink"):
        load_model(tmp_path / "model.keras")
    with pytest.raises(FileDamagedError, match="second name"):
        hdf5.read(_linked_twice())
    assert model.built


def _linked_twice() -> bytes:
    whole = io.BytesIO()
    with h5py.File(whole, "w") as file:
        file["layers/dense/vars/0"] = np.zeros(3)
        file["layers/dense_1"] = file["layers/dense"]
    return whole.getvalue()


def test_damaged_weights_leave_the_model_as_it_was(tmp_path: Path) -> None:
    saved(tmp_path, "x.weights.mt")
    whole = members("x.weights.mt")
    whole["weights/layers/dense_1/vars/0.npy"] = npy.to_bytes(np.zeros((9, 9), np.float32))
    (tmp_path / "x.weights.mt").write_bytes(archive.pack(whole))
    model = xor(seed=4)
    before = model.get_weights()
    with pytest.raises(ValueError, match="could not be loaded"):
        model.load_weights(tmp_path / "x.weights.mt")
    assert same(model.get_weights(), before)


def test_a_lambda_is_never_run(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation=lambda x: x * 2.0)])
    model.save(tmp_path / "model.mt")
    for safe_mode in (True, False):
        with pytest.raises(ValueError, match="arbitrary code execution"):
            load_model(tmp_path / "model.mt", safe_mode=safe_mode)
