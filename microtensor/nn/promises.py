"""Promises: inputs as tensors or as `KerasTensor`s, and what a call on promises promises.

The one idea: where no rule tells the shape of an output, the layer is run on zeros, twice, with 2 and with 3
for every size that is open; what differs between the two is open in the output.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import no_grad
from ..serialization import claim
from ..tree import map_tree
from .keras_tensor import KerasTensor, is_shape, map_shapes, shapes_of


def as_tensors(inputs: Any) -> Any:
    """The inputs as tensors: one from numbers and nested lists of them, a structure of them from arrays."""
    if inputs is None or isinstance(inputs, Tensor | KerasTensor):
        return inputs
    if isinstance(inputs, dict):
        return {key: as_tensors(value) for key, value in inputs.items()}
    if isinstance(inputs, list | tuple) and any(
        isinstance(each, Tensor | KerasTensor | np.ndarray | dict) for each in inputs
    ):
        found = [as_tensors(value) for value in inputs]
        return tuple(found) if isinstance(inputs, tuple) else found
    return Tensor(inputs)


def with_open_batch(y: Any) -> Any:
    """The shape of what a layer gave, for any number of samples."""
    if isinstance(y, dict):
        return {key: with_open_batch(value) for key, value in y.items()}
    if isinstance(y, list | tuple):
        return [with_open_batch(value) for value in y]
    shape = tuple(getattr(y, "shape", ()))
    return (None, *shape[1:])


def positional(layer: Any, arg: Any) -> Any:
    """A further input of a call, as tensors. ValueError for what is none: settings are given by name."""
    if arg is None or isinstance(arg, Tensor | KerasTensor | np.ndarray | list | tuple | dict):
        return arg if arg is None else as_tensors(arg)
    raise ValueError(
        "Only input tensors may be passed as positional arguments; give the others by name. Received: "
        f"{arg!r:.60} (of type {type(arg).__name__}) for {type(layer).__name__} '{layer.name}'."
    )


def promise_of(layer: Any, which: int) -> Any:
    """The promise that a layer was called on (0), or that it gave (1). AttributeError if it never was."""
    if layer._promise is None:
        what = ("input", "output")[which]
        raise AttributeError(
            f"The layer {layer.name} has never been called on a promise (keras.Input) and thus has no "
            f"defined {what}."
        )
    return layer._promise[which]


def tried(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], function: Any = None) -> Any:
    """The output's shape of a call on promises, by calls on zeros: open sizes are those that change.

    `function`: what is called; None: the layer. What the calls do to the layer's variables is undone.
    """
    before = [(v, v.detach()) for v in layer.variables]

    def run(size: int) -> Any:
        def zeros(promise: Any) -> Any:
            if isinstance(promise, KerasTensor):
                shape = [size if n is None else n for n in promise.shape]
                claim(shape, np.dtype(promise.dtype).itemsize)
                return Tensor.wrap(np.zeros(shape, promise.dtype))
            return promise

        with no_grad():
            return shapes_of((function or layer)(*map_tree(zeros, args), **map_tree(zeros, kwargs)))

    try:
        first = run(2)
        return open_where_different(first, run(3))
    finally:
        for v, value in before:
            v.assign(value)


def promised_mask(layer: Any, x: Any, mask: Any) -> Any:
    """What `compute_mask` promises for promises."""
    shapes = tried(layer, (x, mask), {}, layer.compute_mask)
    return map_shapes(lambda shape: KerasTensor(shape, "bool"), shapes)


def is_symbolic(x: Any) -> bool:
    """Is there a promise among these inputs?"""
    if isinstance(x, dict):
        return any(map(is_symbolic, x.values()))
    return any(map(is_symbolic, x)) if isinstance(x, list | tuple) else isinstance(x, KerasTensor)


def open_where_different(a: Any, b: Any) -> Any:
    """Shapes of one form, with None for the sizes that differ."""
    if a is None or b is None:
        return None
    if is_shape(a):
        return tuple(m if m == n else None for m, n in zip(a, b, strict=True))
    if isinstance(a, dict):
        return {key: open_where_different(a[key], b[key]) for key in a}
    return [open_where_different(m, n) for m, n in zip(a, b, strict=True)]
