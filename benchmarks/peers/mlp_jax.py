"""Nets in JAX: a step as one program (jit), which is given the memory of the old weights for the new ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from serve import Case, batches, serve


def loss_of(weights: list[Any], x: Any, y: Any) -> Any:
    for k in range(0, len(weights), 2):
        x = x @ weights[k] + weights[k + 1]
        if k + 2 < len(weights):
            x = jax.nn.relu(x)
    chosen = jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None], axis=1)
    return -chosen.mean()


def learner(case: Case) -> tuple[Any, Any]:
    """(step, state): state, loss = step(state, x, y)."""

    @partial(jax.jit, donate_argnums=0)
    def learn(state: Any, x: Any, y: Any) -> Any:
        weights, first, second, t = state
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        t = t + 1
        if case.optimizer == "sgd":
            return ([w - case.rate * g for w, g in zip(weights, gradients, strict=True)], [], [], t), loss
        rate = case.rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        first = [m + 0.1 * (g - m) for m, g in zip(first, gradients, strict=True)]
        second = [v + 0.001 * (g * g - v) for v, g in zip(second, gradients, strict=True)]
        updated = zip(weights, first, second, strict=True)
        return ([w - rate * m / (jnp.sqrt(v) + 1e-7) for w, m, v in updated], first, second, t), loss

    weights = [jnp.asarray(w) for w in case.weights()]
    memory = [[], []] if case.optimizer == "sgd" else [[jnp.zeros_like(w) for w in weights] for _ in "mv"]
    return learn, (weights, *memory, jnp.float32(0))


def step(case: Case) -> Callable[[], Any]:
    (learn, state), (x, y) = learner(case), map(jnp.asarray, case.one_batch())

    def run() -> None:
        nonlocal state
        state, loss = learn(state, x, y)
        loss.block_until_ready()

    return run


def fit(case: Case) -> Callable[[], Any]:
    """Batches are cut in NumPy: JAX takes them in without a copy, and works while the next one is cut."""
    (learn, state), (x, y) = learner(case), case.data()

    def epoch() -> None:
        nonlocal state
        for rows in batches(case, x):
            state, loss = learn(state, x[rows], y[rows])
        loss.block_until_ready()

    return epoch


def first(case: Case) -> Callable[[], Any]:
    return lambda: step(case)()


def matmuls(case: Case) -> Callable[[], Any]:
    # A transpose is made in the program, where XLA can put it into the product.
    kinds = [kind for kind, _, _ in case.products()]
    given = [
        (jnp.asarray(np.ascontiguousarray(a.T if kind == "weights" else a)),
         jnp.asarray(np.ascontiguousarray(b.T if kind == "inputs" else b)))
        for kind, a, b in case.products()
    ]  # fmt: skip

    @jax.jit
    def products(pairs: Any) -> Any:
        made = zip(kinds, pairs, strict=True)
        return [(a.T if k == "weights" else a) @ (b.T if k == "inputs" else b) for k, (a, b) in made]

    return lambda: jax.block_until_ready(products(given))


serve(step=step, fit=fit, first=first, matmuls=matmuls)
