"""BatchNormalization: each feature gets mean 0 and variance 1 over the batch, and learns what it has then.

The one idea: in training the batch says what mean and variance are; what the layer saw is remembered as a
moving average, and used when the network is. So one sample's answer never depends on its neighbours.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.state import no_grad
from ...serialization import serializable
from ...settings import epsilon as fuzz
from .. import initializers
from ..input_spec import InputSpec
from ..layer import Shape
from .affine import Affine, broadcast_shape, known_sizes, narrow, not_negative, standardized, wide
from .renormalizing import add_statistics, checked_clipping, renormalized


@serializable("keras.layers")
class BatchNormalization(Affine):
    """y = γ (x − mean) / √(variance + ε) + β, with a mean, variance, γ and β for each feature.

    In training (`training=True`, as in `fit`) mean and variance are the batch's, over all axes but `axis`,
    and moving_mean ← momentum · moving_mean + (1 − momentum) · mean; the variance likewise. Otherwise the
    moving ones are used. A layer with `trainable = False` stands still: it uses the moving ones, and keeps
    them. Weights: gamma, beta, moving_mean, moving_variance. Sources: Ioffe and Szegedy, 2015;
    `keras.layers.BatchNormalization`.

    Args:
        axis: where the features are.
        momentum: how much of the past the moving averages keep.
        epsilon: ε.
        center, scale: is there a β, is there a γ?
        beta_initializer, gamma_initializer: the numbers that they start with.
        moving_mean_initializer, moving_variance_initializer: the same of the moving averages.
        beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint: as in `Dense`.
        renorm: correct each batch to what was seen before (see `renormalizing`); renorm_clipping: a dict of
            bounds "rmin" and "rmax" of the factor, "dmax" of the shift; renorm_momentum: how much of the past
            these averages keep.
        synchronized: must be False: there is one device.
        kwargs: as for `Layer`.

    Raises:
        ValueError: an axis that is no whole number, or that an input does not have; a momentum outside
            [0, 1]; an epsilon below 0; renorm_clipping with other keys; synchronized.

    >>> layer = BatchNormalization()
    >>> layer([[1.0], [3.0]], training=True).numpy().round(2).tolist()
    [[-1.0], [1.0]]
    >>> print(layer.moving_mean.numpy().round(2))
    [0.02]
    """

    moving_mean: Any = None
    moving_variance: Any = None

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Any,
    ) -> None:
        if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
            raise ValueError(f"`axis` must be a whole number, the axis of the features; got axis={axis!r}.")
        if synchronized:
            raise ValueError(
                "Argument synchronized=True is for several devices that share a batch; there is one here."
            )
        super().__init__(
            epsilon,
            center,
            scale,
            beta_initializer,
            gamma_initializer,
            beta_regularizer,
            gamma_regularizer,
            beta_constraint,
            gamma_constraint,
            **kwargs,
        )
        self.axis, self.momentum = int(axis), not_negative("momentum", momentum)
        if self.momentum > 1:
            raise ValueError(f"`momentum` must be between 0 and 1; got momentum={momentum!r}.")
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.renorm, self.synchronized, self.renorm_momentum = bool(renorm), False, renorm_momentum
        self.renorm_clipping = checked_clipping(renorm_clipping) if renorm else renorm_clipping

    def build(self, input_shape: Shape) -> None:
        sizes = known_sizes(self, input_shape)
        self.add_gamma_and_beta(sizes)
        self.moving_mean = self.add_weight(
            sizes, self.moving_mean_initializer, trainable=False, name="moving_mean"
        )
        self.moving_variance = self.add_weight(
            sizes, self.moving_variance_initializer, trainable=False, name="moving_variance"
        )
        if self.renorm:
            add_statistics(self, sizes)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: sizes[0]})
        self.built = True

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if mask is not None and len(mask.shape) != len(inputs.shape) - 1:
            raise ValueError(
                "The mask provided should be one dimension less than the inputs. Received: "
                f"mask.shape={tuple(mask.shape)}, inputs.shape={tuple(inputs.shape)}"
            )
        x = wide(self, inputs)
        shape = broadcast_shape(self, x.shape)
        if training and self.trainable:
            mean, variance = self._moments(x, shape, mask)
            if self.renorm:
                return narrow(self, self.scaled(renormalized(self, x, mean, variance, shape), shape))
            with no_grad():
                self.remember(self.moving_mean, mean, self.momentum)
                self.remember(self.moving_variance, variance, self.momentum)
        else:
            mean = np.reshape(wide(self, self.moving_mean), shape)
            variance = np.reshape(wide(self, self.moving_variance), shape)
        return narrow(self, self.scaled(standardized(x, mean, variance, self.epsilon), shape))

    def _moments(self, x: Any, shape: Any, mask: Any) -> tuple[Any, Any]:
        """Mean and variance over all axes but the features', of the places that the mask names."""
        axes = tuple(k for k in range(len(shape)) if k != self.axis % len(shape))
        if mask is None:
            return np.mean(x, axis=axes, keepdims=True), np.var(x, axis=axes, keepdims=True)
        counts = np.expand_dims(mask, -1).astype(x.dtype) * np.ones_like(x)
        number = np.sum(counts, axis=axes, keepdims=True) + fuzz()
        mean = np.sum(np.where(counts != 0, x, 0), axis=axes, keepdims=True) / number
        apart = np.where(counts != 0, x - mean, 0)
        return mean, np.sum(apart * apart, axis=axes, keepdims=True) / number

    def remember(self, moving: Any, seen: Any, momentum: float) -> None:
        """moving ← momentum · moving + (1 − momentum) · seen."""
        now = np.reshape(seen, moving.shape)
        moving.assign(narrow(self, wide(self, moving) * momentum + now * (1 - momentum)))

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
            "synchronized": self.synchronized,
            "renorm": self.renorm,
            "renorm_clipping": self.renorm_clipping,
            "renorm_momentum": self.renorm_momentum,
        }
