"""Counting: true and false positives and negatives, at all thresholds at once.

The one idea: a prediction counts as "yes" at all thresholds below it. So each is put into the bin of how many
thresholds it exceeds, and the counts at every threshold are sums over bins: one pass over the data, whether
there is one threshold or two hundred.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..losses.pairing import equal_shapes, matched_shape, same_rank
from .metric import Metric, add, numbers
from .result import shown

LOWEST = -1e10  # below all scores: the threshold and the score of what is not among the top k


class Counts(NamedTuple):
    """How much weight, at each threshold (and for each label), was rightly or wrongly called what."""

    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any


def counts(
    y_true: Any,
    y_pred: Any,
    thresholds: Any,
    sample_weight: Any = None,
    label_weights: Any = None,
    per_label: bool = False,
    top_k: int | None = None,
    class_id: int | None = None,
) -> Counts:
    """The counts at each threshold: arrays (thresholds,), or (thresholds, labels) if `per_label`.

    Args:
        y_true: zeros and ones.
        y_pred: numbers of the same shape; above a threshold: "yes".
        thresholds: in any order.
        sample_weight, label_weights: how much a sample, a column counts.
        top_k: only the k largest of each row may be a "yes".
        class_id: only this column.

    Raises:
        ValueError: shapes that do not match.
    """
    p, t = same_rank(numbers(y_pred).astype("float32"), numbers(y_true).astype(bool))
    equal_shapes(t, p)
    weight = _weights(p.shape, sample_weight, label_weights)
    if top_k is not None:
        p = _only_top(p, top_k)
    if class_id is not None:
        if p.ndim == 1:
            raise ValueError(
                "When class_id is provided, y_pred must be a 2D array with shape (num_samples, num_classes), "
                f"found shape: {p.shape}"
            )
        p, t, weight = (array[..., class_id, None] for array in (p, t, weight))
    thresholds = np.asarray(thresholds, "float32")
    order = np.argsort(thresholds)
    bins, columns = len(thresholds) + 1, p.shape[-1] if per_label else 1
    exceeded = np.searchsorted(thresholds[order], p.reshape(-1, columns))
    exceeded[np.isnan(p.reshape(-1, columns))] = 0  # what is no number exceeds nothing
    place = (exceeded + np.arange(columns) * bins).ravel()

    def at_each(chosen: Any) -> tuple[Any, Any]:
        """The weight of what exceeds each threshold, and of what does not."""
        in_bins = np.bincount(place, (weight * chosen).ravel(), columns * bins).reshape(columns, bins)
        above, below = np.empty((2, columns, len(order)))
        above[:, order] = np.cumsum(in_bins[:, ::-1], axis=1)[:, -2::-1]
        below[:, order] = np.cumsum(in_bins, axis=1)[:, :-1]
        return (above.T, below.T) if per_label else (above[0], below[0])

    (tp, fn), (fp, tn) = at_each(t), at_each(~t)
    return Counts(tp, fp, tn, fn)


def _weights(shape: tuple[int, ...], sample_weight: Any, label_weights: Any) -> np.ndarray:
    weight: Any = 1.0
    if sample_weight is not None:
        weight = numbers(sample_weight).astype("float64")
        if weight.ndim == len(shape) - 1:
            weight = weight[..., None]
        elif weight.ndim == len(shape) + 1 and weight.shape[-1] == 1:
            weight = weight[..., 0]
        elif 0 < weight.ndim < len(shape):
            weight = weight.reshape(*weight.shape, *(1,) * (len(shape) - weight.ndim))
    if label_weights is not None:
        weight = weight * numbers(label_weights)
    try:
        return np.broadcast_to(weight, shape)
    except ValueError:
        raise ValueError(
            f"weights of shape {np.shape(weight)} do not fit predictions of shape {shape}."
        ) from None


def _only_top(p: np.ndarray, k: int) -> np.ndarray:
    """The k largest of each row (the first, among equals) as they are, all others below every threshold."""
    order = np.argsort(-p, axis=-1, kind="stable")
    made = np.full_like(p, LOWEST)
    top = order[..., :k]
    np.put_along_axis(made, top, np.take_along_axis(p, top, axis=-1), axis=-1)
    return made


def no_nan(a: Any, b: Any) -> Any:
    """a / b, and 0 where b is 0."""
    return np.divide(
        a, b, out=np.zeros(np.broadcast_shapes(np.shape(a), np.shape(b))), where=np.asarray(b) != 0
    )


def checked_thresholds(thresholds: Any, default: float = 0.5) -> list[float]:
    """The thresholds as a list. ValueError for one outside [0, 1]."""
    if thresholds is None:
        return [default]
    listed = list(thresholds) if isinstance(thresholds, list | tuple | np.ndarray) else [thresholds]
    wrong = [t for t in listed if t is None or not 0 <= t <= 1]
    if wrong:
        raise ValueError(f"Threshold values must be in [0, 1]. Received: {wrong}")
    return listed


def even_thresholds(count: int) -> list[float]:
    """That many from 0 to 1; a single one is ½."""
    return [0.5] if count == 1 else [k / (count - 1) for k in range(count)]


class CountingMetric(Metric):
    """A metric made of counts: a variable for each kind that it needs."""

    kinds: tuple[str, ...] = Counts._fields
    thresholds: Any
    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any

    def check(self, target: tuple[int, ...], output: tuple[int, ...]) -> None:
        matched_shape(target, output)

    def _add_counters(self, shape: tuple[int, ...]) -> None:
        for kind in self.kinds:
            setattr(self, kind, self.add_variable(shape, dtype="float64", name=kind))

    def _count(self, y_true: Any, y_pred: Any, sample_weight: Any = None, **how: Any) -> None:
        made = counts(y_true, y_pred, self.thresholds, sample_weight, **how)
        for kind in self.kinds:
            add(getattr(self, kind), getattr(made, kind))

    def _share(self, kind: str, other: str) -> Any:
        """a / (a + b) of two kinds of counts, 0 where there are none."""
        a, b = getattr(self, kind)._data, getattr(self, other)._data
        return no_nan(a, a + b)

    def _shown(self, values: Any) -> Any:
        return shown(values[0] if len(self.thresholds) == 1 else values, self.dtype)
