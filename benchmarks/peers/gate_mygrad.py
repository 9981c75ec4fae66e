"""A gate in MyGrad, its memory guard off."""

from __future__ import annotations

import time

import mygrad as mg
import numpy as np
from gate import EPOCHS, LAYERS, RATE, X, Y, report
from mygrad.nnet.activations import sigmoid

mg.turn_memory_guarding_off()
x, y = np.array(X, np.float32), np.array(Y, np.float32)
layers = [(mg.tensor(np.array(w, np.float32)), mg.tensor(np.array(b, np.float32))) for w, b in LAYERS]
total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for i in range(4):
        h = x[i : i + 1]
        for w, b in layers:
            h = sigmoid(mg.matmul(h, w) + b)
        loss = ((h - y[i : i + 1]) ** 2).mean()
        loss.backward()
        for w, b in layers:
            for p in (w, b):
                p.data -= RATE * p.grad
                p.null_grad()
        total += loss.item()
report(time.perf_counter() - start, total / 4)
