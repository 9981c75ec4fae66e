"""Dot: the scalar products of two tensors, sample by sample.

The one idea: one axis of each is multiplied and summed; all others stay, first x's, then y's.
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import numpy as np

from ...serialization import serializable
from .merging import Merge, check_several
from .unit_normalization import unit


@serializable("keras.layers")
class Dot(Merge):
    """z[b, i…, j…] = Σₖ x[b, i…, k] y[b, j…, k], with k along `axes` of x and of y.

    Of (batch, n) and (batch, n) it makes (batch, 1). Source: `keras.layers.Dot`.

    Args:
        axes: the axis of both that is summed over, or a pair of them; never 0, the batch's.
        normalize: divide both by their lengths before? Then z is the cosine of the angle between them.
        kwargs: as for `Layer`.

    Raises:
        TypeError: axes that are neither a whole number nor a pair.
        ValueError: a pair of other than whole numbers; other than two inputs; sizes that differ along the
            axes; the batch's axis.

    >>> Dot(axes=1)([np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]])]).tolist()
    [[11.0]]
    """

    takes = 2

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any) -> None:
        begin = "argument `axes`: it should"
        if not isinstance(axes, int | np.integer | list | tuple) or isinstance(axes, bool):
            raise TypeError(f"Invalid type for {begin} be a list or an int. Received: axes={axes!r}")
        if isinstance(axes, list | tuple):
            if len(axes) != 2:
                raise ValueError(f"Invalid format for {begin} contain two elements. Received: axes={axes}")
            if not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in axes):
                raise ValueError(f"Invalid format for {begin} have integers in it. Received: axes={axes}")
        super().__init__(**kwargs)
        self.axes, self.normalize = axes, bool(normalize)

    def call(self, inputs: Any) -> Any:
        return self._merge_function(inputs)

    def _merge_function(self, inputs: list[Any]) -> Any:
        axes = self._both([x.shape for x in inputs])
        if self.normalize:
            inputs = [unit(x, axis) for x, axis in zip(inputs, axes, strict=True)]
        x, y = inputs
        letters = iter(ascii_lowercase[2:])  # a: the batch's axis, b: the one that is summed over
        of_x, of_y = (
            ["a", *("b" if k == axis else next(letters) for k in range(1, len(t.shape)))]
            for t, axis in zip(inputs, axes, strict=True)
        )
        kept = [letter for letter in [*of_x, *of_y[1:]] if letter != "b"]
        z = np.einsum(f"{''.join(of_x)},{''.join(of_y)}->{''.join(kept)}", x, y)
        return np.expand_dims(z, -1) if len(z.shape) == 1 else z

    def _both(self, shapes: Any) -> tuple[int, int]:
        """The axis of each input, from 0 upwards. ValueError if the input does not have it."""
        pair = self.axes if isinstance(self.axes, list | tuple) else (self.axes, self.axes)
        for axis, shape in zip(pair, shapes, strict=True):
            if not -len(shape) <= axis < len(shape) or axis % len(shape) == 0:
                raise ValueError(
                    f"axes={self.axes} must name an axis of each input, and not the batch's, 0; got shapes "
                    f"{tuple(shapes[0])} and {tuple(shapes[1])}."
                )
        return pair[0] % len(shapes[0]), pair[1] % len(shapes[1])

    def compute_output_shape(self, input_shape: Any) -> Any:
        check_several(self, input_shape)
        a, b = (tuple(shape) for shape in input_shape)
        i, j = self._both((a, b))
        if None not in (a[i], b[j]) and a[i] != b[j]:
            raise ValueError(
                f"Incompatible input shapes: axis values {a[i]} (at axis {i}) != {b[j]} (at axis {j}). Full "
                f"input shapes: {a}, {b}"
            )
        if None not in (a[0], b[0]) and a[0] != b[0]:
            raise ValueError(f"Cannot do batch_dot on inputs with different batch sizes: {a} and {b}.")
        batch = b[0] if a[0] is None else a[0]
        rest = [n for k, n in enumerate(a) if k not in (0, i)] + [
            n for k, n in enumerate(b) if k not in (0, j)
        ]
        return (batch, *(rest or [1]))

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return None

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


def dot(inputs: Any, axes: Any = -1, **kwargs: Any) -> Any:
    """Scalar products along `axes`: `Dot(axes, **kwargs)(inputs)`. Source: `keras.layers.dot`."""
    return Dot(axes=axes, **kwargs)(inputs)
