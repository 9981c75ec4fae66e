"""BackupAndRestore: a training that was interrupted goes on where it was, when it is started again.

The one idea: replacing the file of the weights is the moment that counts. Before it, what belongs to the new
weights (epoch, order of the samples) is written beside it under their checksum; so whatever weights are found
later, whole and old or whole and new, their state is found with them.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import zlib
from pathlib import Path
from typing import Any

from .callback import Callback, Logs
from .saving_times import SavingTimes

ENDINGS = (".h5", ".mt")
REMEMBERED = 3  # weights: the latest, the ones before, and what may be half done


class BackupAndRestore(Callback):
    """Save weights, optimizer, epoch and the order of the samples; take them up at the next beginning.

    `fit` with this callback, started again after an interruption with the same arguments, runs the epochs
    that are missing, and ends with the weights that it would have had without one: to the last bit, when it
    was saved at the end of an epoch that took all samples. What other callbacks had counted begins anew.

    Args:
        backup_dir: a folder of its own. It gets `latest.weights.h5` (without h5py: `latest.weights.mt`),
            `training_metadata.json` and `training_state.json`.
        save_freq: "epoch", or a number of batches: after an interruption the epoch begins again, with the
            weights of that batch. False: never.
        double_checkpoint: keep the save before the latest one too, for when the latest cannot be read.
        delete_checkpoint: delete the files when training comes to its end, and the folder if that empties it.

    Raises:
        ValueError: no backup_dir, another save_freq; at the beginning of training: a model without weights
            yet, or a backup of another model.

    Source: `keras.callbacks.BackupAndRestore`.
    """

    def __init__(
        self,
        backup_dir: Any,
        save_freq: Any = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        if not backup_dir:
            raise ValueError("Empty `backup_dir` argument passed: it must be the path of a folder.")
        self.save_freq = save_freq
        self._times = SavingTimes(save_freq, "Invalid value for argument `save_freq`")
        self.double_checkpoint, self.delete_checkpoint = double_checkpoint, delete_checkpoint
        self.backup_dir = os.fspath(backup_dir)
        ending = ENDINGS[importlib.util.find_spec("h5py") is None]
        self._weights_path = os.path.join(self.backup_dir, f"latest.weights{ending}")
        self._training_metadata_path = os.path.join(self.backup_dir, "training_metadata.json")
        self._state_path = os.path.join(self.backup_dir, "training_state.json")
        self._prev_weights_path = f"{self._weights_path}.bkp"
        self._prev_training_metadata_path = f"{self._training_metadata_path}.bkp"
        self._current_epoch = 0

    @property
    def _last_batch_seen(self) -> int:
        return self._times.last

    def on_train_begin(self, logs: Logs | None = None) -> None:
        if not self.model.built:
            raise ValueError(
                "To use the BackupAndRestore callback, your model must be built before you call `fit()`. "
                f"Model {self.model} is unbuilt: call it on a batch of data first."
            )
        try:
            self._load()
        except (OSError, ValueError):
            if not os.path.exists(self._prev_weights_path):
                raise
            _copy(self._prev_weights_path, self._weights_path)
            if os.path.exists(self._prev_training_metadata_path):
                _copy(self._prev_training_metadata_path, self._training_metadata_path)
            else:
                Path(self._training_metadata_path).unlink(missing_ok=True)
            self._load()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self._current_epoch, self._times.last = epoch + 1, 0
        if self.save_freq == "epoch":
            self._save()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if self._times.is_due(batch):
            self._save()

    def on_train_end(self, logs: Logs | None = None) -> None:
        if not self.delete_checkpoint:
            return
        for path in self._files():
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty, or not there
            os.rmdir(self.backup_dir)

    def _files(self) -> list[Path]:
        """All that may have been written, half done copies too."""
        names = [f"{which}.weights{ending}" for which in ("latest", "next") for ending in ENDINGS]
        names += ["training_metadata.json", "training_state.json"]
        return [
            Path(self.backup_dir, name + more)
            for name in names
            for more in ("", ".bkp", ".part", ".bkp.part")
        ]

    def _load(self) -> None:
        """Take the weights and what belongs to them into the model, if there are any."""
        found = [Path(self.backup_dir, f"latest.weights{ending}") for ending in ENDINGS]
        path = Path(self._weights_path)
        if not path.exists():  # h5py has come, or gone, since they were written
            path = next((other for other in found if other.exists()), path)
        metadata: Any = {}
        with contextlib.suppress(FileNotFoundError):
            metadata = json.loads(Path(self._training_metadata_path).read_text("utf-8"))
        if path.exists():
            optimizer = getattr(self.model, "optimizer", None)
            if optimizer is not None and not optimizer.built:
                optimizer.build(self.model.trainable_variables)
            self.model.load_weights(str(path))
            metadata = self._states().get(_checksum(path), metadata)
        if "epoch" not in metadata:
            return
        if metadata.get("state") is not None and hasattr(self.model, "set_training_state"):
            self.model.set_training_state(metadata["state"])
        self.model._initial_epoch = self._current_epoch = metadata["epoch"]

    def _save(self) -> None:
        os.makedirs(self.backup_dir, exist_ok=True)
        latest = Path(self._weights_path)
        if self.double_checkpoint and latest.exists():
            _copy(self._weights_path, self._prev_weights_path)
            if os.path.exists(self._training_metadata_path):
                _copy(self._training_metadata_path, self._prev_training_metadata_path)
        coming = latest.with_name(latest.name.replace("latest", "next"))
        self.model.save_weights(str(coming), overwrite=True)
        known, checksum = self._states(), _checksum(coming)
        known.pop(checksum, None)
        state = self.model.get_training_state() if hasattr(self.model, "get_training_state") else None
        metadata = {"epoch": self._current_epoch, "batch": self._times.last}
        kept = dict([*known.items(), (checksum, {**metadata, "state": state})][-REMEMBERED:])
        _write(self._state_path, json.dumps(kept))
        os.replace(coming, latest)
        _write(self._training_metadata_path, json.dumps(metadata))

    def _states(self) -> dict[str, Any]:
        try:
            states = json.loads(Path(self._state_path).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return states if isinstance(states, dict) else {}


def _checksum(path: Path) -> str:
    return f"{zlib.crc32(path.read_bytes()):08x}-{path.stat().st_size}"


def _write(path: str, text: str) -> None:
    """Replace a file, all or nothing."""
    coming = f"{path}.part"
    with open(coming, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(coming, path)


def _copy(source: str, path: str) -> None:
    """Replace a file by a copy of another, all or nothing."""
    shutil.copyfile(source, f"{path}.part")
    os.replace(f"{path}.part", path)
