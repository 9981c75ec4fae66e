"""The progress bar, as tf.keras drew it for the lecture: `4/4 [====...====] - 0s 2ms/step - loss: 0.0017`.

On a terminal or in a notebook it is redrawn in place, at most ten times a second; in a pipe or a file only
the finished line is written.
"""

from __future__ import annotations

import sys
import time

WIDTH = 30
INTERVAL = 0.1  # seconds between redraws


class ProgressBar:
    """A bar of `target` steps. verbose 1: the bar; verbose 2: one line when it is finished."""

    def __init__(self, target: int, verbose: int = 1) -> None:
        self.target, self.verbose = target, verbose
        self.start = self.first = self.drawn = time.perf_counter()
        self.current = self.width = 0
        self.live = verbose == 1 and (sys.stdout.isatty() or "ipykernel" in sys.modules)

    def update(self, current: int, values: list[tuple[str, float]]) -> None:
        """Show that `current` steps are done."""
        now = time.perf_counter()
        if current == 1:
            self.first = (
                now  # the first step also makes everything ready: it is left out of the time per step
            )
        self.current = current
        if self.live and current < self.target and now - self.drawn >= INTERVAL:
            self.drawn = now
            left = (now - self.start) / current * (self.target - current)
            self._write(f"{self._bar()} - ETA: {_clock(left)}{_shown(values)}", "")

    def finish(self, values: list[tuple[str, float]], whole_epoch: bool = False) -> None:
        """Write the finished line."""
        now = time.perf_counter()
        steps = max(self.current, 1)
        a_step = (now - self.first) / (steps - 1) if steps > 1 else now - self.start
        if self.verbose == 2:
            times = (
                f" - {_duration(now - self.start)}/epoch - {_duration(a_step)}/step" if whole_epoch else ""
            )
            self._write(
                f"{self.current}/{self.target} - {now - self.start:.0f}s{_shown(values)}{times}", "\n"
            )
        elif self.verbose:
            self._write(
                f"{self._bar()} - {now - self.start:.0f}s {_duration(a_step)}/step{_shown(values)}", "\n"
            )

    def _bar(self) -> str:
        done = int(WIDTH * self.current / self.target)
        head = "=" * (done - 1) + (">" if self.current < self.target else "=") if done else ""
        return f"{self.current:>{len(str(self.target))}}/{self.target} [{head}{'.' * (WIDTH - done)}]"

    def _write(self, line: str, end: str) -> None:
        begin = "\r" if self.live else ""
        sys.stdout.write(begin + line.ljust(self.width if self.live else 0) + end)
        sys.stdout.flush()
        self.width = len(line)


def _shown(values: list[tuple[str, float]]) -> str:
    return "".join(
        f" - {name}: {v:.4f}" if not abs(v) <= 1e-3 else f" - {name}: {v:.4e}" for name, v in values
    )


def _duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.0f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def _clock(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f}s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"
