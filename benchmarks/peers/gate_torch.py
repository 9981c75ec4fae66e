"""A gate in PyTorch, eager, on one thread."""

from __future__ import annotations

import time

import torch
from gate import EPOCHS, LAYERS, RATE, X, Y, report

torch.set_num_threads(1)
x, y = torch.tensor(X, dtype=torch.float32), torch.tensor(Y, dtype=torch.float32)
layers = [(torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)) for w, b in LAYERS]
optimizer = torch.optim.SGD([p for pair in layers for p in pair], lr=RATE)
total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for i in range(4):
        h = x[i : i + 1]
        for w, b in layers:
            h = torch.sigmoid(h @ w + b)
        loss = torch.nn.functional.mse_loss(h, y[i : i + 1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
report(time.perf_counter() - start, total / 4)
