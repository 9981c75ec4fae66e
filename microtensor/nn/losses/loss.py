"""Loss: what training makes small: one number for each sample, and how they become one for the batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import Tensor
from ...core.state import scope
from ...naming import auto_name
from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from ..dtype_policy import floating
from .pairing import Shape, matched_shape, pair, same_rank, tensor
from .reduction import MEANS, checked_reduction, reduced


@serializable("keras.losses")
class Loss:
    """A loss of your own defines `call(y_true, y_pred)`: a tensor, one number for each sample.

    Source: `keras.losses.Loss`.

    Args:
        name: shown in pictures; None: one made of the class's name.
        reduction: what becomes of the numbers of a batch; see `reduced`.
        dtype: what it computes in; None: `keras.config.floatx()`.

    Raises:
        ValueError: a reduction or a dtype that does not exist.

    >>> class Quartic(Loss):
    ...     def call(self, y_true, y_pred):
    ...         return ((y_true - y_pred) ** 4).mean(axis=-1)
    >>> float(Quartic()([[1.0], [0.0]], [[0.0], [0.0]]))
    0.5
    """

    name = "loss"
    reduction: str | None = MEANS[0]
    _dtype: str | None = None

    def __init__(self, name: str | None = None, reduction: Any = MEANS[0], dtype: Any = None) -> None:
        self.name = name or auto_name(type(self).__name__)
        self.reduction = checked_reduction(reduction)
        self._dtype = floating("dtype", dtype)

    @property
    def dtype(self) -> str:
        """What it computes in."""
        return self._dtype or floating("dtype", None)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """One number for each sample."""
        raise NotImplementedError(f"{type(self).__name__} must define call(self, y_true, y_pred).")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        mask = getattr(y_pred, "_keras_mask", None)
        y_true, y_pred = _converted(y_true, self.dtype), _converted(y_pred, self.dtype)
        with scope("loss"):
            if sample_weight is None and mask is None and self.reduction in MEANS:
                whole = self.at_once(y_true, y_pred)
                if whole is not None:
                    return whole
            values = tensor(self.call(y_true, y_pred), self.dtype)
            counted = self.counted(y_true, values)
            mask = counted if mask is None else mask if counted is None else mask * counted
            return reduced(values, sample_weight, mask, self.reduction)

    def at_once(self, y_true: Any, y_pred: Any) -> Tensor | None:
        """The mean over the batch as one operation, where there is one."""
        return None

    def counted(self, y_true: Any, values: Any) -> Any:
        """Which of the values count; None: all."""
        return None

    def target_shape(self, target: Shape, output: Shape, name: str = "y") -> Shape:
        """The shape in which a target meets an output. ValueError where it would be broadcast."""
        lost_axis = (*target, 1) == output or target == (*output, 1)
        labels = target == (*output[:-1], 1)  # perhaps class numbers: the loss's own affair
        if lost_axis or (len(target) == len(output) and not labels):
            return matched_shape(target, output, name)
        return target

    def check_target(self, y: np.ndarray, output: Shape, name: str) -> None:
        """ValueError for numbers that are no target for an output of this shape: class numbers too large."""

    def get_config(self) -> dict[str, Any]:
        """The arguments that make it again."""
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """One as `get_config` says."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


@serializable("keras.losses")
class LossFunctionWrapper(Loss):
    """The loss that a function (y_true, y_pred, **kwargs) -> tensor defines.

    Source: `keras.losses.LossFunctionWrapper`.

    Args:
        fn: one number for each sample.
        reduction, name, dtype: as for `Loss`.
        kwargs: more arguments of the function.
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        reduction: Any = MEANS[0],
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, reduction, dtype)
        for key, most in (("label_smoothing", 1.0), ("delta", float("inf"))):
            value = kwargs.get(key, 0.0)
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float | np.number)
                or not 0 <= value <= most
            ):
                raise ValueError(
                    f"`{key}` must be a number of at least 0{' and at most 1' if most == 1 else ''}; got "
                    f"{key}={value!r}."
                )
        self.fn, self._fn_kwargs = fn, kwargs

    def call(self, y_true: Any, y_pred: Any) -> Any:
        if isinstance(y_true, Tensor) and isinstance(y_pred, Tensor):
            y_true, y_pred = same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._fn_kwargs)

    def get_config(self) -> dict[str, Any]:
        more = {"fn": self.fn, **self._fn_kwargs}
        return {**super().get_config(), **{key: serialize_keras_object(value) for key, value in more.items()}}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**(deserialize_keras_object(config) if "fn" in config else config))

    def __repr__(self) -> str:
        return f"<LossFunctionWrapper({self.fn}, kwargs={self._fn_kwargs})>"


class OwnLoss(LossFunctionWrapper):
    """A loss of this library: its class says which function, so its config need not.

    Args:
        fn, reduction, name, dtype, kwargs: as for `LossFunctionWrapper`; the kwargs become attributes.
    """

    operation: Any = None  # the operation (prediction, target, **kwargs) that is the mean over a batch
    unsaid: dict[str, Any] = {}  # noqa: RUF012 - arguments that a config has only if they differ from this

    def __init__(
        self, fn: Callable[..., Any], reduction: Any, name: str | None, dtype: Any, **kwargs: Any
    ) -> None:
        super().__init__(fn, reduction, name, dtype, **kwargs)
        vars(self).update(kwargs)

    def at_once(self, y_true: Any, y_pred: Any) -> Tensor | None:
        how = dict(self._fn_kwargs)
        if self.operation is None or how.pop("axis", -1) != -1:
            return None
        y_true, y_pred = pair(y_true, y_pred)
        whole: Tensor = self.operation(y_pred, y_true, **how)
        return whole

    def target_shape(self, target: Shape, output: Shape, name: str = "y") -> Shape:
        return matched_shape(target, output, name)

    def get_config(self) -> dict[str, Any]:
        own = {
            key: value
            for key, value in self._fn_kwargs.items()
            if key not in self.unsaid or value != self.unsaid[key]
        }
        return {**Loss.get_config(self), **own}


def _converted(value: Any, dtype: str) -> Any:
    """A tensor, or a dict or list of tensors, of this dtype."""
    if isinstance(value, dict):
        return {key: _converted(each, dtype) for key, each in value.items()}
    if isinstance(value, list | tuple) and any(isinstance(each, Tensor | np.ndarray) for each in value):
        return type(value)(_converted(each, dtype) for each in value)
    return tensor(value, dtype)
