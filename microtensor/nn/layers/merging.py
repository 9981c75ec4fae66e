"""Add, Subtract, Multiply, Average, Maximum, Minimum: one tensor of several, element by element.

The one idea: a merging layer is called on a list, `Add()([a, b])`, and is one function of two tensors, over
and over. Tensors of a lower rank get axes of length 1 behind the batch's, and then NumPy's rules hold.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from ...serialization import serializable
from ..keras_tensor import Shape, is_shape
from ..layer import Layer


class Merge(Layer):
    """Base of the layers that take a list of tensors. One of your own defines `_merge_function(inputs)`.

    Raises:
        ValueError: one tensor instead of a list; another number of tensors than the layer takes; sizes of
            batches that differ; shapes that do not broadcast.
    """

    supports_masking = True
    takes: int | None = None  # how many tensors; None: any number

    def _merge_function(self, inputs: list[Any]) -> Any:
        raise NotImplementedError(f"{type(self).__name__}: define _merge_function(self, inputs).")

    def call(self, inputs: Any) -> Any:
        return self._merge_function(_of_one_rank(inputs))

    def check_input(self, shape: Any) -> None:
        check_several(self, shape)
        self.compute_output_shape(shape)

    def compute_output_shape(self, input_shape: Any) -> Any:
        check_several(self, input_shape)
        batches = {shape[0] for shape in input_shape if shape} - {None}
        if len(batches) > 1:
            raise ValueError(
                f"Cannot merge tensors with different batch sizes. Received tensors with shapes {input_shape}"
            )
        return (next(iter(batches), None), *reduce(_broadcast, [tuple(shape[1:]) for shape in input_shape]))

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        masks = masks_of(inputs, previous_mask)
        return None if masks is None or any(m is None for m in masks) else reduce(np.logical_or, masks)


class LeavingOut(Merge):
    """Base of those that leave out what a mask hides: there the other inputs alone make the result."""

    function: Any  # of two tensors

    def _merge_function(self, inputs: list[Any]) -> Any:
        return reduce(self.function, inputs)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        masks = masks_of(inputs, mask)
        if masks is None:
            return super().call(inputs)
        xs = _of_one_rank(inputs)
        result, counts = xs[0], _in_front(masks[0], xs[0])  # None: all of it counts
        for x, each in zip(xs[1:], masks[1:], strict=True):
            shown = _in_front(each, x)
            both = self.function(result, x)
            both = both if counts is None else np.where(counts, both, x)
            result = both if shown is None else np.where(shown, both, result)
            counts = None if counts is None or shown is None else np.logical_or(counts, shown)
        return result if counts is None else self._hidden_everywhere(result, counts)

    def _hidden_everywhere(self, result: Any, counts: Any) -> Any:
        """The result, where no input counts: it stays what the first input is."""
        return result


@serializable("keras.layers")
class Add(Merge):
    """y = x₁ + x₂ + … Source: `keras.layers.Add`.

    >>> Add()([np.array([[1.0, 2.0]]), np.array([[10.0, 20.0]])]).tolist()
    [[11.0, 22.0]]
    """

    def _merge_function(self, inputs: list[Any]) -> Any:
        return reduce(np.add, inputs)


@serializable("keras.layers")
class Subtract(Merge):
    """y = x₁ − x₂, of exactly two. Source: `keras.layers.Subtract`.

    >>> Subtract()([np.array([[1.0, 2.0]]), np.array([[10.0, 20.0]])]).tolist()
    [[-9.0, -18.0]]
    """

    takes = 2

    def _merge_function(self, inputs: list[Any]) -> Any:
        return reduce(np.subtract, inputs)


@serializable("keras.layers")
class Multiply(LeavingOut):
    """y = x₁ · x₂ · …, element by element; what a mask hides is no factor, and where all is hidden y is 0.

    Source: `keras.layers.Multiply`.
    """

    function = np.multiply

    def _hidden_everywhere(self, result: Any, counts: Any) -> Any:
        return np.where(counts, result, 0.0)


@serializable("keras.layers")
class Average(Merge):
    """y = (x₁ + … + xₙ) / n. Source: `keras.layers.Average`."""

    def _merge_function(self, inputs: list[Any]) -> Any:
        return reduce(np.add, inputs) / len(inputs)


@serializable("keras.layers")
class Maximum(LeavingOut):
    """y = max(x₁, x₂, …), element by element, of what no mask hides. Source: `keras.layers.Maximum`.

    Of two Dense layers of the same input it is a Maxout.
    """

    function = np.maximum


@serializable("keras.layers")
class Minimum(LeavingOut):
    """y = min(x₁, x₂, …), element by element, of what no mask hides. Source: `keras.layers.Minimum`."""

    function = np.minimum


def check_several(layer: Any, shapes: Any) -> None:
    """ValueError for one shape, or for another number of them than the layer takes."""
    kind = type(layer).__name__
    if shapes is None or is_shape(shapes) or isinstance(shapes, dict) or not all(map(is_shape, shapes)):
        raise ValueError(
            f"A merge layer should be called on a list of inputs: {kind}()([a, b]). Received: "
            f"input_shape={shapes} (not a list of shapes)"
        )
    if layer.takes is not None and len(shapes) != layer.takes:
        raise ValueError(
            f"A `{kind}` layer should be called on exactly {layer.takes} inputs. Received: "
            f"input_shape={shapes}"
        )


def masks_of(inputs: Any, mask: Any) -> Any:
    """The masks of a list of inputs, one each; None if there are none. ValueError if they do not match."""
    if mask is None:
        return None
    for name, value in (("mask", mask), ("inputs", inputs)):
        if not isinstance(value, list | tuple):
            raise ValueError(f"`{name}` should be a list. Received: {name}={value}")
    if len(mask) != len(inputs):
        raise ValueError(
            f"The lists `inputs` and `mask` should have the same length. Received: {len(inputs)} inputs and "
            f"{len(mask)} masks."
        )
    return mask


def _of_one_rank(xs: Any) -> list[Any]:
    rank = max(len(x.shape) for x in xs)
    return [_with_rank(x, rank) for x in xs]


def _in_front(mask: Any, x: Any) -> Any:
    """The mask as booleans, with an axis of length 1 for each that it lacks at the end."""
    if mask is None:
        return None
    mask = np.not_equal(mask, 0)
    return np.reshape(mask, (*mask.shape, *[1] * (len(x.shape) - len(mask.shape))))


def _with_rank(x: Any, rank: int) -> Any:
    missing = rank - len(x.shape)
    return x if not missing else np.reshape(x, (*x.shape[:1], *([1] * missing), *x.shape[1:]))


def _broadcast(a: Shape, b: Shape) -> Shape:
    """The shape of a result, by NumPy's rules; None is any size."""
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    lead = len(longer) - len(shorter)
    sizes = []
    for m, n in zip(longer[lead:], shorter, strict=True):
        if m is not None and n is not None and m != n and 1 not in (m, n):
            raise ValueError(f"Inputs have incompatible shapes. Received shapes {a} and {b}")
        sizes.append(None if m is None or n is None else n if m == 1 else m)
    return (*longer[:lead], *sizes)


def add(inputs: Any, **kwargs: Any) -> Any:
    """x₁ + x₂ + …: `Add(**kwargs)(inputs)`. Source: `keras.layers.add`."""
    return Add(**kwargs)(inputs)


def subtract(inputs: Any, **kwargs: Any) -> Any:
    """x₁ − x₂: `Subtract(**kwargs)(inputs)`. Source: `keras.layers.subtract`."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs: Any, **kwargs: Any) -> Any:
    """x₁ · x₂ · …: `Multiply(**kwargs)(inputs)`. Source: `keras.layers.multiply`."""
    return Multiply(**kwargs)(inputs)


def average(inputs: Any, **kwargs: Any) -> Any:
    """(x₁ + … + xₙ) / n: `Average(**kwargs)(inputs)`. Source: `keras.layers.average`."""
    return Average(**kwargs)(inputs)


def maximum(inputs: Any, **kwargs: Any) -> Any:
    """max(x₁, x₂, …): `Maximum(**kwargs)(inputs)`. Source: `keras.layers.maximum`."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs: Any, **kwargs: Any) -> Any:
    """min(x₁, x₂, …): `Minimum(**kwargs)(inputs)`. Source: `keras.layers.minimum`."""
    return Minimum(**kwargs)(inputs)
