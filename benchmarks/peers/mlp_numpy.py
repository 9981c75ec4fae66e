"""Nets in NumPy, the gradients written by hand, plainly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from serve import Case, batches, serve


class Net:
    """The weights and what Adam remembers of them."""

    def __init__(self, case: Case) -> None:
        self.case, self.weights = case, case.weights()
        self.moments = [(np.zeros_like(w), np.zeros_like(w)) for w in self.weights]
        self.t = 0

    def learn(self, x: np.ndarray, y: np.ndarray) -> float:
        """One step."""
        hs, w = [x], self.weights
        for k in range(0, len(w), 2):
            z = hs[-1] @ w[k] + w[k + 1]
            hs.append(np.maximum(z, 0) if k + 2 < len(w) else z)
        z = hs[-1] - hs[-1].max(axis=1, keepdims=True)
        e = np.exp(z)
        total, rows = e.sum(axis=1, keepdims=True), np.arange(len(y))
        loss = float((np.log(total[:, 0]) - z[rows, y]).mean())
        g = e / total
        g[rows, y] -= 1
        g /= np.float32(len(y))
        gradients: list[np.ndarray] = []
        for k in range(len(w) - 2, -1, -2):
            h = hs[k // 2]
            gradients[:0] = [h.T @ g, g.sum(axis=0)]
            if k:
                g = (g @ w[k].T) * (h > 0)
        self.update(gradients)
        return loss

    def update(self, gradients: list[np.ndarray]) -> None:
        rate = self.case.rate
        self.t += 1
        if self.case.optimizer == "sgd":
            for w, g in zip(self.weights, gradients, strict=True):
                w -= rate * g
            return
        rate *= float(np.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t))
        for w, g, (m, v) in zip(self.weights, gradients, self.moments, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            w -= rate * m / (np.sqrt(v) + 1e-7)


def step(case: Case) -> Callable[[], Any]:
    net, (x, y) = Net(case), case.one_batch()
    return lambda: net.learn(x, y)


def fit(case: Case) -> Callable[[], Any]:
    net, (x, y) = Net(case), case.data()

    def epoch() -> None:
        for rows in batches(case, x):
            net.learn(x[rows], y[rows])

    return epoch


def matmuls(case: Case) -> Callable[[], Any]:
    products = [(a, b) for _, a, b in case.products()]
    return lambda: [a @ b for a, b in products]


serve(step=step, fit=fit, matmuls=matmuls)
