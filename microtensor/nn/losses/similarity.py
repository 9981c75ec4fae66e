"""Circle loss: embeddings of one class near each other, those of different classes apart.

Every pair of samples in the batch takes part, and the worse a pair lies the more it weighs: the pairs that
are right already do not pull any longer. Source: Sun et al., 2020.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from ...core.operations.activation import softplus
from ...core.operations.statistics import logsumexp
from ...serialization import serializable
from .loss import OwnLoss
from .pairing import Shape, improbable, tensor
from .reduction import MEANS


@serializable("keras.losses")
def circle(
    y_true: Any,
    y_pred: Any,
    ref_labels: Any = None,
    ref_embeddings: Any = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Tensor:
    """softplus(log Σ exp(γ a d⁺) + log Σ exp(γ b d⁻)) for each sample: over its own and over other classes.

    Args:
        y_true: labels, shape (n,) or (n, 1).
        y_pred: embeddings of length 1, shape (n, width).
        ref_labels, ref_embeddings: what they are compared with; None: each other.
        remove_diagonal: is a sample no partner of itself?
        gamma: γ, how sharp.
        margin: how near is near enough.
    """
    y_pred = tensor(y_pred)
    others: Any = y_pred if ref_embeddings is None else tensor(ref_embeddings, y_pred.dtype)
    labels = _labels(y_true)
    same = labels[:, None] == (labels if ref_labels is None else _labels(ref_labels))[None, :]
    different = np.logical_not(same)
    if remove_diagonal:
        same = same & (np.eye(*same.shape) == 0)
    apart = np.maximum(1 - y_pred @ others.T, 0)  # the cosine distance
    pull = np.maximum(apart + margin, 0) * (apart - margin) * gamma
    push = np.maximum(1 + margin - apart, 0) * (1 - margin - apart) * gamma
    return tensor(softplus(_log_sum_exp(pull, same) + _log_sum_exp(push, different)))


def _labels(y: Any) -> np.ndarray:
    array = np.asarray(y.numpy() if isinstance(y, Tensor) else y)
    return array.astype(np.int64).reshape(-1)


def _log_sum_exp(values: Any, chosen: np.ndarray) -> Any:
    """log Σ exp along the last axis of what is chosen; of nothing, a number far below all others."""
    return logsumexp(np.where(chosen, values, improbable(values.dtype)), axis=-1)


@serializable("keras.losses")
class Circle(OwnLoss):
    """The circle loss, over the samples that have any. Source: `keras.losses.Circle`.

    Args:
        gamma, margin, remove_diagonal: see `circle`.
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: Any = MEANS[0],
        name: str | None = "circle",
        dtype: Any = None,
    ) -> None:
        how = {"gamma": gamma, "margin": margin, "remove_diagonal": remove_diagonal}
        super().__init__(circle, reduction, name, dtype, **how)

    def counted(self, y_true: Any, values: Any) -> Any:
        return values > 0

    def target_shape(self, target: Shape, output: Shape, name: str = "y") -> Shape:
        return target
