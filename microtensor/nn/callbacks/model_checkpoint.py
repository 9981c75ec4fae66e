"""ModelCheckpoint: the model in a file, each epoch, each so many batches, or when it is the best so far."""

from __future__ import annotations

import os
import string
import warnings
from typing import Any, cast

import numpy as np

from ..progress import say
from .callback import Logs
from .monitor import MonitorCallback
from .saving_times import SavingTimes


class ModelCheckpoint(MonitorCallback):
    """Save the model, or its weights, while it trains.

    Args:
        filepath: where; may contain "{epoch:02d}" (from 1), "{batch}" (from 1) and what the logs hold, such
            as "{val_loss:.2f}". It ends in `.keras`, `.h5` or `.mt`, with save_weights_only in `.weights.h5`
            or `.weights.mt`; the `.mt` ones need no h5py.
        monitor, mode: what is watched with save_best_only; see `MonitorCallback`.
        verbose: 1: say so.
        save_best_only: only when the number that is watched is better than ever.
        save_weights_only: `model.save_weights` instead of `model.save`.
        save_freq: "epoch", or a number of batches.
        initial_value_threshold: what the first one must beat.

    Raises:
        ValueError: another ending, another save_freq; at the beginning of training, with save_best_only:
            nothing says which direction is better. KeyError: in training: filepath names what the logs do not
            have. IsADirectoryError: there is a folder.

    Source: `keras.callbacks.ModelCheckpoint`.
    """

    def __init__(
        self,
        filepath: Any,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode, initial_value_threshold)
        self.verbose, self.filepath = verbose, os.fspath(filepath)
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        self.save_freq = save_freq
        self._times = SavingTimes(save_freq, "Unrecognized save_freq")
        self._current_epoch = 0
        self._check_path()

    def _check_path(self) -> None:
        path = self.filepath
        if self.save_weights_only and not path.endswith((".weights.h5", ".weights.mt")):
            raise ValueError(
                "When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided must end in "
                f"`.weights.h5` (Keras weights format) or `.weights.mt`. Received: filepath={path}"
            )
        whole = path.endswith((".keras", ".h5", ".mt")) and not path.endswith(".weights.mt")
        if not self.save_weights_only and not whole:
            raise ValueError(
                "The filepath provided must end in `.keras` (Keras model format), `.h5` or `.mt`. Received: "
                f"filepath={path}"
            )
        try:
            unnamed = any(name == "" for _, name, _, _ in string.Formatter().parse(path))
        except ValueError as error:
            raise ValueError(
                f"the filepath cannot be filled in ({error}). Received: filepath={path}"
            ) from None
        if unnamed:
            raise ValueError(
                f"the filepath has {{}} without a name, as in {{epoch}}. Received: filepath={path}"
            )

    def on_train_begin(self, logs: Logs | None = None) -> None:
        if self.save_best_only:
            super().on_train_begin(logs)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._current_epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if self._times.is_due(batch):
            self._save_model(self._current_epoch, batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.save_freq == "epoch":
            self._save_model(epoch, None, logs or {})

    def _save_model(self, epoch: int, batch: int | None, logs: Logs) -> None:
        path = self._get_file_path(epoch, batch, logs)
        if not self._should_save(epoch, logs, path):
            return
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        try:
            if self.save_weights_only:
                self.model.save_weights(path, overwrite=True)
            else:
                self.model.save(path, overwrite=True)
        except IsADirectoryError:
            raise IsADirectoryError(
                "Please specify a non-directory filepath for ModelCheckpoint. Filepath used is an existing "
                f"directory: {path}"
            ) from None
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: finished saving model to {path}")

    def _get_file_path(self, epoch: int, batch: int | None, logs: Logs) -> str:
        names = {"epoch": epoch + 1} if batch is None else {"epoch": epoch + 1, "batch": batch + 1}
        try:
            path: str = self.filepath.format(**{**names, **logs})
            return path
        except KeyError as error:
            raise KeyError(
                f'Failed to format this callback filepath: "{self.filepath}". Reason: {error}; there are '
                f"{', '.join({**names, **logs})}."
            ) from None

    def _should_save(self, epoch: int, logs: Logs, path: str) -> bool:
        start, current = f"\nEpoch {epoch + 1}: ", cast(Any, logs.get(self.monitor))
        message, save = f"saving model to {path}", True
        if self.save_best_only and current is None:
            warnings.warn(f"Can save best model only with {self.monitor} available.", stacklevel=2)
            return True
        if self.save_best_only and np.shape(current):
            warnings.warn(
                f"Can save best model only when `monitor` is a scalar value. Received: {current}. Falling "
                "back to `save_best_only=False`.",
                stacklevel=2,
            )
            return True
        if self.save_best_only:
            best = "None" if self.best is None else f"{self.best:.5f}"
            save = self._is_improvement(current, self.best)
            if save:
                message = f"{self.monitor} improved from {best} to {current:.5f}, {message}"
                self.best = current
            else:
                message = f"{self.monitor} did not improve from {best}"
        if self.verbose > 0:
            say(start + message)
        return save
