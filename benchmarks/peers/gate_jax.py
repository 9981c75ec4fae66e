"""A gate in JAX: a step as a program (jit). Argument "scan": the whole training is one program."""

from __future__ import annotations

import sys
import time

import jax
import jax.numpy as jnp
from gate import EPOCHS, LAYERS, RATE, X, Y, report

x, y = jnp.array(X, jnp.float32), jnp.array(Y, jnp.float32)
weights = [(jnp.array(w), jnp.array(b)) for w, b in LAYERS]


def loss_of(weights, xi, yi):
    h = xi
    for w, b in weights:
        h = jax.nn.sigmoid(h @ w + b)
    return jnp.mean((h - yi) ** 2)


def learn(weights, sample):
    loss, gradient = jax.value_and_grad(loss_of)(weights, *sample)
    return jax.tree.map(lambda w, g: w - RATE * g, weights, gradient), loss


@jax.jit
def train(weights):
    def epoch(weights, _):
        weights, losses = jax.lax.scan(learn, weights, (x[:, None], y[:, None]))
        return weights, losses.mean()

    return jax.lax.scan(epoch, weights, length=EPOCHS)


start = time.perf_counter()
if "scan" in sys.argv[1:]:
    loss = float(train(weights)[1][-1])
else:
    step, samples = jax.jit(learn), [(x[i : i + 1], y[i : i + 1]) for i in range(4)]
    losses = []
    for _ in range(EPOCHS):
        losses = []
        for sample in samples:
            weights, each = step(weights, sample)
            losses.append(each)
    loss = sum(map(float, losses)) / 4
report(time.perf_counter() - start, loss)
