"""Optimizers by name, and as plain dicts."""

from __future__ import annotations

from typing import Any, overload

from ..lazy import Names
from ..naming import interpret
from ..serialization import deserialize_keras_object, serialize_keras_object
from .optimizer import Optimizer

KNOWN = Names(
    __name__.rpartition(".")[0],
    {
        name.lower(): name
        for name in (
            *("SGD", "RMSprop", "Adam", "AdamW", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion"),
            *("Adafactor", "Muon", "ScheduleFreeAdamW", "LossScaleOptimizer"),
        )
    },
)


@overload
def get(identifier: None) -> None: ...
@overload
def get(identifier: Any) -> Optimizer: ...
def get(identifier: Any) -> Optimizer | None:
    """An optimizer from its name in any case ("sgd", "SGD"), its class, a dict of `serialize`, or itself.

    Raises:
        ValueError: Could not interpret optimizer identifier.
    """
    if identifier is None or isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        made: Any = deserialize(identifier)
    else:
        key = identifier.lower() if isinstance(identifier, str) else identifier
        kind = interpret("optimizer", key, KNOWN, shown=identifier)
        made = kind() if isinstance(kind, type) else kind
    if not isinstance(made, Optimizer):
        raise ValueError(f"Could not interpret optimizer identifier: {identifier}; it made {made!r:.60}.")
    return made


def serialize(optimizer: Optimizer) -> Any:
    """The optimizer as a plain dict: its class, and its configuration."""
    return serialize_keras_object(optimizer)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The optimizer of such a dict. The class may be written in any case."""
    if isinstance(config, str):
        return get(config)
    if not isinstance(config, dict):
        raise ValueError(
            f"an optimizer is made of a dict that `serialize` gave, or a name; got {config!r:.60}"
        )
    name, registered = config.get("class_name"), config.get("registered_name")
    kind = KNOWN.get(name.lower()) if isinstance(name, str) and registered in (None, name) else None
    if kind is not None and name not in (custom_objects or {}):
        return kind.from_config(config.get("config") or {}, custom_objects)
    return deserialize_keras_object(config, custom_objects)
