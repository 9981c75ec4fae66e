"""Result: the number that a metric shows: a Python float that reads like a tensor's, too."""

from __future__ import annotations

from typing import Any

import numpy as np


class Number(float):
    """A float, rounded as its dtype rounds, with the few things that people ask of a tensor's number.

    >>> Number(2 / 3)
    0.6666666865348816
    >>> Number(0.5).numpy()
    np.float32(0.5)
    """

    __slots__ = ("dtype",)

    dtype: np.dtype[Any]
    shape: tuple[int, ...] = ()
    ndim = 0
    size = 1

    def __new__(cls, value: Any, dtype: Any = "float32") -> Number:
        kind = np.dtype(dtype)
        made = super().__new__(cls, kind.type(value) if kind.kind == "f" else value)
        made.dtype = kind
        return made

    def numpy(self) -> Any:
        """The number as NumPy's."""
        return self.dtype.type(self)

    def item(self) -> float:
        """The number as Python's."""
        return float(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Number, (float(self), self.dtype.name)


def shown(value: Any, dtype: Any) -> Any:
    """A Number where the value has no axes, an array of this dtype where it has."""
    return np.asarray(value).astype(dtype) if np.ndim(value) else Number(value, dtype)
