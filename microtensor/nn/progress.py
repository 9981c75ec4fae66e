"""The progress bar, as tf.keras drew it for the lecture: `4/4 [====...====] - 0s 2ms/step - loss: 0.0017`.

The one idea: an update that is not drawn costs next to nothing, and at most ten a second are drawn. On a
terminal or in a notebook the bar is redrawn in place; elsewhere each drawing is a line of its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from .. import settings

WIDTH = 30
INTERVAL = 0.1  # seconds between redraws

Values = Iterable[tuple[str, Any]]


def say(message: str, end: str = "\n") -> None:
    """Print what happens while training; to Python's `logging` after
    `keras.utils.disable_interactive_logging()`.
    """
    if settings.is_interactive_logging_enabled():
        print(message, end=end, flush=True)
    else:
        import logging  # here: few need it, and it is slow to load

        logging.getLogger("microtensor").info(message)


class Progbar:
    """A bar of `target` steps, with values behind it.

    Args:
        target: how many steps there are; None: nobody knows.
        width: how many characters the bar has.
        verbose: 0: silent; 1: the bar; 2: one line when it is finished.
        interval: the seconds that must pass between two drawings.
        stateful_metrics: names of values that are shown as they are; all others are averaged over the steps.
        stateless_metrics: instead: names of values that are averaged; all others are shown as they are.
        unit_name: what a step is called.

    Raises:
        ValueError: both stateful_metrics and stateless_metrics.

    Source: `keras.utils.Progbar`; the text is that of tf.keras 2.

    >>> bar = Progbar(4, verbose=2, stateful_metrics=["loss"])
    >>> bar.update(4, [("loss", 0.25)])  # doctest: +ELLIPSIS
    4/4 - 0s - loss: 0.2500 - ...s/epoch - ...s/step
    """

    def __init__(
        self,
        target: int | None,
        width: int = WIDTH,
        verbose: int = 1,
        interval: float = INTERVAL,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError(
                "Only one of `stateful_metrics` or `stateless_metrics` can be provided: each says that the "
                "values that it does not name are of the other kind."
            )
        self.target, self.width, self.verbose = target, width, verbose
        self.interval, self.unit_name = interval, unit_name
        self.stateful_metrics = None if stateful_metrics is None else set(stateful_metrics)
        self.stateless_metrics = None if stateless_metrics is None else set(stateless_metrics)
        self.live = _is_live()
        self._start = self._first = time.perf_counter()  # the first step also makes everything ready: its
        self._seen = self._length = 0  # end is where the time per step is counted from
        self._drawn: float | None = None
        self._values: dict[str, tuple[Any, float]] = {}  # name: (a sum, the number of steps in it)

    def update(self, current: int, values: Values | None = None, finalize: bool | None = None) -> None:
        """Show that `current` steps are done.

        Args:
            values: (name, value of the last step); a value may be an array or a list, of which the mean is
                shown.
            finalize: is this the last time? None: when the target is reached.
        """
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        for name, value in values or ():
            self._take(name, value, max(current - self._seen, 1), finalize)
        if finalize:
            self._finish(current)
        elif self.is_due(current):
            self._draw(current, time.perf_counter())

    def add(self, n: int, values: Values | None = None) -> None:
        """Show that n more steps are done."""
        self.update(self._seen + n, values)

    def began(self, seconds: float) -> None:
        """The steps began so many seconds ago."""
        self._start = self._first = time.perf_counter() - seconds

    def is_due(self, current: int) -> bool:
        """Take note that `current` steps are done: is it time to draw?"""
        now = time.perf_counter()
        self._seen = current
        if current == 1:
            self._first = now
        return self.verbose == 1 and (self._drawn is None or now - self._drawn >= self.interval)

    def _take(self, name: str, value: Any, steps: int, last: bool) -> None:
        if self.stateless_metrics is not None:
            averaged = name in self.stateless_metrics
        else:
            averaged = name not in (self.stateful_metrics or ())
        if not averaged or last:
            self._values[name] = (value, 1)
        else:
            total, count = self._values.get(name, (0.0, 0))
            self._values[name] = (total + np.mean(value) * steps, count + steps)

    def around(self, current: int, now: float | None = None) -> tuple[str, str]:
        """What stands before and behind the values in the last line, when `current` steps are done."""
        now = time.perf_counter() if now is None else now
        taken, unit = now - self._start, self.unit_name
        if self.verbose == 1:
            each = _duration(self._time_of_a_step(current, now))
            return f"{self._bar(current)} - {taken:.0f}s {each}/{unit}", ""
        each = _duration(taken / max(current, 1))
        return f"{self._count(current)} - {taken:.0f}s", f" - {_duration(taken)}/epoch - {each}/{unit}"

    def _finish(self, current: int) -> None:
        now = time.perf_counter()
        self._seen = current
        if self.verbose == 1:
            self._draw(current, now, last=True)
        elif self.verbose == 2 and self.target:
            before, after = self.around(current, now)
            say(f"{before}{self._values_shown()}{after}")

    def _draw(self, current: int, now: float, last: bool = False) -> None:
        if self.target and not last:
            left = _clock(self._time_of_a_step(current, now) * (self.target - current))
            before = f"{self._bar(current)} - ETA: {left}"
        else:
            before, _ = self.around(current, now)
        line = before + self._values_shown()
        begin = "\r" if self.live else "" if self._drawn is None else "\n"
        say(begin + line.ljust(self._length if self.live else 0), end="\n" if last else "")
        self._length, self._drawn = len(line), now

    def _time_of_a_step(self, current: int, now: float) -> float:
        if current > 1 and self._first > self._start:
            return (now - self._first) / (current - 1)
        return (now - self._start) / max(current, 1)

    def _bar(self, current: int) -> str:
        if not self.target:
            return f"{current:7d}/Unknown"
        done = min(int(self.width * current / self.target), self.width)
        head = "=" * (done - 1) + (">" if current < self.target else "=") if done else ""
        return f"{self._count(current)} [{head}{'.' * (self.width - done)}]"

    def _count(self, current: int) -> str:
        return f"{current:>{len(str(self.target))}}/{self.target}"

    def _values_shown(self) -> str:
        means = {
            name: (total if type(total) is float else float(np.mean(total))) / count
            for name, (total, count) in self._values.items()
        }
        return "".join([f" - {name}: {shown(value)}" for name, value in means.items()])


def shown(value: float) -> str:
    """A value as the bar shows it: 0.2500, or 2.5000e-04."""
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"


def _is_live() -> bool:
    """Can what was printed be drawn over? On a terminal and in a notebook."""
    return bool(getattr(sys.stdout, "isatty", bool)()) or "ipykernel" in sys.modules


def _duration(seconds: float) -> str:
    if seconds >= 1 or seconds == 0:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 1:
        return f"{rest}s"
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
