"""CapturedStep: a step of training that is captured the first time, and run as a program from then on.

The one idea: what `fit` does for each batch is `model._learn`, and that is captured as it is. What is only
known outside of it goes in as two numbers, the learning rate and the number of the step (a schedule or a
callback may do what it likes to them), and what only concerns people stays outside: metrics, logs, hooks.

A step is captured twice, and trusted if both captures agree. Code that does something else each time (noise
from `np.random`, a counter of its own) is noticed so, and runs eagerly as it was written. Where all code is
the library's own, and draws nothing, one capture says it all.
"""

from __future__ import annotations

import functools
import warnings
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core import Tensor
from ..optim.stepping import Moment
from ..program.capture import Captured, CaptureError, capture
from ..program.choice import Chosen, forced_source
from ..program.ir import Program
from ..program.runner import Runner
from ..tree import flatten, form_of, leaves_of
from .chunks import Chunk
from .data import unpack_x_y_sample_weight as unpack
from .fingerprint import Fingerprint
from .logs import Logs
from .metrics.metric import add, put
from .trial import as_before

STEPS = 4  # captured steps of a model that are kept: of one that is frozen now and then, say
KEPT = 32  # programs, for batches of other shapes: the oldest goes
TRIES = 3  # captures of which two in a row must agree


class Layout:
    """What the outputs of a program are: the losses, then the parts of what the model gave, then their masks.

    Attributes:
        losses: how many of them are losses: that of all, and its parts if there are several.
    """

    def __init__(self) -> None:
        self.losses = 1
        self._form: Any = None  # makes the structure of its parts
        self._masked: list[int] = []  # which parts carry a mask

    def noted(self, loss: Tensor, parts: list[Tensor], output: Any) -> list[Tensor]:
        """The outputs, in this order."""
        self.losses = 1 + len(parts)
        outputs, self._form = flatten(output)
        masks = [getattr(each, "_keras_mask", None) for each in outputs]
        self._masked = [k for k, mask in enumerate(masks) if mask is not None]
        return [loss, *parts, *outputs, *(masks[k] for k in self._masked)]

    def parts(self, outputs: list[np.ndarray]) -> tuple[Tensor, list[Tensor], Any]:
        """(the loss, its parts if there are several, what the model gave)."""
        loss, *parts = map(Tensor.wrap, outputs[: self.losses])
        return loss, parts, self.output(outputs[self.losses :])

    def output(self, outputs: list[np.ndarray]) -> Any:
        """What the model gave, with the masks that it carried: metrics want them."""
        parts = list(map(Tensor.wrap, outputs))
        count = len(parts) - len(self._masked)
        for k, mask in zip(self._masked, parts[count:], strict=True):
            parts[k]._keras_mask = mask
        return self._form(parts[:count])


class StepRunner(Runner):
    """Runs a captured step of training."""

    def __init__(self, captured: Captured, layout: Layout, source: str) -> None:
        super().__init__(captured, source)
        self.layout = layout


