"""Scale: numbers to places on a picture, and the round numbers that stand along its axes.

The one idea: 1, 2 and 5 times a power of ten are the numbers people count in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .panel import Array, Limits


@dataclass(frozen=True)
class Scale:
    """Maps `limits` to the pixels from `start` to `end`; by logarithms if `log`. `counted`: ticks are whole
    numbers.
    """

    limits: Limits
    start: float
    end: float
    log: bool = False
    counted: bool = False

    def __call__(self, values: Array | float) -> Array:
        """Where the values are; nan for what has no place: nan, inf, on a logarithmic scale 0 and less."""
        v, (low, high) = np.asarray(values, dtype=np.float64), self.limits
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.log:
                v, low, high = np.log10(v), math.log10(low), math.log10(high)
            place = self.start + (v - low) / (high - low) * (self.end - self.start)
        return np.where(np.isfinite(place), place, np.nan)

    def ticks(self, wanted: int = 5) -> list[tuple[float, str]]:
        """About so many round numbers within the limits, each with its text."""
        return _decades(self.limits, wanted) if self.log else _steps(self.limits, wanted, self.counted)


def _steps(limits: Limits, wanted: int, counted: bool = False) -> list[tuple[float, str]]:
    low, high = limits
    rough = max((high - low) / max(1, wanted), counted * 1.0)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 5, 10) if s * power >= rough * 0.999)
    digits = max(0, -math.floor(math.log10(step * 1.001)))
    found = [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    large = max((abs(v) for v in found), default=0.0) >= 1e6
    return [(v, _minus(f"{v:.1e}" if large or digits > 6 else f"{v + 0.0:.{digits}f}")) for v in found]


def _decades(limits: Limits, wanted: int) -> list[tuple[float, str]]:
    first, last = math.ceil(math.log10(limits[0]) - 1e-9), math.floor(math.log10(limits[1]) + 1e-9)
    every = max(1, math.ceil((last - first + 1) / (wanted + 1)))
    if last - first < 1:  # within one decade: 0.2, 0.3 say more than one power of ten
        return [(v, f"{v:g}") for v, _ in _steps(limits, wanted) if v > 0]
    return [(10.0**k, f"{10.0**k:g}" if -4 <= k <= 4 else f"1e{k}") for k in range(first, last + 1, every)]


def _minus(text: str) -> str:
    return text.replace("-", "−")
