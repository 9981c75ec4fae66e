"""SpectralNormalization: a layer whose kernel stretches no input by more than it is long.

The one idea: the largest singular value of W is what two vectors that chase each other through W and Wᵀ find,
one round a step: v ← Wu / |Wu|, u ← Wᵀv / |Wᵀv|, σ = vᵀWu. Dividing W by σ makes it 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.state import no_grad
from ...serialization import deserialize_keras_object, serializable, serialize_keras_object
from .. import initializers
from ..input_spec import InputSpec
from ..layer import Layer, Shape


@serializable("keras.layers")
class SpectralNormalization(Layer):
    """The layer that it wraps, with its kernel W (or its embeddings) divided by its spectral norm σ(W) at
    each call in training. Weight: vector_u.

    Sources: Miyato et al., 2018; `keras.layers.SpectralNormalization`.

    Args:
        layer: a layer with a `kernel` or `embeddings`, such as Dense.
        power_iterations: rounds for each call.
        kwargs: as for `Layer`.

    Raises:
        ValueError: fewer than one round; no layer, or (at its first call) one without such weights.

    >>> from microtensor.nn.dense import Dense
    >>> dense = Dense(2, kernel_initializer="ones")
    >>> _ = SpectralNormalization(dense, power_iterations=3)([[1.0, 1.0]], training=True)
    >>> dense.kernel.numpy().round(3).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """

    def __init__(self, layer: Any, power_iterations: int = 1, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(f"`layer` must be a Layer, such as Dense(2). Received: layer={layer!r}")
        if power_iterations <= 0:
            raise ValueError(
                "`power_iterations` should be greater than zero. Received: "
                f"`power_iterations={power_iterations}`"
            )
        super().__init__(**kwargs)
        self.layer, self.power_iterations = layer, int(power_iterations)

    def build(self, input_shape: Shape) -> None:
        self.layer.ensure_built(input_shape)
        if not (hasattr(self.layer, "kernel") or hasattr(self.layer, "embeddings")):
            raise ValueError(f"{type(self.layer).__name__} object has no attribute 'kernel' nor 'embeddings'")
        width = input_shape[-1]
        self.input_spec = InputSpec(min_ndim=1, axes={} if width is None else {-1: width})
        start = initializers.TruncatedNormal(stddev=0.02)
        self.vector_u = self.add_weight((1, self.kernel.shape[-1]), start, trainable=False, name="vector_u")
        self.built = True

    @property
    def kernel(self) -> Any:
        """The weight that is normalized."""
        return getattr(self.layer, "kernel" if hasattr(self.layer, "kernel") else "embeddings")

    def call(self, inputs: Any, training: bool | None = False) -> Any:
        if training:
            with no_grad():
                self._normalize()
        return self.layer(inputs)

    def _normalize(self) -> None:
        kernel, u = self.kernel.numpy(), self.vector_u.numpy()
        if not kernel.any():
            return
        matrix = kernel.reshape(-1, kernel.shape[-1])
        for _ in range(self.power_iterations):
            v = _unit(u @ matrix.T)
            u = _unit(v @ matrix)
        self.vector_u.assign(u)
        self.kernel.assign(kernel / (v @ matrix @ u.T))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        shape: Shape = self.layer.compute_output_shape(input_shape)
        return shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "layer": serialize_keras_object(self.layer),
            "power_iterations": self.power_iterations,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**{**config, "layer": deserialize_keras_object(config["layer"])})


def _unit(x: np.ndarray) -> np.ndarray:
    """x / |x|; 0 stays 0."""
    return x / max(float(np.sqrt(np.sum(x * x))), 1e-12)
