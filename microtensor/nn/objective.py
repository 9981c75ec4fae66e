"""What `compile` chose: the loss, with its weights, and the metrics, for one output or several.

The one idea: names are looked up when they are said, so that a wrong one is told at once; what depends on
shapes ("accuracy", "crossentropy") is decided when the first shapes are seen.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from . import losses, metrics
from .keras_tensor import shapes_of

BY_SHAPE = ("crossentropy", "ce")  # the losses that are decided by shapes


class Objective:
    """The loss of a model: of its output, or the weighted sum over its outputs.

    Args:
        loss: a name, a Loss, a function; or a list or dict of such, one for each output.
        loss_weights: a number for each loss; None: 1.
    """

    def __init__(self, loss: Any, loss_weights: Any = None) -> None:
        self.keys = list(loss) if isinstance(loss, dict) else None
        chosen = list(loss.values()) if isinstance(loss, dict) else loss
        self.several = isinstance(chosen, list | tuple)
        self.parts = [_known_loss(each) for each in chosen] if self.several else [_known_loss(chosen)]
        self.weights = self._weights(loss_weights)

    @property
    def outputs(self) -> list[Any] | None:
        """The names or numbers of the outputs; None: there is one."""
        if not self.several:
            return None
        return list(self.keys) if self.keys is not None else list(range(len(self.parts)))

    def _weights(self, given: Any) -> list[float]:
        if isinstance(given, dict):
            if self.keys is None or set(given) - set(self.keys):
                raise ValueError(f"`loss_weights` has keys {sorted(given)}; the losses have {self.keys}.")
            given = [given.get(key, 1.0) for key in self.keys]
        weights = list(given) if isinstance(given, list | tuple) else [1.0 if given is None else given]
        if given is None or (len(weights) == 1 and not isinstance(given, list | tuple)):
            weights = weights * len(self.parts)
        if len(weights) != len(self.parts):
            raise ValueError(
                "When providing the `loss_weights` argument as a list, it should have as many entries as "
                f"there are losses: got {len(weights)} for {len(self.parts)}."
            )
        for weight in weights:
            if isinstance(weight, bool) or not isinstance(weight, numbers.Real):
                raise ValueError(f"`loss_weights` must hold numbers; got {weight!r}.")
        return [float(weight) for weight in weights]

    def pairs(self, y: Any, output: Any) -> list[tuple[Any, Any]]:
        """(y, output) for each loss. ValueError if the two have not as many parts as there are losses."""
        return matched(y, output, self.several, self.keys, len(self.parts), "loss")

    def resolve(self, y: Any, output: Any) -> None:
        """Decide what depends on shapes. y and output: shapes."""
        for k, (target, given) in enumerate(self.pairs(y, output)):
            if isinstance(self.parts[k], str):
                self.parts[k] = losses.for_compile(self.parts[k], target, given)

    def __call__(self, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The weighted sum of the losses of a batch."""
        if not self.several and isinstance(self.parts[0], losses.Loss):
            loss = self.parts[0](y, y_pred, sample_weight)
            return loss if self.weights[0] == 1.0 else loss * self.weights[0]
        self.resolve(shapes_of(y), shapes_of(y_pred))
        total: Any = None
        for loss_of, weight, (target, given) in zip(
            self.parts, self.weights, self.pairs(y, y_pred), strict=True
        ):
            if loss_of is not None:
                term = loss_of(target, given, sample_weight)
                term = term if weight == 1.0 else term * weight
                total = term if total is None else total + term
        return total


def _known_loss(loss: Any) -> Any:
    if loss is None or (isinstance(loss, str) and loss in BY_SHAPE):
        return loss
    return losses.as_loss(loss)


def matched(
    y: Any, output: Any, several: bool, keys: list[str] | None, count: int, what: str
) -> list[tuple[Any, Any]]:
    """y and output side by side, part by part. ValueError if they have not `count` parts."""
    if not several:
        return [(y, output)]
    if keys is not None and isinstance(output, dict):
        missing = [key for key in keys if key not in output or (isinstance(y, dict) and key not in y)]
        if missing:
            raise ValueError(
                f"the {what} is for {keys}, but {missing} is no output of the model with a target."
            )
        targets = [y[key] for key in keys] if isinstance(y, dict) else list(y)
        return list(zip(targets, [output[key] for key in keys], strict=True))
    if isinstance(output, tuple) or hasattr(output, "shape"):
        raise ValueError(f"`{what}` has {count} entries, but the model has 1 output: give one {what}.")
    ys, outputs = (list(v.values()) if isinstance(v, dict) else list(v) for v in (y, output))
    if not len(ys) == len(outputs) == count:
        raise ValueError(
            f"there are {count} entries in `{what}`, {len(outputs)} outputs and {len(ys)} targets: as many "
            "are needed."
        )
    return list(zip(ys, outputs, strict=True))


