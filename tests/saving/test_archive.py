"""Archives, arrays and JSON from files that nobody vouches for."""

from __future__ import annotations

import io
import time
import tracemalloc
import warnings
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from microtensor.saving import FileDamagedError, archive, json_text, npy


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    whole = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of names that come twice
        with zipfile.ZipFile(whole, "w", method) as file:
            for name, data in members:
                file.writestr(name, data)
    return whole.getvalue()


def everything(name: str) -> bool:
    return True


def test_equal_members_are_equal_bytes_in_order_stored_and_dated_1980() -> None:
    members = {"metadata.json": b"{}", "config.json": b"[]", "b": b"2", "a": b"1"}
    packed = archive.pack(members)
    assert packed == archive.pack(members)
    assert archive.unpack(packed, everything) == members
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert [entry.filename for entry in file.infolist()] == list(members)
        assert {(entry.compress_type, entry.date_time) for entry in file.infolist()} == {
            (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))
        }


def test_only_what_is_wanted_is_read() -> None:
    packed = archive.pack({"a": b"1", "b": b"2"})
    broken = packed.replace(b"2", b"3")
    assert archive.unpack(broken, lambda name: name == "a") == {"a": b"1"}
    with pytest.raises(FileDamagedError, match="CRC"):
        archive.unpack(broken, everything)


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../../x", "..\\x", "C:\\x", "C:x", "..", "weights/../../x"]
)
def test_names_that_point_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(FileDamagedError, match="points out of it"):
        archive.unpack(zipped([("config.json", b"{}"), (name, b"x")]), everything)


def test_a_name_that_comes_twice_is_refused() -> None:
    with pytest.raises(FileDamagedError, match="two members 'a'"):
        archive.unpack(zipped([("a", b"1"), ("a", b"2")]), everything)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_is_refused_before_it_goes_off(method: int) -> None:
    bomb = zipped([("config.json", bytes(300_000_000))], method)
    assert len(bomb) < 500_000
    tracemalloc.start()
    try:
        with pytest.raises(FileDamagedError, match="decompression bomb"):
            archive.unpack(bomb, everything)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_a_size_that_was_forged_is_noticed() -> None:
    good = zipped([("a", bytes(100_000))], zipfile.ZIP_DEFLATED)
    for size in (10, 99_999, 100_001):
        forged = good.replace((100_000).to_bytes(4, "little"), size.to_bytes(4, "little"))
        with pytest.raises(FileDamagedError):
            archive.unpack(forged, everything)


def test_a_compressed_archive_of_honest_contents_is_read() -> None:
    contents = [("a", b'{"layers": []}' * 50), ("b", np.arange(10_000.0).tobytes())]
    assert archive.unpack(zipped(contents, zipfile.ZIP_DEFLATED), everything) == dict(contents)


@given(st.binary(max_size=400), st.integers(0, 10_000), st.integers(1, 255))
def test_damage_is_an_error_or_changes_nothing(contents: bytes, where: int, flip: int) -> None:
    members = {"metadata.json": b"{}", "config.json": contents}
    packed = bytearray(archive.pack(members))
    packed[where % len(packed)] ^= flip
    try:
        read = archive.unpack(bytes(packed), everything)
    except FileDamagedError:
        return
    assert set(read.values()) == set(members.values()) or read.items() <= members.items()


@given(st.integers(0, 300))
def test_truncation_is_an_error(cut: int) -> None:
    packed = archive.pack({"metadata.json": b"{}", "config.json": b"{}" * 20})
    with pytest.raises(FileDamagedError):
        archive.unpack(packed[: min(cut, len(packed) - 1)], everything)


# --- .npy ------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(
    npst.floating_dtypes(), npst.integer_dtypes(), npst.unsigned_integer_dtypes(), st.just("?")
)


@given(npst.arrays(NUMBERS, npst.array_shapes(min_dims=0, min_side=0, max_side=4)), st.booleans())
def test_arrays_come_back_as_they_were(array: np.ndarray, fortran: bool) -> None:
    if fortran:
        array = np.asfortranarray(array)
    back = npy.from_bytes(npy.to_bytes(array))
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.shape == array.shape
    assert back.tobytes() == array.astype(back.dtype).tobytes()
    assert back.flags.writeable


def test_numpys_own_files_are_read() -> None:
    for array in (np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.array(3), np.zeros((0, 2), np.int8)):
        whole = io.BytesIO()
        np.save(whole, array)
        np.testing.assert_array_equal(npy.from_bytes(whole.getvalue()), array)


def header(shape: Any, descr: str = "<f8") -> bytes:
    whole = io.BytesIO()
    np.lib.format.write_array_header_1_0(whole, {"descr": descr, "fortran_order": False, "shape": shape})
    return whole.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        header((2**50,)),
        header((2**62, 4)) + bytes(8),
        header((3,)) + bytes(16),
        header((-1,)) + bytes(16),
        header((2,), "|O") + bytes(16),
        header((1,), "|V8") + bytes(8),
        header((1,), "<U2") + bytes(8),
        header((1,), "<M8[s]") + bytes(8),
        header((1,), "<c8") + bytes(8),
        b"",
        b"\x93NUMPY\x01\x00",
        b"\x93NUMPY\x03\x00" + bytes(100),
        b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 70_000,
        b"\x93NUMPY\x01\x00\x10\x00" + b"__import__('os')",
        b"\x80\x04N.",
    ],
    ids=range(15),
)
def test_hostile_arrays_are_refused(data: bytes) -> None:
    with pytest.raises(FileDamagedError):
        npy.from_bytes(data)


def test_pickled_objects_are_never_loaded() -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return pytest.fail, ("a pickle was run",)

    whole = io.BytesIO()
    np.save(whole, np.array([Bomb()], dtype=object), allow_pickle=True)
    with pytest.raises(FileDamagedError, match="numbers only"):
        npy.from_bytes(whole.getvalue())


# --- JSON ------------------------------------------------------------------------------------------------


def test_json_is_read() -> None:
    assert json_text.parse_object(b'{"a": [1, 2.5, "]}[{", "\\"[", null]}') == {
        "a": [1, 2.5, "]}[{", '"[', None]
    }
    assert json_text.parse(json_text.write({"\u00e9": [True]})) == {"\u00e9": [True]}


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[1,", b"{'a': 1}", b"\xff\xfe", b'"', b'{"a": 1} x', b"nul", b"1" * 10_000]
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(FileDamagedError):
        json_text.parse(text)


def test_an_object_is_asked_for() -> None:
    with pytest.raises(FileDamagedError, match="must be an object"):
        json_text.parse_object(b"[1]", "config.json")


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
def test_deep_json_is_refused_before_it_is_parsed(bracket: str) -> None:
    assert json_text.parse("[" * 100 + "]" * 100)
    for depth in (101, 100_000):
        with pytest.raises(FileDamagedError, match="nests deeper"):
            json_text.parse(bracket * depth)


def test_long_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "LARGEST", 100)
    with pytest.raises(FileDamagedError, match="at most 100"):
        json_text.parse(b" " * 101)


def test_hostile_quotes_take_linear_time() -> None:
    before = time.process_time()
    with pytest.raises(FileDamagedError):
        json_text.parse('"\\"' * 300_000)
    assert time.process_time() - before < 20
