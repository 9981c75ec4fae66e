"""Nets in tinygrad, the step compiled by TinyJit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from serve import Case, batches, serve
from tinygrad import Context, Tensor, TinyJit
from tinygrad.nn.optim import SGD, Adam


def learner(case: Case) -> Callable[[Tensor, Tensor], Tensor]:
    weights = [Tensor(w).contiguous() for w in case.weights()]
    optimizer = {"sgd": SGD, "adam": Adam}[case.optimizer](weights, lr=case.rate)

    @TinyJit
    @Context(TRAINING=1)
    def learn(x: Tensor, y: Tensor) -> Tensor:
        for k in range(0, len(weights), 2):
            x = x @ weights[k] + weights[k + 1]
            x = x.relu() if k + 2 < len(weights) else x
        optimizer.zero_grad()
        loss = x.sparse_categorical_crossentropy(y).backward()
        return loss.realize(*optimizer.schedule_step())

    return learn


def step(case: Case) -> Callable[[], Any]:
    learn, (x, y) = learner(case), (Tensor(a).realize() for a in case.one_batch())
    return lambda: learn(x, y).item()


def fit(case: Case) -> Callable[[], Any]:
    learn, (x, y) = learner(case), case.data()

    def epoch() -> None:
        for rows in batches(case, x):
            if len(rows) == case.batch:  # a program is of one shape: a smaller last batch is left out
                learn(Tensor(x[rows]).realize(), Tensor(y[rows]).realize()).item()

    return epoch


serve(step=step, fit=fit)
