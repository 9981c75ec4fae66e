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


def took(operations: int) -> float | str:
    """Seconds of the processor for a chain with one weight, as bare boxes and lines; or what became of it."""
    lines = [f"a{k} -> a{k + 1};" + (f" w -> a{k + 1};" if k % 2 else "") for k in range(operations)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        run("digraph { rankdir=LR; node [shape=box]; " + " ".join(lines) + "}")
    except subprocess.TimeoutExpired:
        return f"killed after {LIMIT} s"
    except subprocess.CalledProcessError as error:  # some versions run out of stack on long graphs
        return f"died with {error.returncode}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


whole = draw(loss()).dot
found: dict[str, float | str] = {
    "svg": per_call(lambda: run(whole)),
    "1,000 operations": took(100 if QUICK else 1_000),
    "10,000 operations": took(200 if QUICK else 10_000),
}
rows = {row: seconds for row, seconds in found.items() if isinstance(seconds, float)}
note = "; ".join(f"{row}: {became}" for row, became in found.items() if isinstance(became, str))
print(json.dumps({"rows": rows, "note": note}))
