"""Reduction: from one number for each sample to the loss of a batch, with weights and masks.

The one idea: a mask is a weight. What is masked counts 0, and the others a little more, so that the mean is a
mean over what counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core import Tensor
from .pairing import same_rank, tensor

MEANS = ("sum_over_batch_size", "mean")
REDUCTIONS = (*MEANS, "sum", "mean_with_sample_weight", "none", None)


def checked_reduction(reduction: Any) -> Any:
    """The reduction as it is. ValueError for one that does not exist."""
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"Invalid value for argument `reduction`. Expected one of {set(REDUCTIONS)}. Received: "
            f"reduction={reduction}"
        )
    return reduction


def reduced(values: Any, sample_weight: Any = None, mask: Any = None, reduction: Any = MEANS[0]) -> Tensor:
    """The loss of a batch.

    Args:
        values: one number for each sample.
        sample_weight: how much each counts: a number, or one for each value or each sample.
        mask: which count at all.
        reduction: "sum_over_batch_size" or "mean": Σ w l / n; "sum": Σ w l; "mean_with_sample_weight":
            Σ w l / Σ w; "none" or None: w l.

    Raises:
        ValueError: weights that fit the values in no way.
    """
    weight = weighted_mask(sample_weight, mask, values.dtype, reduction in MEANS)
    if weight is not None:
        values, weight = fitted_weight(values, weight)
        values = values * weight
    if reduction in (None, "none") or values.shape in ((), (0,)):
        return tensor(values)
    if reduction == "sum" or not values.size:
        return tensor(np.sum(values))
    if reduction == "mean_with_sample_weight" and weight is not None:
        return tensor(no_nan(np.sum(values), np.sum(weight)))
    return tensor(np.mean(values))


def weighted_mask(sample_weight: Any, mask: Any, dtype: Any, rescaled: bool) -> Any:
    """The weights with the mask in them; None if there are neither. `rescaled`: their mean stays 1."""
    weight = None if sample_weight is None else tensor(sample_weight, dtype)
    if mask is None:
        return weight
    counted = tensor(mask, dtype)
    if rescaled:
        counted = counted * no_nan(counted.size, np.sum(counted))
    if weight is None:
        return counted
    counted, weight = same_rank(counted, weight)
    return counted * weight


def fitted_weight(values: Any, weight: Any) -> tuple[Any, Any]:
    """Values and weights in shapes that multiply: one weight for each value, each sample, or for all.

    A weight for each sample is for all the values of that sample. ValueError if they do not fit.
    """
    if not values.ndim:
        return values, weight  # one value for the batch: each weight is for it
    values, weight = same_rank(values, weight)
    if weight.ndim < values.ndim and weight.shape == values.shape[: weight.ndim]:
        weight = weight.reshape((*weight.shape, *(1,) * (values.ndim - weight.ndim)))
    fits = weight.ndim <= values.ndim and all(
        n in (1, m) for n, m in zip(reversed(weight.shape), reversed(values.shape), strict=False)
    )
    if not fits:
        raise ValueError(
            f"sample_weight has shape {weight.shape}, the losses have shape {values.shape}: give one weight "
            "for each, one for each sample, or one for all."
        )
    return values, weight


def no_nan(a: Any, b: Any) -> Any:
    """a / b, and 0 where b is 0."""
    empty = b == 0
    return np.where(empty, 0, a / np.where(empty, 1, b))
