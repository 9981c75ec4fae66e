"""Chunks: many steps of an epoch as one call, where nobody has to be told of each.

The one idea: between two batches `fit` does nothing that a loop in generated code could not do, unless a
callback wants to know of batches. So an epoch is cut into chunks of as many batches as take about a twentieth
of a second: few calls, and still a progress bar that moves and a Ctrl-C that is heard.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core import Tensor
from ..optim.schedules import LearningRateSchedule
from ..program.choice import loop_for
from ..program.ir import Program
from ..program.loop import Loop, Plan, Run
from ..program.passes import prune
from ..program.runner import Runner
from .sources import ArraySource

SECONDS = 0.05  # that a chunk should take
LONGEST = 1 << 16  # steps
WORTH = 64  # steps still to come, from which on writing a loop pays


class Chunk:
    """Some batches of an epoch that run as one call.

    Attributes:
        order: which samples each step takes: (steps, batch).
        done: how many steps were taken; a loop may hand over before its end.
    """

    def __init__(self, order: np.ndarray) -> None:
        self.order, self.done = order, 0

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return self.done


class Chunks:
    """Cuts epochs over arrays into chunks, and runs these.

    Args:
        step: the captured step, which runs batches one by one until its program is known.
        source: the arrays.
        steps: how many steps there will be in all.
    """

    def __init__(self, step: Any, source: ArraySource, steps: int) -> None:
        self.step, self.source, self.left = step, source, steps
        self.loop: Loop | None = None
        self.reason: str | None = None  # why steps run one by one
        self._of: Runner | None = None  # whose program the loop runs
        self._length = 32

    def epoch(self) -> Iterator[Any]:
        """The batches of an epoch, those of equal size in chunks as soon as that is possible."""
        source, size = self.source, self.source.size
        (rows,) = source.orders(1)
        at, full = 0, source.rows // size
        while at < full:
            if not self._is_ready(size):
                yield self._batch(rows[at * size : (at + 1) * size])
                at, self.left = at + 1, self.left - 1
                continue
            stop = min(full, at + self._length)
            chunk = Chunk(rows[at * size : stop * size].reshape(stop - at, size))
            yield chunk
            at, self.left = at + chunk.done, self.left - chunk.done
            if at < stop:  # what the loop cannot do, NumPy can
                yield self._batch(rows[at * size : (at + 1) * size])
                at, self.left = at + 1, self.left - 1
        if source.rows % size:
            yield self._batch(rows[full * size :])
            self.left -= 1

    def _batch(self, rows: np.ndarray) -> tuple[Tensor, ...]:
        return tuple([Tensor.wrap(part[rows]) for part in self.source.parts])

    def _is_ready(self, size: int) -> bool:
        """Is there a loop? It is written when the program of a full batch is known, if it pays."""
        if self.reason is not None or self.step.reason is not None:
            return False
        runner = self.step.runner_for(self.source.parts, size)
        if runner is None or (self.loop is None and self.left < WORTH):
            return False
        if runner is not self._of:
            self._of = runner
            chosen = loop_for(self._plan(runner), self.step.source_wanted)
            self.loop, self.step.chosen = chosen.runs, chosen
            if chosen.runs is None:
                self.reason = chosen.reason
        return self.loop is not None

    def _plan(self, runner: Runner) -> Plan:
        count = len(self.source.parts)
        return Plan(self.program(runner), tuple(range(count)), (count, count + 1))

    def program(self, runner: Runner) -> Program:
        """What a loop runs: outputs that nobody asks for are not computed."""
        if self.step.model.wants_outputs:
            return runner.program
        return prune(runner.program.replace(outputs=runner.program.outputs[:1]))

    def whole_epochs(self, most: int) -> list[float]:
        """Run at most so many epochs as one call: the loss of each. Empty: the next one runs by batches."""
        source, size = self.source, self.source.size
        steps = source.rows // size
        if source.rows % size or self.step.model.wants_outputs or not self._is_ready(size):
            return []
        count = min(most, max(1, self._length // steps))
        before = source.state
        order = source.orders(count).reshape(count * steps, size)
        run = self._call(order)
        if run.done < len(order):  # the epoch in which the loop gave up runs by batches, from its beginning
            count = run.done // steps
            source.state = before
            order = source.orders(count).reshape(count * steps, size)
            run = self._call(order)
        if not run.done:
            return []
        self._put(run)
        self.left -= run.done
        losses = run.outputs[0].reshape(count, steps).astype("float64")
        self.step.took_in(losses[-1], size)
        shown: list[float] = losses.mean(axis=1).astype("float32").tolist()
        return shown

    def run(self, chunk: Chunk) -> Any:
        """Run the steps of a chunk: (losses, outputs), one of each for each step."""
        run = self._call(chunk.order)
        chunk.done = run.done
        if run.done:
            self._put(run)
        return run.outputs

    def _call(self, order: np.ndarray) -> Run:
        loop, runner = self.loop, self._of
        assert loop is not None
        assert runner is not None
        numbers = moments(self.step.model.optimizer, len(order), self.step.dtype)
        states = [tensor._data for tensor in runner.states]
        began = time.perf_counter()
        with np.errstate(all="ignore"):
            run = loop(self.source.parts, order, numbers, states)
        taken = time.perf_counter() - began
        if taken < SECONDS / 2 and run.done == len(order):
            self._length = min(self._length * (8 if taken < SECONDS / 16 else 2), LONGEST)
        elif taken > 2 * SECONDS:
            self._length = max(1, self._length // 2)
        return run

    def _put(self, run: Run) -> None:
        """What the steps have made of the weights, and their count."""
        assert self._of is not None
        iterations = self.step.model.optimizer._iterations
        self._of.put(run.updates)
        iterations.assign(np.int64(int(iterations) + run.done))


def moments(optimizer: Any, steps: int, dtype: Any) -> list[np.ndarray]:
    """The learning rate and the number of each of the steps to come."""
    first = optimizer.moment()
    t = np.arange(first.t, first.t + steps)
    if not isinstance(optimizer._learning_rate, LearningRateSchedule):
        return [np.full(steps, first.lr, dtype), t.astype(dtype)]
    rates = [float(optimizer._learning_rate(Tensor.wrap(np.int64(first.done + k)))) for k in range(steps)]
    return [np.asarray(rates, dtype), t.astype(dtype)]


def can_be_chunked(model: Any, source: Any, calls: Any) -> bool:
    """May the batches of an epoch run as one call? Not where somebody looks at each, or each differs."""
    optimizer = model.optimizer
    rate = optimizer._learning_rate
    return (
        isinstance(source, ArraySource)
        and source.plain
        and calls.only_progress
        and bool(model.trainable_weights)
        and not (model._objective is not None and model._objective.several)
        and not optimizer.use_ema
        and (optimizer.gradient_accumulation_steps or 1) == 1
        and (isinstance(rate, Tensor | LearningRateSchedule))
        and all(np.issubdtype(part.dtype, np.floating) for part in source.parts)
    )
