"""Joining, parting and repeating: tensors put together, taken apart, laid side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import composed, operation, tensor

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
pad = operation(
    "pad",
    lambda x, pad_width=0, constant_values=0: np.pad(x, pad_width, constant_values=constant_values),
    lambda g, y, x, pad_width=0, constant_values=0: g[_without_margin(pad_width, x.shape)],
    formula="pad(x)",
    local="g[inside]",
    doc="x with a margin of `pad_width` (a number, a pair, or a pair for each axis) filled with a constant.",
)


def _piece(k: int, g: Any, xs: Any, axis: int | None) -> Any:
    if axis is None:  # everything flattened
        start = sum(getattr(x, "size", 1) for x in xs[:k])  # a Python number is one element
        return g[start : start + xs[k].size].reshape(xs[k].shape)
    start = sum(x.shape[axis] for x in xs[:k])
    return g[(slice(None),) * (axis % g.ndim) + (slice(start, start + xs[k].shape[axis]),)]


def _without_margin(pad_width: Any, shape: tuple[int, ...]) -> tuple[slice, ...]:
    before = np.broadcast_to(pad_width, (len(shape), 2))[:, 0].tolist()
    return tuple(slice(b, b + n) for b, n in zip(before, shape, strict=True))


@composed(np.pad)
def pad_as(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Any:
    """x with a margin: of a constant, or (mode "edge", "reflect", "symmetric", "wrap") of its own
    elements.
    """
    x = tensor(x)
    if mode == "constant":
        return pad(x, pad_width=pad_width, constant_values=constant_values)
    if mode not in ("edge", "reflect", "symmetric", "wrap"):
        raise ValueError(
            f"pad of a tensor knows constant, edge, reflect, symmetric and wrap; got mode={mode!r}."
        )
    widths = np.broadcast_to(pad_width, (x.ndim, 2)).tolist()
    for axis, (width, n) in enumerate(zip(widths, x.shape, strict=True)):
        places = np.pad(np.arange(n), width, mode=mode)  # type: ignore[call-overload]
        x = x[(slice(None),) * axis + (places,)]
    return x


@composed(np.hstack)
def hstack(xs: Any) -> Any:
    """Tensors side by side: along the second axis, vectors along their only one."""
    xs = [tensor(x) if tensor(x).ndim else tensor(x).reshape((1,)) for x in xs]
    return np.concatenate(xs, axis=0 if xs[0].ndim == 1 else 1)


@composed(np.vstack)
def vstack(xs: Any) -> Any:
    """Tensors on top of each other: along the first axis, vectors as rows."""
    return np.concatenate(
        [tensor(x) if tensor(x).ndim > 1 else tensor(x).reshape((1, -1)) for x in xs], axis=0
    )


@composed(np.split)
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """x cut along `axis` into so many equal parts, or at these places. ValueError if the parts are not
    equal.
    """
    n = tensor(x).shape[axis]
    if np.ndim(indices_or_sections) == 0 and n % int(indices_or_sections):
        raise ValueError(
            f"split cannot cut {n} elements into {indices_or_sections} equal parts; array_split can."
        )
    return array_split(x, indices_or_sections, axis)


@composed(np.array_split)
def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """x cut along `axis` into so many parts, the first ones longer by one where it must be, or at these
    places.
    """
    x = tensor(x)
    places = np.array_split(np.arange(x.shape[axis]), indices_or_sections)
    starts = [int(part[0]) if len(part) else 0 for part in places]
    front = (slice(None),) * (axis % x.ndim)
    return [x[(*front, slice(a, a + len(part)))] for a, part in zip(starts, places, strict=True)]


@composed(np.tile)
def tile(x: Any, reps: Any) -> Any:
    """x laid `reps` times along each axis; the gradient is the sum over the copies."""
    x = tensor(x)
    reps = tuple(int(n) for n in np.atleast_1d(reps))
    shape = (1,) * (len(reps) - x.ndim) + x.shape
    reps = (1,) * (len(shape) - len(reps)) + reps
    spread = tuple(n for pair in zip((1,) * len(shape), shape, strict=True) for n in pair)
    copies = tuple(n for pair in zip(reps, shape, strict=True) for n in pair)
    return np.broadcast_to(x.reshape(spread), copies).reshape(
        tuple(r * n for r, n in zip(reps, shape, strict=True))
    )


@composed(np.repeat)
def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element (or slice along `axis`) as many times in a row; the gradient is the sum over the
    copies.
    """
    x = tensor(x)
    if axis is None:
        x, axis = x.reshape((-1,)), 0
    return x[(slice(None),) * (axis % x.ndim) + (np.repeat(np.arange(x.shape[axis]), repeats),)]


@composed(np.meshgrid)
def meshgrid(*xs: Any, indexing: str = "xy") -> tuple[Any, ...]:
    """The coordinates of the points of a grid: for each vector an array of the grid's shape."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid's indexing is 'xy' or 'ij'; got {indexing!r}.")
    xs = tuple(tensor(x).reshape((-1,)) for x in xs)
    shape = tuple(len(x) for x in xs)
    grids = [
        np.broadcast_to(x.reshape((1,) * k + (-1,) + (1,) * (len(xs) - 1 - k)), shape)
        for k, x in enumerate(xs)
    ]
    return tuple(g.swapaxes(0, 1) if indexing == "xy" and len(xs) > 1 else g for g in grids)
