"""Trainer: the half of a model that learns. `compile` says how, `fit` does it, `evaluate` and `predict` use
the result.

An epoch is a step for each batch (see `learner`), with the hooks of callbacks around it. The loss that is
shown is the mean over samples of the loss before each update, a smaller last batch weighing less.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from .. import settings
from ..core import Tensor
from ..core.operations.bits import Bits
from ..core.operations.random import draw_seed
from ..core.state import current, no_grad
from ..tree import flatten, leaves_of, map_tree
from . import data
from .callbacks.callback import Callback
from .callbacks.callback_list import CallbackList, checked_callbacks
from .callbacks.history import History
from .captured import CapturedStep, captured_step
from .chunks import Chunk, Chunks, can_be_chunked
from .compiling import is_replaced
from .data import unpack_x_y_sample_weight as unpack
from .learner import Learner
from .logs import Logs, array, numbers, validation_epochs, warn_once_if_not_finite
from .sources import ArraySource, Feed, StreamSource, is_stream


class Trainer(Learner):
    """See `Model`."""

    stop_training = stop_evaluating = stop_predicting = False
    history: History | None = None
    _generator: Bits | None = None  # of the order of the samples
    _initial_epoch: int | None = None  # set by a callback that resumes
    _fitting = False
    _captured_as: Any = ()  # pairs: what decides how a step runs, and the captured step; the last used first
    train_function: Any = None  # what took the last batch: its program, if it has one
    _passing = Learner._passing.union(  # see `fingerprint`
        ("history", "stop_training", "stop_evaluating", "stop_predicting", "train_function", "_generator"),
        ("_initial_epoch", "_fitting", "_steps_seen", "_captured_as", "_compile_arguments", "_metrics_now"),
    )

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Sequence[Callback] | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: Any = 1,
    ) -> History:
        """Train: `epochs` times over all samples, a step for each batch.

        Args:
            x, y: one row for each sample: arrays, nested lists or tensors; integers become floats. Or x
                alone: a generator, an iterable or a `PyDataset` of (x, y) or (x, y, sample_weight).
            batch_size: samples in a step; None: 32. The last batch may be smaller.
            epochs: the number of the last epoch; initial_epoch: of the first, from 0.
            verbose: 0 silent, 1 or "auto" a progress bar, 2 a line for each epoch.
            callbacks: whose hooks are called. What they change counts at once if it is a tensor (weights, the
                learning rate), else (an activation, say) from the next `fit` on, unless `run_eagerly`.
            validation_split: the part of the samples, from the end, that is not trained on but evaluated.
            validation_data: (x, y), (x, y, sample_weight), or what hands out such, to evaluate instead.
            shuffle: True: a new order of the samples in each epoch; "batch": inside each batch; False: none.
            class_weight: {class: weight}: how much samples of a class count.
            sample_weight: a weight for each sample: its loss is multiplied by it.
            steps_per_epoch: batches in an epoch; the next epoch goes on where it stopped. None: all.
            validation_steps, validation_batch_size: the same for validation.
            validation_freq: every how many epochs to validate; or a list of epochs, from 1.

        Returns:
            The history: `history.history["loss"]` has one number for each epoch.

        Raises:
            ValueError, TypeError: anything wrong with the arguments, before anything has changed.
        """
        self._require_compiled()
        epochs = data.limited("epochs", data.whole_number("epochs", epochs, 0), settings.max_epochs()) or 0
        initial_epoch = data.whole_number("initial_epoch", initial_epoch, 0)
        size = data.whole_number("batch_size", batch_size, 1, default=32)
        steps = data.optional_number("steps_per_epoch", steps_per_epoch)
        validation_steps = data.optional_number("validation_steps", validation_steps)
        due = validation_epochs(validation_freq)
        data.verbosity(verbose)
        own = checked_callbacks(callbacks)
        if not (isinstance(shuffle, bool | np.bool_) or (isinstance(shuffle, str) and shuffle == "batch")):
            raise ValueError(f"`shuffle` must be True, False or 'batch'; got shuffle={shuffle!r}.")
        if shuffle and self._generator is None:
            self._generator = Bits(draw_seed())
        held_out: tuple[Any, ...] | None = None
        if is_stream(x):
            if validation_split:
                raise ValueError("`validation_split` is only supported for arrays, which have a last part.")
            source: Any = self._stream(x, y, sample_weight, class_weight, shuffle)
        else:
            parts = self._checked(x, y, sample_weight, class_weight)
            if validation_data is None and validation_split:
                parts, held_out = data.split(parts, validation_split)
            source = ArraySource(parts, size, shuffle, self._generator if shuffle else None)
        validation_size = data.whole_number("validation_batch_size", validation_batch_size, 1, default=size)
        if validation_data is not None:
            validation: Any = self._validation_source(validation_data, validation_size)
        else:
            validation = ArraySource(held_out, validation_size) if held_out else None
        validating = None if validation is None else Feed(validation, validation_steps)
        feed = Feed(source, steps)
        self._build_for_batch(source)

        calls = self._calls(own, epochs, feed.steps, verbose, history=True)
        history: History = calls.history
        self.history = history
        self.stop_training, self._initial_epoch, self._fitting = False, None, True
        step: Any = self._train_function()
        self.train_function = step
        chunks: Chunks | None = None
        if isinstance(step, CapturedStep):
            self._metrics_now = self._settled_metrics()
            step.only_loss = not self.wants_outputs
            if feed.limit is None and can_be_chunked(self, source):
                chunks = Chunks.of(step, source, not calls.only_progress)
        many = chunks if validating is None and calls.only_our_own else None  # whole epochs, many at once
        try:
            calls.call("on_train_begin", {})
            logs: Logs = {}
            epoch = (self._initial_epoch or initial_epoch) - 1
            while (epoch := epoch + 1) < epochs:
                if many is not None:
                    began = time.perf_counter()
                    losses = many.whole_epochs(epochs - epoch)
                    if losses:
                        calls.extend(epoch, losses, time.perf_counter() - began)
                        epoch, logs = epoch + len(losses) - 1, {"loss": losses[-1]}
                        continue
                calls.call("on_epoch_begin", epoch, {})
                batches = feed.epoch() if chunks is None else chunks.epoch()
                logs = dict(self._run("train", batches, step, calls))
                if feed.steps is None:
                    feed.steps = calls.params["steps"] = self._steps_seen
                if validating is not None and due(epoch + 1):
                    val = self._run("test", validating.epoch(), self.test_step, calls)
                    logs |= {f"val_{key}": value for key, value in val.items()}
                    logs = dict(sorted(logs.items()))
                warn_once_if_not_finite(logs, history, epoch)
                calls.call("on_epoch_end", epoch, logs)
                if self.stop_training:
                    break
            if self.trainable_weights:
                self.optimizer.finalize_variable_values(self.trainable_weights)
            calls.call("on_train_end", logs)
        finally:
            self._fitting, self._metrics_now = False, None
        return history

    def _run(
        self, kind: str, batches: Iterable[Any], step: Callable[[Any], Any], calls: CallbackList
    ) -> Logs:
        """Run a step for each batch; the means over all samples. A model that is stopped stops between
        batches.
        """
        saved: list[tuple[Any, Tensor]] = []
        if kind == "test":
            # A test run may begin in the middle of an epoch, from a callback: the epoch's means are kept.
            if self._fitting:
                saved = [(v, v.detach()) for metric in self.metrics for v in metric.variables]
            self.stop_evaluating = False
            calls.call("on_test_begin", {})
        self.reset_metrics()
        logs: Logs = {}
        begin, end = f"on_{kind}_batch_begin", f"on_{kind}_batch_end"
        k = -1
        try:
            together = self.steps_per_execution  # batches between two calls of the callbacks
            for batch in batches:
                k += 1
                if isinstance(batch, Chunk) and len(batch.order) > 1:
                    logs = numbers(step(batch))
                    k += batch.done - 1
                    calls.call(end, k, logs)
                    continue
                if k % together == 0:
                    calls.call(begin, k, {})
                logs = numbers(step(batch))
                if (k + 1) % together == 0:
                    calls.call(end, k, logs)
                    if self.stop_training if kind == "train" else self.stop_evaluating:
                        break
            if (k + 1) % together:
                calls.call(end, k - k % together + together - 1, logs)
        finally:
            for variable, value in saved:
                variable.assign(value)
        self._steps_seen = k + 1
        if kind == "test":
            calls.call("on_test_end", logs)
        return logs

    # --- using a trained model ---------------------------------------------------------------------------

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Sequence[Callback] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """The loss on these samples; with metrics a list [loss, metric, ...]; or a dict. Nothing is
        learnt. The arguments are those of `fit`.
        """
        self._require_compiled()
        size = data.whole_number("batch_size", batch_size, 1, default=32)
        data.verbosity(verbose)
        limit, own = data.optional_number("steps", steps), checked_callbacks(callbacks)
        if is_stream(x):
            source: Any = self._stream(x, y, sample_weight)
        else:
            source = ArraySource(self._checked(x, y, sample_weight), size)
        self._build_for_batch(source)
        feed = Feed(source, limit)
        calls = self._calls(own, 1, feed.steps, verbose)
        return self._reported(self._run("test", feed.epoch(), self.test_step, calls), return_dict)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        steps: int | None = None,
        callbacks: Sequence[Callback] | None = None,
    ) -> Any:
        """What the model gives for each sample: an array of its own, float32 unless the model computes
        otherwise; a list or dict of arrays for a model with several outputs.
        """
        size = data.whole_number("batch_size", batch_size, 1, default=32)
        data.verbosity(verbose)
        limit, own = data.optional_number("steps", steps), checked_callbacks(callbacks)
        source: Any
        if is_stream(x):
            source = StreamSource(x, lambda batch: (self._inputs("x", unpack(batch)[0]),))
        else:
            inputs = self._inputs("x", x)
            data.same_length(x=inputs)
            self._check_output_shape(inputs)
            source = ArraySource((inputs,), size)
        self._build_for_batch(source)
        feed = Feed(source, limit)
        calls = self._calls(own, 1, feed.steps, verbose)
        self.stop_predicting = False
        calls.call("on_predict_begin", {})
        outputs = []
        with no_grad():
            for k, batch in enumerate(feed.epoch()):
                calls.call("on_predict_batch_begin", k, {})
                given = map_tree(array, self.predict_step(batch))
                outputs.append(given)
                calls.call("on_predict_batch_end", k, {"outputs": given})
                if self.stop_predicting:
                    break
        calls.call("on_predict_end", {})
        if not outputs:
            raise ValueError("`x` handed out no batch at all.")
        columns = zip(*(leaves_of(output) for output in outputs), strict=True)
        return flatten(outputs[0])[1]([np.concatenate(column) for column in columns])

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: dict[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """One step on these samples: the loss before the update (with metrics a list, or a dict)."""
        return self._on_batch(self._train_function_for_one, (x, y, sample_weight, class_weight), return_dict)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """The loss on these samples (with metrics a list, or a dict). Nothing is learnt."""
        return self._on_batch(lambda: self.test_step, (x, y, sample_weight), return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """What the model gives for these samples, in one go."""
        inputs = self._inputs("x", x)
        return self.predict(x, batch_size=len(leaves_of(inputs)[0]), verbose=0)

    def _on_batch(
        self, function: Callable[[], Callable[[Any], Any]], arguments: tuple[Any, ...], return_dict: bool
    ) -> Any:
        self._require_compiled()
        batch = tuple(map_tree(Tensor, part) for part in self._checked(*arguments))
        self._build_for_batch(batch)
        before, self._metrics_now = self._metrics_now, self._settled_metrics()
        try:
            self.reset_metrics()
            return self._reported(numbers(function()(batch)), return_dict)
        finally:
            self._metrics_now = before

    def _reported(self, logs: Logs, return_dict: bool) -> Any:
        if return_dict:
            return logs
        names = [name for name in self.metrics_names if name in logs]
        values = [logs[name] for name in names] + [logs[name] for name in logs if name not in names]
        return values[0] if len(values) == 1 else values

    def _train_function(self) -> Callable[[Any], Any]:
        """What `fit` calls for each batch: the captured step, or `train_step` itself."""
        captured = not self.run_eagerly and self.optimizer.capturable and current().recording
        if not captured or is_replaced(self, "train_step", Learner):
            return self.train_step
        if not self.optimizer.built and self._all_built and (weights := self.trainable_weights):
            self.optimizer.build(weights)  # before the fingerprint, which is taken of what stays
        return captured_step(self)

    def _train_function_for_one(self) -> Callable[[Any], Any]:
        """What takes a single step. Where something is different each time, nothing is captured."""
        step = self.train_function = self._train_function()
        if isinstance(step, CapturedStep):
            step.only_loss = not self.wants_outputs
            if not step.met:
                step.met = True
                return self.train_step
        return step

    # --- checks: before anything changes -----------------------------------------------------------------

    def _calls(
        self, own: list[Callback], epochs: int, steps: int | None, verbose: Any, history: bool = False
    ) -> CallbackList:
        bar = data.verbosity(verbose) > 0
        params = {"verbose": verbose, "epochs": epochs, "steps": steps}
        return CallbackList(own, add_history=history, add_progbar=bar, model=self, **params)

    def _validation_source(self, given: Any, size: int) -> Any:
        if is_stream(given):
            return self._stream(given, None, None)
        if not isinstance(given, list | tuple) or len(given) not in (2, 3):
            raise ValueError(
                "`validation_data` must be a pair (x, y), (x, y, sample_weight), or hand out such batches; "
                f"got {type(given).__name__}{f' of {len(given)}' if hasattr(given, '__len__') else ''}."
            )
        names = ("validation x", "validation y")
        if is_stream(given[0]):
            raise ValueError(
                "`validation_data` with a generator is the generator itself, not a tuple with it."
            )
        return ArraySource(
            self._checked(given[0], given[1], given[2] if len(given) > 2 else None, names=names), size
        )

    def _stream(
        self, x: Any, y: Any, sample_weight: Any, class_weight: Any = None, shuffle: bool | str = False
    ) -> StreamSource:
        kind = type(x).__name__
        for name, value in (("y", y), ("sample_weight", sample_weight)):
            if value is not None:
                raise ValueError(
                    f"`{name}` must not be given when `x` is a {kind}: it hands out (x, y, sample_weight) "
                    "itself."
                )

        def check(batch: Any) -> tuple[Any, ...]:
            given = unpack(tuple(batch) if isinstance(batch, list) and len(batch) <= 3 else batch)
            parts = self._checked(given[0], given[1], given[2], class_weight)
            return tuple(map_tree(Tensor, part) for part in parts)

        return StreamSource(x, check, shuffle, self._generator if shuffle else None)

    def _build_for_batch(self, source: Any) -> None:
        """Make the weights, for the shape of the data; a model that only its first call can build waits."""
        if self.built:
            if isinstance(source, StreamSource):
                source.peek()
            return
        if isinstance(source, ArraySource):
            batch = source.parts
        else:
            batch = source.peek() if isinstance(source, StreamSource) else source
        self._build_model(map_tree(lambda a: (None, *a.shape[1:]), batch[0]))
