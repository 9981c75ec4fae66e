"""Losses by name."""

from __future__ import annotations

import inspect
from typing import Any

from ...lazy import Names, declared
from ...naming import interpret, snake_case
from ...serialization import deserialize_keras_object, serialize_keras_object
from .loss import Loss, LossFunctionWrapper

PACKAGE = __name__.rpartition(".")[0]
HOMES = ("crossentropies", "distances", "margins", "probabilities", "overlap", "similarity", "sequences")
NAMES = [name for name, home in declared(PACKAGE).items() if home.partition(":")[0].strip(".") in HOMES]
CLASSES = Names(PACKAGE, {name: name for name in NAMES if name[0].isupper()})
CLASS_OF = {snake_case(name): name for name in CLASSES}  # a function's class has more to say
SHORT = {
    "mse": "mean_squared_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}
KNOWN = Names(
    PACKAGE,
    {
        **{name: full for short, full in SHORT.items() for name in (short, short.upper())},
        **{name: name for name in (*sorted(NAMES, reverse=True), "Loss")},
    },
)
BY_SHAPE = ("crossentropy", "ce")


def serialize(loss: Any) -> Any:
    """A loss as a plain dict. Source: `keras.losses.serialize`."""
    return serialize_keras_object(loss)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The loss that a dict (or a name) describes. Source: `keras.losses.deserialize`.

    Raises:
        ValueError: an unknown name. TypeError: a dict that names an unknown class.
    """
    if isinstance(config, str):
        return (custom_objects or {}).get(config) or interpret("loss", config, KNOWN)
    if not isinstance(config, dict):
        raise ValueError(f"a loss is made of a dict that `serialize` gave, or a name; got {config!r:.60}")
    if config.get("module") is None and config.get("class_name") != "function":
        config = {**config, "module": "keras.losses"}
    return deserialize_keras_object(config, custom_objects)


def get(identifier: Any) -> Any:
    """A loss or a loss function from its name, class, config, or itself; None for None.

    Source: `keras.losses.get`.

    Raises:
        ValueError: an unknown name.

    >>> get("mse").__name__
    'mean_squared_error'
    """
    if identifier is None:
        return None
    found = deserialize(identifier) if isinstance(identifier, dict) else interpret("loss", identifier, KNOWN)
    return found() if inspect.isclass(found) else found


def as_loss(identifier: Any) -> Loss:
    """A Loss, from all that `get` takes: a function becomes the loss that it defines.

    Raises:
        ValueError: an unknown name, or None.
    """
    found = get(identifier)
    if isinstance(found, Loss):
        return found
    if found is None:
        raise ValueError("Could not interpret loss identifier: None; give a name such as 'mse'.")
    name = identifier if isinstance(identifier, str) else getattr(found, "__name__", None)
    own = found.__name__ if inspect.isfunction(found) else ""
    if own in CLASS_OF and found is KNOWN[own]:
        made: Loss = KNOWN[CLASS_OF[own]](name=name)
        return made
    return LossFunctionWrapper(found, name=name)


def for_compile(identifier: Any, y_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> Loss:
    """As `as_loss`; "crossentropy" and "ce" are decided by the shapes of target and output."""
    if isinstance(identifier, str) and identifier.lower() in BY_SHAPE:
        kind = kind_of_answer(y_shape, output_shape)
        return as_loss(
            {"several": "categorical", "label": "sparse_categorical"}.get(kind, kind) + "_crossentropy"
        )
    return as_loss(identifier)


def kind_of_answer(y_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> str:
    """ "binary", "label" or "several": what a target of this shape says about an output of that one."""
    if output_shape and output_shape[-1] == 1:
        return "binary"
    if len(y_shape) < len(output_shape) or (y_shape and y_shape[-1] == 1):
        return "label"
    return "several"
