"""MonitorCallback: the base of callbacks that watch one number and ask whether it got better."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..array_functions.elementwise import greater, less
from .callback import Callback, Logs

UP = {"accuracy", "acc", "auc", "precision", "recall", "f1", "fbeta", "iou", "r2", "specificity"}
UP |= {"sensitivity", "top", "similarity", "correlation"}
DOWN = {"loss", "error", "mse", "mae", "mape", "msle", "rmse", "crossentropy", "hinge", "poisson"}
DOWN |= {"divergence", "logcosh", "bce"}


class MonitorCallback(Callback):
    """Watches `logs[monitor]`. Better is: smaller by more than min_delta (mode "min"), or larger ("max").

    Numbers are compared in float32, as they are shown.

    Args:
        monitor: the name in the logs: "loss", "val_loss", a metric, with "val_" in front that of the
            validation.
        mode: "min", "max", or "auto": as the metric of that name says, or its name.
        baseline: what is to be beaten first; None: the first number is better than nothing.
        min_delta: less than this, or just this, is no progress.

    Raises:
        ValueError: mode is "auto" and nobody knows whether more is better; a min_delta that is no number.
    """

    def __init__(
        self, monitor: str = "val_loss", mode: str = "auto", baseline: Any = None, min_delta: float = 0
    ) -> None:
        if mode not in ("auto", "min", "max"):
            warnings.warn(
                f"{type(self).__name__} mode '{mode}' is unknown, fallback to auto mode. Modes are 'auto', "
                "'min' and 'max'.",
                stacklevel=3 if type(self) is not MonitorCallback else 2,
            )
            mode = "auto"
        if not isinstance(monitor, str):
            raise ValueError(
                f"`monitor` must be a name in the logs, such as 'val_loss'; got {monitor!r:.60}."
            )
        self.monitor, self.mode = monitor, mode
        self.best = baseline if baseline is None else number("baseline", baseline, -np.inf)
        self.min_delta = abs(number("min_delta", min_delta, -np.inf))
        self.monitor_op: Callable[[Any, Any], Any] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._set_monitor_op()  # an error comes before the first epoch, not behind it

    def _set_monitor_op(self) -> None:
        self.monitor_op = less if self._smaller_is_better() else greater
        self.min_delta = abs(self.min_delta) * (-1 if self.monitor_op is less else 1)

    def _smaller_is_better(self) -> bool:
        if self.mode != "auto":
            return self.mode == "min"
        name = self.monitor.removeprefix("val_")
        for metric in getattr(self.model, "metrics", ()):
            if metric.name == name and getattr(metric, "_direction", None) is not None:
                return bool(metric._direction == "down")
        words = set(re.sub(r"_\d+$", "", name).lower().split("_"))
        if bool(words & UP) == bool(words & DOWN):
            raise ValueError(
                f"{type(self).__name__} callback received monitor={self.monitor}, and nothing says whether "
                "that metric should be maximized or minimized. Pass `mode='max'` in order to monitor based "
                "on the highest metric value, or pass `mode='min'` in order to use the lowest value."
            )
        return bool(words & DOWN)

    def _is_improvement(self, monitor_value: Any, reference_value: Any) -> bool:
        if reference_value is None:
            return True
        if self.monitor_op is None:
            self._set_monitor_op()
        assert self.monitor_op is not None
        with np.errstate(over="ignore"):
            values = np.float32(monitor_value - self.min_delta), np.float32(reference_value)
        return bool(self.monitor_op(*values))


def number(name: str, value: Any, least: float) -> Any:
    """An argument that is a number of at least `least`. ValueError names it."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not value >= least:
        bound = "" if least == -np.inf else f" of at least {least}"
        raise ValueError(f"`{name}` must be a number{bound}; got {name}={value!r}.")
    return value
