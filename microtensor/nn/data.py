"""Training data: checked before the first step.

The one idea: everything that can be wrong with the arguments is found here, before anything is computed or
changed, and the error names the argument, what came, and what was expected.
"""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any

import numpy as np

from ..core import Tensor
from ..tree import leaves_of, map_tree


def samples(name: str, data: Any, dtype: Any = None, keep_integers: bool = False) -> np.ndarray:
    """An array of numbers, one row for each sample, in a floating dtype (or, if wanted, as integers).

    ValueError or TypeError for nothing, text, objects, ragged lists, a single number, no rows.
    """
    if data is None:
        raise ValueError(f"`{name}` is missing: got None. Give an array with one row for each sample.")
    if hasattr(data, "to_numpy"):  # a table of pandas or polars
        data = data.to_numpy()
    if hasattr(data, "detach") and not isinstance(data, Tensor):  # PyTorch's
        data = data.detach().cpu().numpy()
    if isinstance(data, str | bytes):
        raise ValueError(
            f"Unrecognized data type: {name}={data!r:.40} (of type {type(data)}); `{name}` must hold numbers."
        )
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
    if keep_integers and array.dtype.kind in "biu":
        return array
    # No copy where none is needed: data may be most of the memory. In C order: bits of a sum depend on it.
    return np.ascontiguousarray(array, dtype or "float32").reshape(array.shape)


def structure(
    name: str, data: Any, dtype: Any = None, keep_integers: bool = False, nested: bool = True
) -> Any:
    """`samples` of an array, or of each array in a list, tuple or dict of arrays."""
    if nested and isinstance(data, dict):
        return {
            key: structure(f"{name}[{key!r}]", value, dtype, keep_integers) for key, value in data.items()
        }
    if nested and is_structure(data):
        return [structure(f"{name}[{k}]", part, dtype, keep_integers) for k, part in enumerate(data)]
    return samples(name, data, dtype, keep_integers)


def is_structure(data: Any, rows: int | None = None) -> bool:
    """Is it a dict, or a list or tuple of nothing but arrays and such structures?

    Args:
        rows: how many samples there are. A list of so many arrays is rows, unless each has so many rows.
    """
    if isinstance(data, dict):
        return True
    if not isinstance(data, list | tuple) or not data:
        return False
    arrays = [part for part in data if isinstance(part, np.ndarray | Tensor) and np.ndim(part) > 0]
    if rows is not None and len(arrays) == len(data) == rows and any(len(part) != rows for part in arrays):
        return False
    return all(any(part is array for array in arrays) or is_structure(part) for part in data)


def same_length(**parts: Any) -> None:
    """ValueError if the arrays do not have the same number of rows."""
    lengths = {name: [len(array) for array in leaves_of(part)] for name, part in parts.items()}
    if len({n for each in lengths.values() for n in each}) > 1:
        sizes = "\n".join(f"'{name}' sizes: {', '.join(map(str, each))}" for name, each in lengths.items())
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


def optional_number(name: str, value: Any, least: int = 1) -> int | None:
    """The same, where None is allowed and stays None."""
    return None if value is None else whole_number(name, value, least)


def limited(name: str, value: int | None, most: int | None) -> int | None:
    """The value, or the limit that `keras.config` sets, with a warning, if that is smaller."""
    if most is None or (value is not None and value <= most):
        return value
    warnings.warn(f"Limiting {name} to {most}, as keras.config says.", UserWarning, stacklevel=4)
    return most


def verbosity(verbose: Any) -> int:
    """0, 1 or 2; "auto" is 1. ValueError for anything else."""
    if isinstance(verbose, str) and verbose == "auto":
        return 1
    if not isinstance(verbose, int) or verbose not in (0, 1, 2):
        raise ValueError(
            f"`verbose` must be 0 (silent), 1 (bar), 2 (a line) or 'auto'; got verbose={verbose!r}."
        )
    return int(verbose)


def split(parts: tuple[Any, ...], part: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """(parts for training, parts for validation): the last samples validate, floor(n (1 − part)) train."""
    if isinstance(part, bool) or not isinstance(part, int | float | np.number) or not 0 <= part <= 1:
        raise ValueError(f"`validation_split` must be a number from 0 to below 1; got {part!r}.")
    n = len(leaves_of(parts)[0])
    at = math.floor(n * (1 - float(part)))
    if at in (0, n):
        raise ValueError(
            f"Training data contains {n} samples, which is not sufficient to split it into a validation and "
            f"training set as specified by `validation_split={part}`."
        )
    first = tuple(map_tree(lambda a: a[:at], each) for each in parts)
    return first, tuple(map_tree(lambda a: a[at:], each) for each in parts)


def sample_weights(weight: Any, y: Any) -> Any:
    """One weight for each sample, as float32; a list or dict of such for a list or dict of targets.
    ValueError for another number of them, or a negative rank.
    """
    weights = structure("sample_weight", weight, nested=isinstance(y, dict | list))
    same_length(y=y, sample_weight=weights)
    return weights


def check_weight_shape(weights: np.ndarray, output: tuple[int, ...]) -> None:
    """ValueError for weights that are neither one for each sample nor one for each step of a sequence."""
    wanted = output[: max(weights.ndim, 1)] if len(output) > 2 else output[:1]
    if weights.shape not in (output[:1], (*output[:1], 1), output[:-1], (*output[:-1], 1), wanted):
        raise ValueError(
            f"`sample_weight` has shape {weights.shape}; it must have one number for each sample, shape "
            f"{output[:1]}{f', or one for each step, shape {output[:-1]}' if len(output) > 2 else ''}."
        )


def class_weights(class_weight: Any, y: Any) -> np.ndarray:
    """The weight of each sample's class: of y's number, or of the column of y's largest. Absent classes:
    1.
    """
    if not isinstance(class_weight, dict):
        raise ValueError(
            f"`class_weight` must be a dict {{class: weight}}; got {type(class_weight).__name__}."
        )
    if isinstance(y, dict | list | tuple):
        raise ValueError("`class_weight` is only supported for models with a single output.")
    for key, value in class_weight.items():
        if not isinstance(key, numbers.Integral) or not isinstance(value, numbers.Real):
            raise ValueError(f"`class_weight` maps whole numbers to numbers; got {{{key!r}: {value!r}}}.")
    labels = np.asarray(y)
    if labels.ndim > 1:
        labels = labels[..., 0] if labels.shape[-1] == 1 else np.argmax(labels, axis=-1)
    weights = np.ones(labels.shape, "float32")
    for key, value in class_weight.items():
        weights[np.round(labels) == key] = value
    return weights


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """What a dataset yields, of its parts: (x, y, sample_weight), (x, y) or x, as little as there is."""
    if y is None:
        return (x,) if isinstance(x, list | tuple) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """(x, y, sample_weight) of what a dataset yields; None for what it does not have.

    Raises:
        ValueError: a tuple of another length.

    >>> unpack_x_y_sample_weight((1, 2))
    (1, 2, None)
    """
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError(
            "Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`, found: a "
            f"tuple of {len(data)}."
        )
    return (*data, *(None,) * (3 - len(data)))
