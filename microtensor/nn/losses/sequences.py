"""CTC, connectionist temporal classification: labels in order, without the time of each.

The one idea: every way to say the labels is a walk through "blank, label, blank, label, …, blank": at each
step it stays, goes on by one place, or skips a blank between two different labels. The probability of being
in each place is known from that of the step before, so all walks are summed step by step.
Source: Graves et al., 2006.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...core.operations.activation import log_softmax
from ...serialization import serializable
from .loss import OwnLoss
from .pairing import Shape, improbable, tensor
from .reduction import MEANS

BLANK = 0


@serializable("keras.losses")
def ctc(y_true: Any, y_pred: Any) -> Tensor:
    """−log of the probability of all walks that say the labels: one number for each sample.

    Args:
        y_true: labels from 1 on, shape (samples, longest); 0 fills up.
        y_pred: logits, shape (samples, steps, classes); class 0 is the blank.

    Raises:
        ValueError: other ranks.
    """
    labels, y_pred = np.asarray(y_true).astype(np.int64), tensor(y_pred)
    if labels.ndim != 2:
        raise ValueError(
            "Targets `y_true` are expected to be a tensor of shape `(batch_size, max_length)` in integer "
            f"format. Received: y_true.shape={labels.shape}"
        )
    if y_pred.ndim != 3:
        raise ValueError(
            "Logits `y_pred` are expected to be a tensor of shape `(batch_size, max_length, num_classes)`. "
            f"Received: y_pred.shape={y_pred.shape}"
        )
    samples, longest = labels.shape
    places = np.full((samples, 2 * longest + 1), BLANK)
    places[:, 1::2] = labels
    skips = np.zeros(places.shape, bool)  # may this place be reached from the one before the last?
    skips[:, 3::2] = labels[:, 1:] != labels[:, :-1]
    never = improbable(y_pred.dtype)
    said: Any = log_softmax(y_pred, axis=-1)
    start = np.full(places.shape, never)
    start[:, :2] = 0  # a walk begins at the first blank or at the first label
    reached: Any = tensor(start, y_pred.dtype) + np.take_along_axis(said[:, 0], places, axis=-1)
    for step in range(1, y_pred.shape[1]):
        skipped = np.where(skips, _moved(reached, 2, never), never)
        reached = np.logaddexp(np.logaddexp(reached, _moved(reached, 1, never)), skipped)
        reached = reached + np.take_along_axis(said[:, step], places, axis=-1)
    last = 2 * np.count_nonzero(labels != BLANK, axis=1)[:, None]
    at_blank = np.take_along_axis(reached, last, axis=-1)
    at_label = np.where(last > 0, np.take_along_axis(reached, np.maximum(last - 1, 0), axis=-1), never)
    return tensor(-np.logaddexp(at_blank, at_label)[:, 0])


def _moved(x: Any, by: int, never: float) -> Any:
    """Each place's value `by` places further on; nothing comes from before the first."""
    nothing = tensor(np.full((x.shape[0], by), never), x.dtype)
    return np.concatenate([nothing, x], axis=1)[:, : x.shape[1]]


@serializable("keras.losses")
class CTC(OwnLoss):
    """The mean of `ctc` over the samples. Source: `keras.losses.CTC`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(self, reduction: Any = MEANS[0], name: str | None = "ctc", dtype: Any = None) -> None:
        super().__init__(ctc, reduction, name, dtype)

    def target_shape(self, target: Shape, output: Shape, name: str = "y") -> Shape:
        return target
