"""HDF5: what Keras writes is written and read; what points elsewhere or promises too much is refused."""

from __future__ import annotations

import builtins
import io
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from microtensor.saving import FileDamagedError, hdf5
from microtensor.saving.layout import Entry

h5py = pytest.importorskip("h5py")

ENTRIES = [
    Entry("", "sequential", {}),
    Entry("layers/dense", "hidden", {"0": np.ones((2, 3), np.float32), "1": np.arange(3.0)}),
    Entry("optimizer", "sgd", {"0": np.array(7, np.int64)}),
]


def made(fill: Callable[[Any], None]) -> bytes:
    whole = io.BytesIO()
    with h5py.File(whole, "w") as file:
        fill(file)
    return whole.getvalue()


def test_variables_come_back_and_equal_ones_are_equal_bytes() -> None:
    data = hdf5.write(ENTRIES)
    assert data == hdf5.write(ENTRIES)
    read = hdf5.read(data)
    assert set(read) == {"layers/dense", "optimizer"}
    for path, _, arrays in ENTRIES:
        for key, array in arrays.items():
            assert read[path][key].dtype == array.dtype
            np.testing.assert_array_equal(read[path][key], array)


def test_the_layout_is_that_of_keras() -> None:
    with h5py.File(io.BytesIO(hdf5.write(ENTRIES))) as file:
        assert file["layers/dense/vars"].attrs["name"] == "hidden"
        assert file["vars"].attrs["name"] == "sequential"
        assert list(file["vars"]) == []
        kernel = file["layers/dense/vars/0"]
        assert (kernel.shape, kernel.dtype, kernel.chunks, dict(kernel.attrs)) == (
            (2, 3),
            np.float32,
            None,
            {},
        )


def test_halves_of_floats_are_widened() -> None:
    def fill(file: Any) -> None:
        values = np.array([1.0, -2.5], np.float32).view(np.uint32) >> 16
        file["layers/dense/vars/0"] = values.astype(np.uint16).view("V2")
        file["layers/dense/vars/0"].attrs["dtype"] = "bfloat16"

    np.testing.assert_array_equal(hdf5.read(made(fill))["layers/dense"]["0"], [1.0, -2.5])


def test_other_byte_orders_are_turned() -> None:
    read = hdf5.read(made(lambda file: file.create_dataset("vars/0", data=np.arange(3, dtype=">f4"))))
    assert read[""]["0"].dtype == np.float32
    np.testing.assert_array_equal(read[""]["0"], [0, 1, 2])


def test_the_seal_notices_every_flipped_bit() -> None:
    data = hdf5.seal(hdf5.write(ENTRIES[:2]))
    expected = hdf5.read(data)["layers/dense"]
    for byte in range(0, len(data), 37):
        flipped = bytearray(data)
        flipped[byte] ^= 1 << byte % 8
        try:
            read = hdf5.read(bytes(flipped))
        except FileDamagedError:
            continue
        assert byte >= len(data) - 27, "only a flip in the seal itself may pass"
        np.testing.assert_array_equal(read["layers/dense"]["0"], expected["0"])


def test_a_sealed_file_is_one_of_h5py_that_may_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "x.weights.h5"
    path.write_bytes(hdf5.seal(hdf5.write(ENTRIES)))
    with h5py.File(path, "r+") as file:
        file["layers/dense/vars/1"][...] = 5.0
    np.testing.assert_array_equal(hdf5.read(path.read_bytes())["layers/dense"]["1"], 5.0)


@pytest.mark.parametrize("cut", range(1, 6000, 250))
def test_truncation_is_an_error(cut: int) -> None:
    with pytest.raises(FileDamagedError):
        hdf5.read(hdf5.write(ENTRIES)[:-cut])


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere.h5"
    with h5py.File(path, "w") as file:
        file["vars/0"] = np.ones(3)
        file["raw"] = np.ones(3)
    return path


