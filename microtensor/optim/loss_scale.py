"""Loss scaling: losses times a large number, so that small gradients do not become zero in half precision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import deserialize_keras_object, serializable, serialize_keras_object
from .optimizer import COMMON, Optimizer
from .pending import Pending
from .state import is_overwritten
from .stepping import Moment


@serializable("keras.optimizers")
class LossScaleOptimizer(Optimizer):
    """An optimizer around another, which gets g / scale; the scale follows what the gradients can bear.

    A step with a gradient that is not finite is left out, and halves the scale; dynamic_growth_steps good
    ones in a row double it. Source: `keras.optimizers.LossScaleOptimizer`.

    Args:
        inner_optimizer: does the steps. Clipping, decay and the like are settings of it.
        initial_scale: what `scale_loss` multiplies by at first.
        dynamic_growth_steps: after how many good steps the scale doubles.
        name: as for `Optimizer`.

    Raises:
        ValueError: a setting that belongs to inner_optimizer, or an unknown one.
    """

    capturable = False  # whether a step happens depends on its numbers

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if not kwargs.pop("dynamic", True):
            raise ValueError(
                "LossScaleOptimizer has no `dynamic=False`. Instead, simply set `loss_scale_factor` directly "
                "on the `inner_optimizer`."
            )
        super().__init__(0.0, name=name)
        for key in COMMON:
            if kwargs.pop(key, getattr(self, key)) != getattr(self, key):
                raise ValueError(
                    f"LossScaleOptimizer does not support `{key}`. Instead, set `{key}` on the "
                    "`inner_optimizer`."
                )
        if kwargs:
            raise ValueError(f"LossScaleOptimizer does not support arguments: `{'`, `'.join(kwargs)}`.")
        self.inner_optimizer = inner_optimizer
        self.initial_scale, self.dynamic_growth_steps = initial_scale, dynamic_growth_steps
        inner_optimizer.loss_scale_factor = None

    def build(self, variables: Iterable[Tensor]) -> None:
        if self.built:
            return
        weights = list(variables)
        self.step_counter = self.add_variable((), dtype="int64", name="step_counter")
        self.dynamic_scale = self.add_variable((), self.initial_scale, "float32", name="dynamic_scale")
        self.inner_optimizer.build(weights)
        super().build(weights)

    @property
    def variables(self) -> list[Tensor]:
        """Its own, then those of inner_optimizer."""
        return [*self._variables, *self.inner_optimizer.variables]

    @property
    def learning_rate(self) -> Any:
        """That of inner_optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self.inner_optimizer.learning_rate = value

    @property
    def iterations(self) -> Tensor:
        """That of inner_optimizer: steps that were left out do not count."""
        return self.inner_optimizer.iterations

    def scale_loss(self, loss: Any) -> Any:
        """The loss times the scale of today."""
        return loss * (float(self.dynamic_scale) if self.built else self.initial_scale)

    def finalize_variable_values(self, var_list: Iterable[Tensor]) -> None:
        self.inner_optimizer.finalize_variable_values(var_list)

    def moment(self, pending: Pending | None = None) -> Moment:
        return self.inner_optimizer.moment(pending)

    def _advance(self, pending: Pending, weights: list[Tensor], gradients: list[Any], now: Moment) -> None:
        good, scale = pending[self.step_counter] + 1, pending[self.dynamic_scale]
        if all(np.isfinite(g).all() for g in gradients):
            unscaled = [
                g if is_overwritten(w) else g / scale for w, g in zip(weights, gradients, strict=True)
            ]
            self.inner_optimizer._advance(pending, weights, unscaled, now)
            if good == self.dynamic_growth_steps:
                good, scale = 0, scale * 2
        else:
            good, scale = 0, scale * 0.5
        pending[self.step_counter], pending[self.dynamic_scale] = good, scale

    def get_config(self) -> dict[str, Any]:
        inner = serialize_keras_object(self.inner_optimizer)
        return {
            "name": self.name,
            "inner_optimizer": inner,
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> LossScaleOptimizer:
        inner = deserialize_keras_object(config["inner_optimizer"], custom_objects)
        return cls(**{**config, "inner_optimizer": inner})
