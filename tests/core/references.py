"""What the value of each operation should be, said a second time: by NumPy, or in the plainest words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from microtensor.core import registry
from microtensor.core.operations.table import by_numpy


def _softmax(x: Any, axis: int = -1) -> Any:
    def row(values: Any) -> Any:
        exponentials = [math.exp(v) for v in values]
        return np.array(exponentials) / math.fsum(exponentials)

    return np.apply_along_axis(row, axis, x) if x.ndim and x.size else np.ones_like(x)


def _maxout(x: Any, pieces: int = 2) -> Any:
    best = x[..., 0::pieces]
    for k in range(1, pieces):
        best = np.maximum(best, x[..., k::pieces])
    return best


def _scatter(x: Any, index: Any = ..., shape: tuple[int, ...] = ()) -> Any:
    out = np.zeros(shape, x.dtype)
    places = np.arange(out.size).reshape(shape)[index]  # which element of `out` each element of x goes to
    for place, value in zip(np.ravel(places), np.ravel(x), strict=True):
        out.reshape(-1)[place] += value
    return out


def _each(function: Callable[..., float]) -> Callable[..., Any]:
    """A function of Python numbers, on every element."""

    def on_arrays(x: Any, **params: Any) -> Any:
        return np.array([function(float(v), **params) for v in x.flat], x.dtype).reshape(x.shape)

    return on_arrays


PLAIN: dict[str, Callable[..., Any]] = {
    "astype": lambda x, dtype="float32": np.array(x, dtype),
    "getitem": lambda x, index=...: np.array(x)[index],
    "scatter": _scatter,
    "identity": lambda x: x,
    "step": _each(lambda x: 1.0 if x > 0 else 0.0),
    "relu": _each(lambda x: max(x, 0.0)),
    "leaky_relu": _each(lambda x, negative_slope=0.1: x if x > 0 else negative_slope * x),
    "elu": _each(lambda x, alpha=1.0: x if x > 0 else alpha * math.expm1(x)),
    "sigmoid": _each(lambda x: 0.5 + 0.5 * math.tanh(x / 2)),
    "softplus": _each(lambda x: math.log1p(math.exp(x))),
    "softmax": _softmax,
    "maxout": _maxout,
    "mse": lambda p, t: np.sum((p - t) ** 2) / p.size,
}
NUMPY: list[tuple[str, Callable[..., Any]]] = [
    (operation.name, function)
    for function, operation in by_numpy.items()
    if isinstance(function, np.ufunc) or (getattr(function, "__module__", None) or "").startswith("numpy")
]
DEFAULTS: dict[str, dict[str, Any]] = {  # what ours assume where NumPy's demand an argument
    "astype": {"dtype": "float32"},
    "reshape": {"shape": (-1,)},
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
