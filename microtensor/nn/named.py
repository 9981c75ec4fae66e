"""Things by name: what initializers, regularizers and constraints have in common when they are looked up.

The one idea: a table of names says what each stands for; classes are made, everything else is taken as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..naming import interpret
from ..serialization import deserialize_keras_object


def found(kind: str, identifier: Any, known: Mapping[str, Any]) -> Any:
    """What a name, a class, a config, a callable or None stands for. ValueError for an unknown name.

    Args:
        kind: for the error: "regularizer".
        identifier: what was said.
        known: the names, and the classes that they stand for.
    """
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        return described(identifier, known)
    thing = interpret(kind, identifier, known)
    return thing() if isinstance(thing, type) else thing


def described(config: Any, known: Mapping[str, Any], custom_objects: Any = None) -> Any:
    """What a config describes; its class may have one of the known short names, "l2"."""
    if isinstance(config, dict) and isinstance(cls := known.get(str(config.get("class_name"))), type):
        config = {**config, "class_name": cls.__name__}
    return deserialize_keras_object(config, custom_objects=custom_objects)
