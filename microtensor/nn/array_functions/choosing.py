"""Functions of order and of groups: sorting, the largest k, counting, sums by segment."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...core import Operation, Tensor
from .entering import floating, np, tensor, together


def sort(x: Any, axis: int = -1) -> Any:
    """From the smallest to the largest. Source: `keras.ops.sort`."""
    return np.sort(tensor(x), axis=axis)


def argsort(x: Any, axis: int | None = -1) -> Any:
    """The order that sorts x, equal elements as they came. Source: `keras.ops.argsort`."""
    x = tensor(x)
    x, axis = (x.reshape(-1), -1) if axis is None else (x, axis)
    return tensor(np.argsort(x, axis=axis), "int32")


_argpartition = Operation("argpartition", lambda x, kth=0, axis=-1: np.argpartition(x, kth, axis))


def argpartition(x: Any, kth: int, axis: int = -1) -> Any:
    """An order in which the first kth are the smallest. Source: `keras.ops.argpartition`."""
    return tensor(_argpartition(tensor(x), kth=kth, axis=axis), "int32")


class TopK(NamedTuple):
    """The largest, and where they were."""

    values: Tensor
    indices: Tensor


def top_k(x: Any, k: int, sorted: bool = True) -> TopK:
    """The k largest along the last axis, from the largest on, and where they are. Source: `keras.ops.top_k`.

    >>> [part.tolist() for part in top_k([1, 4, 3], 2)]
    [[4, 3], [1, 2]]
    """
    x = tensor(x)
    from_the_end = np.flip(np.argsort(np.flip(x, -1), axis=-1), -1)[
        ..., :k
    ]  # of equals, the first comes first
    order = x.shape[-1] - 1 - from_the_end
    return TopK(np.take_along_axis(x, order, axis=-1), tensor(order, "int32"))


def in_top_k(targets: Any, predictions: Any, k: int) -> Any:
    """For each row of predictions: is the target's among the k largest? Source: `keras.ops.in_top_k`."""
    predictions, targets = tensor(predictions), tensor(targets, "int64")
    own = np.take_along_axis(predictions, np.expand_dims(targets, -1), axis=-1)
    larger = np.sum(np.greater(predictions, own), axis=-1)
    return np.logical_and(np.less(larger, k), np.isfinite(own[..., 0]))


def searchsorted(sorted_sequence: Any, values: Any, side: str = "left") -> Any:
    """Where each value belongs in a sorted vector. Source: `keras.ops.searchsorted`."""
    ordered, values = together(sorted_sequence, values)
    if ordered.ndim != 1:
        raise ValueError(
            "`searchsorted` only supports 1-D sorted sequences. Received: "
            f"sorted_sequence.shape={ordered.shape}"
        )
    return tensor(np.searchsorted(ordered, values, side), "int32")


def digitize(x: Any, bins: Any) -> Any:
    """In which bin each element falls. Source: `keras.ops.digitize`."""
    x, bins = together(x, bins)
    return tensor(np.searchsorted(bins, x, "right"), "int32")


def bincount(x: Any, weights: Any = None, minlength: int = 0, sparse: bool = False) -> Any:
    """How often each number 0, 1, 2, … occurs along the last axis, or the sum of their weights. Source:
    `keras.ops.bincount`.
    """
    if sparse:
        raise ValueError("sparse tensors are not part of this library; arrays are dense.")
    labels = tensor(x, "int64")
    weighed = None if weights is None else tensor(weights)
    length = max(minlength, int(labels.numpy().max(initial=-1)) + 1)
    if weighed is not None and weighed.dtype.kind in "bi" and weighed.dtype.itemsize < 4:
        weighed = tensor(weighed, "int32")
    ones = Tensor.wrap(np.ones(labels.shape, np.int32)) if weighed is None else weighed
    hot = tensor(np.equal(np.expand_dims(labels, -1), np.arange(length)), ones.dtype)
    return np.sum(hot * np.expand_dims(ones, -1), axis=-2).astype(ones.dtype)


def histogram(x: Any, bins: int = 10, range: Any = None) -> Any:
    """(how many fall into each of equal bins, the bins' edges). Source: `keras.ops.histogram`."""
    if isinstance(bins, bool) or not isinstance(bins, int) or bins <= 0:
        raise ValueError(f"Argument `bins` should be a non-negative integer. Received: bins={bins}")
    if range is not None and len(range) != 2:
        raise ValueError(f"Argument `range` must be a tuple of two elements. Received: range={range}")
    if range is not None and range[0] >= range[1]:
        raise ValueError(
            f"The second element of `range` must be greater than the first. Received: range={range}"
        )
    x = tensor(x)
    if x.ndim != 1:
        raise ValueError(f"Input tensor must be 1-dimensional. Received: input.shape={x.shape}")
    counts, edges = np.histogram(x.numpy(), bins, range)
    return Tensor.wrap(counts.astype(np.int32)), Tensor.wrap(edges.astype(floating(x).dtype))


