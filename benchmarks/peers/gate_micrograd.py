"""A gate in micrograd: a few scalars, and no NumPy at all. It has no sigmoid: this one is written as relu."""

from __future__ import annotations

import math
import time

from gate import EPOCHS, LAYERS, RATE, X, Y, report
from micrograd.engine import Value


def sigmoid(z: Value) -> Value:
    out = Value(1 / (1 + math.exp(-z.data)), (z,), "sigmoid")

    def backward() -> None:
        z.grad += out.data * (1 - out.data) * out.grad

    out._backward = backward
    return out


# of each layer, of each of its neurons: (weights, bias)
layers = [
    [([Value(row[k]) for row in kernel], Value(b)) for k, b in enumerate(bias)] for kernel, bias in LAYERS
]
parameters = [p for layer in layers for w, b in layer for p in (*w, b)]

total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for values, (wanted,) in zip(X, Y, strict=True):
        for layer in layers:
            values = [sigmoid(w[0] * values[0] + w[1] * values[1] + b) for w, b in layer]
        loss = (values[0] - wanted) ** 2
        for p in parameters:
            p.grad = 0
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        total += loss.data
report(time.perf_counter() - start, total / 4)
