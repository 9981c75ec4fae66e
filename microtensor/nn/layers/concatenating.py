"""Concatenate: several tensors side by side along one axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import serializable
from .merging import Merge, check_several, masks_of


@serializable("keras.layers")
class Concatenate(Merge):
    """y = x₁, x₂, … one after the other along `axis`. Source: `keras.layers.Concatenate`.

    Args:
        axis: along which the inputs may differ in size; along all others they are equally long.
        kwargs: as for `Layer`.

    Raises:
        TypeError: an axis that is no whole number.
        ValueError: one tensor instead of a list; shapes that differ along another axis.

    >>> Concatenate()([np.array([[1.0, 2.0]]), np.array([[3.0]])]).tolist()
    [[1.0, 2.0, 3.0]]
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
            raise TypeError(f"`axis` must be a whole number; got axis={axis!r}.")
        super().__init__(**kwargs)
        self.axis = int(axis)

    def call(self, inputs: Any) -> Any:
        return self._merge_function(inputs)

    def _merge_function(self, inputs: list[Any]) -> Any:
        return np.concatenate(inputs, axis=self.axis)

    def compute_output_shape(self, input_shape: Any) -> Any:
        check_several(self, input_shape)
        ranks = {len(shape) for shape in input_shape}
        rank = max(ranks)
        if not -rank <= self.axis < rank:
            raise ValueError(f"Axis {self.axis} is out of bounds for inputs of shapes {input_shape}.")
        axis = self.axis % rank
        sizes = [{n for n in column if n is not None} for column in zip(*input_shape, strict=False)]
        if len(ranks) > 1 or any(len(known) > 1 for k, known in enumerate(sizes) if k != axis):
            raise ValueError(
                "A `Concatenate` layer requires inputs with matching shapes except for the concatenation "
                f"axis. Received: input_shape={input_shape}, axis={self.axis}"
            )
        shape = [next(iter(known), None) for known in sizes]
        along = [shape[axis] for shape in input_shape]
        shape[axis] = None if None in along else sum(along)
        return tuple(shape)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Side by side, as the inputs are; what has no mask counts."""
        masks = masks_of(inputs, previous_mask)
        if masks is None or all(m is None for m in masks):
            return None
        whole = [_whole(x, m) for x, m in zip(inputs, masks, strict=True)]
        return np.any(np.concatenate(whole, axis=self.axis), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axis": self.axis}


def _whole(x: Any, mask: Any) -> Any:
    """The mask in the shape of its input."""
    if mask is None:
        return np.ones(x.shape, bool)
    if len(mask.shape) < len(x.shape):
        mask = np.expand_dims(mask, -1)
    return np.broadcast_to(mask, x.shape)


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Any:
    """Side by side along `axis`: `Concatenate(axis)(inputs)`. Source: `keras.layers.concatenate`."""
    return Concatenate(axis=axis, **kwargs)(inputs)