def unique(
    x: Any,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: Any = None,
) -> Any:
    """The different elements, and on wish where they were first, which is where, and how often. No NaN is
    another NaN. Source: `keras.ops.unique`.
    """
    x = tensor(x)
    values, first, inverse, counts = np.unique(
        x.numpy(), return_index=True, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    at = 0 if axis is None else axis
    if size is not None:
        missing = size - values.shape[at]
        values = np.take(values, np.arange(min(size, values.shape[at])), axis=at)
        first, counts = first[:size], counts[:size]
        if missing > 0:
            fill = 0 if fill_value is None else fill_value
            width = [(0, missing if k == at % values.ndim else 0) for k in np.arange(values.ndim)]
            values = np.pad(values, width, constant_values=fill)
            first = np.pad(first, (0, missing), constant_values=first[0] if first.size else 0)
            counts = np.pad(counts, (0, missing))
    found = [values, *(part.astype(np.int32) for part in (first, inverse, counts))]
    wanted = (True, return_index, return_inverse, return_counts)
    given = [Tensor.wrap(part) for part, wish in zip(found, wanted, strict=True) if wish]
    return given[0] if len(given) == 1 else tuple(given)


def corrcoef(x: Any) -> Any:
    """The correlations of the rows of a matrix. Source: `keras.ops.corrcoef`."""
    x = floating(x)
    x = x.reshape((1, -1)) if x.ndim < 2 else x
    away = x - np.mean(x, axis=-1, keepdims=True)
    covariance = away @ away.mT
    spread = np.sqrt(np.diagonal(covariance))
    y = covariance / np.outer(spread, spread)
    return y[0, 0] if y.size == 1 else y


# --- by segment ------------------------------------------------------------------------------------------


def _segments(segment_ids: Any, num_segments: int | None) -> Any:
    """For each element and segment: does it belong there? Elements with an id below 0 belong nowhere."""
    ids = tensor(segment_ids)
    if ids.ndim != 1:
        raise ValueError(
            f"Argument `segment_ids` should be an 1-D vector, got shape: {ids.shape}. Consider flatten input "
            "with segment_ids.reshape((-1)) and data.reshape((-1,) + data.shape[len(segment_ids.shape):])."
        )
    count = int(ids.numpy().max(initial=-1)) + 1 if num_segments is None else num_segments
    return np.equal(np.expand_dims(ids, 0), np.arange(count)[:, None])


def _by_segment(reduction: Any, start: Any, data: Any, segment_ids: Any, num_segments: int | None) -> Any:
    data = tensor(data)
    member = _segments(segment_ids, num_segments)
    if data.shape[:1] != member.shape[1:]:
        raise ValueError(
            "Argument `segment_ids` and `data` should have same leading dimension. Received: "
            f"segment_ids.shape={member.shape[1:]}, data.shape={data.shape}"
        )
    member = member.reshape((*member.shape, *(1,) * (data.ndim - 1)))
    nothing = tensor(start(data.dtype), data.dtype)
    return tensor(reduction(np.where(member, data, nothing), axis=1), data.dtype)


def _lowest(dtype: Any) -> Any:
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _highest(dtype: Any) -> Any:
    return np.inf if dtype.kind == "f" else np.iinfo(dtype).max


def segment_sum(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Any:
    """The sum of the rows with the same id. Source: `keras.ops.segment_sum`.

    >>> segment_sum([1, 2, 10], [0, 0, 1]).tolist()
    [3, 10]
    """
    return _by_segment(np.sum, lambda _: 0, data, segment_ids, num_segments)


def segment_prod(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Any:
    """The product of the rows with the same id. Source: `keras.ops.segment_prod`."""
    return _by_segment(np.prod, lambda _: 1, data, segment_ids, num_segments)


def segment_max(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Any:
    """The largest of the rows with the same id; the smallest number of all for none. Source:
    `keras.ops.segment_max`.
    """
    return _by_segment(np.max, _lowest, data, segment_ids, num_segments)


def segment_min(data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False) -> Any:
    """The smallest of the rows with the same id; the largest number of all for none. Source:
    `keras.ops.segment_min`.
    """
    return _by_segment(np.min, _highest, data, segment_ids, num_segments)
