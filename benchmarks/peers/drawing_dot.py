"""Graphviz: the program `dot`, given the same graphs as bare boxes and lines."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys

from common import QUICK

LIMIT = 60  # seconds

program = shutil.which("dot")
if program is None:
    sys.exit("the program dot is not on PATH")


def chain(length: int) -> str:
    """y = y + 1, length times: a constant stands beside each addition."""
    lines = [f"a{k} -> a{k + 1}; c{k} -> a{k + 1};" for k in range(length)]
    return "digraph { rankdir=LR; node [shape=box]; " + " ".join(lines) + "}"


def took(text: str) -> float | None:
    """Seconds of the processor; None: it took too long."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        subprocess.run(
            [program, "-Tsvg"], input=text.encode(), capture_output=True, check=True, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


found = {
    "xor": took(chain(7)),
    "hundred": took(chain(101)),
    "thousand": took(chain(100 if QUICK else 1_000)),
    "ten thousand": took(chain(200 if QUICK else 10_000)),
}
late = [row for row, seconds in found.items() if seconds is None]
note = f"{', '.join(late)}: killed after {LIMIT} s" if late else ""
print(json.dumps({"rows": {row: s for row, s in found.items() if s is not None}, "note": note}))
