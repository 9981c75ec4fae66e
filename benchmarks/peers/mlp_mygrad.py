"""Nets in MyGrad, its memory guard off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mygrad as mg
import numpy as np
from mygrad.nnet.losses import softmax_crossentropy
from serve import Case, serve

mg.turn_memory_guarding_off()


def step(case: Case) -> Callable[[], Any]:
    weights, (x, y) = [mg.tensor(w) for w in case.weights()], case.one_batch()
    moments, t = [(np.zeros_like(w.data), np.zeros_like(w.data)) for w in weights], 0

    def learn() -> None:
        nonlocal t
        h = x
        for k in range(0, len(weights), 2):
            h = mg.matmul(h, weights[k]) + weights[k + 1]
            h = mg.maximum(h, 0) if k + 2 < len(weights) else h
        softmax_crossentropy(h, y).backward()
        t += 1
        rate = case.rate * float(np.sqrt(1 - 0.999**t) / (1 - 0.9**t))
        for w, (m, v) in zip(weights, moments, strict=True):
            g = w.grad
            if case.optimizer == "sgd":
                w.data -= case.rate * g
            else:
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                w.data -= rate * m / (np.sqrt(v) + 1e-7)
            w.null_grad()

    return learn


serve(step=step)
