"""PNG and PDF out of DOT text, by whoever can draw it here.

The one idea: a ladder. The `dot` program if it is on PATH; else the package `pygraphviz`, which brings a
Graphviz of its own; else a sentence that says what is missing. Each rung is a process that gets the text and
gives the bytes, so that one that takes too long can be stopped, and one that crashes takes nobody with it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from ..atomic import replace_file

IMAGES = (".png", ".pdf")
OURS = b'<svg class="mt"'  # how our SVG files begin
SECONDS = 20.0  # how long one rung may take
DPI = 144
HOW = 'install Graphviz, so that `dot` is on PATH, or pip install "microtensor[png]"'

_PYGRAPHVIZ = """
import sys, warnings, pygraphviz
warnings.simplefilter("ignore")
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode("utf-8"))
graph.graph_attr["dpi"] = sys.argv[2]
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog="dot"))
"""


def save_image(
    path: Path, dot: str, svg: Callable[[], str], dpi: int = DPI, suffix: str | None = None
) -> Path:
    """Write a PNG or PDF file, as `suffix` says, or as `path` ends. Returns the path of what was written:
    where nobody here can draw one, that is an SVG beside it, and one warning says so.
    """
    try:
        data = image(dot, (suffix or path.suffix).lower()[1:], dpi)
    except NoImageError as error:
        reason, written = str(error), _beside(path)
    else:
        replace_file(path, data)
        return path
    replace_file(written, svg().encode())
    warnings.warn(f"wrote {written.name} instead of {path.name}: {reason}.", stacklevel=3)
    return written


def _beside(path: Path) -> Path:
    """`xor.svg` for `xor.png`; `xor.png.svg` if there is an xor.svg already that is no picture of ours."""
    beside = path.with_suffix(".svg")
    with contextlib.suppress(FileNotFoundError), open(beside, "rb") as file:
        if file.read(len(OURS)) != OURS:
            return path.with_name(f"{path.name}.svg")
    return beside


class NoImageError(RuntimeError):
    """The image could not be made. Its text is what is missing or went wrong, and what to do."""


def image(dot: str, format: str, dpi: int = DPI, seconds: float = SECONDS) -> bytes:
    """The picture that a DOT text describes.

    Args:
        dot: the text. format: "png" or "pdf". dpi: pixels to an inch, for PNG.
        seconds: after so long a program is stopped.

    Raises:
        NoImageError: nobody here can draw it.
    """
    complaints = []
    for name, command in _rungs(format, dpi):
        made = _made(name, command, dot.encode(), seconds)
        if isinstance(made, bytes):
            return made
        complaints.append(made)
    raise NoImageError(" and ".join(complaints) or f"{format.upper()} needs Graphviz: {HOW}")


def _rungs(format: str, dpi: int) -> Iterator[tuple[str, list[str]]]:
    """(name, command) of each that is there."""
    program = shutil.which("dot")
    if program:
        yield "dot", [program, f"-T{format}", f"-Gdpi={dpi}"]
    if importlib.util.find_spec("pygraphviz"):
        yield "pygraphviz", [sys.executable, "-c", _PYGRAPHVIZ, format, str(dpi)]


def _made(name: str, command: list[str], text: bytes, seconds: float) -> bytes | str:
    """What the command makes of the text; or, as a str, why it makes nothing.

    It, and what it started, is stopped when the time is over or Ctrl-C comes.
    """
    pipe, own_group = subprocess.PIPE, os.name == "posix"
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=own_group)
    except OSError as error:
        return f"{name} cannot be started ({error.strerror})"
    with process:
        try:
            data, complaint = process.communicate(text, seconds)
        except BaseException as error:
            if own_group:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                return f"{name} took longer than {seconds:g} s and was stopped"
            raise
    if process.returncode or not data:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:]
        return f"{name} failed ({last[0][:200] if last else f'exit code {process.returncode}'})"
    return data