def hostile(elsewhere: Path) -> dict[str, tuple[Callable[[Any], None], str]]:
    def cycle(file: Any) -> None:
        file.create_group("a")["b"] = file["/"]

    def twice(file: Any) -> None:
        file["vars/0"] = np.ones(3)
        file["vars/1"] = file["vars/0"]

    def virtual(file: Any) -> None:
        layout = h5py.VirtualLayout((3,), "f8")
        layout[:] = h5py.VirtualSource(str(elsewhere), "raw", (3,))
        file.create_virtual_dataset("vars/0", layout)

    def deep(file: Any) -> None:
        file["/".join(["a"] * 150) + "/vars/0"] = np.ones(1)

    def at(name: str, **settings: Any) -> Callable[[Any], None]:
        return lambda file: file.create_dataset(name, **settings)

    def link(name: str, target: Any) -> Callable[[Any], None]:
        return lambda file: file.__setitem__(name, target)

    external = [(str(elsewhere), 0, 24)]
    return {
        "external link": (link("vars", h5py.ExternalLink(str(elsewhere), "/vars")), "ExternalLink"),
        "external link to a variable": (
            link("vars/0", h5py.ExternalLink("/etc/passwd", "/x")),
            "ExternalLink",
        ),
        "soft link": (link("vars/0", h5py.SoftLink("/raw")), "SoftLink"),
        "dangling soft link": (link("layers", h5py.SoftLink("/nowhere")), "SoftLink"),
        "external storage": (at("vars/0", shape=(3,), dtype="f8", external=external), "external Dataset"),
        "virtual dataset": (virtual, "virtual Dataset"),
        "shape bomb": (at("vars/0", shape=(2**50,), dtype="f8", chunks=(1024,)), "shape bomb"),
        "contiguous shape bomb": (at("vars/0", shape=(2**40,), dtype="f8"), "shape bomb"),
        "compressed": (at("vars/0", data=np.zeros(10**6), compression="gzip"), "bomb"),
        "shuffled": (at("vars/0", data=np.zeros(10**3), shuffle=True, chunks=(10,)), "bomb"),
        "texts": (at("vars/0", data=["a", "b"]), "numbers"),
        "references": (at("vars/0", shape=(1,), dtype=h5py.ref_dtype), "numbers"),
        "records": (at("vars/0", data=np.zeros(2, [("a", "f8")])), "numbers"),
        "complex numbers": (at("vars/0", data=np.zeros(2, "c8")), "numbers"),
        "nothing": (at("vars/0", data=h5py.Empty("f4")), "empty"),
        "a group that is above itself": (cycle, "second name"),
        "two names of one": (twice, "second name"),
        "deep groups": (deep, "nest deeper"),
    }


@pytest.mark.parametrize("name", hostile(Path()))
def test_a_hostile_file_is_refused(name: str, elsewhere: Path) -> None:
    fill, words = hostile(elsewhere)[name]
    data, before = made(fill), elsewhere.read_bytes()
    seen: list[str] = []
    tracemalloc.start()
    with pytest.MonkeyPatch.context() as patch:
        for module, function in ((builtins, "open"), (os, "open"), (io, "open")):
            real = getattr(module, function)
            patch.setattr(
                module, function, lambda *args, real=real, **kw: (seen.append(args[0]), real(*args, **kw))[1]
            )
        try:
            with pytest.raises(FileDamagedError, match=words):
                hdf5.read(data)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert seen == []
    assert peak < 10 * len(data) + 1_000_000
    assert elsewhere.read_bytes() == before


def test_a_file_of_another_kind_is_no_hdf5() -> None:
    for data in (b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"\x89HDF\r\n\x1a\n" + bytes(1000)):
        with pytest.raises(FileDamagedError):
            hdf5.read(data)


def test_random_damage_is_an_error_or_other_numbers_but_never_a_crash() -> None:
    """Keras' own files have no checksum: what HDF5 itself does not notice is read as it stands."""
    data = hdf5.write(ENTRIES)
    draw = np.random.default_rng(0)
    for _ in range(400):
        flipped = bytearray(data)
        for byte in draw.integers(0, len(data), draw.integers(1, 5)):
            flipped[byte] ^= 1 << draw.integers(8)
        try:
            read = hdf5.read(bytes(flipped))
        except FileDamagedError:
            continue
        assert sum(array.nbytes for arrays in read.values() for array in arrays.values()) <= len(data)


def test_without_h5py_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ImportError, match=r"pip install \"microtensor\[h5\]\""):
        hdf5.write(ENTRIES)
