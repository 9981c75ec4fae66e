"""The dtype rules: what numbers become when they enter a tensor.

Python's own floats become float32 and its ints int32 (int64 where they do not fit), as in TensorFlow; what
comes from NumPy keeps its dtype. In mixed arithmetic NumPy's rules hold, with Python's own scalars "weak":
float32 * 2.0 is float32.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .methods import Methods

NUMBERS = frozenset({bool, int, float, complex})
_NARROW = {"f": np.float32, "c": np.complex64}


def as_array(data: Any, dtype: Any = None) -> np.ndarray:
    """A fresh array of numbers, in this machine's byte order, by the rules above.

    TypeError for what is no number (or for tensors in a list that would lose their gradient), ValueError for
    a ragged list.
    """
    try:
        array = np.array(data)
    except (ValueError, TypeError, OverflowError) as error:
        message = f"a tensor holds numbers, the same count in each row; got {_short(data)}: {error}"
        raise type(error)(message) from None
    if array.dtype.kind not in "biufc":
        raise TypeError(f"a tensor holds numbers; got {_short(data)}")
    if not isinstance(data, np.ndarray | Methods):
        found = list(leaves(data))
        if any(isinstance(leaf, Methods) and leaf.requires_grad for leaf in found):
            raise TypeError(
                "a list of tensors would lose their gradients; mt.stack([a, b]) makes one tensor of them."
            )
        if all(type(leaf) in NUMBERS for leaf in found):
            array = array.astype(_narrow(array))
    if dtype is not None:
        array = _cast(array, dtype)
    array = array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    array.flags.writeable = False  # an operation of somebody's own that works in place is stopped by NumPy
    return array


def _narrow(array: np.ndarray) -> Any:
    if array.dtype.kind == "i":
        info = np.iinfo(np.int32)
        return (
            np.int32 if not array.size or (info.min <= array.min() and array.max() <= info.max) else np.int64
        )
    return _NARROW.get(array.dtype.kind, array.dtype)


def _cast(array: np.ndarray, dtype: Any) -> np.ndarray:
    try:
        wanted = np.dtype(dtype)
    except TypeError as error:
        raise TypeError(
            f"dtype must be NumPy's or its name, such as 'float32'; got {dtype!r}: {error}"
        ) from None
    if wanted.kind not in "biufc" or (array.dtype.kind == "c" and wanted.kind != "c"):
        raise TypeError(f"numbers of dtype {array.dtype} do not become {wanted} in a tensor.")
    return array.astype(wanted)


def leaves(nested: Any) -> Iterator[Any]:
    """What nested lists, tuples and ranges hold, in no particular order."""
    stack = [nested]
    while stack:
        item = stack.pop()
        if isinstance(item, list | tuple | range):
            stack.extend(item)
        else:
            yield item


def _short(data: Any) -> str:
    try:
        text = " ".join(repr(data).split())
    except RecursionError:
        text = "nested too deeply to show"
    return f"{type(data).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
