"""Chunks: many steps of an epoch as one call, where nobody has to be told of each.

The one idea: between two batches `fit` does nothing that a loop in generated code could not do, unless a
callback wants to know of batches. So an epoch is cut into chunks of as many batches as take about a twentieth
of a second: few calls, and still a progress bar that moves and a Ctrl-C that is heard. Where there is no such
loop (Python's numbers are for tiny nets), steps run one after the other, and what is shown is worked out once
a chunk.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core import Tensor
from ..program.choice import Chosen, loop_for
from ..program.ir import flops_of
from ..program.loop import Epoch, Plan, Run
from ..program.passes import prune
from ..program.runner import Runner
from .sources import ArraySource

if TYPE_CHECKING:
    from ..program.loop import Loop

SECONDS = 0.05  # that a chunk should take
LONGEST = 1 << 16  # steps
FIRST = 64  # steps of the first chunk; how many the next one has is found by measuring
SPEED = 2e9  # flops a second, at the least: what is thought of a machine before it is measured
ROOM = 1 << 24  # bytes of outputs that are held until the metrics have seen them
COPIED = 1 << 16  # bytes of states that are copied in no time


class Chunk:
    """Some batches of an epoch that run as one call.

    Attributes:
        chunks: what cut it off, and runs it.
        order: which samples each step takes: (steps, batch).
        begun: how many steps of the epoch come before.
        done: how many steps were taken: not all, if one of them needed what a loop cannot do.
    """

    def __init__(self, chunks: Chunks, order: np.ndarray, begun: int) -> None:
        self.chunks, self.order, self.begun, self.done = chunks, order, begun, 0


class Chunks:
    """Cuts epochs over arrays into chunks, and runs these.

    Every step of a full batch goes this way, from the first one on, so where one training stops and another
    resumes makes no difference to any number.

    Args:
        step: the captured step, which runs a last batch that is smaller, and what the loop hands over.
        source: the arrays.
        runner: has the tensors that change, and knows what its outputs are.
        loop: runs the program of a full batch, many times; None: the runner does, step by step.
        one_by_one: does somebody want to know of each batch? Then a chunk is one step.
    """

    def __init__(
        self, step: Any, source: ArraySource, runner: Any, loop: Loop | None, one_by_one: bool = False
    ) -> None:
        self.step, self.source, self.runner, self.loop = step, source, runner, loop
        self.one_by_one, self.size = one_by_one, min(source.size, source.rows)
        self._optimizer, self._wants_outputs = step.model.optimizer, step.model.wants_outputs
        # Side by side in memory, once: a loop would copy the whole of them for each chunk.
        self._data = source.parts if loop is None else [np.ascontiguousarray(part) for part in source.parts]
        shown = runner.program.outputs if self._wants_outputs else ()
        self._most = max(1, ROOM // max(1, sum(v.nbytes for v in shown)))
        self._last: Run | None = None  # what the tensors hold, if nobody has changed them since

    @classmethod
    def of(cls, step: Any, source: ArraySource, one_by_one: bool = False) -> Chunks | None:
        """If the program of a full batch is known beforehand; None: steps run one by one."""
        size, wants_outputs = min(source.size, source.rows), step.model.wants_outputs
        key = (size, wants_outputs, *((part.shape[1:], part.dtype) for part in source.parts))
        if key not in step.loops:
            runner = step.prepared(tuple([Tensor.wrap(part[:size]) for part in source.parts]))
            step.loops[key] = runner, None if runner is None else _loop(step, runner, wants_outputs)
            step.length = _first_length(runner)
        runner, chosen = step.loops[key]
        step.chosen = chosen
        if runner is None or chosen is None:
            return None
        if one_by_one and (chosen.runs is None or sum(v.nbytes for v in runner.program.states) > COPIED):
            return (
                None  # a step writes over its states, and a loop copies them: that is for more than one step
            )
        return cls(step, source, runner, chosen.runs, one_by_one)

    def epoch(self) -> Iterator[Any]:
        """The batches of an epoch, those of full size in chunks."""
        source, size = self.source, self.size
        (rows,) = source.orders(1)
        at, full = 0, source.rows // size
        while at < full:
            stop = min(full, at + (1 if self.one_by_one else self._length))
            chunk = Chunk(self, rows[at * size : stop * size].reshape(stop - at, size), at)
            yield chunk
            at += chunk.done
        if source.rows % size:
            yield self.batch(rows[full * size :])

    def batch(self, rows: np.ndarray) -> tuple[Tensor, ...]:
        """These rows of the data, as tensors."""
        return tuple([Tensor.wrap(part[rows]) for part in self.source.parts])

    def whole_epochs(self, most: int) -> list[float]:
        """Run at most so many epochs as one call: the loss of each. Empty: the next one runs by batches."""
        source, size = self.source, self.size
        steps = source.rows // size
        if self.loop is None or source.rows % size or self._wants_outputs:
            return []
        count = min(most, max(1, self._length // steps))
        before = source.state
        order = source.orders(count).reshape(count * steps, size)
        run = self._call(order)
        if run.done < len(order):  # the epoch in which the loop gave up runs by batches, from its beginning
            count = run.done // steps
            source.state = before
            if not count:
                return []
            order = source.orders(count).reshape(count * steps, size)
            run = self._call(order)
        self._put(run)
        losses = run.outputs[0].reshape(count, steps).astype("float64")
        self.step.model.reset_metrics()
        self.step.took_in(losses[-1], size)
        shown: list[float] = (np.cumsum(losses, axis=1)[:, -1] / steps).astype("float32").tolist()
        return shown

    @property
    def _length(self) -> int:
        """How many steps the next chunk has."""
        length: int = min(self.step.length, self._most)
        return length

    def run(self, chunk: Chunk) -> Any:
        """Run the steps of a chunk: (losses, outputs), one of each for each step."""
        if self.loop is None:
            return self._by_steps(chunk)
        run = self._call(chunk.order, chunk.begun)
        chunk.done = run.done
        if run.done:
            self._put(run)
        return run.outputs

    def _by_steps(self, chunk: Chunk) -> list[np.ndarray]:
        """Step by step, until a chunk's time or room is used up. Each step is put in place with its count, so
        that whatever is raised leaves whole steps.
        """
        iterations, parts = self._optimizer._iterations, self.source.parts
        first, numbers = int(iterations), moments(self._optimizer, len(chunk.order), self.step.dtype)
        found, held = [], 0
        until = time.perf_counter() + SECONDS
        for k, rows in enumerate(chunk.order):
            given = [part[rows] for part in parts] + [each[k, ...] for each in numbers]
            outputs = self.runner(given, [(iterations, np.array(first + k + 1, np.int64))])
            found.append(outputs if self._wants_outputs else outputs[:1])
            held += sum(y.nbytes for y in found[-1])
            if time.perf_counter() > until or held > ROOM:
                break
        chunk.done = len(found)
        chunk.order = chunk.order[: chunk.done]
        return [np.array(each) for each in zip(*found, strict=True)]

    def _call(self, order: np.ndarray, begun: int = 0) -> Run:
        numbers = moments(self._optimizer, len(order), self.step.dtype)
        states = [tensor._data for tensor in self.runner.states]
        began = time.perf_counter()
        assert self.loop is not None
        with np.errstate(all="ignore"):
            run = self.loop(self._data, order, numbers, states, self._epoch(begun))
        taken = time.perf_counter() - began
        if taken < SECONDS / 2 and run.done == len(order):
            self.step.length = min(self.step.length * (8 if taken < SECONDS / 16 else 2), LONGEST)
        elif taken > 2 * SECONDS:
            self.step.length = max(1, self.step.length // 2)
        return run

    def _epoch(self, begun: int) -> Epoch:
        """Where in an epoch the next step stands. A callback may have given a weight another value."""
        last, steps = self._last, self.source.rows // self.size
        if not begun or last is None:
            return Epoch(steps, begun)
        same = all(w._data is x for w, x in zip(self.runner.updated, last.updates, strict=True))
        return Epoch(steps, begun, last.exact if same else ())

    def _put(self, run: Run) -> None:
        """What the steps have made of the weights, and their count."""
        self._last = run
        iterations = self._optimizer._iterations
        self.runner.put(run.updates, [(iterations, np.array(int(iterations) + run.done, np.int64))])


def _first_length(runner: Runner | None) -> int:
    """How many steps the first chunk has: it shall not take longer than a chunk, whatever the net."""
    flops = 0 if runner is None else sum(map(flops_of, runner.program.rows))
    return max(1, min(FIRST, int(SECONDS * SPEED / max(1, flops))))


def _loop(step: Any, runner: Runner, wants_outputs: bool) -> Chosen:
    """What runs the program of a full batch many times."""
    program, count = runner.program, len(runner.program.inputs) - 2
    if step.wanted != "native" and not all(v.dtype.kind == "f" for v in program.inputs):
        return Chosen(None, "numpy", "Python's numbers are for data that are floating-point numbers.")
    if not wants_outputs:  # what nobody asks for is not computed
        program = prune(program.replace(outputs=program.outputs[:1]))
    return loop_for(Plan(program, tuple(range(count)), (count, count + 1)), step.wanted)


def moments(optimizer: Any, steps: int, dtype: Any) -> list[np.ndarray]:
    """The learning rate and the number of each of the steps to come."""
    first = optimizer.moment()
    t = np.arange(first.t, first.t + steps)
    if isinstance(optimizer._learning_rate, Tensor):
        return [np.full(steps, first.lr, dtype), t.astype(dtype)]
    rates = [float(optimizer._learning_rate(Tensor.wrap(np.int64(first.done + k)))) for k in range(steps)]
    return [np.asarray(rates, dtype), t.astype(dtype)]


def can_be_chunked(model: Any, source: Any) -> bool:
    """May many batches run as one call? Not where each of them does something else."""
    optimizer = model.optimizer
    return (
        isinstance(source, ArraySource)
        and source.plain
        and source.rows > 0
        and bool(model.trainable_weights)
        and not (model._objective is not None and model._objective.several)
        and not optimizer.use_ema
        and (optimizer.gradient_accumulation_steps or 1) == 1
        and _is_known_beforehand(optimizer._learning_rate)
    )


def _is_known_beforehand(rate: Any) -> bool:
    """A number, or a schedule; what a function says may depend on when it is asked."""
    if isinstance(rate, Tensor):
        return True
    from ..optim.schedules import LearningRateSchedule

    return isinstance(rate, LearningRateSchedule)
