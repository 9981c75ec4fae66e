"""Convolution and pooling of images (batch, height, width, channels), and of sequences.

The one idea: cut the image into patches, and a convolution is a matrix product, a pooling a maximum or a
mean. `windows2d` cuts, `fold2d` puts patches back and adds up where they overlap. Each is the other's
transpose, so each is the other's vjp, and the rest needs no derivative of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .reduction import max as largest
from .reduction import mean
from .table import composed, operation, registry, tensor

Pair = tuple[int, int]


def _pair(value: Any, what: str) -> Pair:
    """An int, or two of them, one for each axis of the image."""
    pair: Any = tuple(value) if isinstance(value, tuple | list) else (value, value)
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) and n > 0 for n in pair)
    if len(pair) != 2 or not whole:
        raise ValueError(f"{what} is a positive whole number or a pair of them; got {value!r}")
    return int(pair[0]), int(pair[1])


def _margins(padding: Any, lengths: Pair, size: Pair, strides: Pair) -> tuple[Pair, ...]:
    """How much is put around the image: (above, below), (left, right)."""
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same":  # ⌈n/s⌉ windows; the odd one of the margin goes below and to the right
        short = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in zip(lengths, size, strides, strict=True)]
        return tuple((total // 2, total - total // 2) for total in short)
    if isinstance(padding, tuple | list) and list(np.shape(padding)) == [2, 2] and np.min(padding) >= 0:
        (above, below), (left, right) = padding
        return (int(above), int(below)), (int(left), int(right))
    raise ValueError(f"padding is 'valid', 'same' or ((above, below), (left, right)); got {padding!r}")


def _layout(
    lengths: Pair, size: Any, strides: Any, padding: Any
) -> tuple[Pair, Pair, tuple[Pair, ...], Pair]:
    """(size, strides, margins, how many windows there are) along height and width."""
    size, strides = _pair(size, "size"), _pair(strides, "strides")
    margins = _margins(padding, lengths, size, strides)
    room = [n + sum(margin) - k for n, margin, k in zip(lengths, margins, size, strict=True)]
    if min(room) < 0:
        raise ValueError(
            f"a window of {size[0]} by {size[1]} does not fit into an image of {lengths[0]} by {lengths[1]}"
            f" with padding={padding!r}"
        )
    return size, strides, margins, (room[0] // strides[0] + 1, room[1] // strides[1] + 1)


def _windows2d(
    x: Any, size: Any = (2, 2), strides: Any = (1, 1), padding: Any = "valid", fill: float = 0.0
) -> Any:
    if x.ndim != 4:
        raise ValueError("an image has the shape (batch, height, width, channels)")
    size, strides, margins, _ = _layout(x.shape[1:3], size, strides, padding)
    if any(map(any, margins)):
        x = np.pad(x, ((0, 0), *margins, (0, 0)), constant_values=fill)
    patches = sliding_window_view(x, size, axis=(1, 2))[:, :: strides[0], :: strides[1]]
    return patches.transpose(0, 1, 2, 4, 5, 3)  # a view: nothing is copied yet


def _fold2d(x: Any, shape: Any = (2, 2), strides: Any = (1, 1), padding: Any = "valid") -> Any:
    if x.ndim != 6:
        raise ValueError("patches have the shape (batch, rows, columns, height, width, channels)")
    height, width = _pair(shape, "shape")
    size, (down, right), margins, counts = _layout((height, width), x.shape[3:5], strides, padding)
    if x.shape[1:3] != counts:
        raise ValueError(f"an image of {height} by {width} has {counts[0]} by {counts[1]} such patches")
    (above, below), (left, beyond) = margins
    out = np.zeros((x.shape[0], height + above + below, width + left + beyond, x.shape[5]), x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            out[:, i : i + down * counts[0] : down, j : j + right * counts[1] : right] += x[:, :, :, i, j]
    return out[:, above : above + height, left : left + width]


windows2d = operation(
    "windows2d",
    _windows2d,
    lambda g, y, x, size=(2, 2), strides=(1, 1), padding="valid", fill=0.0: registry["fold2d"].on(
        g, shape=x.shape[1:3], strides=strides, padding=padding
    ),
    formula="windows(x)",
    local="fold(g)",
    doc="""All patches of `size` (height, width) of images: (batch, rows, columns, height, width, channels).

    One patch every `strides` elements. padding: "valid" (none), "same" (as TensorFlow: there are
    ⌈length / stride⌉ patches along an axis), or ((above, below), (left, right)); it is made of `fill`.
    """,
)
fold2d = operation(
    "fold2d",
    _fold2d,
    lambda g, y, x, shape=(2, 2), strides=(1, 1), padding="valid": windows2d.on(
        g, size=x.shape[3:5], strides=strides, padding=padding
    ),
    formula="fold(x)",
    local="windows(g)",
    doc="""Images of `shape` (height, width) from their patches, which add up where they overlap.

    The transpose of windows2d with the same strides and padding. What lay on the padding is dropped.
    """,
)


def _image(x: Any, name: str, kernel: Any = None) -> Any:
    """x as a tensor of images, or a sentence."""
    x = tensor(x)
    if x.ndim != 4:
        raise ValueError(f"{name} takes images (batch, height, width, channels); got shape {x.shape}")
    if kernel is not None and (kernel.ndim != 4 or kernel.shape[2] != x.shape[3]):
        raise ValueError(
            f"{name} of images of shape {x.shape} takes a kernel (height, width, {x.shape[3]}, filters); got "
            f"shape {kernel.shape}"
        )
    return x


@composed()
def conv2d(x: Any, kernel: Any, strides: Any = 1, padding: Any = "valid") -> Any:
    """Images (batch, height, width, channels) under a kernel (height, width, channels, filters), slid in
    `strides`: at each place, and for each filter, the sum of patch · kernel. As in every framework the kernel
    is not flipped. padding: see windows2d. Source: Fukushima, 1980; LeCun et al., 1989.
    """
    kernel = tensor(kernel)
    x = _image(x, "conv2d", kernel)
    patches = windows2d(x, size=kernel.shape[:2], strides=_pair(strides, "strides"), padding=padding)
    batch, rows, columns, height, width, channels = patches.shape
    flat = patches.reshape((batch * rows * columns, height * width * channels))
    weights = kernel.reshape((height * width * channels, kernel.shape[3]))
    return (flat @ weights).reshape((batch, rows, columns, kernel.shape[3]))


@composed()
def conv1d(x: Any, kernel: Any, strides: int = 1, padding: Any = "valid") -> Any:
    """Sequences (batch, length, channels) under a kernel (length, channels, filters). padding: "valid",
    "same", or "causal": as many steps before the first as make each result depend on no later one.
    """
    x, kernel = tensor(x), tensor(kernel)
    if x.ndim != 3 or kernel.ndim != 3 or kernel.shape[1] != x.shape[2]:
        raise ValueError(
            "conv1d takes sequences (batch, length, channels) and a kernel (length, channels, filters); got "
            f"shapes {x.shape} and {kernel.shape}"
        )
    if padding == "causal":
        padding = ((0, 0), (kernel.shape[0] - 1, 0))
    x, kernel = np.expand_dims(x, 1), np.expand_dims(kernel, 0)
    return conv2d(x, kernel, (1, _pair(strides, "strides")[0]), padding).squeeze(axis=1)


@composed()
def max_pool2d(x: Any, pool_size: Any = 2, strides: Any = None, padding: Any = "valid") -> Any:
    """The largest element of each window and channel; strides None: windows side by side. Padding never wins,
    and elements that tie share the gradient equally.
    """
    x = _image(x, "max_pool2d")
    lowest = -np.inf if x.dtype.kind == "f" else int(np.iinfo(x.dtype).min)
    return largest(windows2d(x, **_pooling(pool_size, strides, padding), fill=lowest), axis=(3, 4))


@composed()
def avg_pool2d(x: Any, pool_size: Any = 2, strides: Any = None, padding: Any = "valid") -> Any:
    """The mean of each window and channel; strides None: windows side by side. Padding does not count."""
    x = _image(x, "avg_pool2d")
    how = _pooling(pool_size, strides, padding)
    windows = windows2d(x, **how)
    if padding == "valid":
        return mean(windows, axis=(3, 4))
    there = np.ones((1, *x.shape[1:3], 1), x.dtype)
    return windows.sum(axis=(3, 4)) / _windows2d(there, **how).sum(axis=(3, 4))


def _pooling(pool_size: Any, strides: Any, padding: Any) -> dict[str, Any]:
    size = _pair(pool_size, "pool_size")
    return {
        "size": size,
        "strides": size if strides is None else _pair(strides, "strides"),
        "padding": padding,
    }
