"""Losses: what training makes small.

The one idea: target and prediction must have the same shape. Keras lets a y of three columns meet an output
of one and broadcasts in silence; here only a lost or added axis of length 1 is put right, and everything else
is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.operations.arithmetic import abs as absolute
from ..core.operations.loss import mse
from ..core.operations.reduction import mean
from ..core.state import scope
from ..naming import interpret


def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """(y_true − y_pred)², averaged over the last axis: one number for each sample."""
    y_true, y_pred = pair(y_true, y_pred)
    return mean((y_pred - y_true) ** 2, axis=-1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """|y_true − y_pred|, averaged over the last axis: one number for each sample."""
    y_true, y_pred = pair(y_true, y_pred)
    return mean(absolute(y_pred - y_true), axis=-1)


class Loss:
    """A loss of your own defines `call(y_true, y_pred)`: a tensor, one number for each sample. Its mean is
    the loss.
    """

    name = "loss"
    matches_shapes = False  # must y have the output's shape?

    def call(self, y_true: Tensor, y_pred: Tensor) -> Any:
        """One number for each sample."""
        raise NotImplementedError(f"{type(self).__name__} must define call(self, y_true, y_pred).")

    def __call__(self, y_true: Any, y_pred: Any) -> Tensor:
        y_true, y_pred = pair(y_true, y_pred) if self.matches_shapes else _tensors(y_true, y_pred)
        with scope("loss"):
            return self.compute(y_true, y_pred)

    def compute(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """The loss of a batch, as one number."""
        return mean(self.call(y_true, y_pred))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


class MeanSquaredError(Loss):
    """The mean of (y_true − y_pred)² over all elements. Source: `keras.losses.MeanSquaredError`."""

    name = "mean_squared_error"
    matches_shapes = True

    def compute(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return mse(y_pred, y_true)


class MeanAbsoluteError(Loss):
    """The mean of |y_true − y_pred| over all elements. Source: `keras.losses.MeanAbsoluteError`."""

    name = "mean_absolute_error"
    matches_shapes = True

    def compute(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return mean(absolute(y_pred - y_true))


class FunctionLoss(Loss):
    """The loss that a function (y_true, y_pred) -> tensor defines."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = getattr(function, "__name__", "loss")

    def call(self, y_true: Tensor, y_pred: Tensor) -> Any:
        return self.function(y_true, y_pred)


def pair(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    """Both as tensors of the prediction's floating dtype and of one shape. ValueError if the shapes do not
    match.
    """
    y_true, y_pred = _tensors(y_true, y_pred)
    shape = matched_shape(y_true.shape, y_pred.shape)
    return (y_true if y_true.shape == shape else y_true.reshape(shape)), y_pred


def _tensors(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    y_pred = y_pred if isinstance(y_pred, Tensor) else Tensor(y_pred)
    y_pred = y_pred if y_pred.dtype.kind == "f" else y_pred.astype("float32")
    y_true = y_true if isinstance(y_true, Tensor) else Tensor(y_true)
    return (y_true if y_true.dtype == y_pred.dtype else y_true.astype(y_pred.dtype)), y_pred


def matching(loss: Loss | None, y: np.ndarray, output: tuple[int, ...], name: str) -> np.ndarray:
    """y in the shape in which this loss meets an output. ValueError where it would be broadcast."""
    if loss is None:
        return y
    same_rank = y.ndim == len(output)
    lost_axis = (*y.shape, 1) == output or y.shape == (*output, 1)
    if (
        loss.matches_shapes or same_rank or lost_axis
    ):  # class numbers, say, have an axis less: the loss's affair
        return y.reshape(matched_shape(y.shape, output, name))
    return y


def matched_shape(target: tuple[int, ...], output: tuple[int, ...], name: str = "y") -> tuple[int, ...]:
    """The output's shape, if the target has it but for a last axis of length 1; ValueError otherwise."""
    if target != output and target != (*output, 1) and (*target, 1) != output:
        columns = (
            f", {output[-1]} column{'s' if output[-1] > 1 else ''} for each sample"
            if len(output) == 2
            else ""
        )
        raise ValueError(
            f"{name} has shape {target}, but the model's output has shape {output}{columns}. They must be "
            "equal; "
            "nothing is broadcast."
        )
    return output


_KNOWN: dict[str, Any] = {
    **dict.fromkeys(("mse", "MSE", "mean_squared_error", "MeanSquaredError"), MeanSquaredError),
    **dict.fromkeys(("mae", "MAE", "mean_absolute_error", "MeanAbsoluteError"), MeanAbsoluteError),
}


def get(identifier: Any) -> Loss:
    """A loss from its name, its class, a function (y_true, y_pred), or itself. ValueError for an unknown
    name.
    """
    if isinstance(identifier, Loss):
        return identifier
    found = interpret("loss", identifier, _KNOWN)
    if isinstance(found, type) and issubclass(found, Loss):
        return found()
    if found in (mean_squared_error, mean_absolute_error):
        return _KNOWN[found.__name__]()  # type: ignore[no-any-return]
    return FunctionLoss(found)


def as_float(value: float) -> float:
    """A Python float that a float32 holds: what Keras reports."""
    return float(np.float32(value))
