"""Graphviz on the same graph: a process that reads DOT and writes SVG."""

from __future__ import annotations

import shutil
import subprocess
import sys

from common import per_call, report
from pictures_xor import loss

program = shutil.which("dot")
if program is None:
    sys.exit("dot is not on PATH")

from microtensor.graph import draw  # noqa: E402

text = draw(loss()).dot.encode()
report({"svg": per_call(lambda: subprocess.run([program, "-Tsvg"], input=text, stdout=-1, check=True))})
