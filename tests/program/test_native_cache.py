"""Libraries on disk: used again, by any number of processes; never loaded if damaged or foreign."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from microtensor.program.native import cache, compiler

from .native_cases import needs_compiler

SOURCE = '__attribute__((visibility("default"))) int answer(void) { return 42; }\n'
posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are posix'")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own, and a process that has loaded nothing."""
    monkeypatch.setenv("MICROTENSOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "_loaded", {})
    return tmp_path / "cache"


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was compiled, as it happens."""
    seen: list[str] = []

    def counted(source: str, *args: object) -> bytes:
        seen.append(source)
        return compiler.compiled(source, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(cache, "compiled", counted)
    return seen


def answer() -> int:
    """As a new process would find it."""
    cache._loaded.clear()
    return int(cache.library(SOURCE).answer())


def only_file(home: Path) -> Path:
    (path,) = [path for path in home.iterdir() if path.suffix == compiler.SUFFIX]
    return path


@needs_compiler
def test_a_second_process_compiles_nothing(home: Path, compilations: list[str]) -> None:
    assert (answer(), answer()) == (42, 42)
    assert len(compilations) == 1
    assert cache.library(SOURCE) is cache.library(SOURCE)
    if os.name == "posix":
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE(only_file(home).stat().st_mode) == 0o600
    assert len(list(home.iterdir())) == 1  # nothing half-written is left


@needs_compiler
@pytest.mark.parametrize("what", ["bit", "short", "empty", "no library", "another's bytes"])
def test_a_damaged_file_is_made_again(home: Path, compilations: list[str], what: str) -> None:
    answer()
    path = only_file(home)
    good = path.read_bytes()
    bad = {
        "bit": good[:2000] + bytes([good[2000] ^ 1]) + good[2001:],
        "short": good[: len(good) // 2],
        "empty": b"",
        "no library": b"#!/bin/sh\necho no\n",
        "another's bytes": good + b"\0",
    }[what]
    path.unlink()  # never in place: this process has the old one open
    path.write_bytes(bad)
    assert answer() == 42
    assert len(compilations) == 2
    assert only_file(home).read_bytes() != bad


@needs_compiler
def test_a_file_with_the_right_sum_that_is_no_library_is_made_again(
    home: Path, compilations: list[str]
) -> None:
    answer()
    path = only_file(home)
    key = path.name.partition("-")[0]
    path.unlink()
    wrong = b"this is no library"
    (home / f"{key}-{hashlib.sha256(wrong).hexdigest()}{compiler.SUFFIX}").write_bytes(wrong)
    assert answer() == 42
    assert len(compilations) == 2
    assert wrong not in {path.read_bytes() for path in home.iterdir()}


@needs_compiler
@posix
def test_a_file_that_others_may_write_is_not_loaded(home: Path, compilations: list[str]) -> None:
    answer()
    only_file(home).chmod(0o666)
    assert answer() == 42
    assert len(compilations) == 2


@needs_compiler
@posix
def test_a_link_is_not_followed(home: Path, compilations: list[str], tmp_path: Path) -> None:
    answer()
    path = only_file(home)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert answer() == 42
    assert len(compilations) == 2
    assert not only_file(home).is_symlink()


@needs_compiler
@posix
@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_folder_that_others_may_write_is_not_used(home: Path, compilations: list[str], mode: int) -> None:
    home.mkdir()
    home.chmod(mode)
    assert (answer(), answer()) == (42, 42)
    assert len(compilations) == 2
    assert not list(home.iterdir())


@needs_compiler
@posix
def test_a_folder_of_another_user_is_not_used(
    home: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer()
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid + 1)
    assert cache.folder() is None
    assert answer() == 42
    assert len(compilations) == 2


@needs_compiler
@pytest.mark.parametrize("where", ["a file", "below a file", "a dangling link"])
def test_without_a_folder_all_works(
    home: Path, compilations: list[str], where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere" / "at all")
    path = {"a file": "file", "below a file": "file/cache", "a dangling link": "link"}[where]
    monkeypatch.setenv("MICROTENSOR_CACHE", str(tmp_path / path))
    assert (answer(), answer()) == (42, 42)
    assert len(compilations) == 2


@needs_compiler
def test_a_full_disk_is_no_error(
    home: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("replace", "open"):
        with monkeypatch.context() as patch:
            patch.setattr(cache, "os", types.SimpleNamespace(**{**vars(os), name: full}))
            assert answer() == 42
        assert not list(home.iterdir())


@needs_compiler
def test_what_the_key_depends_on(
    home: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer()
    monkeypatch.setattr(cache, "machine", lambda: "another processor")
    answer()
    found = cache.find()
    monkeypatch.setattr(cache, "find", lambda: found._replace(identity="another version"))
    answer()
    assert len(compilations) == 3
    answer()
    assert len(compilations) == 3


@needs_compiler
def test_the_folder_stays_small(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST", 3)
    home.mkdir(mode=0o700)
    now = time.time()
    for k in range(6):
        path = home / f"old{k}{compiler.SUFFIX}"
        path.write_bytes(b"x")
        os.utime(path, (now - 1000 + k, now - 1000 + k))
    for name, age in (("a.part", 7200), ("b.part", 10)):
        (home / name).touch()
        os.utime(home / name, (now - age, now - age))
    answer()
    left = {path.name for path in home.iterdir()}
    assert {f"old5{compiler.SUFFIX}", f"old4{compiler.SUFFIX}", "b.part"} < left
    assert len(left) == 4
    monkeypatch.setattr(cache, "LARGEST", 1 << 20)
    (home / f"big{compiler.SUFFIX}").write_bytes(bytes(1 << 20))
    os.utime(home / f"big{compiler.SUFFIX}", (now - 2000, now - 2000))
    cache._loaded.clear()
    cache.library(SOURCE.replace("42", "43"))
    assert not (home / f"big{compiler.SUFFIX}").exists()


@needs_compiler
def test_processes_at_the_same_time(home: Path) -> None:
    code = f"from microtensor.program.native.cache import library; print(library({SOURCE!r}).answer())"
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert [process.communicate(timeout=120)[0] for process in running] == ["42\n"] * 4
    assert not list(home.glob("*.part"))
    assert all(cache._is_whole(path) for path in home.iterdir())


@pytest.mark.parametrize(
    ("system", "variables", "end"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/microtensor/native"),
        ("linux", {}, "/home/someone/.cache/microtensor/native"),
        ("darwin", {}, "/home/someone/Library/Caches/microtensor/native"),
        ("win32", {"LOCALAPPDATA": "/app"}, "/app/microtensor/native"),
    ],
)
@posix
def test_the_platforms_folder(
    system: str, variables: dict[str, str], end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MICROTENSOR_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/someone", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cache.sys, "platform", system)
    assert cache._wanted() == Path(end)