class CapturedStep:
    """What `fit` calls for each batch.

    Args:
        model: a compiled model that has its weights.
        known: is all code in it the library's own? See `Fingerprint.is_our_own`.

    Attributes:
        reason: why the step runs eagerly; None: it does not.
    """

    def __init__(self, model: Any, known: bool = False) -> None:
        self._model = weakref.ref(model)  # the model keeps this step: together they would be a circle
        self._known = known
        self.reason: str | None = None
        self._runners: dict[Any, StepRunner] = {}
        self._waiting: dict[Any, list[Captured]] = {}
        self.wanted = wanted_source(model)
        self.length = 1  # steps of a chunk, found by measuring
        self.only_loss = False  # is the loss all that is shown?
        self.met = False  # was a single step asked for before?
        self.loops: dict[Any, tuple[StepRunner | None, Chosen | None]] = {}  # by the shapes of full batches
        self.chosen: Chosen | None = None  # what runs chunks of steps

    @property
    def program(self) -> Program | None:
        """The program of the batches that came most lately; None: none was captured."""
        return self._latest.program if self._runners else None

    @property
    def source(self) -> str | None:
        """The text that runs."""
        if self.chosen is not None and self.chosen.runs is not None:
            return str(self.chosen.runs.source)
        return self._latest.source if self._runners else None

    def explain(self) -> str:
        """What runs, why, and what it costs, in a few lines."""
        if not self._runners:
            return f"the step runs eagerly: {self.reason or 'it was not captured yet.'}"
        lines = self._latest.explain()
        if self.chosen is not None:
            how = f"as {self.chosen.name} source" if self.chosen.runs is not None else "one by one"
            lines += f"\nmany steps run {how}: {self.chosen.reason}"
        return lines

    @property
    def model(self) -> Any:
        """Whose step it is."""
        return self._model()

    @property
    def _latest(self) -> StepRunner:
        return next(reversed(self._runners.values()))

    def __call__(self, batch: Any) -> Logs:
        """One step, or a chunk of them: what is shown of it."""
        if isinstance(batch, Chunk):
            return self._run_chunk(batch)
        found = self._run(batch) if self.reason is None else None
        if found is None:
            eager: Logs = self.model.train_step(batch)
            return eager
        return self._shown(batch, *found)

    def _shown(self, batch: Any, layout: Layout, outputs: list[np.ndarray]) -> Logs:
        """What is shown of a step that gave these outputs."""
        model = self.model
        if self.only_loss:
            tracker = model._loss_tracker
            tracker.update_state(outputs[0], sample_weight=len(leaves_of(batch)[0]))
            return {"loss": tracker.result()}
        x, y, sample_weight = unpack(batch)
        loss, parts, output = layout.parts(outputs)
        logs: Logs = model._taken_in(x, y, sample_weight, loss, parts, output)
        return logs

    def _run(self, batch: Any) -> tuple[Layout, list[np.ndarray]] | None:
        """The outputs of a step, and what they are; None: it has to run eagerly."""
        optimizer = self.model.optimizer
        if not optimizer.built:
            return None  # the first step of all makes what is missing, weights perhaps and the slots
        now, leaves = optimizer.moment(), leaves_of(batch)
        key = self._key(batch, leaves, now)
        runner = self._runners.get(key)
        if runner is None:
            return self._captured(key, batch, now)
        count = [(optimizer._iterations, np.array(now.done + 1, np.int64))] if self._learns else []
        return runner.layout, runner([x._data for x in leaves] + self._numbers(now), count)

    def _key(self, batch: Any, leaves: list[Tensor], now: Moment) -> tuple[Any, ...]:
        """What a program is good for: batches nested like this one, of these shapes, in this phase of the
        optimizer.
        """
        shapes = [(x._data.shape, x._data.dtype) for x in leaves]
        return (*shapes, form_of(batch), *self.model.optimizer.phase(now.done))

    def _run_chunk(self, chunk: Chunk) -> Logs:
        """Many steps as one call; the step that a loop cannot do is done in the ordinary way, and ends it."""
        chunks = chunk.chunks
        losses, *outputs = chunks.run(chunk)
        order, logs = chunk.order[: chunk.done], {}
        if chunk.done:
            self.took_in(losses.astype("float64"), chunk.order.shape[1])
            logs = self._measured(chunks, order, outputs)
        if chunk.done < len(chunk.order):
            logs = self(chunks.batch(chunk.order[chunk.done]))
            chunk.done += 1
        return logs

    def _measured(self, chunks: Any, order: np.ndarray, outputs: list[np.ndarray]) -> Logs:
        """The metrics take in the outputs of many steps, at once if they may."""
        model = self.model
        logs: Logs = model.get_metrics_result()
        if not model.wants_outputs:
            return logs
        layout = chunks.runner.layout
        batches = _together(order, outputs) if model.metrics_add_up else _one_by_one(order, outputs)
        for rows, output in batches:
            x, y, sample_weight = unpack(chunks.batch(rows))
            logs = model.compute_metrics(x, y, layout.output(output), sample_weight)
        return logs

    def took_in(self, losses: np.ndarray, size: int) -> None:
        """The running loss after these steps of `size` samples."""
        tracker = self.model._loss_tracker
        total = np.cumsum([float(tracker.total._data), *(losses * size)])  # one after the other, as steps do
        put(tracker.total, total[-1])
        add(tracker.count, len(losses) * size)

    def _numbers(self, now: Moment) -> list[np.ndarray]:
        return [np.asarray(now.lr, self.dtype), np.asarray(now.t, self.dtype)]

    @functools.cached_property
    def dtype(self) -> Any:
        """Of the learning rate: float32, or that of wider weights."""
        return np.result_type(np.float32, *(w.dtype for w in self.model.trainable_weights))

    @functools.cached_property
    def _learns(self) -> bool:
        return bool(self.model.trainable_weights)

    def _count(self, now: Moment) -> None:
        if self._learns:
            self.model.optimizer._iterations.assign(np.int64(now.done + 1))

    def _captured(self, key: Any, batch: Any, now: Moment) -> tuple[Layout, list[np.ndarray]] | None:
        """A step that is captured while it runs."""
        try:
            found, layout = self._capture(batch, now)
        except CaptureError as error:
            self._give_up(str(error))
            return None
        self._count(now)
        earlier = self._waiting.setdefault(key, [])
        if earlier and earlier[-1].program.does_the_same_as(found.program):
            self._keep(key, found, layout)
            del self._waiting[key]
        elif len(earlier) + 1 == TRIES:
            where = earlier[-1].program.difference(found.program)
            self._give_up(
                "it does something else each time that it runs, by numbers that are no tensors"
                f"{f': see {where}' if where else ''}."
            )
        else:
            earlier.append(found)
        return layout, [output._data for output in found.outputs]

    def _capture(self, batch: Any, now: Moment, for_real: bool = True) -> tuple[Captured, Layout]:
        model, layout, (leaves, rebuild) = self.model, Layout(), flatten(batch)

        def step(*inputs: Tensor) -> list[Tensor]:
            *given, lr, t = inputs
            x, y, sample_weight = unpack(rebuild(given))
            return layout.noted(*model._learn(x, y, sample_weight, Moment(now.done, lr, t)))

        inputs = [*leaves, *map(Tensor.wrap, self._numbers(now))]
        names = ["x", "y", "sample_weight"][: len(batch)] if len(leaves) == len(batch) else []
        names = [*(names or [f"input_{k}" for k in range(len(leaves))]), "learning_rate", "t"]
        return capture(step, *inputs, names=names, name="step", for_real=for_real), layout

    def prepared(self, batch: Any) -> StepRunner | None:
        """What runs batches like this one, captured without taking a step; None: that cannot be done."""
        optimizer, model = self.model.optimizer, self.model
        if not optimizer.built:
            if not model._all_built:
                return None  # the first step makes the weights that are missing
            optimizer.build(model.trainable_weights)
        now = optimizer.moment()
        with as_before(model):
            try:
                found, layout = self._capture(batch, now, for_real=False)
                if not self._trusted(found.program):
                    again, _ = self._capture(batch, now, for_real=False)
                    if not found.program.does_the_same_as(again.program):
                        return None
            except CaptureError:
                return None  # the first step of all says why
        return self._keep(self._key(batch, leaves_of(batch), now), found, layout)

    def _trusted(self, program: Program) -> bool:
        """Does one capture say what every step does?"""
        draws = self.model._seed_states() or any(row.operation.random for row in program.rows)
        return self._known and not draws

    def _keep(self, key: Any, found: Captured, layout: Layout) -> StepRunner:
        runner = StepRunner(found, layout, "native" if self.wanted == "native" else "auto")
        self._runners[key] = runner
        if len(self._runners) > KEPT:
            del self._runners[next(iter(self._runners))]
        return runner

    def _give_up(self, reason: str) -> None:
        self.reason = reason
        warnings.warn(
            f"the training step of '{self.model.name}' runs eagerly, since it cannot be captured: {reason} "
            "(compile(run_eagerly=True) says that this is meant.)",
            UserWarning,
            stacklevel=6,
        )


