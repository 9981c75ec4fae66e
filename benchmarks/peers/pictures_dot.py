"""Graphviz on the same graphs: a process that reads DOT and writes SVG."""

from __future__ import annotations

import json
import resource
import subprocess

from common import QUICK, per_call
from pictures_xor import loss

from microtensor.graph import draw

LIMIT = 60  # seconds


def run(text: str) -> None:
    """`dot`, once."""
    subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=True, timeout=LIMIT)


def took(operations: int) -> float | None:
    """Seconds of the processor for a chain with one weight, as bare boxes and lines; None: too many."""
    lines = [f"a{k} -> a{k + 1};" + (f" w -> a{k + 1};" if k % 2 else "") for k in range(operations)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        run("digraph { rankdir=LR; node [shape=box]; " + " ".join(lines) + "}")
    except subprocess.TimeoutExpired:
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


whole = draw(loss()).dot
found = {
    "1,000 operations": took(100 if QUICK else 1_000),
    "10,000 operations": took(200 if QUICK else 10_000),
}
late = [row for row, seconds in found.items() if seconds is None]
rows = {"svg": per_call(lambda: run(whole))} | {row: s for row, s in found.items() if s is not None}
print(json.dumps({"rows": rows, "note": f"{', '.join(late)}: killed after {LIMIT} s" if late else ""}))
