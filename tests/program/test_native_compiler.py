"""The compiler: which one is taken, and what happens when it is missing, fails, hangs or says nonsense."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import stat
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from microtensor.program.native import compiler, native_step
from microtensor.program.native.c_source import Function, joined
from microtensor.program.native.memory import printable

from .native_cases import Builder, assert_close, interpreted, needs_compiler

posix = pytest.mark.skipif(os.name != "posix", reason="the compilers of these tests are shell scripts")


@pytest.fixture(autouse=True)
def no_cc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)


def script(folder: Path, text: str, name: str = "cc") -> Path:
    """A compiler that does what the text says."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def without_ziglang(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "ziglang" else real(name, *rest)
    )


@pytest.mark.parametrize("path", ["", "nowhere"])
def test_without_a_compiler_the_message_names_the_remedy(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path)
    without_ziglang(monkeypatch)
    with pytest.raises(compiler.CompilerError, match=r'pip install "microtensor\[native\]"'):
        compiler.find()


def test_a_compiler_from_pip_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "ziglang").mkdir()
    (tmp_path / "ziglang" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    monkeypatch.delitem(sys.modules, "ziglang", raising=False)
    assert compiler.find().command == (sys.executable, "-m", "ziglang", "cc")


@posix
def test_the_environments_compiler_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = script(tmp_path, "exit 0", "other")
    script(tmp_path, "exit 0", "gcc")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert compiler.find().command == (str(tmp_path / "gcc"),)
    monkeypatch.setenv("CC", f"{other} -m64")
    first = compiler.find()
    assert first.command == (str(other), "-m64")
    other.write_text(other.read_text() + "# a new version\n")
    assert compiler.find().identity != first.identity
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(compiler.CompilerError, match="CC='no-such-compiler'"):
        compiler.find()


@posix
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo 'step.c:3: something is wrong'; exit 7", r"failed \(7\): step.c:3: something is wrong"),
        ("exit 0", "made no library"),
        ("for last; do :; done; : > step.so; exit 0", "made no library"),
        ("head -c 100000 /dev/zero | tr '\\0' 'x'; exit 1", r"failed \(1\): x{600}$"),
    ],
)
def test_a_compiler_that_fails(tmp_path: Path, text: str, message: str) -> None:
    cc = compiler._compiler((str(script(tmp_path, text)),))
    with pytest.raises(compiler.CompilerError, match=message):
        compiler.compiled("int x;", cc)


@posix
def test_a_compiler_that_is_no_program(tmp_path: Path) -> None:
    path = script(tmp_path, "")
    path.write_bytes(b"\x7fELF, but not really")
    with pytest.raises(compiler.CompilerError, match="cannot run"):
        compiler.compiled("int x;", compiler._compiler((str(path),)))


@posix
def test_a_compiler_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    cc = script(tmp_path, f"(sleep 3; touch {mark}) & sleep 60")
    began = time.monotonic()
    with pytest.raises(compiler.CompilerError, match=r"more than 0.5 s and was ended"):
        compiler.compiled("int x;", compiler._compiler((str(cc),)), seconds=0.5)
    assert time.monotonic() - began < 30
    time.sleep(3.5)
    assert not mark.exists()


@needs_compiler
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert compiler.compiled("int x;", compiler.find())
    with pytest.raises(compiler.CompilerError, match="failed"):
        compiler.compiled("this is no C", compiler.find())
    assert not list(tmp_path.iterdir())


HOSTILE = [
    "*/ int system(const char*); /*",
    "dense\\",
    "dense??/",
    "a\nint x = ;",
    "a\r#error no\u2028#error",
    '"; } #include "/etc/passwd"',
    "%s%n{0}",
    "층/ガ",
    "",
    "x" * 10_000,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_one_line_of_plain_characters(name: str) -> None:
    shown = printable(name)
    assert len(shown) <= 80
    assert not set(shown) & set('\\?*\n\r"#;{}<>%')
    assert shown.isascii()


@needs_compiler
def test_hostile_names_change_nothing() -> None:
    b = Builder()
    x = b.input(np.ones((2, 3), np.float32), HOSTILE[0])
    y: object = x
    for name in HOSTILE:
        y = b.row("add", b.row("sum", y, axis=0, keepdims=True, scope=name), x, scope=name)
    program = b.program(y)  # type: ignore[arg-type]
    step = native_step(program)
    assert max(map(len, step.source.splitlines())) < 200
    assert_close(step(b.arrays([x]), [])[0], interpreted(program, b.arrays([x]), []))


def test_the_source_reads_well() -> None:
    b = Builder()
    x, w = b.input(np.ones((4, 3), np.float32), "x"), b.input(np.ones(3, np.float32), "bias")
    y = b.row("maximum", b.row("add", x, w, scope="dense"), 0, scope="dense")
    function = Function("dense", [y])
    for v in (x, w):
        function.put(v, function.parameter(v, v))
    function.put(y, function.parameter(y, y, constant=False))
    function.write(b.rows)
    assert (
        function.text
        == """\
SHARED void dense(void **p) {
    const float *v1 = p[0];
    const float *v2 = p[1];
    float *v4 = p[2];
    const uint64_t mode = flush_tiny();
    // dense
    for (int64_t i = 0; i < 4; i++) {
        INDEPENDENT
        for (int64_t j = 0; j < 3; j++) {
            const float x1 = v1[i * 3 + j];
            const float x2 = v2[j];
            const float x3 = x1 + x2;
            const float x4 = x3 > 0.0f || x3 != x3 ? x3 : 0.0f;
            v4[i * 3 + j] = x4;
        }
    }
done: restore_mode(mode);
}"""
    )
    assert joined([function]).isascii()


@needs_compiler
@pytest.mark.skipif(importlib.util.find_spec("ziglang") is None, reason="ziglang (400 MB) is not installed")
def test_ziglang_compiles() -> None:
    cc = compiler._compiler((sys.executable, "-m", "ziglang", "cc"))
    data = compiler.compiled(joined([]) + "\nSHARED float f(float x) { return fast_expf(x); }\n", cc)
    import tempfile

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, f"f{compiler.SUFFIX}")
        path.write_bytes(data)
        f = ctypes.CDLL(str(path)).f
    f.restype, f.argtypes = ctypes.c_float, (ctypes.c_float,)
    assert f(1.0) == pytest.approx(np.e, rel=1e-6)
