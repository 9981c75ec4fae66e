"""XOR in microtensor, as the lecture writes it."""

from __future__ import annotations

import time

import numpy as np
from xor_start import B1, B2, EPOCHS, RATE, W1, W2, X, Y, report

import microtensor as tf

model = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(units=2, activation="sigmoid", input_shape=(2,)),
        tf.keras.layers.Dense(units=1, activation="sigmoid"),
    ]
)
model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=RATE), loss="mse")
model.set_weights([np.array(w, np.float32) for w in (W1, B1, W2, B2)])
x, y = np.array(X), np.array(Y)
start = time.perf_counter()
history = model.fit(x, y, epochs=EPOCHS, batch_size=1, verbose=0)
report(time.perf_counter() - start, history.history["loss"][-1])
