"""Embedding: whole numbers, such as the numbers of words, become vectors that are learnt.

The one idea: picking row k of a matrix is the product of a vector that is 1 at k alone with that matrix. So
it has a gradient: the row that was picked gets it, and no other does.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...serialization import serializable
from .. import constraints, initializers, regularizers
from ..layer import Layer
from ..parameter import Parameter


@serializable("keras.layers")
class Embedding(Layer):
    """y[…, :] = E[x[…], :], with whole numbers x of any shape and the table E (input_dim, output_dim).

    Source: `keras.layers.Embedding`.

    Args:
        input_dim: how many rows E has: x is from 0 to input_dim − 1.
        output_dim: how long a vector is.
        embeddings_initializer: the numbers that E starts with.
        embeddings_regularizer: what is added to the loss for a large E.
        embeddings_constraint: what E is made to be after each step.
        mask_zero: does x = 0 only fill up? Then `compute_mask` says where it does not.
        weights: the numbers of E, instead of an initializer's.
        kwargs: as for `Layer`.

    Raises:
        ValueError: input_dim or output_dim is no positive integer; weights of another shape.
        IndexError: an x that E has no row for.

    >>> layer = Embedding(3, 2, weights=np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]]))
    >>> layer(np.array([2, 0])).tolist()
    [[3.0, 4.0], [0.0, 0.0]]
    """

    _embeddings: Parameter

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Any = None,
        lora_rank: None = None,
        lora_alpha: None = None,
        quantization_config: None = None,
        **kwargs: Any,
    ) -> None:
        sizes = _positive("input_dim", input_dim), _positive("output_dim", output_dim)
        absent = {
            "lora_rank": lora_rank,
            "lora_alpha": lora_alpha,
            "quantization_config": quantization_config,
        }
        for key, value in absent.items():
            if value is not None:
                raise ValueError(
                    f"Embedding has no {key} here: LoRA and quantisation are not part of this library."
                )
        if kwargs.pop("input_length", None) is not None:
            warnings.warn("Argument `input_length` is deprecated. Just remove it.", stacklevel=2)
        super().__init__(**kwargs)
        self.input_dim, self.output_dim = sizes
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = self.supports_masking = bool(mask_zero)
        self.autocast = False
        if weights is not None:
            self.build()
            one = isinstance(weights, list) and len(weights) == 1
            self.set_weights(weights if one else [weights])

    def build(self, input_shape: Any = None) -> None:
        if self.built:
            return
        self._embeddings = self.add_weight(
            (self.input_dim, self.output_dim),
            self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
            name="embeddings",
        )
        self.built = True

    @property
    def embeddings(self) -> Parameter:
        """The table E. AttributeError before the layer is built."""
        if not self.built:
            raise AttributeError("You must build the layer before accessing `embeddings`.")
        return self._embeddings

    def call(self, inputs: Any) -> Any:
        rows = inputs if inputs.dtype.kind in "iu" else inputs.astype("int32")
        try:
            return np.take(self.embeddings, rows, axis=0)
        except IndexError as error:
            raise IndexError(
                f"Embedding '{self.name}' has rows for the whole numbers from 0 to {self.input_dim - 1} "
                f"(input_dim={self.input_dim}), and was asked for another: {error}."
            ) from None

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        return np.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (*input_shape, self.output_dim)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
            "quantization_config": None,
        }


def _positive(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value <= 0:
        raise ValueError(
            f"`{name}` must be a positive integer. Received: {name}={value!r} (of type "
            f"{type(value).__name__})."
        )
    return int(value)
