"""Several optimizers in one: each weight is stepped by the one that a map, or a function, chooses for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any

import numpy as np

from ..core import Tensor
from ..serialization import deserialize_keras_object, serializable, serialize_keras_object
from .loss_scale import LossScaleOptimizer
from .optimizer import Optimizer
from .pending import Pending
from .stepping import Moment


@serializable("keras.optimizers")
class OptimizerMap(MutableMapping[str, Optimizer]):
    """Optimizers by the paths of the weights that they are for. Source: `keras.optimizers.OptimizerMap`.

    Args:
        default_optimizer: for weights whose path no key fits.
        optimizer_map: {path, or a regular expression that fits all of it: optimizer}.

    Raises:
        TypeError: what is no optimizer, or no dict.

    >>> from microtensor.optim import SGD, Adam
    >>> rules = OptimizerMap(SGD(), {"encoder/.*": Adam()})
    >>> type(rules["encoder/kernel"]).__name__, type(rules["decoder/kernel"]).__name__
    ('Adam', 'SGD')
    """

    def __init__(self, default_optimizer: Any, optimizer_map: dict[str, Optimizer] | None = None) -> None:
        if not isinstance(default_optimizer, Optimizer):
            raise TypeError(
                f"default_optimizer must be a Keras Optimizer instance. Received: {default_optimizer}"
            )
        if optimizer_map is not None and not isinstance(optimizer_map, dict):
            raise TypeError(f"optimizer_map must be a dictionary. Received: {optimizer_map}")
        self.default_optimizer = default_optimizer
        self._optimizer_map = optimizer_map or {}

    def __getitem__(self, path: str) -> Optimizer:
        """The optimizer for a path. ValueError if several keys fit."""
        if path in self._optimizer_map:
            return self._optimizer_map[path]
        fitting = [key for key in self._optimizer_map if re.fullmatch(key, path)]
        if len(fitting) > 1:
            raise ValueError(f"Multiple optimizers assigned to variable {path}.")
        return self._optimizer_map[fitting[0]] if fitting else self.default_optimizer

    def __setitem__(self, key: str, optimizer: Any) -> None:
        if key in self._optimizer_map:
            raise ValueError(
                f"'{key}' already exists in the OptimizerMap with value {self._optimizer_map[key]}. Please "
                "make sure to not use duplicated keys."
            )
        if not isinstance(key, str):
            raise ValueError(f"key must be a string. Received: {key}")
        if not isinstance(optimizer, Optimizer):
            raise ValueError(f"optimizer must be a Keras Optimizer instance. Received: {optimizer}")
        if isinstance(optimizer, LossScaleOptimizer | MultiOptimizer):
            raise ValueError(f"optimizer cannot be {type(optimizer).__name__}.")
        self._optimizer_map[key] = optimizer

    def __delitem__(self, key: str) -> None:
        del self._optimizer_map[key]

    def __len__(self) -> int:
        return len(self._optimizer_map)

    def __iter__(self) -> Iterator[str]:
        return iter(self._optimizer_map)

    def __call__(self, variable: Any) -> Optimizer:
        return self[variable.path]

    def get_config(self) -> dict[str, Any]:
        """The arguments that make it again."""
        return {
            "default_optimizer": serialize_keras_object(self.default_optimizer),
            "optimizer_map": serialize_keras_object(self._optimizer_map),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> OptimizerMap:
        """One as `get_config` says."""
        default, rules = (
            deserialize_keras_object(config[key], custom_objects)
            for key in ("default_optimizer", "optimizer_map")
        )
        return cls(default, rules)


@serializable("keras.optimizers")
class MultiOptimizer(Optimizer):
    """An optimizer that lets another step each weight. Its learning rates are those of its `optimizers`.

    Source: `keras.optimizers.MultiOptimizer`.

    Args:
        optimizer_map: an `OptimizerMap`, or a function of a weight that returns its optimizer.
        loss_scale_factor: as for `Optimizer`, in the place of that of each.
        name: as for `Optimizer`.

    Raises:
        ValueError: at the first step: what is chosen is no optimizer, or one around others.

    >>> from microtensor.optim import SGD
    >>> v, w = Tensor([1.0]), Tensor([1.0])
    >>> fast, slow = SGD(0.5), SGD(0.25)
    >>> MultiOptimizer(lambda weight: fast if weight is v else slow).apply([[1.0], [1.0]], [v, w])
    >>> v.tolist(), w.tolist()
    ([0.5], [0.75])
    """

    capturable = False  # each of its optimizers has a learning rate and a count of its own

    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[[Any], Optimizer],
        loss_scale_factor: float | None = None,
        name: str | None = None,
    ) -> None:
        self.optimizers: list[Optimizer] = []
        self._optimizer_of: dict[Tensor, Optimizer] = {}
        super().__init__(0.0, loss_scale_factor=loss_scale_factor, name=name)
        self._optimizer_map = optimizer_map
        if isinstance(optimizer_map, OptimizerMap):
            for optimizer in (*optimizer_map.values(), optimizer_map.default_optimizer):
                self._enter(optimizer)

    def _enter(self, optimizer: Optimizer) -> None:
        if not any(optimizer is other for other in self.optimizers):
            optimizer.loss_scale_factor = self.loss_scale_factor
            self.optimizers.append(optimizer)

    def build(self, variables: Iterable[Tensor]) -> None:
        if self.built:
            return
        weights = list(variables)
        for w in weights:
            chosen = self._optimizer_map(w)
            if not isinstance(chosen, Optimizer):
                raise ValueError(f"Optimizer for variable {w} is not an Optimizer instance.")
            if isinstance(chosen, LossScaleOptimizer | MultiOptimizer):
                raise ValueError(f"{type(chosen).__name__} cannot be used inside an MultiOptimizer.")
            self._enter(chosen)
            self._optimizer_of[w] = chosen
        for optimizer, own, _ in self._groups(weights, weights):
            optimizer.build(own)
        super().build(weights)

    def _groups(
        self, weights: list[Tensor], values: list[Any]
    ) -> Iterator[tuple[Optimizer, list[Tensor], list[Any]]]:
        """(optimizer, its weights, their values) for each that has any."""
        for optimizer in self.optimizers:
            own = [(w, v) for w, v in zip(weights, values, strict=True) if self._optimizer_of[w] is optimizer]
            if own:
                yield optimizer, [w for w, _ in own], [v for _, v in own]

    @property
    def variables(self) -> list[Tensor]:
        """Its own, then those of each of its optimizers."""
        return [*self._variables, *(v for optimizer in self.optimizers for v in optimizer.variables)]

    @property
    def learning_rate(self) -> Any:
        """AttributeError: each of its optimizers has one."""
        raise AttributeError(
            "Learning rate cannot be accessed on a MultiOptimizer. Access the learning rate on the "
            "individual sub-optimizers instead."
        )

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        raise AttributeError(
            "Learning rate cannot be set on a MultiOptimizer. Set the learning rate on the individual "
            "sub-optimizers instead."
        )

    @property
    def loss_scale_factor(self) -> float | None:
        """What the loss was multiplied by, for all of its optimizers."""
        return self._loss_scale_factor

    @loss_scale_factor.setter
    def loss_scale_factor(self, value: float | None) -> None:
        self._loss_scale_factor = value
        for optimizer in self.optimizers:
            optimizer.loss_scale_factor = value

    def finalize_variable_values(self, var_list: Iterable[Tensor]) -> None:
        weights = list(var_list)
        for optimizer, own, _ in self._groups(weights, weights):
            optimizer.finalize_variable_values(own)

    def _advance(self, pending: Pending, weights: list[Tensor], gradients: list[Any], now: Moment) -> None:
        for optimizer, own, theirs in self._groups(weights, gradients):
            optimizer._advance(pending, own, theirs, optimizer.moment(pending))
        pending[self._iterations] = np.int64(int(pending[self._iterations]) + 1)

    def get_config(self) -> dict[str, Any]:
        return {
            "optimizer_map": serialize_keras_object(self._optimizer_map),
            "loss_scale_factor": self.loss_scale_factor,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> MultiOptimizer:
        return cls(
            **{**config, "optimizer_map": deserialize_keras_object(config["optimizer_map"], custom_objects)}
        )
