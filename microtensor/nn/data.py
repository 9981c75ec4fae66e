"""Training data: checked before the first step, then handed out in batches.

The one idea: everything that can be wrong with the arguments is found here, before anything is computed or
changed, and the error names the argument, what came, and what was expected.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core import Tensor


def samples(name: str, data: Any, dtype: Any = None) -> np.ndarray:
    """An array of numbers, one row for each sample, in a floating dtype.

    ValueError or TypeError for nothing, text, objects, ragged lists, a single number, no rows.
    """
    if data is None:
        raise ValueError(f"`{name}` is missing: got None. Give an array with one row for each sample.")
    if hasattr(data, "to_numpy"):  # a table of pandas or polars
        data = data.to_numpy()
    try:
        array = data.numpy() if isinstance(data, Tensor) else np.asarray(data)
    except ValueError as error:
        raise ValueError(f"`{name}` must have rows of equal length; got {data!r:.80}: {error}") from None
    if array.dtype.kind not in "biuf":
        found = next(iter(array.flat), None)
        shown = f", such as {found!r:.40}" if isinstance(found, str) else ""
        raise TypeError(
            f"`{name}` must hold numbers; got {type(data).__name__} of {type(found).__name__}{shown}."
        )
    if array.ndim == 0:
        raise ValueError(f"`{name}` must have one row for each sample; got the single number {array}.")
    if len(array) == 0:
        raise ValueError(f"`{name}` has no rows (shape {array.shape}); there is nothing to compute with.")
    return array.astype(dtype or "float32")


def same_length(**arrays: np.ndarray) -> None:
    """ValueError if the arrays do not have the same number of rows."""
    if len({len(array) for array in arrays.values()}) > 1:
        sizes = "\n".join(f"'{name}' sizes: {len(array)}" for name, array in arrays.items())
        raise ValueError(
            "Data cardinality is ambiguous. Make sure all arrays contain the same number of "
            f"samples.\n{sizes}"
        )


def whole_number(name: str, value: Any, least: int, default: int | None = None) -> int:
    """An integer argument that is at least `least`; None gives the default. ValueError names the argument."""
    if value is None and default is not None:
        return default
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"`{name}` must be a whole number of at least {least}; got {name}={value!r}.")
    return int(value)


def verbosity(verbose: Any) -> int:
    """0, 1 or 2; "auto" is 1. ValueError for anything else."""
    if verbose == "auto":
        return 1
    if verbose not in (0, 1, 2) or not isinstance(verbose, int):
        raise ValueError(
            f"`verbose` must be 0 (silent), 1 (bar), 2 (a line) or 'auto'; got verbose={verbose!r}."
        )
    return int(verbose)


def split(x: np.ndarray, y: np.ndarray, part: Any) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """((x, y) for training, (x, y) for validation): the last samples validate, floor(n (1 − part)) train."""
    if isinstance(part, bool) or not isinstance(part, int | float | np.number) or not 0 <= part < 1:
        raise ValueError(f"`validation_split` must be a number from 0 to below 1; got {part!r}.")
    at = math.floor(len(x) * (1 - float(part)))
    if at in (0, len(x)):
        raise ValueError(
            f"Training data contains {len(x)} samples, which is not sufficient to split it into a validation "
            "and "
            f"training set as specified by `validation_split={part}`."
        )
    return (x[:at], y[:at]), (x[at:], y[at:])


def batches(
    arrays: tuple[np.ndarray, ...], size: int, generator: np.random.Generator | None = None
) -> Iterator[tuple[Tensor, ...]]:
    """Consecutive slices of `size` rows, the last one smaller; in a new random order if there is a
    generator.
    """
    n = len(arrays[0])
    order = None if generator is None else generator.permutation(n)
    for start in range(0, n, size):
        rows = slice(start, start + size) if order is None else order[start : start + size]
        yield tuple(Tensor.wrap(array[rows]) for array in arrays)
