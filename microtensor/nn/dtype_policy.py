"""DTypePolicy: in what precision a layer computes, and keeps its weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..serialization import serializable
from ..settings import floatx


@serializable("keras")
class DTypePolicy:
    """A floating dtype by name: what a layer computes in and keeps its weights in. Source:
    `keras.DTypePolicy`.

    Args:
        name: "float32", "float64" or "float16".

    Raises:
        ValueError: another; "mixed_float16" and its like are for hardware that this library does not run on.
    """

    def __init__(self, name: str) -> None:
        self.name = self.compute_dtype = self.variable_dtype = floating("dtype", name)

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> DTypePolicy:
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


def config_of(name: str) -> dict[str, Any]:
    """A policy as files write it."""
    return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": name}, "registered_name": None}


def floating(name: str, dtype: Any) -> str:
    """The name of a floating dtype, also of a policy or of its config; None: `keras.config.floatx()`.

    ValueError for another: nothing is learnt in integers.
    """
    wanted = dtype.name if isinstance(dtype, DTypePolicy) else dtype
    if isinstance(dtype, dict):
        wanted = (dtype.get("config") or {}).get("name")
    try:
        found = np.dtype(wanted or floatx())
    except TypeError:
        found = np.dtype("O")
    if found.kind != "f":
        raise ValueError(f"`{name}` must be a floating dtype, such as 'float32'; got {name}={wanted!r}.")
    return found.name
