"""HIPS autograd. It records only inside a function that it differentiates, so the loop runs in there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np
from autograd import grad, make_vjp
from common import BATCH, WIDTH, bs, normal, per_call, report, ws, x

weights = list(zip(ws, bs, strict=True))


def loss(pairs: Any) -> Any:
    h = x
    for w, bias in pairs:
        h = np.tanh(h @ w + bias)
    return np.sum(h)


def recorded(value: Any, function: Callable[[Any], Any]) -> float:
    """The time of `function(tracer of value)`."""
    times = []

    def timed(traced: Any) -> Any:
        times.append(per_call(lambda: function(traced)))
        return traced

    make_vjp(timed)(value)
    return times[0]


gradient = grad(loss)
b = normal(BATCH, WIDTH)
report(
    {
        "add": recorded(normal(BATCH, WIDTH), lambda a: a + b),
        "scalar add": recorded(1.5, lambda s: s + s),
        "ten layers": per_call(lambda: gradient(weights)),
    }
)
