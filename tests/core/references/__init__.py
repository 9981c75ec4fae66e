"""What the value of each operation should be, said a second time: by NumPy, or in the plainest words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from microtensor.core import Operation, registry
from microtensor.core.operations.table import by_numpy

from . import activation, convolution, elementwise, linalg, loss, shape

PLAIN: dict[str, Callable[..., Any]] = {**elementwise.PLAIN, **activation.PLAIN, **shape.PLAIN, **loss.PLAIN}
PLAIN |= linalg.PLAIN
PLAIN |= convolution.PLAIN
NUMPY: list[tuple[str, Callable[..., Any]]] = [
    (operation.name, function)
    for function, operation in by_numpy.items()
    if isinstance(operation, Operation)
    and (isinstance(function, np.ufunc) or (getattr(function, "__module__", None) or "").startswith("numpy"))
]
DEFAULTS: dict[str, dict[str, Any]] = {  # what ours assume where NumPy's demand an argument
    "astype": {"dtype": "float32"},
    "reshape": {"shape": (-1,)},
    "roll": {"shift": 1},
    "moveaxis": {"source": 0, "destination": -1},
    "swapaxes": {"axis1": -1, "axis2": -2},
    "expand_dims": {"axis": -1},
}


def reference(name: str) -> Callable[..., Any]:
    """The function to compare with; an operation that has none fails: add one to PLAIN."""
    return PLAIN[name] if name in PLAIN else called_as_ours(name, dict(NUMPY)[name])


def called_as_ours(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's function, called with the arguments of our operation."""
    defaults, variadic = DEFAULTS.get(name, {}), registry[name].variadic

    def call(*xs: Any, **params: Any) -> Any:
        axis = params.get("axis")
        if isinstance(axis, list):  # an extension of ours
            params["axis"] = tuple(axis)
        if name == "astype":  # NumPy's takes the dtype by position only
            return function(*xs, params["dtype"])
        return function(*([xs] if variadic else xs), **{**defaults, **params})

    return call


# What functions made of operations should give, where NumPy has none of that name and form.
COMPOSED: dict[str, Callable[..., Any]] = {
    **linalg.COMPOSED,
    **loss.COMPOSED,
    **convolution.COMPOSED,
    "hstack": lambda *xs: np.hstack(xs),
    "vstack": lambda *xs: np.vstack(xs),
}
