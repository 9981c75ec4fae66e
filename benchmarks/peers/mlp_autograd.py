"""Nets in HIPS autograd, with its own optimizers' arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np
from autograd import grad
from serve import Case, serve


def step(case: Case) -> Callable[[], Any]:
    weights, (x, y) = case.weights(), case.one_batch()
    wanted = np.eye(case.sizes[-1], dtype=np.float32)[y]
    moments, t = [(np.zeros_like(w), np.zeros_like(w)) for w in weights], 0

    def loss(weights: list[Any]) -> Any:
        h = x
        for k in range(0, len(weights), 2):
            h = np.dot(h, weights[k]) + weights[k + 1]
            h = np.maximum(h, 0) if k + 2 < len(weights) else h
        h = h - np.max(h, axis=1, keepdims=True)
        logs = np.log(np.sum(np.exp(h), axis=1, keepdims=True)) - h
        return np.sum(logs * wanted) / np.float32(len(y))

    gradient = grad(loss)

    def learn() -> None:
        nonlocal t
        t += 1
        rate = case.rate * float(np.sqrt(1 - 0.999**t) / (1 - 0.9**t))
        for w, g, (m, v) in zip(weights, gradient(weights), moments, strict=True):
            if case.optimizer == "sgd":
                w -= case.rate * g
            else:
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                w -= rate * m / (np.sqrt(v) + 1e-7)

    return learn


serve(step=step)
