"""microtensor: `mt.graph.draw(loss).svg`."""

from __future__ import annotations

import json
import time
import tracemalloc
from typing import Any

from common import QUICK, bs, normal, ws

import microtensor as mt


def xor() -> mt.Tensor:
    x, y = mt.Tensor([[1.0, 0.0]], name="x"), mt.Tensor([[1.0]], name="y")
    for name, shape in (("dense", (2, 2)), ("dense_1", (2, 1))):
        with mt.scope(name):
            x = mt.sigmoid(
                x @ mt.Variable(normal(*shape), name="kernel") + mt.Variable(normal(shape[1]), name="bias")
            )
    return mt.mse(x, y)


def layers(count: int) -> mt.Tensor:
    w, b = mt.Variable(ws[0], name="kernel"), mt.Variable(bs[0], name="bias")
    x = mt.Tensor(normal(4, 16), name="x")
    for k in range(count):
        with mt.scope(f"dense_{k}"):
            x = mt.tanh(x @ w + b)
    return x


def chain(length: int) -> mt.Tensor:
    y = mt.Variable(0.5, name="w")
    for _ in range(length):
        y = y + 1.0
    return y


def took(loss: mt.Tensor, **options: Any) -> float:
    """Seconds of the processor, the best of three (of one, for what takes long)."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        mt.graph.draw(loss, **options).svg  # noqa: B018 - it is made when it is asked for
        best = min(best, time.process_time() - start)
        if best > 1:
            break
    return best


def peak(loss: mt.Tensor) -> int:
    """The most bytes that drawing has at once, beyond those of the graph."""
    tracemalloc.start()
    mt.graph.draw(loss).svg  # noqa: B018
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


thousand, ten_thousand, hundred_thousand = (100, 200, 1_000) if QUICK else (1_000, 10_000, 100_000)
rows = {
    "xor": took(xor()),
    "hundred": took(layers(34)),
    "thousand": took(chain(thousand), style="ops"),
    "thousand, collapsed": took(chain(thousand)),
    "ten thousand": took(chain(ten_thousand), style="ops"),
    "hundred thousand, collapsed": took(chain(hundred_thousand)),
}
small, large = peak(chain(ten_thousand)), peak(chain(2 * ten_thousand))
each = large / 2 / ten_thousand
note = f"twice as many operations: {large / small:.2f} times the memory, {each:.0f} bytes each"
print(json.dumps({"rows": rows, "note": note}))
