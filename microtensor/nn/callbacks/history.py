"""History: what `fit` returns."""

from __future__ import annotations

from typing import Any

from .callback import AT_ONCE, Logs, Watcher


class History(Watcher):
    """What `fit` returns: `history["loss"]`, one number for each epoch, and likewise for metrics and
    validation; `epoch`: which epochs those were, counted from 0. `recorded`: the film, if one was made.

    Source: `keras.callbacks.History`.
    """

    recorded: Any = None

    def __init__(self) -> None:
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)
        if self.model is not None:
            self.model.history = self

    def extend(self, first: int, losses: list[float], seconds: float) -> None:
        """Many epochs that ran as one call, of which only the loss is known."""
        self.epoch.extend(range(first, first + len(losses)))
        self.history.setdefault("loss", []).extend(losses)

    def film(self, **how: Any) -> Any:
        """The film of the training: how boundary, loss and weights became what they are. It shows itself in a
        notebook; `.save("xor.html")` is a page with a slider, .svg and .png a strip.

        Args:
            how: title, lang and theme, if they shall differ from those that the film was made with.

        Raises:
            ValueError: nobody filmed; it says what to add.
        """
        if self.recorded is None:
            raise ValueError(
                "this training was not filmed: give fit a callback that keeps the weights, "
                "film = microtensor.plot.Film(x, y), then fit(..., callbacks=[film])."
            )
        return self.recorded.shown(**how) if how else self.recorded

    def __repr__(self) -> str:
        last = ", ".join(
            f"{key}={values[-1]:.4g}" if isinstance(values[-1], int | float) else key
            for key, values in self.history.items()
        )
        return f"<History of {len(self.epoch)} epochs{': ' + last if last else ''}>"


AT_ONCE.add(History)
