"""A gate in Keras 3, as the lecture writes it. Argument: the name of the backend."""

from __future__ import annotations

import os
import sys
import time

os.environ["KERAS_BACKEND"] = sys.argv[1]

import keras
import numpy as np
from gate import EPOCHS, LAYERS, RATE, X, Y, report

layers = [keras.layers.Dense(units=len(bias), activation="sigmoid") for _, bias in LAYERS]
model = keras.Sequential([keras.layers.Input((2,)), *layers])
model.compile(optimizer=keras.optimizers.SGD(learning_rate=RATE), loss="mse")
model.set_weights([np.array(w, np.float32) for pair in LAYERS for w in pair])
x, y = np.array(X, np.float32), np.array(Y, np.float32)
start = time.perf_counter()
history = model.fit(x, y, epochs=EPOCHS, batch_size=1, verbose=0)
report(time.perf_counter() - start, history.history["loss"][-1])
