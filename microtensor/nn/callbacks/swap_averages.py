"""SwapEMAWeights: evaluate with the averages of the weights, train with the weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from .callback import Callback, Logs


class SwapEMAWeights(Callback):
    """While the model is evaluated or predicts, its weights and the averages of its optimizer change places.

    Args:
        swap_on_epoch: also from the end of an epoch to the beginning of the next one, so that callbacks
            behind this one, such as `ModelCheckpoint`, meet the averages.

    Raises:
        ValueError: at the beginning: the optimizer was made without `use_ema=True`.

    Source: `keras.callbacks.SwapEMAWeights`.
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        self.swap_on_epoch = swap_on_epoch
        self._swapped = False

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._optimizers()
        self._swapped = False

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        if self.swap_on_epoch:
            self._swap(False)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.swap_on_epoch:
            self._swap(True)
            if epoch == self.params["epochs"] - 1 or self.model.stop_training:
                # The end of `fit` gives the model its averages: those that are in it already.
                for w, average in self._pairs():
                    average.assign(w.numpy())
                self._swapped = False

    def on_test_begin(self, logs: Logs | None = None) -> None:
        self._swap(True)

    def on_test_end(self, logs: Logs | None = None) -> None:
        self._swap(False)

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        self._swap(True)

    def on_predict_end(self, logs: Logs | None = None) -> None:
        self._swap(False)

    def _swap(self, swapped: bool) -> None:
        if swapped != self._swapped:
            values = [(w, average, np.array(w.numpy())) for w, average in self._pairs()]
            for w, average, value in values:
                w.assign(average.numpy())
                average.assign(value)
            self._swapped = swapped

    def _pairs(self) -> list[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = []
        for optimizer in self._optimizers():
            if not optimizer.built:
                raise ValueError(
                    "SwapEMAWeights has no averages to swap yet: there are some after a first step."
                )
            found += zip(
                optimizer._trainable_variables, optimizer._model_variables_moving_average, strict=True
            )
        return [(w, average) for w, average in found if average is not None]

    def _optimizers(self) -> list[Any]:
        optimizer = getattr(self.model, "optimizer", None)
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # behind a LossScaleOptimizer
        found = [
            each for each in getattr(optimizer, "optimizers", [optimizer]) if getattr(each, "use_ema", 0)
        ]
        if not found:
            raise ValueError(
                "SwapEMAWeights must be used when `use_ema=True` is set on the optimizer. Received: "
                f"use_ema={getattr(optimizer, 'use_ema', None)}"
            )
        return found
