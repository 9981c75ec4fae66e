"""microtensor, as a user writes it."""

from __future__ import annotations

from common import BATCH, LAYERS, WIDTH, bs, chain, normal, per_call, report, ws, x

import microtensor as mt

a, b = (mt.Tensor(normal(BATCH, WIDTH), requires_grad=True) for _ in range(2))
s = mt.Tensor(1.5, requires_grad=True)
inputs = mt.Tensor(x)
weights = [(mt.Parameter(w), mt.Parameter(bias)) for w, bias in zip(ws, bs, strict=True)]
model = mt.nn.Sequential([mt.nn.Dense(WIDTH, "tanh", input_shape=(WIDTH,)) for _ in range(LAYERS)])
model.set_weights([array for pair in zip(ws, bs, strict=True) for array in pair])


def ten_layers() -> None:
    h = inputs
    for w, bias in weights:
        h = mt.tanh(h @ w + bias)
    h.sum().backward()
    for w, bias in weights:
        w.grad = bias.grad = None


parameters = model.weights


def own_layers() -> None:
    model(inputs).sum().backward()
    for w in parameters:
        w.grad = None


report(
    {
        "add": per_call(lambda: a + b),
        "scalar add": per_call(lambda: s + s),
        "ten layers": per_call(ten_layers),
        "ten layers, library's own": per_call(own_layers),
        **chain(mt.Tensor(1.0, requires_grad=True, dtype="float64")),
    }
)
