"""TerminateOnNaN: no more training once the loss is no number."""

from __future__ import annotations

import numpy as np

from ..progress import say
from .callback import Callback, Logs


class TerminateOnNaN(Callback):
    """Stop training after a batch with a loss that is nan or infinite.

    Args:
        raise_error: leave `fit` with an error, so that no callback sees an end of training.

    Raises:
        RuntimeError: in training, with raise_error=True.

    Source: `keras.callbacks.TerminateOnNaN`.
    """

    def __init__(self, raise_error: bool = False) -> None:
        self.raise_error = raise_error

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        loss = (logs or {}).get("loss")
        if loss is None or np.all(np.isfinite(loss)):
            return
        if self.raise_error:
            raise RuntimeError(
                f"NaN or Inf loss encountered at batch {batch}. Loss value: {loss}. Try a smaller learning "
                "rate, or look for nan and very large numbers in x and y."
            )
        say(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True
