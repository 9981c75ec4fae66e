"""CSVLogger: a row of a table for each epoch, in a file.

The one idea: the file is opened for each row and closed behind it; what was written is there, whatever ends
the training.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from typing import Any

import numpy as np

from .callback import Callback, Logs


class CSVLogger(Callback):
    """Write the numbers of each epoch as a row: `epoch`, then the logs in alphabetical order.

    The first epoch decides on the columns. Without validation in it, there is a `val_` column for each of
    them, for a validation to come; what is missing is `NA`. Rows end with `\\r\\n`.

    Args:
        filename: the path of the file.
        separator: one character between the columns.
        append: go on with a file that is there, instead of emptying it.

    Raises:
        ValueError: a separator that is not one character; FileNotFoundError, at the beginning of training:
            no such folder.

    Source: `keras.callbacks.CSVLogger`.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        if not isinstance(separator, str) or len(separator) != 1 or separator in '\r\n"':
            raise ValueError(f"`separator` must be one character, such as ','; got separator={separator!r}.")
        self.filename, self.sep, self.append = os.fspath(filename), separator, append
        self.keys: list[str] | None = None
        self.append_header = True

    def on_train_begin(self, logs: Logs | None = None) -> None:
        with open(self.filename, "a" if self.append else "w", encoding="utf-8") as file:
            self.append_header = file.tell() == 0
        self.keys = None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        logs = logs or {}
        with open(self.filename, "a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, "excel", delimiter=self.sep)
            if self.keys is None:
                self.keys = sorted(logs)
                if not any(key.startswith("val_") for key in self.keys):
                    self.keys += [f"val_{key}" for key in self.keys]
                if self.append_header:
                    writer.writerow(["epoch", *self.keys])
            writer.writerow([epoch, *(_cell(logs.get(key, "NA")) for key in self.keys)])


def _cell(value: Any) -> Any:
    if isinstance(value, str) or np.ndim(value) == 0 or not isinstance(value, Iterable):
        return value
    return f'"[{", ".join(map(str, value))}]"'
