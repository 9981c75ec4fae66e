"""Losses with a margin: nothing to pay once the right answer wins by 1."""

from __future__ import annotations

from typing import Any

from ...core import Tensor
from ...core.operations import margin as operations
from ...serialization import serializable
from .distances import rows
from .loss import OwnLoss
from .reduction import MEANS


@serializable("keras.losses")
def hinge(y_true: Any, y_pred: Any) -> Tensor:
    """mean(max(1 − y_true · y_pred, 0)) over the last axis; labels that are all 0 or 1 count as −1 and 1."""
    return rows(operations.hinge, y_true, y_pred)


@serializable("keras.losses")
def squared_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """mean(max(1 − y_true · y_pred, 0)²) over the last axis; labels as in `hinge`."""
    return rows(operations.squared_hinge, y_true, y_pred)


@serializable("keras.losses")
def categorical_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """max(wrong − right + 1, 0): right is Σ y_true · y_pred, wrong the largest (1 − y_true) · y_pred."""
    return rows(operations.categorical_hinge, y_true, y_pred)


@serializable("keras.losses")
class Hinge(OwnLoss):
    """The mean of max(1 − y_true · y_pred, 0), for labels ±1 (or 0 and 1). Source: `keras.losses.Hinge`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.hinge

    def __init__(self, reduction: Any = MEANS[0], name: str | None = "hinge", dtype: Any = None) -> None:
        super().__init__(hinge, reduction, name, dtype)


@serializable("keras.losses")
class SquaredHinge(OwnLoss):
    """The mean of max(1 − y_true · y_pred, 0)². Source: `keras.losses.SquaredHinge`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.squared_hinge

    def __init__(
        self, reduction: Any = MEANS[0], name: str | None = "squared_hinge", dtype: Any = None
    ) -> None:
        super().__init__(squared_hinge, reduction, name, dtype)


@serializable("keras.losses")
class CategoricalHinge(OwnLoss):
    """The mean of max(wrong − right + 1, 0). Source: `keras.losses.CategoricalHinge`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.categorical_hinge

    def __init__(
        self, reduction: Any = MEANS[0], name: str | None = "categorical_hinge", dtype: Any = None
    ) -> None:
        super().__init__(categorical_hinge, reduction, name, dtype)
