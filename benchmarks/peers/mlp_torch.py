"""Nets in PyTorch. Argument: "compile" for torch.compile."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import torch
from serve import Case, batches, serve

COMPILE = "compile" in sys.argv[1:]
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))


def learner(case: Case) -> Callable[[torch.Tensor, torch.Tensor], None]:
    """One step, as PyTorch's users write it."""
    parts: list[torch.nn.Module] = []
    for n, m in case.layers:
        parts += [torch.nn.Linear(n, m), torch.nn.ReLU()]
    model = torch.nn.Sequential(*parts[:-1])
    with torch.no_grad():
        for p, w in zip(model.parameters(), case.weights(), strict=True):
            p.copy_(torch.from_numpy(w.T.copy()))
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[case.optimizer]
    optimizer = optimizer(model.parameters(), lr=case.rate)
    criterion = torch.nn.CrossEntropyLoss()

    def loss_of(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return criterion(model(x), y)

    if COMPILE:
        torch._dynamo.reset()
        loss_of = torch.compile(loss_of)

    def learn(x: torch.Tensor, y: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss_of(x, y).backward()
        optimizer.step()

    return learn


def step(case: Case) -> Callable[[], Any]:
    learn, (x, y) = learner(case), map(torch.from_numpy, case.one_batch())
    y = y.long()
    return lambda: learn(x, y)


def fit(case: Case) -> Callable[[], Any]:
    learn, (x, y) = learner(case), map(torch.from_numpy, case.data())
    y = y.long()

    def epoch() -> None:
        for rows in batches(case, x):
            index = torch.from_numpy(rows)
            learn(x[index], y[index])

    return epoch


def first(case: Case) -> Callable[[], Any]:
    return lambda: step(case)()


def matmuls(case: Case) -> Callable[[], Any]:
    products = [(torch.from_numpy(a), torch.from_numpy(b)) for _, a, b in case.products()]
    made = [(a, b, a @ b) for a, b in products]

    def run() -> None:
        for a, b, out in made:
            torch.mm(a, b, out=out)

    return run


serve(step=step, fit=fit, first=first, **({} if COMPILE else {"matmuls": matmuls}))
