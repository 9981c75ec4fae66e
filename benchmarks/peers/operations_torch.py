"""PyTorch, eager, on one thread."""

from __future__ import annotations

import torch
from common import BATCH, WIDTH, bs, chain, normal, per_call, report, ws, x

torch.set_num_threads(1)
a, b = (torch.from_numpy(normal(BATCH, WIDTH)).requires_grad_() for _ in range(2))
s = torch.tensor(1.5, requires_grad=True)
inputs = torch.from_numpy(x)
weights = [
    (torch.from_numpy(w).clone().requires_grad_(), torch.from_numpy(bias).clone().requires_grad_())
    for w, bias in zip(ws, bs, strict=True)
]
layers: list[torch.nn.Module] = []
for w, bias in zip(ws, bs, strict=True):
    linear = torch.nn.Linear(WIDTH, WIDTH)
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(w.T.copy()))
        linear.bias.copy_(torch.from_numpy(bias))
    layers += [linear, torch.nn.Tanh()]
model = torch.nn.Sequential(*layers)


def ten_layers() -> None:
    h = inputs
    for w, bias in weights:
        h = torch.tanh(h @ w + bias)
    h.sum().backward()
    for w, bias in weights:
        w.grad = bias.grad = None


parameters = list(model.parameters())


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
        **chain(torch.tensor(1.0, requires_grad=True, dtype=torch.float64)),
    }
)
