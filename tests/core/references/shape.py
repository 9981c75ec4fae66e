"""Moving elements, in the plainest words."""

from __future__ import annotations

from typing import Any

import numpy as np


def _scatter(x: Any, index: Any = ..., shape: tuple[int, ...] = ()) -> Any:
    out = np.zeros(shape, x.dtype)
    places = np.arange(out.size).reshape(shape)[index]  # which element of `out` each element of x goes to
    for place, value in zip(np.ravel(places), np.ravel(x), strict=True):
        out.reshape(-1)[place] += value
    return out


def _updated(x: Any, values: Any, index: Any = ...) -> Any:
    out = x.copy()
    out[index] = values
    return out


def _untaken(g: Any, indices: Any, shape: tuple[int, ...] = (), axis: int | None = None) -> Any:
    out = np.zeros(shape, g.dtype)
    flat, axis = (out.reshape(-1), 0) if axis is None else (out, axis)
    slices, rows = np.moveaxis(g, axis, 0), np.moveaxis(flat, axis, 0)
    for place, values in zip(indices, slices, strict=True):
        rows[place] += values
    return out


def _put(g: Any, indices: Any, shape: tuple[int, ...] = (), axis: int = -1) -> Any:
    out = np.zeros(shape, g.dtype)
    for place in np.ndindex(g.shape):
        to = list(place)
        to[axis] = indices[place]
        out[tuple(to)] += g[place]
    return out


PLAIN = {
    "index_update": _updated,
    "untake": _untaken,
    "put_along_axis": _put,
    "pad": lambda x, pad_width=0, constant_values=0: np.pad(x, pad_width, constant_values=constant_values),
    "argsort": lambda x, axis=-1: np.argsort(x, axis, kind="stable"),
    "astype": lambda x, dtype="float32": np.array(x, dtype),
    "getitem": lambda x, index=...: np.array(x)[index],
    "scatter": _scatter,
}
