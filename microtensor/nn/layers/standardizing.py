"""Normalization: inputs are brought to mean 0 and variance 1, with numbers that the data say once.

The one idea: `adapt(data)` looks at the data before the training; after that mean and variance stand.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ...core import Tensor
from ...serialization import serializable
from ...settings import epsilon as fuzz
from ..keras_tensor import is_shape
from ..layer import Layer, Shape
from ..sources import PyDataset


@serializable("keras.layers")
class Normalization(Layer):
    """y = (x − mean) / √variance; with `invert`, y = mean + x √variance.

    Weights, none of them trained: mean, variance, count (which Keras keeps for older files); none if mean and
    variance are given. `mean` and `variance` are in a shape that the input can be combined with. Source:
    `keras.layers.Normalization`.

    Args:
        axis: the axis, or axes, that have a mean and a variance for each place; None: there is one for all.
        mean, variance: both, instead of `adapt`: numbers, or arrays of at most as many axes as `axis` names.
        invert: bring normalized numbers back?
        kwargs: as for `Layer`.

    Raises:
        ValueError: one of mean and variance alone, or of different shapes, or of too many axes; a variance
            below 0; an axis that an input does not have.
        TypeError: an axis that is neither None, a whole number nor a list of them.

    >>> layer = Normalization()
    >>> layer.adapt(np.array([[0.0, 7.0, 4.0], [2.0, 9.0, 6.0]]))
    >>> layer([[0.0, 7.0, 8.0]]).tolist()
    [[-1.0, -1.0, 3.0]]
    """

    supports_masking = True

    def __init__(
        self, axis: Any = -1, mean: Any = None, variance: Any = None, invert: bool = False, **kwargs: Any
    ) -> None:
        axes = () if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
        if not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in axes):
            raise TypeError(f"`axis` must be None, a whole number or a list of them; got axis={axis!r}.")
        super().__init__(**kwargs)
        self.axis: tuple[int, ...] = tuple(int(n) for n in axes)
        self.input_mean, self.input_variance, self.invert = mean, variance, bool(invert)
        _check_given(mean, variance, len(self.axis))
        self._kept: tuple[int, ...] = ()  # the axes from 0 upwards, once the rank is known
        self._shape: Shape = ()

    def build(self, input_shape: Shape) -> None:
        self._kept, self._shape = self._kept_axes(input_shape), tuple(input_shape)
        self._across = self._spread_over(input_shape)
        if self.input_mean is None:
            sizes = tuple(input_shape[axis] for axis in self._kept)
            self.adapt_mean = self.add_weight(sizes, "zeros", trainable=False, name="mean")
            self.adapt_variance = self.add_weight(sizes, "ones", trainable=False, name="variance")
            self.count = self.add_weight((), "zeros", dtype="int32", trainable=False, name="count")
        else:
            self._given_mean = Tensor(self._spread(self.input_mean, input_shape))
            self._given_variance = Tensor(self._spread(self.input_variance, input_shape))
        self.built = True

    def _kept_axes(self, shape: Any) -> tuple[int, ...]:
        rank = len(shape)
        if not all(-rank <= axis < rank for axis in self.axis):
            raise ValueError(
                f"All `axis` values must be in the range [-ndim, ndim). Received inputs with ndim={rank}, "
                f"while axis={self.axis}"
            )
        kept = tuple(sorted({axis % rank for axis in self.axis}))
        for axis in kept:
            if shape[axis] is None:
                raise ValueError(
                    f"All `axis` values to be kept must have a known shape. Received axis={self.axis}, "
                    f"inputs.shape={tuple(shape)}, with unknown axis at index {axis}"
                )
        return kept

    def _spread_over(self, shape: Shape) -> tuple[int, ...]:
        """The input's sizes along the axes that are kept, and 1 elsewhere."""
        kept = self._kept_axes(shape)
        return tuple(n if n is not None and k in kept else 1 for k, n in enumerate(shape))

    def _spread(self, given: Any, shape: Shape) -> np.ndarray:
        """What was given, in the shape of an input: its last axis is the last of the kept ones."""
        array = np.asarray(given, dtype=self.dtype)
        sizes = [1] * len(shape)
        for axis, n in zip(reversed(self._kept_axes(shape)), reversed(array.shape), strict=False):
            sizes[axis] = n
        try:
            return np.broadcast_to(array.reshape(sizes), self._spread_over(shape))
        except ValueError:
            raise ValueError(
                f"`mean` and `variance` of shape {array.shape} do not fit inputs of shape {shape} along "
                f"axis={self.axis}."
            ) from None

    @property
    def mean(self) -> Any:
        """What is subtracted, in the rank of an input; None before the layer is built."""
        return self._statistic("mean")

    @property
    def variance(self) -> Any:
        """What is divided by the root of, in the rank of an input; None before the layer is built."""
        return self._statistic("variance")

    def _statistic(self, name: str) -> Any:
        if not self.built:
            return None
        if self.input_mean is not None:
            return getattr(self, f"_given_{name}")
        return np.reshape(getattr(self, f"adapt_{name}"), self._across)

    def adapt(self, data: Any) -> None:
        """Take mean and variance of the data, forgetting earlier ones.

        Args:
            data: an array or a tensor; or what gives batches: a list of arrays, a generator, a PyDataset. A
                batch may be a tuple (x, y, …), of which x counts.

        Raises:
            TypeError: what gives no arrays. ValueError: no batches, numbers that the layer cannot take, or a
                layer whose mean was given. The layer is as it was before.
        """
        if self.input_mean is not None:
            raise ValueError(
                f"Normalization '{self.name}' was given its mean and variance; a layer without adapts."
            )
        batches = _batches(data)
        first = next(batches)
        if self.built:
            self._check_sizes(
                f"The layer was built with input_shape={self._shape}, but adapt() is being called with data "
                "with",
                first.shape,
                self._shape,
            )
        kept = self._kept_axes(first.shape)
        mean, variance = self._seen(itertools.chain([first], batches), kept, first.shape)
        self.ensure_built(first.shape if 0 in kept else (None, *first.shape[1:]))
        self.adapt_mean.assign(mean)
        self.adapt_variance.assign(variance)

    def _seen(
        self, batches: Iterator[np.ndarray], kept: tuple[int, ...], shape: tuple[int, ...]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of all batches, each looked at once (Chan, Golub and LeVeque, 1979)."""
        count, mean, variance = 0, np.zeros(()), np.zeros(())
        for batch in batches:
            self._check_sizes("adapt() came to a batch with", batch.shape, shape)
            others = tuple(k for k in range(batch.ndim) if k not in kept)
            here = int(np.prod([batch.shape[k] for k in others]))
            if not here:
                continue
            mean_here, variance_here = np.mean(batch, axis=others), np.var(batch, axis=others)
            count += here
            new, before = here / count, 1 - here / count
            both = before * mean + new * mean_here
            variance = before * (variance + (mean - both) ** 2) + new * (
                variance_here + (mean_here - both) ** 2
            )
            mean = both
        if not count:
            raise ValueError("adapt() got data without a single sample: there is nothing to take a mean of.")
        return mean, variance

    def _check_sizes(self, begin: str, shape: Any, expected: Any) -> None:
        kept = self._kept_axes(expected)
        if len(shape) != len(expected) or any(shape[k] != expected[k] for k in kept):
            raise ValueError(
                f"{begin} an incompatible shape, data.shape={tuple(shape)}; expected {tuple(expected)} along "
                f"axis={self.axis}."
            )

    def finalize_state(self) -> None:
        """Nothing is to be done: `mean` and `variance` are read from the weights whenever they are used."""

    def call(self, inputs: Any) -> Any:
        deviation = np.maximum(np.sqrt(self.variance), fuzz())
        return self.mean + inputs * deviation if self.invert else (inputs - self.mean) / deviation

    def check_input(self, shape: Any) -> None:
        if not is_shape(shape):
            raise ValueError(f"Normalization '{self.name}' takes one tensor; got shapes {shape}.")
        from_last = [k - len(self._shape) for k in self._kept]
        if self.built and any(-k > len(shape) or shape[k] not in (self._shape[k], None) for k in from_last):
            raise ValueError(
                f"Normalization '{self.name}' was built for inputs of shape {self._shape}, with a mean for "
                f"each place along axis={self.axis}; got shape {tuple(shape)}."
            )
        if not self.built:
            self._kept_axes(shape)
            if self.input_mean is not None:
                self._spread(self.input_mean, shape)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "axis": self.axis,
            "invert": self.invert,
            "mean": _plain(self.input_mean),
            "variance": _plain(self.input_variance),
        }


def _plain(given: Any) -> Any:
    return None if given is None else np.asarray(given).tolist()


def _check_given(mean: Any, variance: Any, axes: int) -> None:
    if (mean is None) != (variance is None):
        raise ValueError(
            "When setting values directly, both `mean` and `variance` must be set. Received: "
            f"mean={mean} and variance={variance}"
        )
    if mean is None:
        return
    arrays = [np.asarray(given) for given in (mean, variance)]
    if any(array.dtype.kind not in "biuf" for array in arrays):
        raise ValueError(f"`mean` and `variance` must be numbers; got mean={mean!r}, variance={variance!r}.")
    if arrays[0].shape != arrays[1].shape:
        raise ValueError(
            "When setting values directly, `mean` and `variance` must have the same shape. Received: mean "
            f"shape {arrays[0].shape} and variance shape {arrays[1].shape}"
        )
    if arrays[0].ndim > axes:
        raise ValueError(
            f"The rank of `mean` must be less than or equal to the number of axes ({axes}). Received: mean "
            f"shape {arrays[0].shape}"
        )
    if np.any(arrays[1] < 0):
        raise ValueError(f"`variance` is a mean of squares, so it is not negative; got variance={variance}.")


def _batches(data: Any) -> Iterator[np.ndarray]:
    """The batches as arrays; of a tuple, its first. Raises before the first if there is none."""
    if isinstance(data, np.ndarray | Tensor):
        return iter([_array(data)])
    if isinstance(data, PyDataset):
        found: Iterator[Any] = (data[k] for k in range(len(data)))
    elif isinstance(data, Iterable) and not isinstance(data, str | bytes | dict):
        found = iter(data)
    else:
        raise TypeError(
            f"Unsupported data type: {type(data)}. `adapt` takes an array, a tensor, a `PyDataset`, or an "
            "iterable of batches (a list of arrays, a generator)."
        )
    for first in found:
        return map(_array, itertools.chain([first], found))
    raise ValueError("adapt() received an empty iterable (no batches): expected at least one array.")


def _array(batch: Any) -> np.ndarray:
    x = batch[0] if isinstance(batch, tuple | list) and len(batch) else batch
    if not hasattr(x, "shape"):
        raise TypeError(
            "adapt() expects arrays, or an iterable that yields arrays or tensors with a `.shape`. Got an "
            f"element of type {type(x).__name__}: pass np.array(data), or [np.array(data)]."
        )
    array = x.numpy() if isinstance(x, Tensor) else np.asarray(x)
    if array.dtype.kind not in "biuf" or not array.ndim:
        raise ValueError(f"`data` must be rows of numbers; got dtype {array.dtype} and shape {array.shape}.")
    return array
