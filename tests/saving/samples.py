"""Models that the tests of files save: small, built, compiled, trained a little."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from microtensor import keras, random

FILES = Path(__file__).parents[1] / "data" / "files"
X = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], np.float32)
Y = np.array([[0], [1], [1], [0]], np.float32)


def xor(optimizer: Any = None, seed: int = 3, epochs: int = 2) -> Any:
    """The lecture's XOR, a little trained."""
    random.seed(seed)
    model = keras.Sequential(
        [
            keras.layers.Dense(3, activation="tanh", input_shape=(2,), name="hidden"),
            keras.layers.Dense(1, activation="sigmoid", name="out"),
        ],
        name="xor",
    )
    model.compile(optimizer or keras.optimizers.Adam(0.05), "mse", metrics=["accuracy"])
    if epochs:
        model.fit(X, Y, batch_size=2, epochs=epochs, verbose=0)
    return model


def numbers(model: Any) -> list[np.ndarray]:
    """Everything that training changes."""
    return [v.numpy().copy() for v in (*model.weights, *model.optimizer.variables)]


def same(mine: list[np.ndarray], others: list[np.ndarray]) -> bool:
    """To the last bit?"""
    return len(mine) == len(others) and all(
        a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in zip(mine, others, strict=True)
    )
