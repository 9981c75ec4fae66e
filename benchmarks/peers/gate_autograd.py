"""A gate in HIPS autograd."""

from __future__ import annotations

import time

import autograd.numpy as np
from autograd import value_and_grad
from gate import EPOCHS, LAYERS, RATE, X, Y, report

x, y = np.array(X, np.float32), np.array(Y, np.float32)
layers = [(np.array(w, np.float32), np.array(b, np.float32)) for w, b in LAYERS]


def loss_of(layers, xi, yi):
    h = xi
    for w, b in layers:
        h = 1 / (1 + np.exp(-(np.dot(h, w) + b)))
    return np.mean((h - yi) ** 2)


learn = value_and_grad(loss_of)
total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for i in range(4):
        loss, gradient = learn(layers, x[i : i + 1], y[i : i + 1])
        layers = [(w - RATE * a, b - RATE * c) for (w, b), (a, c) in zip(layers, gradient, strict=True)]
        total += loss
report(time.perf_counter() - start, float(total) / 4)
