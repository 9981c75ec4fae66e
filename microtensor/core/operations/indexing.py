"""Indexing, ordering and choosing: which elements, in which order. The vjp puts each gradient where its
element was.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .methods import Methods
from .table import composed, operation, registry, tensor

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
index_update = operation(
    "index_update",
    lambda x, values, index=...: _updated(x, values, index),
    lambda g, y, x, values, index=...: registry["index_update"].on(g, 0.0, index=index),
    lambda g, y, x, values, index=...: g[index],
    formula="x with x[index] = values",
    local=("g outside index", "g[index]"),
    doc="x with other values at `index`, which names each element at most once: `t.at[index].set(values)`.",
)
take = operation(
    "take",
    lambda x, indices, axis=None: np.take(x, indices, axis),
    lambda g, y, x, indices, axis=None: registry["untake"].on(g, indices, shape=x.shape, axis=axis),
    None,
    numpy=np.take,
    formula="take(x, indices)",
    local=("put back(g)", ""),
    doc="The slices of x along `axis` that `indices` (integers) names; None: of all elements in one row.",
)
untake = operation(
    "untake",
    lambda g, indices, shape=(), axis=None: _untaken(g, indices, shape, axis),
    lambda h, y, g, indices, shape=(), axis=None: np.take(h, indices, axis),
    None,
    formula="untake(g, indices)",
    local=("take(g)", ""),
    doc="Zeros of `shape` with slices added where `take` took them: the transpose of take.",
)
take_along_axis = operation(
    "take_along_axis",
    lambda x, indices, axis=-1: np.take_along_axis(x, indices, axis),
    lambda g, y, x, indices, axis=-1: registry["put_along_axis"].on(g, indices, shape=x.shape, axis=axis),
    None,
    numpy=np.take_along_axis,
    formula="take_along_axis(x, indices)",
    local=("put back(g)", ""),
    doc="For each place of `indices` (integers, in x's shape but for `axis`) the element of x that it names.",
)
put_along_axis = operation(
    "put_along_axis",
    lambda g, indices, shape=(), axis=-1: _put_along(g, indices, shape, axis),
    lambda h, y, g, indices, shape=(), axis=-1: np.take_along_axis(h, indices, axis),
    None,
    formula="put_along_axis(g, indices)",
    local=("take(g)", ""),
    doc="Zeros of `shape` with elements added where `take_along_axis` took them: its transpose.",
)
argsort = operation(
    "argsort",
    lambda x, axis=-1: np.argsort(x, axis, kind="stable"),
    numpy=np.argsort,
    formula="argsort(x)",
    doc="The order that sorts x along `axis`, equal elements as they came; no gradient.",
)
sort = operation(
    "sort",
    lambda x, axis=-1: np.sort(x, axis),
    lambda g, y, x, axis=-1: _unsorted(g, x, axis),
    numpy=np.sort,
    formula="sort(x)",
    local="g in x's order",
    convention="equal elements take the gradients in the order in which they stand",
    doc="From the smallest to the largest along `axis`; None: of all elements in one row.",
)
searchsorted = operation(
    "searchsorted",
    lambda a, v, side="left": np.searchsorted(a, v, side),
    numpy=np.searchsorted,
    formula="searchsorted(a, v)",
    doc="Where each element of v belongs in the sorted vector a; no gradient.",
)
unique = operation(
    "unique",
    lambda x: np.unique(x),
    numpy=np.unique,
    formula="unique(x)",
    doc="The different elements, sorted; no gradient.",
)


def frozen(index: Any) -> Any:
    """An index that nobody can change later: tensors and lists in it become arrays of our own."""
    if isinstance(index, tuple):
        return tuple(map(frozen, index))
    if isinstance(index, slice):
        return slice(
            *(int(n) if isinstance(n, Methods) else n for n in (index.start, index.stop, index.step))
        )
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


def _updated(x: Any, values: Any, index: Any) -> Any:
    places = np.ravel(np.arange(x.size).reshape(x.shape)[index])
    if len(np.unique(places)) < len(places):
        raise ValueError(
            "the index names an element twice, and which value stays is not said; .add adds both"
        )
    out = np.array(x)
    out[index] = values
    return out


def _untaken(g: Any, indices: Any, shape: tuple[int, ...], axis: int | None) -> Any:
    out = np.zeros(shape, g.dtype)
    if axis is None:
        np.add.at(out.reshape(-1), indices, g)
    else:
        np.add.at(out, (slice(None),) * (axis % len(shape)) + (indices,), g)
    return out


def _put_along(g: Any, indices: Any, shape: tuple[int, ...], axis: int) -> Any:
    out = np.zeros(shape, g.dtype)
    places = list(np.ogrid[tuple(slice(n) for n in indices.shape)])
    places[axis] = indices
    np.add.at(out, tuple(places), g)
    return out


def _unsorted(g: Any, x: Any, axis: int | None) -> Any:
    if axis is None:
        return _unsorted(g, x.reshape((-1,)), 0).reshape(x.shape)
    if not x.ndim or not x.size:
        return g
    order = np.argsort(x, axis, kind="stable") if isinstance(x, np.ndarray) else argsort(x, axis=axis)
    return registry["put_along_axis"].on(g, order, shape=x.shape, axis=axis)


class At:
    """`t.at[index].set(values)` and `.add(values)`: a new tensor with other elements at an index; t stays."""

    def __init__(self, x: Any, index: Any = ...) -> None:
        self.x, self.index = x, index

    def __getitem__(self, index: Any) -> At:
        return At(self.x, frozen(index))

    def set(self, values: Any) -> Any:
        """With these values there. ValueError if the index names an element twice."""
        return index_update(self.x, values, index=self.index)

    def add(self, values: Any) -> Any:
        """With these values added there; where the index names an element twice, both."""
        values = np.broadcast_to(tensor(values), self.x[self.index].shape)
        return self.x + scatter(values, index=self.index, shape=self.x.shape)


@composed(np.diagonal)
def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonal of each matrix that the two axes make, `offset` above the main one, as a last axis."""
    x = np.moveaxis(tensor(x), (axis1, axis2), (-2, -1))
    rows, columns = x.shape[-2:]
    n = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    at = np.arange(n)
    return x[..., at - min(offset, 0), at + max(offset, 0)]


@composed(np.diag)
def diag(x: Any, k: int = 0) -> Any:
    """Of a matrix its diagonal k; of a vector the matrix with it on diagonal k."""
    x = tensor(x)
    if x.ndim == 2:
        return diagonal(x, k)
    if x.ndim != 1:
        raise ValueError(f"diag takes a vector or a matrix; got shape {x.shape}.")
    n, at = len(x) + abs(k), np.arange(len(x))
    return scatter(x, index=(at - min(k, 0), at + max(k, 0)), shape=(n, n))
