"""Metrics by name."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from ...lazy import Names, declared
from ...naming import interpret, snake_case
from ...serialization import deserialize_keras_object, serialize_keras_object
from .. import losses
from ..losses.lookup import kind_of_answer
from .accuracies import accuracy_by_shape
from .means import MeanMetricWrapper, OwnMetric
from .metric import Metric

PACKAGE = __name__.rpartition(".")[0]
HOMES = (
    *("means", "accuracies", "distances", "confusion", "operating_points", "auc", "f_scores", "r2"),
    *("correlations", "iou"),
)
NAMES = [
    name
    for name, home in declared(PACKAGE).items()
    if home.partition(":")[0].strip(".") in HOMES and name[0].isupper()
]
CLASSES = Names(PACKAGE, {name: name for name in NAMES})
SHORT = {
    "bce": "BinaryCrossentropy",
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
}
KNOWN = Names(
    PACKAGE,
    {
        **{snake_case(name): name for name in NAMES},
        **{name: name for name in NAMES},
        **{name: full for short, full in SHORT.items() for name in (short, short.upper())},
    },
)
BY_SHAPE = {"accuracy": "accuracy", "acc": "accuracy", "crossentropy": "crossentropy", "ce": "crossentropy"}


def serialize(metric: Any) -> Any:
    """A metric as a plain dict. Source: `keras.metrics.serialize`."""
    return serialize_keras_object(metric)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The metric that a dict (or a name) describes. Source: `keras.metrics.deserialize`.

    Raises:
        ValueError: an unknown name. TypeError: a dict that names an unknown class.
    """
    if isinstance(config, str):
        return (custom_objects or {}).get(config) or interpret("metric", config, KNOWN)
    if not isinstance(config, dict):
        raise ValueError(f"a metric is made of a dict that `serialize` gave, or a name; got {config!r:.60}")
    if config.get("module") is None and config.get("class_name") != "function":
        config = {**config, "module": "keras.metrics"}
    return deserialize_keras_object(config, custom_objects)


def get(identifier: Any) -> Any:
    """A metric from its name, class, config, a function, or itself; None for None.

    Source: `keras.metrics.get`.

    Raises:
        ValueError: an unknown name.

    >>> get("mse")
    <MeanSquaredError name=mean_squared_error>
    """
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        found = deserialize(identifier)
    elif isinstance(identifier, Metric):
        return identifier
    else:
        found = interpret("metric", identifier, KNOWN)
    return found() if inspect.isclass(found) else found


def as_metric(identifier: Any) -> Metric:
    """A Metric, from all that `get` takes: under the name that was said; a function under its own.

    "accuracy" and "acc" are the accuracy that fits the shapes that come, "crossentropy" and "ce" likewise.
    """
    if isinstance(identifier, str) and identifier.lower() in BY_SHAPE:
        metric: Metric = _ByShape(BY_SHAPE[identifier.lower()], identifier)
        return metric
    found = get(identifier)
    if found is None:
        raise ValueError("Expected metric, received `None`; give a name such as 'accuracy'.")
    metric = found if isinstance(found, Metric) else MeanMetricWrapper(found)
    if isinstance(identifier, str):
        metric.name = identifier
    return metric


def for_compile(identifier: Any, y_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> Metric:
    """As `as_metric`, with what depends on the shapes of target and output decided."""
    if not isinstance(identifier, str) or identifier.lower() not in BY_SHAPE:
        return as_metric(identifier)
    kind = {"binary": "Binary", "label": "SparseCategorical", "several": "Categorical"}
    measure = BY_SHAPE[identifier.lower()].capitalize()
    found: Metric = CLASSES[kind[kind_of_answer(y_shape, output_shape)] + measure](name=identifier)
    return found


def get_all(identifiers: Sequence[Any]) -> list[Metric]:
    """The metrics, a repeated name numbered: mae, mae_1."""
    found: list[Metric] = []
    for identifier in identifiers:
        metric = as_metric(identifier)
        taken = {other.name for other in found}
        name, number = metric.name, 1
        while metric.name in taken:
            metric.name, number = f"{name}_{number}", number + 1
        found.append(metric)
    return found


def _crossentropy_by_shape(y_true: Any, y_pred: Any) -> Any:
    """The crossentropy that fits the shapes."""
    loss: Any = losses.for_compile("crossentropy", tuple(y_true.shape), tuple(y_pred.shape))
    return loss.fn(y_true, y_pred)


class _ByShape(OwnMetric):
    """An accuracy or a crossentropy, whichever fits the shapes."""

    def __init__(self, measure: str, name: str, dtype: Any = None) -> None:
        by_shape = {"accuracy": accuracy_by_shape, "crossentropy": _crossentropy_by_shape}[measure]
        super().__init__(by_shape, name, dtype)
        self._direction = "up" if measure == "accuracy" else "down"
