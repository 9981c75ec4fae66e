"""XOR in PyTorch, eager, on one thread."""

from __future__ import annotations

import time

import torch
from xor_start import B1, B2, EPOCHS, RATE, W1, W2, X, Y, report

torch.set_num_threads(1)
x, y = torch.tensor(X, dtype=torch.float32), torch.tensor(Y, dtype=torch.float32)
w1, b1, w2, b2 = parameters = [torch.tensor(w, requires_grad=True) for w in (W1, B1, W2, B2)]
optimizer = torch.optim.SGD(parameters, lr=RATE)
total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for i in range(4):
        h = torch.sigmoid(x[i : i + 1] @ w1 + b1)
        loss = torch.nn.functional.mse_loss(torch.sigmoid(h @ w2 + b2), y[i : i + 1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
report(time.perf_counter() - start, total / 4)
