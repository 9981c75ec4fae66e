"""Functions of one Python number, on every element of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def each(function: Callable[..., float]) -> Callable[..., Any]:
    """A function of Python numbers, on every element."""

    def on_arrays(x: Any, **params: Any) -> Any:
        return np.array([function(float(v), **params) for v in x.flat], x.dtype).reshape(x.shape)

    return on_arrays
