"""Nets in Keras 3. Argument: the name of its backend."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

os.environ["KERAS_BACKEND"] = sys.argv[1]

import keras
from keras import layers
from serve import Case, serve

if keras.backend.backend() == "torch":
    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def net(case: Case) -> Any:
    model = keras.Sequential([layers.Input((case.sizes[0],))])
    for _, units in case.layers[:-1]:
        model.add(layers.Dense(units, activation="relu"))
    model.add(layers.Dense(case.sizes[-1]))
    model.set_weights(case.weights())
    optimizer = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[case.optimizer]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer(case.rate), loss=loss)
    return model


def step(case: Case) -> Callable[[], Any]:
    model, (x, y) = net(case), case.one_batch()
    return lambda: model.train_on_batch(x, y)


def fit(case: Case) -> Callable[[], Any]:
    model, (x, y) = net(case), case.data()
    return lambda: model.fit(x, y, batch_size=case.batch, verbose=0)


serve(step=step, fit=fit)
