"""One XOR step, with its weights as Keras would start them."""

from __future__ import annotations

from typing import Any

import numpy as np


def loss() -> Any:
    import microtensor as mt

    random = np.random.default_rng(0)
    h = mt.Tensor([[1.0, 0.0]], name="x")
    for layer, (rows, columns) in (("dense", (2, 2)), ("dense_1", (2, 1))):
        with mt.scope(layer):
            kernel = mt.Variable(random.normal(size=(rows, columns)), name="kernel")
            h = mt.sigmoid(h @ kernel + mt.Variable(np.zeros(columns), name="bias"))
    return mt.mse(h, mt.Tensor([[1.0]], name="y", dtype="float64"))
