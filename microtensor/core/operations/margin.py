"""Losses with a margin: nothing to pay once the right answer wins by 1. Support vector machines use them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .loss import loss, mean_of, sum_of

_LABELS = "targets that are all 0 or 1 count as −1 and 1, as in Keras"


def _binary(t: Any) -> Any:
    return np.all((t == 0) + (t == 1))


def _signed(t: Any) -> Any:
    """Labels −1 and 1; where there are only 0 and 1, those are meant."""
    return np.where(_binary(t), 2 * t - 1, t)


def _missing(p: Any, t: Any) -> Any:
    """How much of the margin is missing."""
    return np.maximum(1 - _signed(t) * p, 0)


def _short(p: Any, t: Any) -> Any:
    return _signed(t) * p < 1


def _pull(p: Any, t: Any) -> Any:
    """∂(signed label · p)/∂t."""
    return np.where(_binary(t), 2 * p, p)


hinge = loss(
    "hinge",
    lambda prediction, target, reduction="mean": mean_of(_missing, prediction, target, reduction),
    lambda p, t: -_signed(t) * _short(p, t),
    lambda p, t: -_pull(p, t) * _short(p, t),
    formula="mean(maximum(1 - target * prediction, 0))",
    local=(
        "-target * (target * prediction < 1) / N",
        "-prediction * (target * prediction < 1) / N",
    ),
    convention=f"at the margin itself the derivative is 0; {_LABELS}",
    doc="""The mean of max(1 − t p, 0), for labels t of −1 and 1.

    Source: Cortes and Vapnik, 1995.
    """,
)
squared_hinge = loss(
    "squared_hinge",
    lambda prediction, target, reduction="mean": mean_of(
        lambda p, t: np.square(_missing(p, t)), prediction, target, reduction
    ),
    lambda p, t: -2 * _signed(t) * _missing(p, t),
    lambda p, t: -2 * _pull(p, t) * _missing(p, t),
    formula="mean(maximum(1 - target * prediction, 0) ** 2)",
    local=(
        "-2 * target * maximum(1 - target * prediction, 0) / N",
        "-2 * prediction * maximum(1 - target * prediction, 0) / N",
    ),
    convention=_LABELS,
    doc="The mean of max(1 − t p, 0)², for labels t of −1 and 1: a hinge without its corner.",
)


def _best_wrong(p: Any, t: Any) -> Any:
    return np.max((1 - t) * p, axis=-1, keepdims=True)


def _overtaken(p: Any, t: Any) -> Any:
    """How far the best wrong answer is from losing by 1."""
    return np.maximum(_best_wrong(p, t) - (t * p).sum(axis=-1, keepdims=True) + 1, 0)


def _leader(p: Any, t: Any) -> Any:
    """1 for the best wrong answer, in equal shares where several tie; 0 for a row without a loss."""
    leads = (1 - t) * p == _best_wrong(p, t)
    return leads / leads.sum(axis=-1, keepdims=True)


categorical_hinge = loss(
    "categorical_hinge",
    lambda prediction, target, reduction="mean": sum_of(_overtaken, prediction, target, reduction),
    lambda p, t: (_leader(p, t) * (1 - t) - t) * (_overtaken(p, t) > 0),
    lambda p, t: -(_leader(p, t) + 1) * p * (_overtaken(p, t) > 0),
    summed=True,
    formula="max(max((1 - target) * prediction) - sum(target * prediction) + 1, 0)",
    local=(
        "(((1 - target) * prediction == max((1 - target) * prediction)) * (1 - target) - target) * (y > 0)",
        "-(((1 - target) * prediction == max((1 - target) * prediction)) + 1) * prediction * (y > 0)",
    ),
    convention="wrong answers that tie share the gradient equally; at the margin itself it is 0",
    doc="""max(wrong − right + 1, 0) for each sample: right is Σ t p, wrong the largest (1 − t) p.

    Source: Crammer and Singer, 2001.
    """,
)
