"""Special functions: the error function, which NumPy has not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .table import elementwise


def _by_element(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function of the standard library on every element, to float64 accuracy, in the dtype that came."""
    on_objects = np.frompyfunc(function, 1, 1)

    def on_array(x: Any) -> Any:
        x = np.asarray(x)
        return np.asarray(on_objects(x), x.dtype if x.dtype.kind == "f" else np.float64)

    return on_array


_erf, _erfc = _by_element(math.erf), _by_element(math.erfc)
_BELL = 2 / math.sqrt(math.pi)
erf = elementwise(
    "erf",
    _erf,
    lambda g, y, x: g * _BELL * np.exp(-x * x),
    formula="erf(x)",
    local="2 / sqrt(pi) * exp(-x ** 2)",
    doc="The error function 2/√π ∫₀ˣ e^(−t²) dt, element by element, by the standard library.",
)
erfc = elementwise(
    "erfc",
    _erfc,
    lambda g, y, x: -g * _BELL * np.exp(-x * x),
    formula="erfc(x)",
    local="-2 / sqrt(pi) * exp(-x ** 2)",
    doc="1 − erf(x), exact also where it is tiny, element by element.",
)
