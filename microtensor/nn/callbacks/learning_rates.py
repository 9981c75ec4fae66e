"""Learning rates that change from epoch to epoch: by a function, or when nothing gets better.

Both put the learning rate of the epoch into its logs, and so into the history.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core import Tensor
from ..progress import say
from .callback import Callback, Logs
from .monitor import MonitorCallback, number


class LearningRateScheduler(Callback):
    """Before each epoch: learning rate ← schedule(epoch, learning rate).

    Args:
        schedule: a function of the epoch (from 0) and the learning rate so far, or of the epoch alone, that
            returns a float.
        verbose: 1: say so.

    Raises:
        TypeError: schedule is no function; in training: the optimizer follows a schedule of its own.
        ValueError: in training: it returned no float.

    Source: `keras.callbacks.LearningRateScheduler`.
    """

    def __init__(self, schedule: Callable[..., Any], verbose: int = 0) -> None:
        if not callable(schedule):
            raise TypeError(f"`schedule` must be a function of (epoch, learning_rate); got {schedule!r:.60}.")
        self.schedule, self.verbose = schedule, verbose
        self._knows_rate = _takes_two(schedule)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        for optimizer in optimizers_of(self.model):
            self._set_rate(optimizer, epoch)

    def _set_rate(self, optimizer: Any, epoch: int) -> None:
        before = float(optimizer.learning_rate)
        rate = self.schedule(epoch, before) if self._knows_rate else self.schedule(epoch)
        scalar = isinstance(rate, Tensor | np.ndarray) and rate.ndim == 0 and rate.dtype.kind == "f"
        if not (isinstance(rate, float | np.floating) or scalar):
            raise ValueError(f"The output of the `schedule` function should be a float. Got: {rate}")
        rate = float(rate)
        optimizer.learning_rate = rate
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if logs is not None:
            logs.update(rates_of(self.model))


class ReduceLROnPlateau(MonitorCallback):
    """learning rate ← max(learning rate · factor, min_lr) after `patience` epochs without progress.

    Args:
        monitor, mode, min_delta: what is watched, and what is progress; see `MonitorCallback`.
        factor: below 1.
        patience: how many epochs without progress are put up with.
        verbose: 1: say so.
        cooldown: how many epochs after a reduction are not looked at.
        min_lr: where it ends.

    Raises:
        ValueError: a number that is none, or out of bounds; at the beginning of training: nothing says which
            direction is better.
        TypeError: in training: the optimizer follows a schedule of its own.

    Source: `keras.callbacks.ReduceLROnPlateau`.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        super().__init__(monitor, mode, min_delta=min_delta)
        if number("factor", factor, 0) >= 1:
            raise ValueError(f"ReduceLROnPlateau does not support a factor >= 1.0. Received factor={factor}")
        self.factor, self.min_lr = factor, number("min_lr", min_lr, 0)
        self.patience, self.cooldown = number("patience", patience, 0), number("cooldown", cooldown, 0)
        self.verbose = verbose
        self._reset()

    def _reset(self) -> None:
        self.best = None
        self.cooldown_counter = self.wait = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        super().on_train_begin(logs)
        self._reset()

    def in_cooldown(self) -> bool:
        """Was it reduced so lately that nothing is counted?"""
        return self.cooldown_counter > 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        logs = {} if logs is None else logs
        logs.update(rates_of(self.model))
        current = logs.get(self.monitor)
        if current is None:
            warnings.warn(
                f"Learning rate reduction is conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs)}.",
                stacklevel=2,
            )
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(current, self.best):
            self.best, self.wait = current, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                for optimizer in optimizers_of(self.model):
                    if float(optimizer.learning_rate) > np.float32(self.min_lr):
                        self._reduce(optimizer, epoch)

    def _reduce(self, optimizer: Any, epoch: int) -> None:
        lower = max(float(optimizer.learning_rate) * self.factor, self.min_lr)
        optimizer.learning_rate = lower
        self.cooldown_counter, self.wait = self.cooldown, 0
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {lower}.")


def optimizers_of(model: Any) -> list[Any]:
    """A model's optimizer, or those in it that have a learning rate each. ValueError if there is none."""
    optimizer: Any = getattr(model, "optimizer", None)
    found = getattr(optimizer, "optimizers", [optimizer])
    if not found or not all(hasattr(each, "learning_rate") for each in found):
        raise ValueError(f'Optimizer must have a "learning_rate" attribute; got {optimizer!r:.60}.')
    return list(found)


def rates_of(model: Any) -> dict[str, float]:
    """The learning rates by the names in the logs: of several optimizers each has its own."""
    found = optimizers_of(model)
    if len(found) == 1:
        return {"learning_rate": float(found[0].learning_rate)}
    return {f"learning_rate_{each.name}": float(each.learning_rate) for each in found}


def _takes_two(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(0, 0.1)
    except TypeError:
        return False
    except ValueError:  # a function written in C does not tell
        pass
    return True
