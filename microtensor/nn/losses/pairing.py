"""How a target meets a prediction: as tensors of one floating dtype, and of one shape.

The one idea: nothing is broadcast. A y of three columns against an output of one would be nine differences
for each sample where three were meant, and training would go on in silence. Only a last axis of length 1 that
one of the two lacks is put right: (n,) and (n, 1) are the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...core import Tensor
from ...settings import floatx

if TYPE_CHECKING:
    from .loss import Loss

Shape = tuple[int, ...]


def tensor(value: Any, dtype: Any = None) -> Tensor:
    """As a tensor of a floating dtype: the given one, or its own; what is not floating becomes `floatx()`."""
    made = value if isinstance(value, Tensor) else Tensor(value)
    wanted = dtype or (made.dtype if made.dtype.kind == "f" else floatx())
    return made if made.dtype == wanted else made.astype(wanted)


def tensors(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors of the prediction's floating dtype."""
    y_pred = tensor(y_pred)
    return tensor(y_true, y_pred.dtype), y_pred


def improbable(dtype: Any) -> float:
    """The logarithm of a probability of 0: finite, so that its gradient is."""
    return float(np.finfo(dtype).min) / 8


def same_rank(a: Any, b: Any) -> tuple[Any, Any]:
    """Both with as many axes, if one has a last axis of length 1 more: a vector gets it, others lose it."""
    if a.ndim == b.ndim + 1 and a.shape[-1] == 1:
        return (a, b.reshape((*b.shape, 1))) if b.ndim == 1 else (a.reshape(a.shape[:-1]), b)
    if b.ndim == a.ndim + 1 and b.shape[-1] == 1:
        b, a = same_rank(b, a)
    return a, b


def pair(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Both as tensors of one floating dtype and one shape.

    Raises:
        ValueError: the shapes differ by more than a last axis of length 1.
    """
    y_true, y_pred = tensors(y_true, y_pred)
    if y_true.shape == y_pred.shape:
        return y_true, y_pred
    y_true, y_pred = same_rank(y_true, y_pred)
    return equal_shapes(y_true, y_pred)


def equal_shapes(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """The two as they are. ValueError if their shapes differ."""
    if y_true.shape != y_pred.shape:
        raise ValueError(
            f"y_true has shape {y_true.shape}, y_pred has shape {y_pred.shape}. They must have the same "
            "shape (but for a last axis of length 1), and nothing is broadcast."
        )
    return y_true, y_pred


def matched_shape(target: Shape, output: Shape, name: str = "y") -> Shape:
    """The output's shape, if the target has it but for a last axis of length 1; ValueError otherwise."""
    if target != output and target != (*output, 1) and (*target, 1) != output:
        count = output[-1] if output else 0
        columns = f", {count} column{'s' if count > 1 else ''} for each sample" if len(output) == 2 else ""
        raise ValueError(
            f"{name} has shape {target}, but the model's output has shape {output}{columns}. They must be "
            "equal; nothing is broadcast."
        )
    return output


def label_shape(target: Shape, output: Shape, name: str = "y") -> Shape:
    """The shape of labels for rows of scores: the output's without its last axis. ValueError otherwise."""
    rows = output[:-1]
    if target not in (rows, (*rows, 1)):
        raise ValueError(
            f"{name} has shape {target}, but the model's output has shape {output}: it needs one label for "
            f"each row of scores, shape {rows}; for rows with a one there is categorical_crossentropy."
        )
    return target


def matching(loss: Loss | None, y: np.ndarray, output: Shape, name: str) -> np.ndarray:
    """y in the shape in which this loss meets an output. ValueError where it would be broadcast."""
    return y if loss is None else y.reshape(loss.target_shape(y.shape, output, name))


def as_float(value: float) -> float:
    """A Python float that a float32 holds: what Keras reports."""
    return float(np.float32(value))
