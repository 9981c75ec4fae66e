"""Elementary functions that NumPy does not have, in the plainest words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .each import each


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    axis = tuple(axis) if isinstance(axis, list) else axis
    return np.logaddexp.reduce(x, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]


PLAIN = {
    "logsumexp": _logsumexp,
    "erf": each(math.erf),
    "erfc": each(math.erfc),
    "clip": lambda x, a_min=None, a_max=None: np.clip(x, a_min, a_max),
}
