"""Schedules: learning rates that change with the step.

A schedule is called with the number of steps taken so far, and gives the learning rate of the next one. Its
formula is `rate`, in plain NumPy: it also runs on a Tensor, and so can be part of a captured step.

>>> schedule = ExponentialDecay(0.1, decay_steps=10, decay_rate=0.5)
>>> [round(float(schedule(step)), 4) for step in (0, 10, 20)]
[0.1, 0.05, 0.025]
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import deserialize_keras_object, serializable, serialize_keras_object


@serializable("keras.optimizers.schedules")
class LearningRateSchedule:
    """Base of all schedules. One of your own defines `__call__(step)`, and `get_config` to be saved.

    Source: `keras.optimizers.schedules.LearningRateSchedule`.
    """

    def __call__(self, step: Any) -> Any:
        raise NotImplementedError(
            f"Learning rate schedule '{type(self).__name__}' must override `__call__(self, step)`."
        )

    def get_config(self) -> dict[str, Any]:
        """What `type(schedule)(**config)` makes the same schedule of."""
        raise NotImplementedError(
            f"Learning rate schedule '{type(self).__name__}' must override `get_config()` in order to be "
            "serializable."
        )

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> LearningRateSchedule:
        """The schedule that `get_config` described."""
        return cls(**config)


class _Formula(LearningRateSchedule):
    """A schedule that is a formula of the step, in the precision of its first learning rate."""

    settings: tuple[str, ...] = ()
    initial_learning_rate: Any = 0.0

    def rate(self, step: Any) -> Any:
        """The learning rate after so many steps, a float of any kind."""
        raise NotImplementedError

    def __call__(self, step: Any) -> Tensor:
        start = self.initial_learning_rate
        dtype = start.dtype if isinstance(start, Tensor | np.floating | np.ndarray) else np.dtype("float32")
        return Tensor.wrap(np.asarray(self.rate(dtype.type(np.asarray(step))), dtype))

    def get_config(self) -> dict[str, Any]:
        return {key: _plain(getattr(self, key)) for key in self.settings}


@serializable("keras.optimizers.schedules")
class ExponentialDecay(_Formula):
    """lr · decay_rate^(step / decay_steps). Source: `keras.optimizers.schedules.ExponentialDecay`.

    Args:
        initial_learning_rate: lr.
        decay_steps: after how many steps the rate is multiplied by decay_rate once.
        decay_rate: below 1 the rate falls.
        staircase: only at whole multiples of decay_steps?
        name: of the schedule.
    """

    settings = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name")

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, _steps(decay_steps=decay_steps)
        self.decay_rate, self.staircase, self.name = decay_rate, staircase, name

    def rate(self, step: Any) -> Any:
        done = step / self.decay_steps
        done = np.floor(done) if self.staircase else done
        return self.initial_learning_rate * step.dtype.type(self.decay_rate) ** done


@serializable("keras.optimizers.schedules")
class InverseTimeDecay(_Formula):
    """lr / (1 + decay_rate · step / decay_steps). Source: `keras.optimizers.schedules.InverseTimeDecay`.

    Args:
        initial_learning_rate: lr.
        decay_steps: after how many steps the denominator grows by decay_rate.
        decay_rate: how fast the rate falls.
        staircase: only at whole multiples of decay_steps?
        name: of the schedule.
    """

    settings = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase", "name")

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, _steps(decay_steps=decay_steps)
        self.decay_rate, self.staircase, self.name = decay_rate, staircase, name

    def rate(self, step: Any) -> Any:
        done = step / self.decay_steps
        done = np.floor(done) if self.staircase else done
        return self.initial_learning_rate / (1 + self.decay_rate * done)


@serializable("keras.optimizers.schedules")
class PiecewiseConstantDecay(_Formula):
    """values[k] up to and including step boundaries[k], then the next; the last one for ever.

    Source: `keras.optimizers.schedules.PiecewiseConstantDecay`.

    Args:
        boundaries: steps, in increasing order.
        values: learning rates, one more than boundaries.
        name: of the schedule.
    """

    settings = ("boundaries", "values", "name")

    def __init__(
        self, boundaries: Sequence[float], values: Sequence[Any], name: str = "PiecewiseConstant"
    ) -> None:
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. Received: "
                f"boundaries={boundaries} of length {len(boundaries)}, and values={values} of length "
                f"{len(values)}."
            )
        self.boundaries, self.values, self.name = boundaries, values, name

    def rate(self, step: Any) -> Any:
        found = step.dtype.type(self.values[-1])
        for boundary, value in zip(reversed(self.boundaries), reversed(self.values[:-1]), strict=True):
            found = np.where(step <= boundary, step.dtype.type(value), found)
        return found


@serializable("keras.optimizers.schedules")
class PolynomialDecay(_Formula):
    """(lr − end)(1 − step / decay_steps)^power + end, and end for ever after decay_steps.

    With cycle, decay_steps is doubled, tripled, ... whenever it is over: the rate jumps up and falls again.
    Source: `keras.optimizers.schedules.PolynomialDecay`.

    Args:
        initial_learning_rate: lr.
        decay_steps: when the end is reached.
        end_learning_rate: end.
        power: 1 is a straight line.
        cycle: begin again?
        name: of the schedule.
    """

    settings = ("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle", "name")

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: float,
        end_learning_rate: Any = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, _steps(decay_steps=decay_steps)
        self.end_learning_rate, self.power, self.cycle, self.name = end_learning_rate, power, cycle, name

    def rate(self, step: Any) -> Any:
        number = step.dtype.type
        steps = number(self.decay_steps)
        if self.cycle:
            steps = steps * np.maximum(np.ceil(step / steps), number(1))
        else:
            step = np.minimum(step, steps)
        end = number(self.end_learning_rate)
        return (self.initial_learning_rate - end) * (1 - step / steps) ** number(self.power) + end


@serializable("keras.optimizers.schedules")
class CosineDecay(_Formula):
    """lr ((1 − α)(1 + cos(π · step / decay_steps)) / 2 + α), and lr · α for ever after decay_steps.

    With a warmup_target, the rate first rises to it in a straight line over warmup_steps, and falls from
    there. Sources: Loshchilov and Hutter, 2016; `keras.optimizers.schedules.CosineDecay`.

    Args:
        initial_learning_rate: lr.
        decay_steps: how long the rate falls.
        alpha: α, the least rate as a part of lr.
        name: of the schedule.
        warmup_target: where the warmup ends; None: no warmup.
        warmup_steps: how long the warmup takes.
    """

    settings = ("initial_learning_rate", "decay_steps", "alpha", "name", "warmup_target", "warmup_steps")

    def __init__(
        self,
        initial_learning_rate: Any,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: Any = None,
        warmup_steps: float = 0,
    ) -> None:
        self.initial_learning_rate, self.decay_steps = initial_learning_rate, _steps(decay_steps=decay_steps)
        self.alpha, self.name = alpha, name
        self.warmup_target, self.warmup_steps = warmup_target, warmup_steps

    def rate(self, step: Any) -> Any:
        number = step.dtype.type
        start, top, warmup = self.initial_learning_rate, self.initial_learning_rate, number(0)
        if self.warmup_target is not None:
            top, warmup = number(self.warmup_target), number(self.warmup_steps)
        steps = number(self.decay_steps)
        done = np.minimum(np.maximum(step - warmup, number(0)), steps) / steps
        decayed = top * ((1 - self.alpha) * _half_cosine(done) + self.alpha)
        rising = (top - start) * (step / np.maximum(warmup, number(1))) + start
        return np.where(step < warmup, rising, decayed)


@serializable("keras.optimizers.schedules")
class CosineDecayRestarts(_Formula):
    """`CosineDecay` again and again: the k-th fall takes first_decay_steps · t_mulᵏ, from lr · m_mulᵏ.

    Sources: Loshchilov and Hutter, 2016; `keras.optimizers.schedules.CosineDecayRestarts`.

    Args:
        initial_learning_rate: lr.
        first_decay_steps: how long the first fall takes.
        t_mul: how much longer each fall is than the one before.
        m_mul: how much higher it begins.
        alpha: the least rate as a part of lr.
        name: of the schedule.
    """

    settings = ("initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha", "name")

    def __init__(
        self,
        initial_learning_rate: Any,
        first_decay_steps: float,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = _steps(first_decay_steps=first_decay_steps)
        self.t_mul, self.m_mul, self.alpha, self.name = t_mul, m_mul, alpha, name

    def rate(self, step: Any) -> Any:
        number = step.dtype.type
        done, longer = step / self.first_decay_steps, number(self.t_mul)
        if self.t_mul == 1:
            restarts = np.floor(done)
            done = done - restarts
        else:  # `restarts` falls took 1 + t_mul + t_mul² + … of the first one
            restarts = np.floor(np.log(1 - done * (1 - longer)) / np.log(longer))
            length = longer**restarts
            done = (done - (1 - length) / (1 - longer)) / length
        falling = number(self.m_mul) ** restarts * _half_cosine(done)
        return self.initial_learning_rate * ((1 - self.alpha) * falling + self.alpha)


def serialize(learning_rate_schedule: LearningRateSchedule) -> Any:
    """The schedule as a plain dict: its class, and its configuration."""
    return serialize_keras_object(learning_rate_schedule)


def deserialize(config: dict[str, Any], custom_objects: Any = None) -> Any:
    """The schedule of such a dict."""
    return deserialize_keras_object(config, custom_objects)


def _half_cosine(done: Any) -> Any:
    """From 1 to 0 while done goes from 0 to 1."""
    return 0.5 * (1 + np.cos(done.dtype.type(math.pi) * done))


def _steps(**named: float) -> float:
    [(key, value)] = named.items()
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not number > 0:
        raise ValueError(f"Argument `{key}` must be > 0. Received: {key}={value}")
    return value


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, Tensor | np.ndarray | np.number) else value
