"""A gate in tinygrad, the step compiled by TinyJit."""

from __future__ import annotations

import time

from gate import EPOCHS, LAYERS, RATE, X, Y, report
from tinygrad import Context, Tensor, TinyJit, dtypes
from tinygrad.nn.optim import SGD

samples = [
    (Tensor([a], dtype=dtypes.float32).realize(), Tensor([b], dtype=dtypes.float32).realize())
    for a, b in zip(X, Y, strict=True)
]
layers = [(Tensor(w).contiguous(), Tensor(b).contiguous()) for w, b in LAYERS]
optimizer = SGD([p for pair in layers for p in pair], lr=RATE)


@TinyJit
@Context(TRAINING=1)
def learn(h: Tensor, wanted: Tensor) -> Tensor:
    for w, b in layers:
        h = (h @ w + b).sigmoid()
    optimizer.zero_grad()
    loss = ((h - wanted) ** 2).mean().backward()
    return loss.realize(*optimizer.schedule_step())


total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = sum(learn(*sample).item() for sample in samples)
report(time.perf_counter() - start, total / 4)
