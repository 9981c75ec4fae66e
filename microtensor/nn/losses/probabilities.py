"""The crossentropies and their relatives, as losses of a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.operations import likelihood as operations
from ...serialization import serializable
from . import crossentropies as of
from .loss import OwnLoss
from .pairing import Shape, label_shape
from .reduction import MEANS


@serializable("keras.losses")
class BinaryCrossentropy(OwnLoss):
    """The mean of −t log p − (1 − t) log(1 − p). Source: `keras.losses.BinaryCrossentropy`.

    Args:
        from_logits, label_smoothing, axis: see `binary_crossentropy`.
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.binary_crossentropy

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Any = MEANS[0],
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
    ) -> None:
        how = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(of.binary_crossentropy, reduction, name, dtype, **how)


@serializable("keras.losses")
class BinaryFocalCrossentropy(OwnLoss):
    """A binary crossentropy in which easy samples hardly count.

    Source: `keras.losses.BinaryFocalCrossentropy`.

    Args:
        apply_class_balancing, alpha, gamma, from_logits, label_smoothing, axis: see
            `binary_focal_crossentropy`.
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Any = MEANS[0],
        name: str | None = "binary_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            of.binary_focal_crossentropy,
            reduction,
            name,
            dtype,
            apply_class_balancing=apply_class_balancing,
            alpha=alpha,
            gamma=gamma,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


@serializable("keras.losses")
class CategoricalCrossentropy(OwnLoss):
    """The mean of −Σ t log p. Source: `keras.losses.CategoricalCrossentropy`.

    Args:
        from_logits, label_smoothing, axis: see `categorical_crossentropy`.
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Any = MEANS[0],
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        how = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(of.categorical_crossentropy, reduction, name, dtype, **how)


@serializable("keras.losses")
class CategoricalFocalCrossentropy(OwnLoss):
    """A crossentropy in which easy samples hardly count. Source: `keras.losses.CategoricalFocalCrossentropy`.

    Args:
        alpha, gamma, from_logits, label_smoothing, axis: see `categorical_focal_crossentropy`.
        reduction, name, dtype: as for `Loss`.
    """

    def __init__(
        self,
        alpha: Any = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: Any = MEANS[0],
        name: str | None = "categorical_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        how = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(
            of.categorical_focal_crossentropy, reduction, name, dtype, alpha=alpha, gamma=gamma, **how
        )


class LabelLoss(OwnLoss):
    """A loss whose targets are labels: one for each row of the prediction."""

    def target_shape(self, target: Shape, output: Shape, name: str = "y") -> Shape:
        axis = getattr(self, "axis", -1) % max(len(output), 1)
        return label_shape(target, (*output[:axis], *output[axis + 1 :], *output[axis : axis + 1]), name)


@serializable("keras.losses")
class SparseCategoricalCrossentropy(LabelLoss):
    """The mean of −log p of the label. Source: `keras.losses.SparseCategoricalCrossentropy`.

    Args:
        from_logits, ignore_class, axis: see `sparse_categorical_crossentropy`. What is ignored does not count
            in the mean either.
        reduction, name, dtype: as for `Loss`.

    >>> loss = SparseCategoricalCrossentropy()
    >>> round(float(loss([0, 1], [[0.5, 0.5], [0.0, 1.0]])), 4)
    0.3466
    """

    unsaid = {"axis": -1}  # noqa: RUF012

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: Any = MEANS[0],
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        how = {"from_logits": from_logits, "ignore_class": ignore_class, "axis": axis}
        super().__init__(of.sparse_categorical_crossentropy, reduction, name, dtype, **how)

    def check_target(self, y: np.ndarray, output: Shape, name: str) -> None:
        classes, ignored = output[-1], self._fn_kwargs["ignore_class"]
        wrong = (y < 0) | (y >= classes) | (y != np.floor(y))
        if ignored is not None:
            wrong &= y != ignored
        if wrong.any():
            raise ValueError(
                f"`{name}` must hold class numbers: whole, from 0 to {classes - 1}, for an output of "
                f"{classes} columns; got {y[wrong].flat[0]:g}."
            )

    def counted(self, y_true: Any, values: Any) -> Any:
        ignored = self._fn_kwargs["ignore_class"]
        return None if ignored is None else (y_true != ignored).reshape(values.shape)


@serializable("keras.losses")
class CategoricalGeneralizedCrossEntropy(LabelLoss):
    """The mean of (1 − p^q) / q. Source: `keras.losses.CategoricalGeneralizedCrossEntropy`.

    Args:
        q: between 0 (crossentropy) and 1 (mean absolute error).
        reduction, name, dtype: as for `Loss`.

    Raises:
        ValueError: q outside (0, 1).
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: Any = MEANS[0],
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ) -> None:
        if not 0 < q < 1:
            raise ValueError(f"q must be in the interval (0, 1); got q={q}.")
        super().__init__(of.categorical_generalized_cross_entropy, reduction, name, dtype, q=q)


@serializable("keras.losses")
class KLDivergence(OwnLoss):
    """The mean of Σ t log(t / p). Source: `keras.losses.KLDivergence`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.kl_divergence

    def __init__(
        self, reduction: Any = MEANS[0], name: str | None = "kl_divergence", dtype: Any = None
    ) -> None:
        super().__init__(of.kl_divergence, reduction, name, dtype)


@serializable("keras.losses")
class Poisson(OwnLoss):
    """The mean of p − t log p. Source: `keras.losses.Poisson`.

    Args:
        reduction, name, dtype: as for `Loss`.
    """

    operation = operations.poisson

    def __init__(self, reduction: Any = MEANS[0], name: str | None = "poisson", dtype: Any = None) -> None:
        super().__init__(of.poisson, reduction, name, dtype)
