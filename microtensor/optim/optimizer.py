"""Optimizer: what every update rule has in common.

The one idea: a rule is a pure function of arrays, `update(w, g, slots, lr, t) -> (w, slots)`. It keeps
nothing and changes nothing; `apply` does the keeping. Written in plain NumPy, a rule also runs on Tensors: it
can be differentiated, and recorded as part of a captured step.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..core import Tensor
from ..naming import auto_name


class Optimizer:
    """Base of all update rules.

    Args:
        learning_rate: how large a step is; any real number >= 0.
        weight_decay: before each update, w -= w · weight_decay · learning_rate.
        clipnorm: each gradient is scaled down to at most this Euclidean norm.
        clipvalue: each element of a gradient is cut to [-clipvalue, clipvalue].
        global_clipnorm: all gradients together are scaled down to at most this norm. Only one of the three.
        name: shown in variable paths; None: "sgd", "sgd_1", ...
        lr: the name that the learning rate had in older Keras; accepted, with a DeprecationWarning.

    Raises:
        ValueError: for an unknown keyword, or a number out of range.
    """

    slot_names: tuple[str, ...] = ()  # what the rule keeps for each weight, each starting at zero

    def __init__(
        self,
        learning_rate: Any = 0.01,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if "lr" in kwargs:
            learning_rate = kwargs.pop("lr")
            warnings.warn(
                "`lr` is the older name of `learning_rate`; it is used.", DeprecationWarning, stacklevel=3
            )
        if "decay" in kwargs:
            warnings.warn(
                f"decay={kwargs.pop('decay')} is ignored: Keras 3 has none.", UserWarning, stacklevel=3
            )
        if kwargs:
            raise ValueError(f"Argument(s) not recognized: {kwargs}")
        if sum(clip is not None for clip in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
                f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}."
            )
        for key, value in (
            ("clipnorm", clipnorm),
            ("clipvalue", clipvalue),
            ("global_clipnorm", global_clipnorm),
        ):
            if value is not None and positive(key, value) == 0:
                raise ValueError(f"{key} must be a number above 0; got {value}.")
        self.name = name or auto_name(type(self).__name__)
        self.weight_decay = weight_decay if weight_decay is None else positive("weight_decay", weight_decay)
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self._learning_rate = _variable(
            positive("learning_rate", learning_rate), "float32", "learning_rate", self.name
        )
        self.iterations = _variable(0, "int64", "iteration", self.name)
        self._slots: dict[Tensor, list[Tensor]] = {}

    def update(self, w: Any, g: Any, slots: list[Any], lr: float, t: int) -> tuple[Any, list[Any]]:
        """The rule: the new weight and the new slots, from the old ones. t counts updates from 1."""
        raise NotImplementedError(
            f"{type(self).__name__} has no update rule: define update(self, w, g, slots, lr, t)."
        )

    @property
    def learning_rate(self) -> Tensor:
        """How large a step is: a float32 variable. Assign a number to change it."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self._learning_rate.assign(positive("learning_rate", value))

    lr = learning_rate

    @property
    def variables(self) -> list[Tensor]:
        """The iteration count, the learning rate, then the slots weight by weight."""
        return [
            self.iterations,
            self._learning_rate,
            *(slot for slots in self._slots.values() for slot in slots),
        ]

    def build(self, variables: Iterable[Tensor]) -> None:
        """Make the slots for these weights, if there are none yet."""
        for w in variables:
            if w not in self._slots:
                path = getattr(w, "path", w.name or "variable").replace("/", "_")
                self._slots[w] = [
                    _variable(np.zeros(w.shape), w.dtype, f"{path}_{slot}", self.name)
                    for slot in self.slot_names
                ]

    def apply(self, grads: Sequence[Any], variables: Sequence[Tensor]) -> None:
        """One step: each weight is assigned what the rule makes of it and of its gradient (None: left alone).

        Everything is computed before the first weight changes.

        Raises:
            ValueError: other counts or shapes of gradients and weights, or no gradient at all.
        """
        grads, variables = list(grads), list(variables)
        if len(grads) != len(variables):
            raise ValueError(
                f"apply needs one gradient for each variable; got {len(grads)} for {len(variables)}."
            )
        pairs = [
            (w, g if isinstance(g, Tensor) else Tensor(g))
            for w, g in zip(variables, grads, strict=True)
            if g is not None
        ]
        if not pairs:
            raise ValueError("No gradients provided for any variable.")
        if len(pairs) < len(variables):
            names = [w.name for w, g in zip(variables, grads, strict=True) if g is None]
            warnings.warn(
                f"Gradients do not exist for variables {names} when minimizing the loss.", stacklevel=2
            )
        for w in variables:
            if not isinstance(w, Tensor) or not w.is_leaf:
                what = w.label if isinstance(w, Tensor) else repr(w)[:60]
                raise ValueError(f"apply changes variables; got {what}. Pairs are (gradient, variable).")
        if len({id(w) for w in variables}) < len(variables):
            raise ValueError("apply got a variable twice; add its gradients first.")
        for w, g in pairs:
            if w.dtype.kind != "f":
                raise ValueError(f"{w.name!r} is {w.dtype}; a step changes floating variables only.")
            if w.shape != g.shape:
                raise ValueError(
                    f"the gradient of {w.name!r} has shape {g.shape}; the variable's is {w.shape}."
                )
        self.build(variables)
        t, lr = int(self.iterations) + 1, float(self._learning_rate)
        clipped = self._clipped([g._data for _, g in pairs])
        changes: list[tuple[Tensor, Any]] = []
        for (w, _), g in zip(pairs, clipped, strict=True):
            value, slots = w._data, self._slots[w]
            if self.weight_decay:
                value = value - value * self.weight_decay * lr
            value, kept = self.update(value, g, [slot._data for slot in slots], lr, t)
            changes += [(w, value), *zip(slots, kept, strict=True)]
        changes.append((self.iterations, np.int64(t)))
        before = [(tensor, tensor.detach()) for tensor, _ in changes]
        try:
            for tensor, value in changes:
                tensor.assign(Tensor.wrap(value))
        except BaseException:  # Ctrl-C in the middle of it: no step is ever half done
            for tensor, old in before:
                tensor.assign(old)
            raise

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Tensor]]) -> Tensor:
        """`apply` for pairs of (gradient, weight), as `zip(grads, model.trainable_weights)` makes them."""
        pairs = list(grads_and_vars)
        self.apply([g for g, _ in pairs], [w for _, w in pairs])
        return self.iterations

    def step(self, variables: Iterable[Tensor]) -> None:
        """`apply` with the gradients that `loss.backward()` left in `.grad`; then forget them."""
        variables = list(variables)
        self.apply([w.grad for w in variables], variables)
        for w in variables:
            w.zero_grad()

    def get_config(self) -> dict[str, Any]:
        """What `type(optimizer)(**config)` makes the same optimizer of."""
        return {
            "name": self.name,
            "learning_rate": float(self._learning_rate),
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Optimizer:
        """The optimizer that `get_config` described."""
        return cls(**config)

    def __repr__(self) -> str:
        settings = ", ".join(
            f"{key}={value!r}" for key, value in self.get_config().items() if value is not None
        )
        return f"{type(self).__name__}({settings})"

    def _clipped(self, grads: list[Any]) -> list[Any]:
        if self.clipnorm is not None:
            return [g * (self.clipnorm / max(_norm([g]), self.clipnorm)) for g in grads]
        if self.global_clipnorm is not None:
            scale = self.global_clipnorm / max(_norm(grads), self.global_clipnorm)
            return [g * scale for g in grads]
        if self.clipvalue is not None:
            return [np.clip(g, -self.clipvalue, self.clipvalue) for g in grads]
        return grads


def _norm(grads: list[Any]) -> float:
    return math.sqrt(sum(float(np.sum(np.square(g))) for g in grads))


def _variable(value: Any, dtype: Any, what: str, owner: str) -> Tensor:
    return Tensor(value, dtype=dtype, name=f"{owner}/{what}")


def positive(key: str, value: Any) -> float:
    """A real number that is not negative, as a float; ValueError names the argument otherwise."""
    number = value.item() if isinstance(value, Tensor | np.ndarray) and np.size(value) == 1 else value
    if (
        isinstance(number, bool)
        or not isinstance(number, int | float | np.number)
        or not number >= 0
        or math.isinf(number)
    ):
        raise ValueError(f"{key} must be a real number that is not negative; got {key}={value!r}.")
    return float(number)


def fraction(key: str, value: Any) -> float:
    """A real number from 0 to 1, as a float; ValueError names the argument otherwise."""
    number = positive(key, value)
    if number > 1:
        raise ValueError(f"{key} must be a number from 0 to 1; got {key}={value!r}.")
    return number
