"""Helpers around data: one-hot rows, lengths of 1, the parts of a batch. Source: `keras.utils`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from .array_functions.neural import normalize as _normalized
from .array_functions.neural import one_hot
from .keras_tensor import KerasTensor


def to_categorical(x: Any, num_classes: int | None = None) -> Any:
    """Labels 0, 1, 2, … as rows with a 1 at the label's place. A last axis of length 1 is dropped.

    Args:
        x: integers, of any shape.
        num_classes: how long the rows are; None: as long as the largest label needs.

    Raises:
        IndexError: a label that is no class. A negative one counts from the end.

    >>> to_categorical([0, 2, 1]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    labels = np.asarray(x.numpy() if isinstance(x, Tensor) else x).astype(np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    classes = num_classes or int(labels.max(initial=-1)) + 1
    if isinstance(x, Tensor):
        return one_hot(labels, classes)
    return np.eye(classes)[labels]


def normalize(x: Any, axis: int = -1, order: int = 2) -> Any:
    """x divided by its norm along an axis, so that the norm is 1; zeros stay. An array gives an array.

    >>> normalize(np.array([[3.0, 4.0]])).tolist()
    [[0.6, 0.8]]
    """
    if isinstance(x, Tensor):
        return _normalized(x, axis=axis, order=order)
    x = np.asarray(x)
    norm = np.atleast_1d(np.linalg.norm(x, order, axis))
    return x / np.expand_dims(np.where(norm == 0, 1, norm), axis)


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> np.ndarray:
    """Lists of different lengths as the rows of one array: filled up, and cut, at their beginning ("pre") or
    end ("post").

    Raises:
        ValueError: another padding or truncating, things without a length, or of different shapes.

    >>> pad_sequences([[1], [2, 3]]).tolist()
    [[0, 1], [2, 3]]
    """
    for name, given in (("padding", padding), ("truncating", truncating)):
        if given not in ("pre", "post"):
            raise ValueError(f"`{name}` must be 'pre' or 'post'. Received: {name}={given}")
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for row in sequences:
        if not hasattr(row, "__len__"):
            raise ValueError(f"`sequences` must be a list of iterables. Found non-iterable: {row}")
    rows = [np.asarray(row) for row in sequences]
    longest = max((len(row) for row in rows), default=0) if maxlen is None else maxlen
    inner = next((row.shape[1:] for row in rows if len(row)), ())
    if isinstance(value, str) and dtype is not object and not np.issubdtype(dtype, np.str_):
        raise ValueError(f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}")
    found = np.full((len(rows), longest, *inner), value, dtype)
    for k, row in enumerate(rows):
        kept = (row[-longest:] if truncating == "pre" else row[:longest]) if longest else row[:0]
        if len(row) and row.shape[1:] != inner:
            raise ValueError(
                f"Shape of sample {row.shape[1:]} of sequence at position {k} is different from expected "
                f"shape {inner}"
            )
        if len(kept):
            found[k, longest - len(kept) if padding == "pre" else 0 :][: len(kept)] = kept.astype(dtype)
    return found


def is_keras_tensor(x: Any) -> bool:
    """Is it a promise, what `keras.Input` gives? Source: `keras.utils.is_keras_tensor`."""
    return isinstance(x, KerasTensor)
