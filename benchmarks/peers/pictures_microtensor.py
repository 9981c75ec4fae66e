"""Each format from the loss on, without any program on PATH."""

from __future__ import annotations

import os
import time

from common import QUICK, per_call, report
from pictures_xor import loss

os.environ["PATH"] = ""

import microtensor as mt
from microtensor.graph import draw

FORMATS = ("svg", "text", "mermaid", "dot", "json")


def long(operations: int) -> float:
    """Seconds for the picture of a chain of so many operations."""
    h, w = mt.Tensor([[1.0, 0.5]]), mt.Variable([[0.5, -0.5], [0.5, 0.5]], name="w")
    for _ in range(operations // 2):
        h = mt.tanh(h @ w)
    start = time.perf_counter()
    assert draw(h.sum()).svg.endswith("</svg>\n")
    return time.perf_counter() - start


step = loss()
report(
    {name: per_call(lambda name=name: getattr(draw(step), name)) for name in FORMATS}
    | {"1,000 operations": long(100 if QUICK else 1_000)}
    | {"10,000 operations": long(1_000 if QUICK else 10_000)}
)