def captured_step(model: Any) -> CapturedStep:
    """The step of a model as it is now: one that was captured before, if it was then what it is now."""
    wanted = wanted_source(model)
    known = [pair for pair in model._captured_as if pair[1].wanted == wanted]
    found = next(((before, step) for before, step in known if before.holds(model)), None)
    if found is None:
        now = Fingerprint(model)
        steps = [step for before, step in known if before.equals(now)]
        found = now, steps[0] if steps else CapturedStep(model, now.is_our_own)
    others = [pair for pair in model._captured_as if pair[1] is not found[1]]
    model._captured_as = [found, *others][:STEPS]
    step: CapturedStep = found[1]
    return step


def wanted_source(model: Any) -> str:
    """What shall run: machine code if `compile` asked for it, or what `program.choice.using` says."""
    return "native" if model.jit_compile is True else forced_source()


Batches = Iterator[tuple[np.ndarray, list[np.ndarray]]]


def _together(order: np.ndarray, outputs: list[np.ndarray]) -> Batches:
    """All rows of all steps, and their outputs."""
    yield order.reshape(-1), [y.reshape(-1, *y.shape[2:]) for y in outputs]


def _one_by_one(order: np.ndarray, outputs: list[np.ndarray]) -> Batches:
    for k, rows in enumerate(order):
        yield rows, [y[k] for y in outputs]
