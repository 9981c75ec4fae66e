"""Input: saying what a model takes before it sees any."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..naming import auto_name
from ..serialization import serializable
from .keras_tensor import KerasTensor, Shape, sample_shape
from .layer import Layer

__all__ = ["Input", "InputLayer", "KerasTensor"]


@serializable("keras.layers")
class InputLayer(Layer):
    """The layer form of `Input`: `output` is the promised tensor. Source: `keras.layers.InputLayer`.

    Args:
        shape: of one sample; input_shape is its older name, with a warning.
        batch_size: how many samples always come together; None: any number.
        dtype: None: float32. Integers are allowed: class numbers for an `Embedding`.
        batch_shape: the shape with the batch axis, instead.
        name: None: "input_layer", ...
        optional: kept.
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Any = None,
        input_tensor: Any = None,
        optional: bool = False,
        name: str | None = None,
        input_shape: Any = None,
        batch_input_shape: Any = None,
        **kwargs: Any,
    ) -> None:
        if input_shape is not None:
            warnings.warn(
                "Argument `input_shape` is deprecated. Use `shape` instead.", UserWarning, stacklevel=2
            )
            shape = input_shape if shape is None else shape
        batch_shape = batch_input_shape if batch_shape is None else batch_shape
        if input_tensor is not None:
            if not isinstance(input_tensor, KerasTensor):
                raise ValueError(
                    "Argument `input_tensor` must be a KerasTensor. Received invalid type: "
                    f"{type(input_tensor)}"
                )
            has = {
                "shape": input_tensor.shape[1:],
                "batch_shape": input_tensor.shape,
                "batch_size": input_tensor.shape[0],
                "dtype": input_tensor.dtype,
                "sparse": False,
                "ragged": False,
            }
            said = (shape, batch_shape, batch_size, _dtype_name(dtype), sparse, ragged)
            for (key, own), given in zip(has.items(), said, strict=True):
                if given is not None and (tuple(given) if isinstance(given, list | tuple) else given) != own:
                    raise ValueError(
                        f"with `input_tensor` you cannot provide an incompatible `{key}`: got {key}={given}, "
                        f"and the tensor has {key}={own}."
                    )
            batch_shape, dtype = input_tensor.shape, input_tensor.dtype
        elif batch_shape is not None and shape is not None:
            raise ValueError("You cannot pass both `shape` and `batch_shape` at the same time.")
        elif batch_shape is not None and batch_size is not None:
            raise ValueError("You cannot pass both `batch_size` and `batch_shape` at the same time.")
        if batch_shape is not None:
            whole: Shape = _whole_shape(batch_shape)
        elif shape is None:
            raise ValueError("You must pass a `shape` argument.")
        else:
            whole = (batch_size, *sample_shape(shape))
        super().__init__(name=name, **kwargs)
        promised = KerasTensor(whole, _dtype_name(dtype), bool(sparse), bool(ragged), name=self.name)
        self.batch_shape, self.optional = whole, optional
        self.sparse = self.ragged = False
        self.dtype, self.built = promised.dtype, True
        made = input_tensor if name is None and input_tensor is not None else promised
        self._promise = (made, made)

    def call(self, inputs: Any = None) -> Any:
        return inputs

    def compute_output_shape(self, input_shape: Any = None) -> Any:
        return self.batch_shape

    def get_config(self) -> dict[str, Any]:
        flags = {"sparse": False, "ragged": False, "name": self.name, "optional": self.optional}
        return {"batch_shape": list(self.batch_shape), "dtype": self.dtype, **flags}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputLayer:
        return cls(**config)

    def get_build_config(self) -> None:
        return None

    def __repr__(self) -> str:
        return f"<InputLayer name={self.name}, built=True>"


def Input(  # noqa: N802 - Keras' name
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Any = None,
    name: str | None = None,
    tensor: Any = None,
    optional: bool = False,
) -> KerasTensor:
    """What a model's input looks like: put it first in a Sequential, and the model is built at once.

    Args:
        shape: of one sample: (2,) for rows of two numbers.
        batch_size: how many samples always come together; None: any number.
        dtype: None: float32.
        batch_shape: the shape with the batch axis, instead.
        name: None: made up.

    Raises:
        ValueError: no shape, or what is none.
    """
    layer = InputLayer(shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name)
    layer.output.layer = layer
    if name is None and tensor is None:
        layer.output.name = auto_name("KerasTensor")
    promise: KerasTensor = layer.output
    return promise


def _dtype_name(dtype: Any) -> Any:
    if isinstance(dtype, dict):
        return (dtype.get("config") or {}).get("name")
    return dtype


def _whole_shape(shape: Any) -> Shape:
    sizes = tuple(shape) if isinstance(shape, list | tuple) else None
    if sizes is None or not all(n is None or isinstance(n, int | np.integer) for n in sizes):
        raise ValueError(f"Cannot convert '{shape}' to a shape. Expected sizes such as (None, 2).")
    return tuple(n if n is None else int(n) for n in sizes)
