"""The answering end of `warm.py`: what a program must do to be asked for rows.

The one idea: what a question needs (a net, its data, a compiled program) is made when it is first asked, and
kept. A question is "NET OPTIMIZER BATCH KIND", "784-128-10 adam 128 step" say; the kinds are:

    step      one step of training on the same batch again and again
    fit       an epoch over data of MNIST's size, shuffled; what is told is the time for one of its steps
    matmuls   the products of matrices in such a step and nothing else: no net can be faster in this library
    first     a net that is new, until it has taken a step: building, capturing, compiling
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from common import QUICK, per_call

SAMPLES = 256 if QUICK else 60_000
RATE = {"sgd": 0.01, "adam": 0.001}

Prepare = Callable[["Case"], Callable[[], Any]]


class Case(NamedTuple):
    """A net of Dense layers with ReLU between them and softmax cross-entropy at their end."""

    sizes: tuple[int, ...]  # of the layers, the inputs first
    optimizer: str
    batch: int

    @classmethod
    def of(cls, net: str, optimizer: str, batch: str) -> Case:
        """ "784-128-10", or "64x51" for fifty layers from 64 to 64."""
        width, _, count = net.partition("x")
        sizes = [int(width)] * int(count) if count else map(int, net.split("-"))
        return cls(tuple(sizes), optimizer, int(batch))

    @property
    def layers(self) -> list[tuple[int, int]]:
        """(inputs, units) of each."""
        return list(pairwise(self.sizes))

    @property
    def rate(self) -> float:
        """The learning rate."""
        return RATE[self.optimizer]

    def weights(self) -> list[np.ndarray]:
        """Kernel and bias of each layer, the same for each library (He's start)."""
        draw = np.random.default_rng(0)
        found = []
        for n, m in self.layers:
            found.append(draw.normal(0, math.sqrt(2 / n), (n, m)).astype(np.float32))
            found.append(np.zeros(m, np.float32))
        return found

    def data(self, count: int = SAMPLES) -> tuple[np.ndarray, np.ndarray]:
        """Random inputs between 0 and 1, as pixels are, and random labels."""
        draw = np.random.default_rng(1)
        x = draw.random((count, self.sizes[0]), dtype=np.float32)
        return x, draw.integers(0, self.sizes[-1], count, dtype=np.int32)

    def one_batch(self) -> tuple[np.ndarray, np.ndarray]:
        """Data for a single step."""
        return self.data(self.batch)

    def products(self) -> list[tuple[str, np.ndarray, np.ndarray]]:
        """The products of a step: y = x @ w, dw = x.T @ dy, and dx = dy @ w.T, which the first needs not."""
        draw = np.random.default_rng(2)
        found = []
        for k, (n, m) in enumerate(self.layers):
            x, w, dy = (draw.random(s, dtype=np.float32) for s in ((self.batch, n), (n, m), (self.batch, m)))
            found += [("forward", x, w), ("weights", x.T, dy), *([("inputs", dy, w.T)] if k else [])]
        return found


def batches(case: Case, x: np.ndarray) -> list[np.ndarray]:
    """The rows of each batch of an epoch, shuffled."""
    order = np.random.default_rng().permutation(len(x))
    return [order[k : k + case.batch] for k in range(0, len(x), case.batch)]


def serve(**kinds: Prepare) -> None:
    """Answer questions about nets. With "memory" among the arguments: train an epoch, and tell the peak."""
    if "memory" in sys.argv[1:]:
        answers = _apart()
        kinds["fit"](Case.of("784-128-10", "adam", "128"))()
        print(json.dumps({"rows": {"peak memory": peak()}}), file=answers, flush=True)
    else:
        answer(lambda question: _prepared(question, kinds))


def answer(prepare: Callable[[str], Callable[[], float] | None]) -> None:
    """Answer, until nobody asks any more: prepare(question) is what gives its seconds; None: nothing does."""
    answers = _apart()
    ready: dict[str, Callable[[], float] | None] = {}
    for line in sys.stdin:
        question = line.strip()
        try:
            if question not in ready:
                ready[question] = prepare(question)
            run = ready[question]
            said: dict[str, Any] = {"seconds": run()} if run else {}
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(said), file=answers, flush=True)


def _apart() -> Any:
    """Where answers go. What libraries print is none, and goes where errors go."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _prepared(question: str, kinds: dict[str, Prepare]) -> Callable[[], float] | None:
    *about, kind = question.split()
    if kind not in kinds:
        return None
    case, run = Case.of(*about), kinds[kind]
    if kind == "first":
        return lambda: _once(run(case))
    function = run(case)
    if kind == "fit":
        return lambda: _once(function) / math.ceil(SAMPLES / case.batch)
    return lambda: per_call(function, batches=3)


def _once(function: Callable[[], Any]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def peak() -> float:
    """The most memory that this process ever held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # of this program alone; what getrusage tells begins with that of its parent
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
