"""Model: a layer that can be trained. `compile` says how, `fit` does it, `evaluate` and `predict` use the
result.

One step of training, in order: forward, loss, gradients, the optimizer's rule, metrics. The loss that is
shown is the mean over samples of the loss before each update, a smaller last batch weighing less.
"""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import optim
from ..core import Tensor, autograd
from ..core.operations.random import draw_seed
from ..core.state import no_grad
from . import data, losses, metrics
from .callbacks import Callback, CallbackList, History, ProgbarLogger, checked_callbacks
from .layer import Layer, Shape
from .losses import as_float
from .metrics import get_all

Logs = dict[str, float]


class NotCompiledError(ValueError, RuntimeError):
    """Training before `compile`. (Keras 3 raises ValueError here, tf.keras RuntimeError: this is both.)"""


class Model(Layer):
    """Base of models. See `Sequential`."""

    optimizer: optim.Optimizer  # none before `compile`

    def __init__(self, name: str | None = None, trainable: bool = True, dtype: Any = None) -> None:
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.loss: Any = None
        self.stop_training = False
        self.history: History | None = None
        self._loss: losses.Loss | None = None
        self._metrics: list[metrics.Metric] = []
        self._compiled = False
        self._generator: np.random.Generator | None = None

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Sequence[Any] | None = None,
        run_eagerly: bool = False,
        jit_compile: Any = "auto",
        steps_per_execution: int = 1,
    ) -> None:
        """Choose how to train.

        Args:
            optimizer: a name ("sgd"), or an object such as SGD(0.3).
            loss: a name ("mse"), a `Loss`, or a function (y_true, y_pred) -> tensor.
            metrics: a list of names ("accuracy"), `Metric`s or functions (y_true, y_pred) -> array.
            run_eagerly, jit_compile, steps_per_execution: Keras' ways to run the same step; the results are
                the same, and so far is the way.

        Raises:
            ValueError: an unknown name (with the nearest known one), or metrics that are no list.
        """
        if metrics is not None and not isinstance(metrics, list | tuple):
            raise ValueError(
                "Expected `metrics` argument to be a list, tuple, or dict. Received instead: "
                f"metrics={metrics} of type {type(metrics)}"
            )
        chosen = optim.get(optimizer)
        chosen_loss = None if loss is None else losses.get(loss)
        chosen_metrics = get_all(metrics or ())
        self.optimizer, self.loss, self._loss, self._metrics = chosen, loss, chosen_loss, chosen_metrics
        self.run_eagerly, self.jit_compile, self.steps_per_execution = (
            run_eagerly,
            jit_compile,
            steps_per_execution,
        )
        self._compiled = True

    @property
    def metrics_names(self) -> list[str]:
        """ "loss", then the names of the metrics."""
        return ["loss", *(metric.name for metric in self._metrics)]

    # --- training ---------------------------------------------------------------------------------------

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
        shuffle: bool = True,
        initial_epoch: int = 0,
    ) -> History:
        """Train: `epochs` times over all samples, a step for each batch.

        Args:
            x, y: one row for each sample: arrays, nested lists or tensors; integers become floats.
            batch_size: samples in a step; None: 32. The last batch may be smaller.
            epochs: the number of the last epoch; initial_epoch: of the first, from 0.
            verbose: 0 silent, 1 or "auto" a progress bar, 2 a line for each epoch.
            callbacks: whose hooks are called.
            validation_split: the part of the samples, from the end, that is not trained on but evaluated.
            validation_data: (x, y) to evaluate after each epoch, instead.
            shuffle: a new order of the samples in each epoch?

        Returns:
            The history: `history.history["loss"]` has one number for each epoch.

        Raises:
            ValueError, TypeError: anything wrong with the arguments, before anything has changed.
        """
        self._require_compiled()
        epochs = data.whole_number("epochs", epochs, 0)
        initial_epoch = data.whole_number("initial_epoch", initial_epoch, 0)
        size, level = data.whole_number("batch_size", batch_size, 1, default=32), data.verbosity(verbose)
        x, y = self._checked(x, y)
        validation = None
        if validation_data is not None:
            if not isinstance(validation_data, list | tuple) or len(validation_data) != 2:
                raise ValueError(
                    f"`validation_data` must be a pair (x, y); got {type(validation_data).__name__}."
                )
            validation = self._checked(
                validation_data[0], validation_data[1], ("validation x", "validation y")
            )
        elif validation_split:
            (x, y), validation = data.split(x, y, validation_split)
        own = checked_callbacks(callbacks)
        self.ensure_built((None, *x.shape[1:]))
        history = self.history = History()
        steps = -(-len(x) // size)
        params = {"verbose": verbose, "epochs": epochs, "steps": steps}
        bar = [ProgbarLogger(level, self.metrics_names)] if level else []
        calls = CallbackList([*own, history, *bar], self, params)
        test_calls = CallbackList(own, self, params)
        if shuffle and self._generator is None:
            self._generator = np.random.default_rng(draw_seed())
        self.stop_training = False
        calls.call("on_train_begin", {})
        logs: Logs = {}
        for epoch in range(initial_epoch, epochs):
            calls.call("on_epoch_begin", epoch, {})
            batches = data.batches((x, y), size, self._generator if shuffle else None)
            logs = self._run("train", batches, self.train_step, calls)
            if validation:
                val = self._run("test", data.batches(validation, size), self.test_step, test_calls)
                logs |= {f"val_{key}": value for key, value in val.items()}
            if not math.isfinite(logs["loss"]) and all(map(math.isfinite, history.history.get("loss", []))):
                warnings.warn(
                    f"the loss is {logs['loss']} in epoch {epoch + 1} and stays so: try a smaller learning "
                    "rate, or look for nan and very large numbers in x and y.",
                    RuntimeWarning,
                    stacklevel=2,
                )
            calls.call("on_epoch_end", epoch, logs)
            if self.stop_training:
                break
        calls.call("on_train_end", logs)
        return history

    def train_step(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """One step on one batch: (the loss before the update, the predictions before the update)."""
        y_pred = self(x, training=True)
        loss = self._compute_loss(y, y_pred)
        weights = self.trainable_weights
        if weights:
            self.optimizer.apply(autograd.grad(loss, weights, allow_unused=True), weights)
        elif not self.weights:
            raise ValueError(
                f"model '{self.name}' has no weights to train: put its layers into attributes, "
                "such as self.dense = Dense(1)."
            )
        return loss, y_pred

    def test_step(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """(loss, predictions) of one batch, without learning from it."""
        with no_grad():
            y_pred = self(x, training=False)
            return self._compute_loss(y, y_pred), y_pred

    def _compute_loss(self, y: Tensor, y_pred: Tensor) -> Tensor:
        if self._loss is None:
            raise NotCompiledError("No loss to compute: call compile(optimizer, loss='mse') with a loss.")
        return self._loss(y, y_pred)

    def _run(
        self,
        kind: str,
        batches: Any,
        step: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]],
        calls: CallbackList,
    ) -> Logs:
        """Run a step for each batch; the means over all samples. A model that is stopped stops between
        batches.
        """
        # A test run has metrics of its own: it may run in the middle of an epoch, from a callback.
        used = self._metrics if kind == "train" else [copy.copy(metric) for metric in self._metrics]
        for metric in used:
            metric.reset_state()
        logs: Logs = {}
        total, seen = 0.0, 0
        if kind == "test":
            calls.call("on_test_begin", {})
        for k, (x, y) in enumerate(batches):
            calls.call(f"on_{kind}_batch_begin", k, {})
            loss, y_pred = step(x, y)
            total += float(loss) * len(x)
            seen += len(x)
            logs = self._logs(total / seen, y, y_pred, used)
            calls.call(f"on_{kind}_batch_end", k, logs)
            if kind == "train" and self.stop_training:
                break
        if kind == "test":
            calls.call("on_test_end", logs)
        return logs

    def _logs(self, loss: float, y: Tensor, y_pred: Tensor, used: list[metrics.Metric]) -> Logs:
        logs = {"loss": as_float(loss)}
        for metric in used:
            logs[metric.name] = metric(y.numpy(), y_pred.numpy())
        return dict(sorted(logs.items())) if used else logs

    # --- using a trained model --------------------------------------------------------------------------

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        callbacks: Sequence[Callback] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """The loss on these samples; with metrics a list [loss, metric, ...]; or a dict. Nothing is
        learnt.
        """
        self._require_compiled()
        size, level = data.whole_number("batch_size", batch_size, 1, default=32), data.verbosity(verbose)
        x, y = self._checked(x, y)
        self.ensure_built((None, *x.shape[1:]))
        own = checked_callbacks(callbacks)
        bar = [ProgbarLogger(level, self.metrics_names)] if level else []
        calls = CallbackList(
            [*own, *bar], self, {"verbose": verbose, "epochs": 1, "steps": -(-len(x) // size)}
        )
        return self._reported(
            self._run("test", data.batches((x, y), size), self.test_step, calls), return_dict
        )

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        callbacks: Sequence[Callback] | None = None,
    ) -> np.ndarray:
        """What the model gives for each sample: an array of its own, float32 unless the model computes
        otherwise.
        """
        size, level = data.whole_number("batch_size", batch_size, 1, default=32), data.verbosity(verbose)
        x = data.samples("x", x, self.dtype)
        self._check_output_shape(x.shape)
        self.ensure_built((None, *x.shape[1:]))
        bar = [ProgbarLogger(level, [])] if level else []
        params = {"verbose": verbose, "epochs": 1, "steps": -(-len(x) // size)}
        calls = CallbackList([*checked_callbacks(callbacks), *bar], self, params)
        calls.call("on_predict_begin", {})
        outputs = []
        with no_grad():
            for k, (batch,) in enumerate(data.batches((x,), size)):
                calls.call("on_predict_batch_begin", k, {})
                outputs.append(self(batch, training=False).numpy())
                calls.call("on_predict_batch_end", k, {})
        calls.call("on_predict_end", {})
        return np.concatenate(outputs)

    def train_on_batch(self, x: Any, y: Any = None, return_dict: bool = False) -> Any:
        """One step on these samples: the loss before the update (with metrics a list, or a dict)."""
        return self._on_batch(self.train_step, x, y, return_dict)

    def test_on_batch(self, x: Any, y: Any = None, return_dict: bool = False) -> Any:
        """The loss on these samples (with metrics a list, or a dict). Nothing is learnt."""
        return self._on_batch(self.test_step, x, y, return_dict)

    def predict_on_batch(self, x: Any) -> np.ndarray:
        """What the model gives for these samples, in one go."""
        x = data.samples("x", x, self.dtype)
        return self.predict(x, batch_size=len(x), verbose=0)

    def _on_batch(self, step: Callable[..., tuple[Tensor, Tensor]], x: Any, y: Any, return_dict: bool) -> Any:
        self._require_compiled()
        x, y = self._checked(x, y)
        self.ensure_built((None, *x.shape[1:]))
        self.reset_metrics()
        y_tensor = Tensor.wrap(y)
        loss, y_pred = step(Tensor.wrap(x), y_tensor)
        return self._reported(self._logs(float(loss), y_tensor, y_pred, self._metrics), return_dict)

    def _reported(self, logs: Logs, return_dict: bool) -> Any:
        if return_dict:
            return logs
        values = [logs[name] for name in self.metrics_names]
        return values if self._metrics else values[0]

    def reset_metrics(self) -> None:
        """Forget what the metrics have seen."""
        for metric in self._metrics:
            metric.reset_state()

    # --- checks: before anything changes ------------------------------------------------------------------

    def _require_compiled(self) -> None:
        if not self._compiled:
            raise NotCompiledError(
                "You must call `compile()` before using the model: `model.compile(optimizer, loss)`."
            )
        if self._loss is None:
            raise NotCompiledError(
                "The model was compiled without a loss: call compile(optimizer, loss='mse')."
            )

    def _checked(self, x: Any, y: Any, names: tuple[str, str] = ("x", "y")) -> tuple[np.ndarray, np.ndarray]:
        x = data.samples(names[0], x, self.dtype)
        y = data.samples(names[1], y, self.dtype)
        data.same_length(**{names[0]: x, names[1]: y})
        output = self._check_output_shape(x.shape)
        y = losses.matching(self._loss, y, output, names[1])
        for metric in self._metrics:
            metric.check(y.shape, output)
        return x, y

    def _check_output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape that the output will have; ValueError if the model cannot take such inputs. Builds
        nothing.
        """
        self.check_input(shape)
        return self.compute_output_shape(shape)  # type: ignore[return-value]

    # --- looking at it --------------------------------------------------------------------------------------

    @property
    def layers(self) -> list[Layer]:
        """The layers of the model, in the order in which they were put into attributes."""
        return list(self._sublayers)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """A layer by its name or its index. ValueError if there is none such, or not exactly one is given."""
        layers = self.layers
        if name is not None and index is not None:
            raise ValueError(
                f"Provide only a layer name or a layer index. Received: index={index}, name={name}."
            )
        if index is not None:
            if isinstance(index, bool) or not isinstance(index, int | np.integer):
                raise ValueError(f"`index` must be a whole number; got index={index!r}.")
            if not -len(layers) <= index < len(layers):
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has {len(layers)} layers."
                )
            return layers[index]
        if name is None:
            raise ValueError("Provide either a layer name or layer index at get_layer.")
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: {[layer.name for layer in layers]}.")

    def summary(self, line_length: int | None = None, positions: Any = None, print_fn: Any = None) -> None:
        """Print a table of the layers: names, output shapes, numbers of parameters."""
        from .summary import print_summary

        print_summary(self, line_length, positions, print_fn)

    def zero_grad(self) -> None:
        """Forget all gradients that `backward` left."""
        for w in self.weights:
            w.zero_grad()

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        raise NotImplementedError(
            f"{type(self).__name__} must define compute_output_shape(self, input_shape)."
        )
