"""GroupNormalization: the channels of each sample in groups, each group with mean 0 and variance 1.

The one idea: between one group of all channels and a group for each channel lies what images like.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...serialization import serializable
from ..input_spec import InputSpec
from ..layer import Shape
from .affine import Affine, known_sizes, narrow, standardized, wide


@serializable("keras.layers")
class GroupNormalization(Affine):
    """y = γ (x − mean) / √(variance + ε) + β, with mean and variance of a sample's group of channels.

    γ and β have a number for each channel. Weights: gamma, beta. Sources: Wu and He, 2018;
    `keras.layers.GroupNormalization`.

    Args:
        groups: how many groups; -1: each channel is one (instance normalization).
        axis: where the channels are.
        epsilon: ε.
        center, scale: is there a β, is there a γ?
        beta_initializer, gamma_initializer: the numbers that they start with.
        beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint: as in `Dense`.
        kwargs: as for `Layer`.

    Raises:
        TypeError: an axis that is no whole number.
        ValueError: groups that is neither positive nor -1, or does not divide the channels.

    >>> layer = GroupNormalization(groups=2)
    >>> layer([[1.0, 3.0, 20.0, 60.0]]).numpy().round(2).tolist()
    [[-1.0, 1.0, -1.0, 1.0]]
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        whole = isinstance(groups, int | np.integer) and not isinstance(groups, bool)
        if not whole or (groups <= 0 and groups != -1):
            raise ValueError(
                "Received an invalid value for argument `groups`, expected a positive integer (or `-1` for "
                f"instance normalization). Received: groups={groups!r}"
            )
        if isinstance(axis, bool) or not isinstance(axis, int | np.integer):
            raise TypeError(f"`axis` must be a whole number, the axis of the channels; got axis={axis!r}.")
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
        self.groups, self.axis = int(groups), int(axis)
        self.autocast = False  # `wide` does it, so that large numbers do not overflow first

    def build(self, input_shape: Shape) -> None:
        (channels,) = known_sizes(self, input_shape)
        self.groups = self._groups_of(channels)
        self.add_gamma_and_beta((channels,))
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels})
        self.built = True

    def check_input(self, shape: Any) -> None:
        super().check_input(shape)
        if not self.built:
            self._groups_of(*known_sizes(self, shape))

    def _groups_of(self, channels: int) -> int:
        groups = channels if self.groups == -1 else self.groups
        if channels < groups:
            raise ValueError(
                f"Number of groups ({groups}) cannot be more than the number of channels ({channels})."
            )
        if channels % groups:
            raise ValueError(
                f"Number of groups ({groups}) must be a multiple of the number of channels ({channels}): "
                "the groups are equally large."
            )
        return groups

    def call(self, inputs: Any) -> Any:
        x = wide(self, inputs)
        axis, shape = self.axis % len(x.shape), tuple(x.shape)
        grouped = np.reshape(x, self._split(shape, axis))
        others = tuple(k for k in range(1, len(shape) + 1) if k != axis)
        mean = np.mean(grouped, axis=others, keepdims=True)
        variance = np.var(grouped, axis=others, keepdims=True)
        y = np.reshape(standardized(grouped, mean, variance, self.epsilon), shape)
        along = tuple(n if k == axis else 1 for k, n in enumerate(shape))
        return narrow(self, self.scaled(y, along))

    def _split(self, shape: Any, axis: int) -> tuple[int, ...]:
        """(batch, …, channels, …) as (batch, …, groups, channels of a group, …)."""
        return (*shape[:axis], self.groups, shape[axis] // self.groups, *shape[axis + 1 :])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "groups": self.groups, "axis": self.axis}
