"""Graphs that the tests draw: the XOR step with known numbers, small shapes, and random ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

import microtensor as mt
from microtensor import Tensor

XOR_START = {
    "dense/kernel": [[0.62, -0.84], [-0.53, 0.91]],
    "dense/bias": [0.1, -0.2],
    "dense_1/kernel": [[1.1], [-0.7]],
    "dense_1/bias": [-0.15],
}


def xor_loss(weights: dict[str, Any] | None = None, x: Any = ((1, 0),), y: Any = ((1,),)) -> Tensor:
    """One training step's loss, in float64; `weights` by name, or the known ones."""
    given = XOR_START | (weights or {})
    w = {n: mt.Variable(np.array(v, np.float64), name=f"{n}:0") for n, v in given.items()}
    h = Tensor(np.array(x, np.float64), name="x")
    target = Tensor(np.array(y, np.float64), name="y")
    for layer in ("dense", "dense_1"):
        with mt.scope(layer):
            h = mt.sigmoid(mt.matmul(h, w[f"{layer}/kernel"]) + w[f"{layer}/bias"])
    return mt.mse(h, target)


def diamond() -> Tensor:
    a, b, c = (mt.Variable(v, name=n) for v, n in ((2.0, "a"), (-3.0, "b"), (0.5, "c")))
    y = (a + b) * c
    return y * y + y


def fan_out(branches: int = 12) -> Tensor:
    x = mt.Variable([1.0, 2.0], name="x")
    h = mt.tanh(x)
    total = h * 1.0
    for k in range(branches):
        with mt.scope(f"branch_{k}"):
            total = total + mt.sigmoid(h * float(k))
    return total.sum()


def chain(length: int) -> Tensor:
    y = mt.Variable(0.5, name="w")
    for _ in range(length):
        y = y + 1.0
    return y


@st.composite
def dags(draw: Any) -> Tensor:
    """Any acyclic graph: each operation takes whatever was made before, in one of a few layers."""
    made = [mt.Variable([0.5, -0.25], name=f"v{k}") for k in range(draw(st.integers(1, 3)))]
    made.append(Tensor([1.0, 2.0], name="data"))
    for _ in range(draw(st.integers(1, 25))):
        a, b, c = (made[draw(st.integers(0, len(made) - 1))] for _ in range(3))
        kind = draw(st.sampled_from(("add", "multiply", "sigmoid", "constant", "where")))
        with mt.scope(draw(st.sampled_from(("one", "two", "three")))):
            if kind == "add":
                made.append(a + b)
            elif kind == "multiply":
                made.append(a * b * 0.5)
            elif kind == "sigmoid":
                made.append(mt.sigmoid(a))
            elif kind == "constant":
                made.append(2.0 - a)
            else:
                made.append(mt.where(a > 0, b, c))
    total = made[-1] + made[0]
    for t in made[-4:-1]:
        total = total + t
    return total.sum()
