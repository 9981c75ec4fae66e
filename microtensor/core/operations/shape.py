"""Shape: the same elements in other places. The vjp of moving elements is moving them back."""

from __future__ import annotations

from typing import Any

import numpy as np

from .methods import Methods
from .table import operation, registry

astype = operation(
    "astype",
    lambda x, dtype="float32": x.astype(dtype),
    lambda g, y, x, dtype="float32": g,
    numpy=np.astype,
    elementwise=True,
    formula="x",
    local="1",
    doc="The same numbers in another dtype. The gradient is cast back.",
)
reshape = operation(
    "reshape",
    lambda x, shape=(-1,): np.reshape(x, shape),
    lambda g, y, x, shape=(-1,): g.reshape(x.shape),
    numpy=np.reshape,
    local="reshape(g)",
    formula="reshape(x)",
    doc="The same elements in the same order, in another shape; one length may be -1.",
)
transpose = operation(
    "transpose",
    lambda x, axes=None: np.transpose(x, axes),
    lambda g, y, x, axes=None: g.transpose(_inverse(axes)),
    numpy=np.transpose,
    formula="x.T",
    local="g.T",
    doc="The axes in another order; reversed if `axes` is None.",
)
swapaxes = operation(
    "swapaxes",
    lambda x, axis1=-1, axis2=-2: np.swapaxes(x, axis1, axis2),
    lambda g, y, x, axis1=-1, axis2=-2: g.swapaxes(axis1, axis2),
    numpy=np.swapaxes,
    formula="x.T",
    local="g.T",
    doc="Two axes exchanged; the last two by default, the transpose of each matrix.",
)
squeeze = operation(
    "squeeze",
    lambda x, axis=None: np.squeeze(x, axis),
    lambda g, y, x, axis=None: g.reshape(x.shape),
    numpy=np.squeeze,
    formula="squeeze(x)",
    local="reshape(g)",
    doc="Without the axes of length 1, or without those in `axis`.",
)
expand_dims = operation(
    "expand_dims",
    lambda x, axis=-1: np.expand_dims(x, axis),
    lambda g, y, x, axis=-1: g.reshape(x.shape),
    numpy=np.expand_dims,
    formula="expand_dims(x)",
    local="reshape(g)",
    doc="With a new axis of length 1 (or several) at `axis`.",
)
broadcast_to = operation(
    "broadcast_to",
    lambda x, shape=(): np.broadcast_to(x, shape),
    lambda g, y, x, shape=(): g,  # the sweep sums over the copies
    numpy=np.broadcast_to,
    formula="broadcast(x)",
    local="1",
    doc="Repeated along new and length-1 axes up to `shape`. Gradient: the sum over the copies.",
)


concatenate = operation(
    "concatenate",
    lambda *xs, axis=0: np.concatenate(xs, axis),
    lambda k, g, y, *xs, axis=0: _piece(k, g, xs, axis),
    numpy=np.concatenate,
    formula="concatenate(x)",
    local="g[part]",
    doc="Tensors put one after the other along an axis they have. Gradient: each takes its part.",
)
stack = operation(
    "stack",
    lambda *xs, axis=0: np.stack(xs, axis),
    lambda k, g, y, *xs, axis=0: g[(slice(None),) * (axis % g.ndim) + (k,)],
    numpy=np.stack,
    formula="stack(x)",
    local="g[k]",
    doc="Tensors of one shape put side by side along a new axis. Gradient: each takes its slice.",
)
getitem = operation(
    "getitem",
    lambda x, index=...: x[index],
    lambda g, y, x, index=...: registry["scatter"].on(g, index=index, shape=x.shape),
    formula="x[index]",
    local="scatter(g)",
    doc="Elements by slices, integers, integer arrays or masks. What is taken twice gets both gradients.",
)
scatter = operation(
    "scatter",
    lambda x, index=..., shape=(): _scatter(x, index, shape),
    lambda g, y, x, index=..., shape=(): g[index],
    formula="scatter(x)",
    local="g[index]",
    doc="Zeros of `shape` with x added at `index`: getitem the other way round. Repeated indices add up.",
)


def frozen(index: Any) -> Any:
    """An index that nobody can change later: tensors and lists in it become arrays of our own."""
    if isinstance(index, tuple):
        return tuple(map(frozen, index))
    if isinstance(index, list | np.ndarray | Methods):
        array = np.array(index)
        return array if array.size or array.dtype.kind == "b" else array.astype(np.intp)  # [] is of floats
    return index


def _scatter(x: Any, index: Any, shape: tuple[int, ...]) -> Any:
    out = np.zeros(shape, x.dtype)
    parts = index if isinstance(index, tuple) else (index,)
    if any(isinstance(part, np.ndarray) for part in parts):
        np.add.at(out, index, x)
    else:
        out[index] = x
    return out


def _inverse(axes: Any) -> Any:
    return None if axes is None else tuple(int(k) for k in np.argsort([k % len(axes) for k in axes]))


def _piece(k: int, g: Any, xs: Any, axis: int | None) -> Any:
    if axis is None:  # everything flattened
        start = sum(getattr(x, "size", 1) for x in xs[:k])  # a Python number is one element
        return g[start : start + xs[k].size].reshape(xs[k].shape)
    start = sum(x.shape[axis] for x in xs[:k])
    return g[(slice(None),) * (axis % g.ndim) + (slice(start, start + xs[k].shape[axis]),)]
