"""SavingTimes: when to save, for callbacks that save each epoch or each so many batches."""

from __future__ import annotations

import numbers
from typing import Any


class SavingTimes:
    """Counts batches across epochs.

    Args:
        save_freq: "epoch": never after a batch; a number: after each so many batches; False: never.
        complaint: how the sentence begins if it is something else.
    """

    def __init__(self, save_freq: Any, complaint: str) -> None:
        counted = isinstance(save_freq, numbers.Integral) and not isinstance(save_freq, bool)
        named = save_freq is False or (isinstance(save_freq, str) and save_freq == "epoch")
        if not named and (not counted or save_freq < 1):
            raise ValueError(
                f"{complaint}: save_freq={save_freq!r}. Expected save_freq are 'epoch' or positive integer "
                "values, a number of batches."
            )
        self.every = int(save_freq) if counted else 0
        self.seen = self.last = 0

    def is_due(self, batch: int) -> bool:
        """Take note of the end of a batch (its number in the epoch, from 0): is it time to save?"""
        if not self.every:
            return False
        self.seen += batch + 1 if batch <= self.last else batch - self.last
        self.last = batch
        if self.seen < self.every:
            return False
        self.seen = 0
        return True
