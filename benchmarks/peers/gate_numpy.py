"""A gate in NumPy, the gradient written by hand."""

from __future__ import annotations

import time

import numpy as np
from gate import EPOCHS, LAYERS, RATE, XOR, X, Y, report

x, y = np.array(X, np.float32), np.array(Y, np.float32)
(w1, b1), (w2, b2) = [(np.array(w, np.float32), np.array(b, np.float32)) for w, b in (LAYERS[0], LAYERS[-1])]
rate = np.float32(RATE)


def learn_and(xi: np.ndarray, yi: np.ndarray) -> float:
    global w1, b1
    p = 1 / (1 + np.exp(-(xi @ w1 + b1)))
    error = p - yi
    g = 2 * error * p * (1 - p)
    w1 -= rate * (xi.T @ g)
    b1 -= rate * g[0]
    return float((error * error)[0, 0])


def learn_xor(xi: np.ndarray, yi: np.ndarray) -> float:
    global w1, b1, w2, b2
    h = 1 / (1 + np.exp(-(xi @ w1 + b1)))
    p = 1 / (1 + np.exp(-(h @ w2 + b2)))
    error = p - yi
    gp = 2 * error * p * (1 - p)
    gh = gp @ w2.T * h * (1 - h)
    w2 -= rate * (h.T @ gp)
    b2 -= rate * gp[0]
    w1 -= rate * (xi.T @ gh)
    b1 -= rate * gh[0]
    return float((error * error)[0, 0])


learn = learn_xor if XOR else learn_and
total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for i in range(4):
        total += learn(x[i : i + 1], y[i : i + 1])
report(time.perf_counter() - start, total / 4)
