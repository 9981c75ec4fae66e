"""XOR in NumPy, the gradient written by hand."""

from __future__ import annotations

import time

import numpy as np
from xor_start import B1, B2, EPOCHS, RATE, W1, W2, X, Y, report

x, y = np.array(X, np.float32), np.array(Y, np.float32)
w1, b1, w2, b2 = (np.array(w, np.float32) for w in (W1, B1, W2, B2))
rate = np.float32(RATE)
total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for i in range(4):
        xi = x[i : i + 1]
        h = 1 / (1 + np.exp(-(xi @ w1 + b1)))
        p = 1 / (1 + np.exp(-(h @ w2 + b2)))
        error = p - y[i : i + 1]
        total += float((error * error)[0, 0])
        gp = 2 * error * p * (1 - p)
        gh = gp @ w2.T * h * (1 - h)
        w2 -= rate * (h.T @ gp)
        b2 -= rate * gp[0]
        w1 -= rate * (xi.T @ gh)
        b1 -= rate * gh[0]
report(time.perf_counter() - start, total / 4)
