"""The learning rate: a number that may be changed, a schedule of the step, or a function of nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import serialize_keras_object
from .pending import Pending
from .settings import positive
from .state import OptimizerVariable


class LearningRate:
    """What an optimizer knows of its learning rate."""

    name: str
    _iterations: Tensor
    _learning_rate: Any  # a variable, a schedule, or a function without arguments
    _variables: list[Tensor]

    @property
    def learning_rate(self) -> Any:
        """How large a step is: a float32 variable; what the schedule or the function says now otherwise.

        Assign a number to change it, or a schedule to follow it from now on. TypeError: a number where a
        schedule was given before.
        """
        if isinstance(self._learning_rate, Tensor):
            return self._learning_rate
        return self._scheduled(self._iterations)

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        before = self._learning_rate
        if callable(value):
            self._learning_rate = value
            self._variables = [v for v in self._variables if v is not before]
        elif isinstance(before, Tensor):
            before.assign(positive("learning_rate", value))
        else:
            from .schedules import LearningRateSchedule

            what = (
                "a `LearningRateSchedule` object"
                if isinstance(before, LearningRateSchedule)
                else "a function"
            )
            raise TypeError(
                f"This optimizer was created with {what} as its `learning_rate` constructor argument, hence "
                "its learning rate is not settable. If you need the learning rate to be settable, create the "
                "optimizer with a float `learning_rate`; or assign another schedule."
            )

    @property
    def lr(self) -> Any:
        """The name that the learning rate had in older Keras."""
        return self.learning_rate

    @lr.setter
    def lr(self, value: Any) -> None:
        self.learning_rate = value

    def _start_rate(self, learning_rate: Any) -> None:
        if callable(learning_rate):
            self._learning_rate = learning_rate
            return
        try:
            number = positive("learning_rate", learning_rate)
        except ValueError as error:
            raise ValueError(
                f"{error} Argument `learning_rate` should be float, or an instance of LearningRateSchedule, "
                "or a callable without arguments that returns the learning rate."
            ) from None
        path = f"{self.name}/learning_rate"
        self._learning_rate = OptimizerVariable(number, "float32", "learning_rate", path)
        self._variables.append(self._learning_rate)

    def _rate(self, pending: Pending) -> float:
        """The learning rate of the step that is being computed."""
        if isinstance(self._learning_rate, Tensor):
            return float(pending[self._learning_rate])
        return float(self._scheduled(Tensor.wrap(pending[self._iterations])))

    def _scheduled(self, step: Tensor) -> Any:
        from .schedules import LearningRateSchedule  # here: most learning rates are numbers

        is_schedule = isinstance(self._learning_rate, LearningRateSchedule)
        return self._learning_rate(step) if is_schedule else self._learning_rate()

    def _rate_config(self) -> Any:
        if isinstance(self._learning_rate, Tensor):
            return float(np.asarray(self._learning_rate))
        return serialize_keras_object(self._learning_rate)


def in_dtype(number: Any, w: Tensor) -> Any:
    """A number as an array without axes, or a tensor as it is, in the dtype of a weight."""
    if isinstance(number, Tensor):
        return number if number.dtype == w.dtype else number.astype(w.dtype)
    return np.asarray(number, w.dtype)
