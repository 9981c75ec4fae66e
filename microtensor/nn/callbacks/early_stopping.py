"""EarlyStopping: no more training once a number stops getting better."""

from __future__ import annotations

import warnings
from typing import Any

from ..progress import say
from .callback import Logs
from .monitor import MonitorCallback, number


class EarlyStopping(MonitorCallback):
    """Stop when `patience` epochs in a row were no better than the best one before them.

    Args:
        monitor, min_delta, mode: what is watched, and what is better; see `MonitorCallback`.
        patience: how many epochs without progress are put up with. (0 is 1: something must be compared.)
        verbose: 1: say so.
        baseline: epochs count as progress only when they beat this too.
        restore_best_weights: at the end, stopped or not, give the model the weights of its best epoch.
        start_from_epoch: the first epoch that is looked at.

    Raises:
        ValueError: a number that is none, or negative; at the beginning of training: nothing says which
            direction is better.

    Source: `keras.callbacks.EarlyStopping`.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        super().__init__(monitor, mode, min_delta=min_delta)
        self.patience, self.verbose = number("patience", patience, 0), verbose
        self.baseline = baseline if baseline is None else number("baseline", baseline, float("-inf"))
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = number("start_from_epoch", start_from_epoch, 0)
        self._forget()

    def _forget(self) -> None:
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best: Any = None
        self.best_weights: Any = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        super().on_train_begin(logs)
        self._forget()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        current = self.get_monitor_value(logs)
        if current is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights, self.best_epoch = self.model.get_weights(), epoch
        self.wait += 1
        if self._is_improvement(current, self.best):
            self.best, self.best_epoch = current, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self._is_improvement(current, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self.stopped_epoch > 0 and self.verbose > 0:
            say(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self.best_weights is not None:
            if self.verbose > 0:
                say(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)

    def get_monitor_value(self, logs: Logs | None) -> Any:
        """The number that is watched; None, with a warning, if the logs do not have it."""
        logs = logs or {}
        if self.monitor not in logs:
            warnings.warn(
                f"Early stopping conditioned on metric `{self.monitor}` which is not available. Available "
                f"metrics are: {','.join(logs)}",
                stacklevel=2,
            )
        return logs.get(self.monitor)
