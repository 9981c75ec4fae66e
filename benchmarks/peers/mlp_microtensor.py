"""Nets in microtensor. Arguments: "jit" for jit_compile=True, "eager" for run_eagerly=True."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from serve import Case, serve

import microtensor as mt

HOW = {"jit_compile": "jit" in sys.argv[1:], "run_eagerly": "eager" in sys.argv[1:]}
layers = mt.keras.layers


def net(case: Case) -> Any:
    model = mt.keras.Sequential([layers.Input((case.sizes[0],))])
    for _, units in case.layers[:-1]:
        model.add(layers.Dense(units, activation="relu"))
    model.add(layers.Dense(case.sizes[-1]))
    model.set_weights(case.weights())
    optimizer = {"sgd": mt.keras.optimizers.SGD, "adam": mt.keras.optimizers.Adam}[case.optimizer]
    loss = mt.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer(case.rate), loss=loss, **HOW)
    return model


def step(case: Case) -> Callable[[], Any]:
    model, (x, y) = net(case), case.one_batch()
    model.fit(x, y, batch_size=case.batch, epochs=3, verbose=0)
    batch = mt.Tensor(x), mt.Tensor(y)
    return lambda: model.train_function(batch)


def fit(case: Case) -> Callable[[], Any]:
    model, (x, y) = net(case), case.data()
    return lambda: model.fit(x, y, batch_size=case.batch, verbose=0)


def first(case: Case) -> Callable[[], Any]:
    x, y = case.one_batch()
    return lambda: net(case).fit(x, y, batch_size=case.batch, epochs=3, verbose=0)


def matmuls(case: Case) -> Callable[[], Any]:
    """NumPy's, into arrays that are there already."""
    products = [(a, b, np.empty((len(a), b.shape[1]), np.float32)) for _, a, b in case.products()]

    def run() -> None:
        for a, b, out in products:
            np.matmul(a, b, out=out)

    return run


serve(step=step, fit=fit, matmuls=matmuls, first=first)
