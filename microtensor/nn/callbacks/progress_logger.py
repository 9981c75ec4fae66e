"""ProgbarLogger: shows how far training, evaluation or prediction is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import progress
from .callback import AT_ONCE, Callback, Logs


class ProgbarLogger(Callback):
    """Keras' progress bar (verbose=1), or a line for each epoch (verbose=2).

    On a terminal or in a notebook the bar moves; in a pipe or a file the finished line is written alone.
    Validation inside `fit` is silent: its numbers are in the line of the epoch.

    Args:
        verbose: 0, 1, 2 or "auto"; None: what `fit` was given.
        names: the order in which numbers are shown; None: the loss, the metrics of the model, those of the
            validation, anything else.

    Source: `keras.callbacks.ProgbarLogger`.
    """

    def __init__(self, verbose: Any = None, names: Sequence[str] | None = None) -> None:
        self.verbose, self.names = verbose, names
        self.epochs, self.seen = 1, 0
        self.target: int | None = None
        self._bar: progress.Progbar | None = None
        self._called_in_fit = False
        self._asked = verbose

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params)
        verbose = params.get("verbose", 1) if self._asked is None else self._asked
        self.verbose = 1 if verbose == "auto" else int(verbose)
        self.epochs, self.target = params.get("epochs", 1), params.get("steps")

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._called_in_fit = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        self._called_in_fit = False

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._begin()
        if self.verbose and self.epochs > 1:
            progress.say(f"Epoch {epoch + 1}/{self.epochs}")

    def on_test_begin(self, logs: Logs | None = None) -> None:
        if not self._called_in_fit:
            self._begin()

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        self._begin()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.seen = batch + 1
        bar = self._bar or self._begin()
        if bar.is_due(self.seen) and bar.live and self.seen != self.target:
            bar.update(self.seen, self._ordered(logs), finalize=False)

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if not self._called_in_fit:
            self.on_train_batch_end(batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        self.on_train_batch_end(batch)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self._finish(logs)

    def on_test_end(self, logs: Logs | None = None) -> None:
        if not self._called_in_fit:
            self._finish(logs)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        self._finish(None)

    def extend(self, first: int, losses: list[float], seconds: float) -> None:
        """Show many epochs that ran as one call, which took so long: all their lines at once."""
        bar, lines = self._begin(), []
        bar.began(seconds / len(losses))
        before, after = bar.around(self.target or 0)
        for epoch, loss in enumerate(losses, first + 1):
            if self.epochs > 1:
                lines.append(f"Epoch {epoch}/{self.epochs}")
            lines.append(f"{before} - loss: {progress.shown(loss)}{after}")
        if self.verbose:
            progress.say("\n".join(lines))
        self._bar = None

    def _begin(self) -> progress.Progbar:
        self._bar = progress.Progbar(
            self.target, verbose=self.verbose or 0, interval=progress.INTERVAL, stateless_metrics=()
        )
        return self._bar

    def _finish(self, logs: Logs | None) -> None:
        bar = self._bar or self._begin()
        if self.target is None:  # now it is known, for the epochs to come
            self.target = bar.target = self.seen
        bar.update(self.seen, self._ordered(logs), finalize=True)
        self._bar, self.seen = None, 0

    def _ordered(self, logs: Logs | None) -> list[tuple[str, Any]]:
        names = getattr(self.model, "metrics_names", ["loss"]) if self.names is None else self.names
        order = {key: k for k, key in enumerate([*names, *(f"val_{name}" for name in names)])}
        return sorted((logs or {}).items(), key=lambda item: order.get(item[0], len(order)))


AT_ONCE.add(ProgbarLogger)
