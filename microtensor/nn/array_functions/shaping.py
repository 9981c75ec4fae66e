"""Functions that move elements about, and choose among them."""

from __future__ import annotations

from typing import Any

from ...core import Tensor
from ...core.operations.indexing import scatter as _scatter
from ...core.operations.joining import pad_as
from .entering import np, tensor, together, unary

copy = unary(lambda x: np.copy(x), name="copy")
ravel = unary(np.ravel)
fliplr = unary(lambda x: np.flip(x, 1), name="fliplr")
flipud = unary(lambda x: np.flip(x, 0), name="flipud")
_slice = slice


def reshape(x: Any, newshape: Any) -> Any:
    """The same elements in another shape. Source: `keras.ops.reshape`."""
    sizes = tuple(newshape) if isinstance(newshape, list | tuple) else (newshape,)
    if any(n < -1 for n in sizes):
        raise ValueError(f"Each size is a non-negative integer, or -1. Received: newshape={sizes}")
    if sizes.count(-1) > 1:
        raise ValueError(f"There can be at most one unknown dimension, -1. Received: newshape={sizes}")
    return tensor(x).reshape(sizes)


def transpose(x: Any, axes: Any = None) -> Any:
    """Axes in another order, reversed if none is said. Source: `keras.ops.transpose`."""
    return np.transpose(tensor(x), axes)


def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged. Source: `keras.ops.swapaxes`."""
    return np.swapaxes(tensor(x), axis1, axis2)


def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Axes put elsewhere. Source: `keras.ops.moveaxis`."""
    return np.moveaxis(tensor(x), source, destination)


def expand_dims(x: Any, axis: Any) -> Any:
    """With new axes of length 1. Source: `keras.ops.expand_dims`."""
    return np.expand_dims(tensor(x), tuple(axis) if isinstance(axis, list) else axis)


def squeeze(x: Any, axis: Any = None) -> Any:
    """Without axes of length 1. Source: `keras.ops.squeeze`."""
    x = tensor(x)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, list | tuple) else (axis,)
    for k in axes if axis is not None else ():
        if x.shape[k] != 1:
            raise ValueError(f"Cannot squeeze axis={k}, because the dimension is not 1 but {x.shape[k]}.")
    return np.squeeze(x, tuple(axis) if isinstance(axis, list) else axis)


def broadcast_to(x: Any, shape: Any) -> Any:
    """Repeated along new or single axes. Source: `keras.ops.broadcast_to`."""
    return np.broadcast_to(tensor(x), tuple(shape))


def flip(x: Any, axis: Any = None) -> Any:
    """The other way round. Source: `keras.ops.flip`."""
    return np.flip(tensor(x), axis)


def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    """Shifted, what falls out coming in at the other end. Source: `keras.ops.roll`."""
    return np.roll(tensor(x), shift, axis)


