"""Convolution and pooling, in the plainest words: one place after the other."""

from __future__ import annotations

from typing import Any

import numpy as np


def _margin(n: int, k: int, s: int, padding: Any, axis: int) -> tuple[int, int]:
    if padding == "same":
        total = max(k - s if n % s == 0 else k - n % s, 0)
        return total // 2, total - total // 2
    return (0, 0) if padding == "valid" else tuple(padding[axis])  # type: ignore[return-value]


def _both(value: Any) -> Any:
    return value if isinstance(value, tuple) else (value, value)


def places(shape: Any, size: Any, strides: Any, padding: Any) -> Any:
    """For each window, row by row, where its elements lie in the image: a list of lists of (i, j)."""
    (kh, kw), (sh, sw) = _both(size), _both(strides)
    (top, bottom), (left, right) = (
        _margin(n, k, s, padding, axis)
        for axis, (n, k, s) in enumerate(zip(shape, (kh, kw), (sh, sw), strict=True))
    )
    return [
        [
            [[(i + a, j + b) for b in range(kw)] for a in range(kh)]
            for j in range(-left, shape[1] + right - kw + 1, sw)
        ]
        for i in range(-top, shape[0] + bottom - kh + 1, sh)
    ]


def _windows2d(
    x: Any, size: Any = (2, 2), strides: Any = (1, 1), padding: Any = "valid", fill: float = 0.0
) -> Any:
    where = np.array(places(x.shape[1:3], size, strides, padding))
    out = np.full((x.shape[0], *where.shape[:4], x.shape[3]), fill, x.dtype)
    for spot in np.ndindex(where.shape[:4]):
        i, j = where[spot]
        if 0 <= i < x.shape[1] and 0 <= j < x.shape[2]:
            out[(slice(None), *spot)] = x[:, i, j]
    return out


def _fold2d(x: Any, shape: Any = (2, 2), strides: Any = (1, 1), padding: Any = "valid") -> Any:
    where = np.array(places(shape, x.shape[3:5], strides, padding))
    out = np.zeros((x.shape[0], *shape, x.shape[5]), x.dtype)
    for spot in np.ndindex(where.shape[:4]):
        i, j = where[spot]
        if 0 <= i < shape[0] and 0 <= j < shape[1]:
            out[:, i, j] += x[(slice(None), *spot)]
    return out


def _conv2d(x: Any, kernel: Any, strides: Any = 1, padding: Any = "valid") -> Any:
    return np.einsum("nijabc,abcf->nijf", _windows2d(x, kernel.shape[:2], strides, padding), kernel)


def _conv1d(x: Any, kernel: Any, strides: int = 1, padding: Any = "valid") -> Any:
    if padding == "causal":
        x, padding = np.pad(x, ((0, 0), (len(kernel) - 1, 0), (0, 0))), "valid"
    return _conv2d(x[:, None], kernel[None], (1, strides), padding)[:, 0]


def _pool(reduce: Any) -> Any:
    def pool(x: Any, pool_size: Any = 2, strides: Any = None, padding: Any = "valid") -> Any:
        inside = _windows2d(x, pool_size, strides or pool_size, padding, np.nan)
        return reduce(inside, axis=(3, 4))

    return pool


PLAIN = {"windows2d": _windows2d, "fold2d": _fold2d}
COMPOSED = {
    "conv2d": _conv2d,
    "conv1d": _conv1d,
    "max_pool2d": _pool(np.nanmax),
    "avg_pool2d": _pool(np.nanmean),
}
