"""Compiled: what `compile` chose, checked against the data: the optimizer, the loss, the metrics."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import optim
from ..serialization import deserialize_keras_object, serialize_keras_object
from ..tree import leaves_of, map_tree
from . import data, losses
from .calling import accepts
from .keras_tensor import shapes_of
from .layer import Layer
from .measures import Measures
from .metrics.means import Mean
from .objective import Objective
from .places import by_place


class NotCompiledError(ValueError, RuntimeError):
    """Training before `compile`. (Keras 3 raises ValueError here, tf.keras RuntimeError: this is both.)"""


class Compiled(Layer):
    """See `Model`."""

    optimizer: optim.Optimizer  # none before `compile`
    loss: Any = None
    compiled = False
    run_eagerly = False
    jit_compile: Any = "auto"
    steps_per_execution = 1
    auto_scale_loss = True
    _objective: Objective | None = None
    _metrics_now: list[tuple[str, Any]] | None = None  # the metrics, while nothing can change them
    _measures: Measures
    _loss_tracker: Any
    train_step: Any
    _build_model: Any
    _steps_are_own: bool  # does the model train, or compute its loss, in a way of its own?
    _compile_arguments: dict[str, Any]

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Choose how to train.

        Args:
            optimizer: a name ("sgd"), or an object such as SGD(0.3).
            loss: a name ("mse"), a `Loss`, a function (y_true, y_pred) -> tensor; a list or dict of such for
                several outputs. None: only what layers add with `add_loss`.
            loss_weights: numbers that the losses are multiplied by.
            metrics: a list of names ("accuracy"), `Metric`s or functions (y_true, y_pred) -> array; they
                ignore sample weights.
            weighted_metrics: the same, with sample weights.
            run_eagerly: True runs the step as it is written, operation by operation, instead of the program
                that was captured from it. A program keeps the values that global names of Python had; what
                model, optimizer, loss and metrics hold in attributes is asked anew for each `fit`.
            steps_per_execution: batches between two calls of the callbacks.
            jit_compile: True runs steps as machine code, many in one call; that takes a C compiler. Numbers
                below the smallest normal one (1e-38 of float32) are 0 there.
            auto_scale_loss: kept, no more; for float16 use a `LossScaleOptimizer`.

        Raises:
            ValueError: an unknown name (with the nearest known one), or metrics that are no list.
        """
        if optimizer is None or isinstance(optimizer, Layer):
            raise ValueError(
                f"`optimizer` must be a name such as 'sgd', or an Optimizer; got optimizer={optimizer!r}."
            )
        loss, metrics, weighted_metrics = (
            map_tree(lambda each: each() if isinstance(each, type) else each, given)
            for given in (loss, metrics, weighted_metrics)
        )
        chosen = optim.get(optimizer)
        names = getattr(self, "output_names", None)
        said = any(each is not None for each in by_place(loss).values())
        objective = Objective(loss, loss_weights, names) if said else None
        measures = Measures(metrics, weighted_metrics, names)
        steps_per_execution = data.whole_number("steps_per_execution", steps_per_execution, 1)
        if not (isinstance(jit_compile, bool) or jit_compile in ("auto", None)):
            raise ValueError(f"`jit_compile` must be 'auto', True or False; got jit_compile={jit_compile!r}.")
        self.optimizer, self.loss, self._objective, self._measures = chosen, loss, objective, measures
        self.run_eagerly, self.jit_compile, self.steps_per_execution, self.auto_scale_loss = (
            bool(run_eagerly),
            jit_compile,
            steps_per_execution,
            auto_scale_loss,
        )
        self._compile_arguments = {
            "optimizer": chosen,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": bool(jit_compile) if jit_compile != "auto" else False,
        }
        self._loss_tracker = Mean(name="loss")
        self.compiled = True

    def get_compile_config(self) -> dict[str, Any] | None:
        """The arguments of `compile` as plain values; None before it."""
        return serialize_keras_object(self._compile_arguments) if self.compiled else None

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as `get_compile_config` says, and make the optimizer's variables. A model that compiles in
        a way of its own is left as it is, with a warning.
        """
        if type(self).compile is not Compiled.compile:
            warnings.warn(
                "`compile()` was not called as part of model loading because the model's `compile()` method "
                "is custom. All subclassed Models that have `compile()` overridden should also override "
                "`get_compile_config()` and `compile_from_config(config)`. Alternatively, you can call "
                "`compile()` manually after loading.",
                stacklevel=2,
            )
            return
        arguments = {
            key: deserialize_keras_object(value) for key, value in config.items() if key in _ARGUMENTS
        }
        self.compile(**arguments)
        if self.built:
            self.optimizer.build(self.trainable_weights)

    # --- the loss and the metrics of a batch -------------------------------------------------------------

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """The loss of a batch: what was compiled, what layers added, what regularizers say."""
        added = self.losses
        if self._objective is None:
            if not added:
                raise NotCompiledError(
                    "No loss to compute. Call compile(optimizer, loss='mse') with a loss, or use `add_loss`."
                )
            total = added.pop(0)
        elif y is None:
            raise ValueError("`y` is missing: got None. Give an array with one row for each sample.")
        else:
            total = self._objective(y, y_pred, sample_weight)
        for term in added:
            total = total + term
        return total

    def _loss_of(self, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool) -> Any:
        """`compute_loss`, also one of your own that has no argument `training`."""
        if accepts(type(self).compute_loss, "training"):
            return self.compute_loss(x, y, y_pred, sample_weight, training=training)
        return self.compute_loss(x, y, y_pred, sample_weight)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Take a batch into the metrics; what is shown."""
        if y is not None and self.compiled:
            self._measures.update(y, y_pred, sample_weight)
        return self.get_metrics_result()

    @property
    def wants_outputs(self) -> bool:
        """Does anything look at the outputs of a step? Not if the loss is all that is shown."""
        own = (is_replaced(self, name, Compiled) for name in ("compute_metrics", "get_metrics_result"))
        return any(own) or len(self._metrics_now or self.metrics) > 1

    @property
    def metrics_add_up(self) -> bool:
        """May the metrics take many batches in at once? Those of this library may: they go by samples."""
        if is_replaced(self, "compute_metrics", Compiled):
            return False
        made_of = [
            each for m in self.metrics for each in (type(m), getattr(m, "fn", None)) if each is not None
        ]
        return all(str(getattr(each, "__module__", "")).startswith("microtensor.") for each in made_of)

    def get_metrics_result(self) -> dict[str, Any]:
        """The numbers of all metrics so far, by name."""
        found: dict[str, Any] = {}
        for name, metric in self._named_metrics():
            result = metric.result()
            found.update(result if isinstance(result, dict) else {name: result})
        return dict(sorted(found.items())) if len(found) > 1 else found

    @property
    def metrics(self) -> list[Any]:
        """The running loss, those of several outputs, the compiled metrics, and those in attributes of the
        model and its layers.
        """
        parts = self._objective.metrics if self._objective is not None else []
        own = [self._loss_tracker, *parts, *self._measures.all] if self.compiled else []
        known = {id(metric) for metric in own}
        own += [metric for metric in super().metrics if id(metric) not in known]
        return own

    @property
    def metrics_names(self) -> list[str]:
        """ "loss", then the names of the metrics."""
        return [name for name, _ in self._named_metrics()]

    def _named_metrics(self) -> list[tuple[str, Any]]:
        """The metrics under the names that are shown: one of several outputs has its output's name in it."""
        if self._metrics_now is not None:
            return self._metrics_now
        named = {id(entry.metric): entry.name for entry in self._measures.entries} if self.compiled else {}
        return [(named.get(id(metric), metric.name), metric) for metric in self.metrics]

    def _settled_metrics(self) -> list[tuple[str, Any]] | None:
        """The metrics, if they are all there; None: the first step makes some."""
        objective = self._objective
        settled = self._measures.resolved and (objective is None or objective.terms is not None)
        return self._named_metrics() if settled else None

    def reset_metrics(self) -> None:
        """Forget what the metrics have seen."""
        for _, metric in self._named_metrics():
            metric.reset_state()

    # --- checks: before anything changes -----------------------------------------------------------------

    def _require_compiled(self) -> None:
        if not self.compiled:
            raise NotCompiledError(
                "You must call `compile()` before using the model: `model.compile(optimizer, loss)`."
            )

    def _inputs(self, name: str, x: Any) -> Any:
        """x as arrays that the model can take."""
        return data.structure(name, x, self.dtype, self._keeps_integers, self._takes_structures)

    def _checked(
        self,
        x: Any,
        y: Any,
        sample_weight: Any = None,
        class_weight: Any = None,
        names: tuple[str, str] = ("x", "y"),
    ) -> tuple[Any, ...]:
        """(x,), (x, y) or (x, y, sample_weight) as arrays that fit each other and the model."""
        inputs = self._inputs(names[0], x)
        output = self._check_output_shape(inputs)
        if y is None:
            data.same_length(**{names[0]: inputs})
            if self._objective is not None and not self._steps_are_own:
                raise ValueError(
                    f"`{names[1]}` is missing: got None. Give an array with one row for each sample."
                )
            return (inputs,)
        nested = isinstance(output, list | dict) or data.is_structure(y, len(leaves_of(inputs)[0]))
        targets = data.structure(names[1], y, self.dtype, self._steps_are_own, nested)
        data.same_length(**{names[0]: inputs, names[1]: targets})
        if output is not None and self._objective is not None and not self._steps_are_own:
            targets = self._fitted(targets, output, names[1])
        if class_weight is not None:
            if sample_weight is not None:
                raise ValueError("You cannot `class_weight` and `sample_weight` at the same time.")
            return inputs, targets, data.class_weights(class_weight, targets)
        if sample_weight is not None:
            weights = data.sample_weights(sample_weight, targets)
            if (
                isinstance(output, tuple)
                and isinstance(targets, np.ndarray)
                and isinstance(weights, np.ndarray)
            ):
                data.check_weight_shape(weights, output)
            return inputs, targets, weights
        return inputs, targets

    def _fitted(self, targets: Any, output: Any, name: str) -> Any:
        """The targets in the shapes in which the losses meet the outputs. ValueError where they cannot."""
        objective = self._objective
        if objective is None:
            return targets
        objective.resolve(shapes_of(targets), output)
        if objective.only is not None and isinstance(targets, np.ndarray):
            targets = losses.matching(objective.only, targets, output, name)
            objective.only.check_target(targets, output, name)
        self._measures.check(shapes_of(targets), output)
        return targets

    def _check_output_shape(self, inputs: Any) -> Any:
        """The shape that the output will have, None if only a call can tell; ValueError if the model cannot
        take such inputs. Builds nothing.
        """
        shapes = shapes_of(inputs)
        self.check_input(shapes)
        if not self._knows_output_shape:
            return None
        return self.compute_output_shape(shapes)

    @property
    def _keeps_integers(self) -> bool:
        return True

    _takes_structures = True

    @property
    def _knows_output_shape(self) -> bool:
        return False


_ARGUMENTS = (
    *("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly"),
    *("steps_per_execution", "jit_compile", "auto_scale_loss"),
)


def is_replaced(thing: Any, method: str, base: type) -> bool:
    """Has its class, or the thing itself, another method of this name than the base class?"""
    return getattr(getattr(thing, method), "__func__", None) is not getattr(base, method)