def rot90(array: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """Turned by k quarters, from the first axis to the second. Source: `keras.ops.rot90`."""
    x = tensor(array)
    if x.ndim < 2:
        raise ValueError(f"Input array must have at least 2 dimensions. Received: array.ndim={x.ndim}")
    first, second = (axis % x.ndim for axis in axes) if len(axes) == 2 else (0, 0)
    if len(axes) != 2 or first == second:
        raise ValueError(f"Invalid axes: {axes}. Axes must be a tuple of two different dimensions.")
    for _ in range(k % 4):
        x = np.swapaxes(np.flip(x, second), first, second)
    return x


def concatenate(xs: Any, axis: int = 0) -> Any:
    """One after the other along an axis. Source: `keras.ops.concatenate`."""
    return np.concatenate(together(*xs), axis=axis)


def append(x1: Any, x2: Any, axis: int | None = None) -> Any:
    """x2 after x1; without an axis, in one row. Source: `keras.ops.append`."""
    x1, x2 = together(x1, x2)
    pair = [x1, x2] if axis is not None else [x1.reshape(-1), x2.reshape(-1)]
    return np.concatenate(pair, axis=axis or 0)


def stack(x: Any, axis: int = 0) -> Any:
    """Side by side along a new axis. Source: `keras.ops.stack`."""
    return np.stack(together(*x), axis=axis)


def unstack(x: Any, num: int | None = None, axis: int = 0) -> Any:
    """The slices along an axis, in a list. Source: `keras.ops.unstack`."""
    x = tensor(x)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis {axis} is out of bounds for a tensor of shape {x.shape}.")
    if num is not None and num != x.shape[axis]:
        raise ValueError(f"num={num} does not fit axis {axis} of a tensor of shape {x.shape}.")
    return list(np.moveaxis(x, axis, 0))


def hstack(xs: Any) -> Any:
    """Side by side, along the second axis (of vectors, the first). Source: `keras.ops.hstack`."""
    return np.hstack(list(together(*xs)))


def vstack(xs: Any) -> Any:
    """One below the other, along the first axis. Source: `keras.ops.vstack`."""
    return np.vstack(list(together(*xs)))


def dstack(xs: Any) -> Any:
    """One behind the other, along the third axis. Source: `keras.ops.dstack`."""

    def deep(x: Any) -> Any:
        return x.reshape((1, -1, 1) if x.ndim < 2 else (*x.shape, 1)) if x.ndim < 3 else x

    return np.concatenate([deep(x) for x in together(*xs)], axis=2)


def split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """Equal parts, or parts that end at indices. Source: `keras.ops.split`."""
    return list(np.split(tensor(x), _numbers(indices_or_sections), axis=axis))


def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """Parts as equal as can be. Source: `keras.ops.array_split`."""
    return list(np.array_split(tensor(x), _numbers(indices_or_sections), axis=axis))


def hsplit(x: Any, indices_or_sections: Any) -> Any:
    """`split` along the second axis (of a vector, the first). Source: `keras.ops.hsplit`."""
    x = tensor(x)
    return split(x, indices_or_sections, axis=1 if x.ndim > 1 else 0)


def vsplit(x: Any, indices_or_sections: Any) -> Any:
    """`split` along the first axis. Source: `keras.ops.vsplit`."""
    return split(x, indices_or_sections, axis=0)


def dsplit(x: Any, indices_or_sections: Any) -> Any:
    """`split` along the third axis. Source: `keras.ops.dsplit`."""
    if np.ndim(x) < 3:
        raise ValueError(f"dsplit takes tensors of at least 3 axes; got {np.ndim(x)}.")
    return split(x, indices_or_sections, axis=2)


def _numbers(indices: Any) -> Any:
    return indices if isinstance(indices, int) else [int(k) for k in indices]


def tile(x: Any, repeats: Any) -> Any:
    """Copies side by side along each axis. Source: `keras.ops.tile`."""
    return np.tile(tensor(x), repeats)


def repeat(x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Each element several times. Source: `keras.ops.repeat`."""
    times = repeats.numpy() if isinstance(repeats, Tensor) else repeats
    return np.repeat(tensor(x), times, axis=axis)


def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Any:
    """With a margin. Source: `keras.ops.pad`."""
    if mode != "constant" and constant_values is not None:
        raise ValueError(
            "Argument `constant_values` can only be provided when `mode == 'constant'`. Received: "
            f"mode={mode}"
        )
    x = tensor(x)
    width: Any = [[pad_width, pad_width]] * x.ndim if isinstance(pad_width, int) else list(pad_width)
    if len(width) == 2 and all(isinstance(n, int) for n in width):
        width = [width] * x.ndim
    width = tuple(tuple(pair) for pair in (width * x.ndim if len(width) == 1 else width))
    return pad_as(x, width, mode=mode, constant_values=constant_values or 0)


def meshgrid(*x: Any, indexing: str = "xy") -> Any:
    """Vectors as the coordinates of a grid. Source: `keras.ops.meshgrid`."""
    return list(np.meshgrid(*(tensor(v) for v in x), indexing=indexing))


def diag(x: Any, k: int = 0) -> Any:
    """A matrix with this diagonal, or a matrix's diagonal. Source: `keras.ops.diag`."""
    return np.diag(tensor(x), k)


def diagflat(x: Any, k: int = 0) -> Any:
    """A matrix with all elements of x on its diagonal. Source: `keras.ops.diagflat`."""
    return np.diag(tensor(x).reshape(-1), k)


def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonals of the matrices that two axes make. Source: `keras.ops.diagonal`."""
    return np.diagonal(tensor(x), offset, axis1, axis2)


def tril(x: Any, k: int = 0) -> Any:
    """Zeros above the k-th diagonal. Source: `keras.ops.tril`."""
    return np.tril(tensor(x), k)


def triu(x: Any, k: int = 0) -> Any:
    """Zeros below the k-th diagonal. Source: `keras.ops.triu`."""
    return np.triu(tensor(x), k)


def get_item(x: Any, key: Any) -> Any:
    """x[key]. Source: `keras.ops.get_item`."""
    return tensor(x)[key]


def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """The slices that the indices name. Source: `keras.ops.take`."""
    return np.take(tensor(x), tensor(indices, "int64"), axis=axis)


def take_along_axis(x: Any, indices: Any, axis: int | None = None) -> Any:
    """For each place of `indices` the element that it names. Source: `keras.ops.take_along_axis`."""
    x, indices = tensor(x), tensor(indices, "int64")
    if axis is None:
        return np.take_along_axis(x.reshape(-1), indices.reshape(-1), axis=0)
    return np.take_along_axis(x, indices, axis=axis)


def slice(inputs: Any, start_indices: Any, shape: Any) -> Any:
    """The block of this shape that begins at these indices. Source: `keras.ops.slice`."""
    return tensor(inputs)[_block(tensor(inputs), start_indices, shape)]


def slice_update(inputs: Any, start_indices: Any, updates: Any) -> Any:
    """With another block in the place that begins at these indices. Source: `keras.ops.slice_update`."""
    inputs = tensor(inputs)
    updates = tensor(updates, inputs.dtype)
    return inputs.at[_block(inputs, start_indices, updates.shape)].set(updates)


def _block(x: Any, starts: Any, shape: Any) -> tuple[Any, ...]:
    begins = [int(start) for start in starts]
    ends = [
        n if wanted == -1 else begin + int(wanted)
        for begin, wanted, n in zip(begins, shape, x.shape, strict=True)
    ]
    return tuple(_slice(begin, end) for begin, end in zip(begins, ends, strict=True))


def scatter(indices: Any, values: Any, shape: Any) -> Any:
    """Zeros of this shape, with values added where the rows of `indices` say. Source: `keras.ops.scatter`."""
    at = tuple(np.moveaxis(tensor(indices, "int64").numpy(), -1, 0))
    return _scatter(tensor(values), index=at, shape=tuple(shape))


def scatter_update(inputs: Any, indices: Any, updates: Any, reduction: str | None = None) -> Any:
    """inputs with updates where the rows of `indices` say: put there, or joined with what is there by
    `reduction`, "add", "max", "min" or "mul". Source: `keras.ops.scatter_update`.
    """
    x, rows = tensor(inputs), tensor(indices, "int64")
    values = tensor(updates, x.dtype)
    at = tuple(np.moveaxis(rows.numpy(), -1, 0))
    if reduction == "add":
        return x.at[at].add(values)
    joined = {"max": np.maximum, "min": np.minimum, "mul": np.multiply, None: lambda old, new: new}
    if reduction not in joined:
        raise ValueError(f"reduction is None, 'add', 'max', 'min' or 'mul'; got reduction={reduction!r}.")
    if len(rows.shape) != 2:
        raise ValueError(f"`indices` must have one row for each update, shape (n, axes); got {rows.shape}.")
    for k in range(rows.shape[0]):  # one after the other: a place may be named twice
        place = tuple(int(axis[k]) for axis in at)
        x = x.at[place].set(joined[reduction](x[place], values[k]))
    return x


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The area below straight lines from point to point. Source: `keras.ops.trapezoid`."""
    y = np.moveaxis(tensor(y), axis, -1)
    y = y if y.dtype.kind == "f" else tensor(y, "float32")
    if x is None:
        width: Any = dx
    else:
        x = tensor(x, y.dtype)
        x = np.moveaxis(x, axis, -1) if x.ndim > 1 else x
        width = x[..., 1:] - x[..., :-1]
    return np.sum(width * (y[..., 1:] + y[..., :-1]) / 2, axis=-1)


def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """The differences of neighbours, n times. Source: `keras.ops.diff`."""
    x = np.moveaxis(tensor(a), axis, -1)
    for _ in range(n):
        x = np.not_equal(x[..., 1:], x[..., :-1]) if x.dtype == bool else x[..., 1:] - x[..., :-1]
    return np.moveaxis(x, -1, axis)


def unravel_index(indices: Any, shape: Any) -> Any:
    """The coordinates of the elements that flat indices name. Source: `keras.ops.unravel_index`."""
    indices = tensor(indices)
    size = int(np.prod(shape))
    wrapped = np.where(indices.numpy() < 0, indices.numpy() + size, indices.numpy())
    return tuple(Tensor.wrap(part.astype(indices.dtype)) for part in np.unravel_index(wrapped, tuple(shape)))
