"""NumPy by hand: what the numbers alone cost, without anything that remembers."""

from __future__ import annotations

import numpy as np
from common import BATCH, LAYERS, WIDTH, bs, normal, per_call, report, ws, x

a, b, s = normal(BATCH, WIDTH), normal(BATCH, WIDTH), np.float32(1.5)


def ten_layers() -> list[tuple[np.ndarray, np.ndarray]]:
    hs = [x]
    for w, bias in zip(ws, bs, strict=True):
        hs.append(np.tanh(hs[-1] @ w + bias))
    hs[-1].sum()
    g, gradients = np.ones_like(hs[-1]), []
    for k in reversed(range(LAYERS)):
        g = g * (1 - hs[k + 1] * hs[k + 1])
        gradients.append((hs[k].T @ g, g.sum(axis=0)))
        if k:
            g = g @ ws[k].T
    return gradients


report(
    {
        "add": per_call(lambda: a + b),
        "scalar add": per_call(lambda: s + s),
        "ten layers": per_call(ten_layers),
    }
)