class Measures:
    """The metrics of a model: those that ignore sample weights, and those that use them.

    Args:
        plain, weighted: a list of names, Metrics or functions; for several outputs a dict or list of lists.
        outputs: the names or numbers of the outputs, if there are several.
    """

    def __init__(self, plain: Any = None, weighted: Any = None, outputs: list[Any] | None = None) -> None:
        self.entries: list[tuple[metrics.Metric, bool, Any]] = []  # (metric, uses weights?, output's key)
        taken: set[str] = set()
        for given, uses_weights, argument in (
            (plain, False, "metrics"),
            (weighted, True, "weighted_metrics"),
        ):
            if given is not None and not isinstance(given, list | tuple | dict):
                raise ValueError(
                    f"Expected `{argument}` argument to be a list, tuple, or dict. Received instead: "
                    f"{argument}={given} of type {type(given)}"
                )
            for key, identifier in _by_output(given, outputs):
                if identifier is None:
                    continue
                metric = metrics.get_all([identifier])[0]
                name = metric.name if not isinstance(key, str) else f"{key}_{metric.name}"
                if name in taken and uses_weights:
                    name = f"weighted_{name}"
                metric.name = _free(name, taken)
                taken.add(metric.name)
                self.entries.append((metric, uses_weights, key))

    @property
    def all(self) -> list[metrics.Metric]:
        """The metrics, in the order in which they were given."""
        return [metric for metric, _, _ in self.entries]

    def check(self, y: Any, output: Any) -> None:
        """Raise ValueError for shapes that a metric cannot compare."""
        for metric, _, key in self.entries:
            target, given = _part(y, key), _part(output, key)
            if isinstance(target, tuple) and isinstance(given, tuple):
                metric.check(target, given)

    def update(self, y: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in. y, y_pred, sample_weight: tensors."""
        if not self.entries:
            return
        weights = None if sample_weight is None else _array(sample_weight)
        for metric, uses_weights, key in self.entries:
            target, given = _array(_part(y, key)), _masked(_part(y_pred, key))
            if uses_weights and weights is not None:
                metric.update_state(target, given, sample_weight=weights)
            else:
                metric.update_state(target, given)


def _by_output(given: Any, outputs: list[Any] | None) -> list[tuple[Any, Any]]:
    """(output's key or None, metric) for each metric."""
    if given is None:
        return []
    if outputs is not None and isinstance(given, list | tuple):
        if len(given) != len(outputs):
            raise ValueError(
                "for several outputs, metrics are a dict or a list with one entry for each of "
                f"{len(outputs)}; got {len(given)}."
            )
        given = dict(zip(outputs, given, strict=True))
    if isinstance(given, dict):
        return [
            (key, one)
            for key, some in given.items()
            for one in (some if isinstance(some, list | tuple) else [some])
        ]
    if any(isinstance(each, list | tuple) for each in given):
        return [
            (k, one)
            for k, some in enumerate(given)
            for one in (some if isinstance(some, list | tuple) else [some])
        ]
    return [(None, one) for one in given]


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _part(value: Any, key: Any) -> Any:
    if key is None or isinstance(value, tuple) or not isinstance(value, dict | list):
        return value
    if isinstance(value, dict):
        return value[key] if key in value else list(value.values())[key]
    return value[key] if isinstance(key, int) else value[0]


def _array(value: Any) -> np.ndarray:
    return value.numpy() if hasattr(value, "numpy") else np.asarray(value)


def _masked(value: Any) -> Any:
    """The numbers; as a tensor, if it carries a mask."""
    mask = getattr(value, "_keras_mask", None)
    if mask is None:
        return _array(value)
    value = value.detach()
    value._keras_mask = mask
    return value
