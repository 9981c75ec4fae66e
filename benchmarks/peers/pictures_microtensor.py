"""Each format from the loss on, without any program on PATH."""

from __future__ import annotations

import json
import os
import time
import tracemalloc
from typing import Any

from common import QUICK, per_call
from pictures_xor import loss

os.environ["PATH"] = ""

import microtensor as mt
from microtensor.graph import draw

FORMATS = ("svg", "text", "mermaid", "dot", "json")
SMALL, LARGE, HUGE = (100, 400, 1_000) if QUICK else (1_000, 10_000, 100_000)
ALL = {"style": "ops"}  # every operation, however many there are


def chain(operations: int) -> Any:
    """So many operations with one weight, and a sum."""
    h, w = mt.Tensor([[1.0, 0.5]]), mt.Variable([[0.5, -0.5], [0.5, 0.5]], name="w")
    for _ in range(operations // 2):
        h = mt.tanh(h @ w)
    return h.sum()


def took(operations: int, **how: Any) -> float:
    """Seconds of the processor for the picture of a chain."""
    last = chain(operations)
    start = time.process_time()
    assert draw(last, **how).svg.endswith("</svg>\n")
    return time.process_time() - start


def peak(operations: int, **how: Any) -> float:
    """The most kB, for each operation, that drawing has at once beyond those of the graph."""
    last = chain(operations)
    tracemalloc.start()
    draw(last, **how).svg  # noqa: B018 - it is made when it is asked for
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found / operations / 1024


step = loss()
rows = {name: per_call(lambda name=name: getattr(draw(step), name)) for name in FORMATS}
rows["1,000 operations"] = min(took(SMALL, **ALL) for _ in range(3))
rows["10,000 operations"] = took(LARGE, **ALL)
rows["1,000 operations, in groups"] = min(took(SMALL) for _ in range(3))
rows["100,000 operations, in groups"] = took(HUGE)
drawn, grouped = (", ".join(f"{peak(n, **how):.1f}" for n in sizes)
                  for sizes, how in (((SMALL, LARGE), ALL), ((SMALL, LARGE, HUGE), {})))  # fmt: skip
note = f"kB for each operation: {drawn} of {SMALL:,} and {LARGE:,}; in groups {grouped}, the last of {HUGE:,}"
print(json.dumps({"rows": rows, "note": note}))
