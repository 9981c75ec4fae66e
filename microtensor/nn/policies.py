"""Dtype policies by name, as configs, and back. Source: `keras.dtype_policies`."""

from __future__ import annotations

from typing import Any

from ..settings import floatx
from .dtype_policy import DTypePolicy, config_of


def dtype_policy() -> DTypePolicy:
    """The policy of layers that are made without one: that of `floatx()`."""
    return DTypePolicy(floatx())


def get(identifier: Any) -> DTypePolicy:
    """A policy from its name, its config, itself, or None for `dtype_policy()`. ValueError if unknown."""
    if identifier is None:
        return dtype_policy()
    return identifier if isinstance(identifier, DTypePolicy) else DTypePolicy(identifier)


def serialize(dtype_policy: DTypePolicy) -> dict[str, Any]:
    """Its config."""
    return config_of(dtype_policy.name)


def deserialize(config: Any, custom_objects: Any = None) -> DTypePolicy:
    """The policy that a config describes."""
    return get(config)
