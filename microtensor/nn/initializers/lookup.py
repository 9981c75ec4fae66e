"""Initializers by name, as configs, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...naming import described, found, snake_case
from ...serialization import serialize_keras_object
from . import random
from .constant import Constant, Given, Identity, Ones, Zeros
from .initializer import Initializer
from .random import Orthogonal, RandomNormal, RandomUniform

CLASSES: tuple[type[Initializer], ...] = (
    *(Constant, Zeros, Ones, Identity, Orthogonal),
    *(RandomUniform, RandomNormal, random.TruncatedNormal, random.VarianceScaling),
    *(random.GlorotUniform, random.GlorotNormal, random.HeUniform, random.HeNormal),
    *(random.LecunUniform, random.LecunNormal),
)
KNOWN: dict[str, Any] = {snake_case(cls.__name__): cls for cls in CLASSES}
KNOWN |= {cls.__name__: cls for cls in CLASSES}
KNOWN |= {"zero": Zeros, "one": Ones, "normal": RandomNormal, "uniform": RandomUniform}
KNOWN |= {"IdentityInitializer": Identity, "OrthogonalInitializer": Orthogonal}


def get(identifier: Any) -> Any:
    """An initializer from its name, class, config, an array to start from, a function (shape, dtype) ->
    array, itself, or None.

    Raises:
        ValueError: an unknown name.
    """
    if isinstance(identifier, Tensor | np.ndarray):
        return Given(identifier)
    return found("initializer", identifier, KNOWN)


def serialize(initializer: Any) -> Any:
    """Its config; None for None."""
    return serialize_keras_object(initializer)


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The initializer that a config describes; its class may have the short name, "glorot_uniform"."""
    return described(config, KNOWN, custom_objects)
