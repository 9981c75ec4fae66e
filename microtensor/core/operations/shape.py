"""Shape: the same elements in other places. The vjp of moving elements is moving them back."""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import composed, operation, tensor

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
moveaxis = operation(
    "moveaxis",
    lambda x, source=0, destination=-1: np.moveaxis(x, source, destination),
    lambda g, y, x, source=0, destination=-1: np.moveaxis(g, destination, source),
    numpy=np.moveaxis,
    formula="moveaxis(x)",
    local="moveaxis(g)",
    doc="Axes moved from `source` to `destination` (ints or tuples), the others in their order.",
)
flip = operation(
    "flip",
    lambda x, axis=None: np.flip(x, axis),
    lambda g, y, x, axis=None: np.flip(g, axis),
    numpy=np.flip,
    formula="flip(x)",
    local="flip(g)",
    doc="In the opposite order along `axis` (an int, a tuple, None for all).",
)
roll = operation(
    "roll",
    lambda x, shift=1, axis=None: np.roll(x, shift, axis),
    lambda g, y, x, shift=1, axis=None: np.roll(
        g, tuple(-n for n in np.atleast_1d(shift).tolist()), _over(shift, axis)
    ),
    numpy=np.roll,
    formula="roll(x)",
    local="roll(g back)",
    doc="Moved on by `shift` places along `axis`, what falls off the end coming in at the front.",
)
tril = operation(
    "tril",
    lambda x, k=0: np.tril(x, k),
    lambda g, y, x, k=0: np.tril(g, k),
    numpy=np.tril,
    formula="tril(x)",
    local="tril(g)",
    doc="The lower triangle of each matrix, up to diagonal k; 0 above.",
)
triu = operation(
    "triu",
    lambda x, k=0: np.triu(x, k),
    lambda g, y, x, k=0: np.triu(g, k),
    numpy=np.triu,
    formula="triu(x)",
    local="triu(g)",
    doc="The upper triangle of each matrix, from diagonal k; 0 below.",
)


def _inverse(axes: Any) -> Any:
    return None if axes is None else tuple(int(k) for k in np.argsort([k % len(axes) for k in axes]))


def _over(shift: Any, axis: Any) -> Any:
    """An axis for each shift. Along all elements in one row (None), several shifts are one."""
    return axis if axis is None or isinstance(axis, tuple) else (axis,) * np.size(shift)


@composed(np.ravel)
def ravel(x: Any) -> Any:
    """All elements in one axis, in the order of their indices."""
    return tensor(x).reshape((-1,))


@composed(np.atleast_1d)
def atleast_1d(x: Any) -> Any:
    """x, with an axis if it had none."""
    x = tensor(x)
    return x if x.ndim else x.reshape((1,))


@composed(np.zeros_like)
def zeros_like(x: Any) -> Any:
    """Zeros of x's shape and dtype; no gradient."""
    x = tensor(x)
    return tensor(np.zeros(x.shape, x.dtype))


@composed(np.full_like)
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    """fill_value everywhere, in x's shape and dtype (or another dtype); the gradient is fill_value's."""
    x = tensor(x)
    value = tensor(fill_value).astype(dtype=np.dtype(dtype or x.dtype).name)
    return np.broadcast_to(value, x.shape)


@composed(np.ones_like)
def ones_like(x: Any) -> Any:
    """Ones of x's shape and dtype; no gradient."""
    x = tensor(x)
    return tensor(np.ones(x.shape, x.dtype))
