"""MyGrad, with its memory guard off: that is how its authors advise to run it fast."""

from __future__ import annotations

import mygrad as mg
from common import BATCH, WIDTH, bs, normal, per_call, report, ws, x

mg.turn_memory_guarding_off()
a, b = (mg.tensor(normal(BATCH, WIDTH)) for _ in range(2))
s = mg.tensor(1.5)
weights = [(mg.tensor(w), mg.tensor(bias)) for w, bias in zip(ws, bs, strict=True)]


def ten_layers() -> None:
    h = x
    for w, bias in weights:
        h = mg.tanh(mg.matmul(h, w) + bias)
    h.sum().backward()
    for w, bias in weights:
        w.null_grad()
        bias.null_grad()


report(
    {
        "add": per_call(lambda: a + b),
        "scalar add": per_call(lambda: s + s),
        "ten layers": per_call(ten_layers),
    }
)
