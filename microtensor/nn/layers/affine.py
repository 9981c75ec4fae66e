"""Affine: the half of a normalization that is learnt, y = γ x̂ + β, and the precision that it computes in.

The one idea: after numbers were made to have mean 0 and variance 1, the network may still want others. γ and
β let it choose.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import constraints, initializers, regularizers
from ..keras_tensor import is_shape
from ..layer import Layer, Shape


class Affine(Layer):
    """Base of the layers that normalize, and then scale by γ and shift by β. The shape stays.

    Args:
        epsilon: what is added to a variance before it is divided by.
        center, scale: is there a β, is there a γ?
        beta_initializer, gamma_initializer: the numbers that they start with.
        beta_regularizer, gamma_regularizer: what is added to the loss for large ones.
        beta_constraint, gamma_constraint: what they are made to be after each step.
        kwargs: as for `Layer`.

    Raises:
        ValueError: an epsilon below 0, an unknown name.
    """

    supports_masking = True

    gamma: Any = None
    beta: Any = None

    def __init__(
        self,
        epsilon: float,
        center: bool,
        scale: bool,
        beta_initializer: Any,
        gamma_initializer: Any,
        beta_regularizer: Any,
        gamma_regularizer: Any,
        beta_constraint: Any,
        gamma_constraint: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.epsilon = not_negative("epsilon", epsilon)
        self.center, self.scale = bool(center), bool(scale)
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)

    def add_gamma_and_beta(self, shape: Any) -> None:
        """Make the weights that are wanted."""
        for letter, wanted in (("gamma", self.scale), ("beta", self.center)):
            if wanted:
                weight = self.add_weight(
                    shape,
                    getattr(self, f"{letter}_initializer"),
                    regularizer=getattr(self, f"{letter}_regularizer"),
                    constraint=getattr(self, f"{letter}_constraint"),
                    name=letter,
                )
                setattr(self, letter, weight)

    def scaled(self, x: Any, shape: Any) -> Any:
        """γ x + β, with γ and β in this shape."""
        if self.gamma is not None:
            x = x * np.reshape(self.gamma, shape)
        return x if self.beta is None else x + np.reshape(self.beta, shape)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return same_shape(self, input_shape)

    def check_input(self, shape: Any) -> None:
        check_axes(self, shape)
        if not self.built:
            known_sizes(self, shape)
        super().check_input(shape)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": constraints.serialize(self.beta_constraint),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
        }


def standardized(x: Any, mean: Any, variance: Any, epsilon: float) -> Any:
    """x̂ = (x − mean) / √(variance + ε)."""
    return (x - mean) / np.sqrt(variance + epsilon)


def wide(layer: Layer, x: Any) -> Any:
    """x in the layer's dtype, or in float32 if that is half as wide: 300² is no float16."""
    dtype = np.promote_types(layer.dtype, "float32")
    return x if x.dtype == dtype else x.astype(dtype)


def narrow(layer: Layer, y: Any) -> Any:
    """y in the layer's dtype again."""
    return y if y.dtype == layer.dtype else y.astype(layer.dtype)


def not_negative(name: str, value: Any) -> float:
    """A number from 0 upwards. ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not value >= 0:
        raise ValueError(f"`{name}` must be a number from 0 upwards, such as 0.001; got {name}={value!r}.")
    return float(value)


def checked_axes(axis: Any, sentence: str) -> Any:
    """An int, or a list of ints. TypeError with the sentence for what is neither."""
    several = list(axis) if isinstance(axis, list | tuple) else [axis]
    if not several or not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in several):
        raise TypeError(f"{sentence} Received: axis={axis!r}")
    return several if isinstance(axis, list | tuple) else int(axis)


def axes_of(layer: Any, rank: int) -> tuple[int, ...]:
    """The layer's axes from 0 upwards, sorted."""
    axes = layer.axis if isinstance(layer.axis, list) else [layer.axis]
    return tuple(sorted({axis % rank for axis in axes}))


def check_axes(layer: Any, shape: Any) -> None:
    """ValueError for an input that does not have the layer's axes, or does not say how long they are."""
    if not is_shape(shape):
        raise ValueError(f"{type(layer).__name__} '{layer.name}' takes one tensor; got shapes {shape}.")
    for axis in layer.axis if isinstance(layer.axis, list) else [layer.axis]:
        if not -len(shape) <= axis < len(shape):
            raise ValueError(
                f"Axis {axis} is out of bounds for input shape {tuple(shape)}, which has {len(shape)} axes. "
                f"Received: axis={layer.axis} in {type(layer).__name__} '{layer.name}'."
            )


def known_sizes(layer: Any, shape: Shape) -> tuple[int, ...]:
    """How long the layer's axes are. ValueError if one is open."""
    sizes = tuple(shape[axis] for axis in axes_of(layer, len(shape)))
    if None in sizes:
        raise ValueError(
            f"Axis {layer.axis} of input tensor should have a defined dimension but the layer received an "
            f"input with shape {tuple(shape)}: {type(layer).__name__} '{layer.name}' has a weight for each."
        )
    return tuple(n for n in sizes if n is not None)


def broadcast_shape(layer: Any, shape: Any) -> tuple[int, ...]:
    """The input's sizes along the layer's axes, and 1 elsewhere."""
    axes = axes_of(layer, len(shape))
    return tuple(int(n) if k in axes else 1 for k, n in enumerate(shape))


def same_shape(layer: Any, shape: Any) -> Shape:
    """The input's shape, if it has the layer's axes. ValueError otherwise."""
    check_axes(layer, shape)
    return tuple(shape)
