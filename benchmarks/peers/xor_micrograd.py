"""XOR in micrograd: nine scalars, and no NumPy at all. It has no sigmoid: here is one, written as its relu
is.
"""

from __future__ import annotations

import math
import time

from micrograd.engine import Value
from xor_start import B1, B2, EPOCHS, RATE, W1, W2, X, Y, report


def sigmoid(z: Value) -> Value:
    out = Value(1 / (1 + math.exp(-z.data)), (z,), "sigmoid")

    def backward() -> None:
        z.grad += out.data * (1 - out.data) * out.grad

    out._backward = backward
    return out


hidden = [([Value(row[k]) for row in W1], Value(B1[k])) for k in range(2)]
output = [Value(row[0]) for row in W2], Value(B2[0])
parameters = [p for w, b in [*hidden, output] for p in (*w, b)]


def neuron(w: list[Value], b: Value, inputs: list[Value]) -> Value:
    return sigmoid(w[0] * inputs[0] + w[1] * inputs[1] + b)


total = 0.0
start = time.perf_counter()
for _ in range(EPOCHS):
    total = 0.0
    for xi, yi in zip(X, Y, strict=True):
        prediction = neuron(*output, [neuron(w, b, xi) for w, b in hidden])
        loss = (prediction - yi[0]) ** 2
        for p in parameters:
            p.grad = 0
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        total += loss.data
report(time.perf_counter() - start, total / 4)
