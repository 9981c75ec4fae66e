"""PNG and PDF: by `dot`, else by pygraphviz, else an SVG and one sentence. Never a stray file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from microtensor.graph import draw, image
from tests.missing import dot_program

from .samples import xor_loss

MAGIC = {".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF-"}
posix = pytest.mark.skipif(os.name != "posix", reason="the program is a shell script")


@pytest.fixture
def nobody(monkeypatch, tmp_path):
    """No program on PATH and no package; the folder of a PATH that programs may be put in."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(image.importlib.util, "find_spec", lambda name: None)
    return programs


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pictures"
    made.mkdir()
    return made


def program(folder: Path, script: str) -> None:
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".PNG"])
def test_the_program_draws(folder, suffix):
    dot_program()
    path = draw(xor_loss()).save(folder / f"그림{suffix}")
    assert path.read_bytes().startswith(MAGIC[suffix.lower()])
    assert os.listdir(folder) == [path.name]


def test_dark_and_light_differ():
    dot_program()
    light, dark = (image.image(draw(xor_loss(), theme=theme).dot, "png") for theme in ("light", "dark"))
    assert light != dark


@pytest.mark.parametrize("name", ["xor.png", "xor.pdf"])
def test_without_anybody_an_svg_and_one_sentence(folder, nobody, name):
    (folder / name).write_bytes(b"old")
    with pytest.warns(UserWarning, match="instead of") as caught:
        written = draw(xor_loss()).save(folder / name)
    [warning] = caught
    assert str(warning.message) == (
        f"wrote xor.svg instead of {name}: {name[4:].upper()} needs Graphviz: install Graphviz, so that "
        '`dot` is on PATH, or pip install "microtensor[png]".'
    )
    assert warning.filename == __file__, "it points at whoever saved"
    assert written == folder / "xor.svg"
    assert written.read_text("utf-8") == draw(xor_loss()).svg
    assert (folder / name).read_bytes() == b"old"
    assert sorted(os.listdir(folder)) == sorted([name, "xor.svg"])


def test_only_a_picture_of_ours_is_replaced(folder, nobody):
    (folder / "a.svg").write_text("<svg>drawn by hand</svg>")
    draw(xor_loss()).save(folder / "b.svg")
    with pytest.warns(UserWarning, match=r"wrote a\.png\.svg instead of a\.png"):
        assert draw(xor_loss()).save(folder / "a.png").name == "a.png.svg"
    with pytest.warns(UserWarning, match=r"wrote b\.svg instead of b\.png"):
        assert draw(xor_loss(), lang="ko").save(folder / "b.png").name == "b.svg"
    assert (folder / "a.svg").read_text() == "<svg>drawn by hand</svg>"
    assert (folder / "b.svg").read_text("utf-8") == draw(xor_loss(), lang="ko").svg


@posix
def test_a_program_that_takes_too_long_is_stopped_with_all_that_it_started(tmp_path, nobody):
    note = tmp_path / "child"
    program(nobody, f"/bin/sleep 60 &\necho $! > {note}\nwait")
    start = time.monotonic()
    with pytest.raises(image.NoImageError, match=r"^dot took longer than 0\.5 s and was stopped$"):
        image.image("digraph {}", "png", seconds=0.5)
    assert time.monotonic() - start < 30
    child = int(note.read_text())
    for _ in range(100):
        state = subprocess.run(["/bin/ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True)
        if not state.stdout.strip() or state.stdout.startswith("Z"):
            break
        time.sleep(0.05)
    else:
        pytest.fail("what the program had started still runs")


@posix
@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("echo one >&2; echo the fonts are gone >&2; exit 3", r"dot failed \(the fonts are gone\)"),
        ("exit 3", r"dot failed \(exit code 3\)"),
        ("exit 0", r"dot failed \(exit code 0\)"),
        ("kill -SEGV $$", r"dot failed \(exit code -11\)"),
    ],
)
def test_a_program_that_fails_says_why(folder, nobody, script, sentence):
    program(nobody, script)
    with pytest.warns(UserWarning, match=rf"^wrote xor\.svg instead of xor\.png: {sentence}\.$"):
        draw(xor_loss()).save(folder / "xor.png")
    assert os.listdir(folder) == ["xor.svg"]


@posix
def test_a_program_that_cannot_be_started(nobody):
    path = nobody / "dot"
    path.write_bytes(b"\x7fnothing that runs")
    path.chmod(0o755)
    with pytest.raises(image.NoImageError, match=r"^dot cannot be started \("):
        image.image("digraph {}", "png")


PACKAGE = """
class AGraph:
    def __init__(self, string):
        self.text, self.graph_attr = string, {}

    def draw(self, format, prog):
        return f"{format} {prog} {self.graph_attr['dpi']} {self.text}".encode()
"""


def test_the_package_is_the_second_rung(tmp_path, nobody, monkeypatch):
    (tmp_path / "pygraphviz.py").write_text(PACKAGE)
    monkeypatch.setattr(image.importlib.util, "find_spec", {"pygraphviz": "there"}.get)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(nobody))
    assert image.image("digraph {가}", "pdf", dpi=96) == "pdf dot 96 digraph {가}".encode()
    if os.name == "posix":
        program(nobody, "exit 1")
        assert image.image("digraph {}", "png") == b"png dot 144 digraph {}"


def test_the_real_package_draws(nobody):
    pytest.importorskip("pygraphviz")
    command = [sys.executable, "-c", image._PYGRAPHVIZ, "png", "96"]
    made = image._made("pygraphviz", command, draw(xor_loss()).dot.encode(), 60)
    assert isinstance(made, bytes), made
    assert made.startswith(MAGIC[".png"])


def test_ctrl_c_stops_the_program_and_is_heard(nobody, monkeypatch):
    class Interrupted(subprocess.Popen):
        def communicate(self, *args, **kwargs):
            made.append(self)
            raise KeyboardInterrupt

    made: list[Interrupted] = []
    monkeypatch.setattr(image.subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        image._made("python", [sys.executable, "-c", "import time; time.sleep(60)"], b"", 5)
    assert made[0].returncode is not None, "it has ended"


def test_no_folder_is_said_before_anything_else(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere to save x\.png in"):
        draw(xor_loss()).save(tmp_path / "nowhere" / "x.png")
    assert os.listdir(tmp_path) == []
