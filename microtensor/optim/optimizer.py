"""Optimizer: what every update rule has in common.

The one idea: a rule is a pure function of arrays, `update(w, g, slots, lr, t) -> (w, slots)`. It keeps
nothing and changes nothing; `apply` does the keeping. Written in plain NumPy, a rule also runs on Tensors: it
can be differentiated, and recorded as part of a captured step.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from operator import is_
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.state import current, no_grad, scope
from ..naming import auto_name
from ..serialization import deserialize_keras_object, serializable
from .pending import Pending
from .settings import OwnAndCommon, check_accumulation, check_average, check_clips, positive
from .state import OptimizerVariable, is_overwritten
from .stepping import Moment, Stepping

COMMON = (
    *("weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema", "ema_momentum"),
    *("ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"),
)


@serializable("keras.optimizers")
class Optimizer(Stepping):
    """Base of all update rules.

    In a step, in this order: gradients are divided by loss_scale_factor, accumulated, clipped; weights decay;
    the rule runs; averages and constraints follow.

    Args:
        learning_rate: how large a step is; any real number >= 0, a schedule, or a function without arguments.
        weight_decay: before each update, w -= w · weight_decay · learning_rate.
        clipnorm: each gradient is scaled down to at most this Euclidean norm.
        clipvalue: each element of a gradient is cut to [-clipvalue, clipvalue].
        global_clipnorm: all gradients together are scaled down to at most this norm. Only one of the three.
        use_ema: keep a moving average of the weights, which they become at the end of `fit`?
        ema_momentum: how much of the average each step keeps.
        ema_overwrite_frequency: after how many steps the weights become their averages; None: at the end.
        loss_scale_factor: what `scale_loss` multiplied the loss by; gradients are divided by it.
        gradient_accumulation_steps: how many gradients make one step, by their mean; None: one.
        name: shown in variable paths; None: "sgd", "sgd_1", ...
        lr: the name that the learning rate had in older Keras; accepted, with a DeprecationWarning.

    Raises:
        ValueError: for an unknown keyword, or a number out of range.

    A rule of your own, and all of the above works with it:

    >>> class SignDescent(Optimizer):
    ...     def update(self, w, g, slots, lr, t):
    ...         return w - lr * np.sign(g), slots
    >>> w = Tensor([1.0, 2.0])
    >>> SignDescent(0.5).apply([[3.0, -7.0]], [w])
    >>> w.tolist()
    [0.5, 2.5]
    """

    slot_groups: tuple[tuple[str, ...], ...] = ()  # what the rule keeps for each weight, in Keras' order
    shared_slots: tuple[str, ...] = ()  # those of them that all weights have in common
    settings: tuple[
        str, ...
    ] = ()  # the attributes that belong into the configuration, besides the common ones
    __signature__ = OwnAndCommon()

    _passing = frozenset(["_checked"])  # see `nn/fingerprint.py`

    def __init__(
        self,
        learning_rate: Any = 0.01,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if "lr" in kwargs:
            learning_rate = kwargs.pop("lr")
            warnings.warn(
                "`lr` is the older name of `learning_rate`; it is used.", DeprecationWarning, stacklevel=3
            )
        if (decay := kwargs.pop("decay", None)) is not None:
            warnings.warn(
                f"Argument `decay` is no longer supported and will be ignored; got decay={decay}. A schedule "
                "such as schedules.InverseTimeDecay does what it did.",
                UserWarning,
                stacklevel=3,
            )
        if kwargs:
            raise ValueError(f"Argument(s) not recognized: {kwargs}")
        check_clips(clipnorm=clipnorm, clipvalue=clipvalue, global_clipnorm=global_clipnorm)
        if use_ema:
            check_average(ema_momentum, ema_overwrite_frequency)
        check_accumulation(gradient_accumulation_steps or None)
        self.name = name or auto_name(type(self).__name__)
        self.weight_decay = weight_decay if weight_decay is None else positive("weight_decay", weight_decay)
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        self.use_ema, self.ema_momentum = use_ema, ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps or None
        self.built = False
        self._variables = []
        self._iterations = self._remember(0, "int64", "iteration")
        self._start_rate(learning_rate)
        self._undecayed = (set(), [])
        self._trainable_variables: list[Tensor] = []
        self._indices = {}
        self._slots: dict[Tensor, list[Tensor]] = {}
        self._model_variables_moving_average: list[Tensor | None] = []
        self._accumulated_gradients: list[Tensor] = []
        self._checked: list[Tensor] = []  # the weights of the last step: the same again need no second look

    # --- beside the rule `update`: what an optimizer of your own may define ------------------------------

    def slots_of(self, w: Tensor) -> Iterable[str]:
        """Which of the slots a weight has: all, unless a rule says otherwise."""
        return self.slot_names

    def new_slot(self, w: Tensor, slot: str) -> Any:
        """What a slot begins with: zeros, unless a rule says otherwise."""
        return np.zeros(w.shape, w.dtype)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """What the rule keeps for each weight, in the order that `update` gets it."""
        return tuple(name for group in self.slot_groups for name in group)

    def state_of(self, w: Tensor) -> dict[str, Tensor]:
        """What is remembered for a weight, by slot: {"momentum": ...}; nothing before `build`."""
        return dict(zip(self.slots_of(w), self._slots.get(w, ()), strict=False))

    # --- before the first step ---------------------------------------------------------------------------

    @property
    def iterations(self) -> Tensor:
        """How many steps were taken. With accumulation, several gradients make one."""
        if self.gradient_accumulation_steps:
            done = self._iterations._data // self.gradient_accumulation_steps
            return OptimizerVariable(done, name="iteration", path=f"{self.name}/iteration")
        return self._iterations

    def build(self, variables: Iterable[Tensor]) -> None:
        """Make what is remembered for these weights: once, and in Keras' order."""
        if self.built:
            return
        weights = list(variables)
        self._trainable_variables = weights
        self._indices = {w: k for k, w in enumerate(weights)}
        if self.use_ema:
            self._model_variables_moving_average = self.add_optimizer_variables(weights, "average")
        if self.gradient_accumulation_steps:
            self._accumulated_gradients = [
                self.add_variable_from_reference(w, "gradient_accumulator") for w in weights
            ]
        stepped = [w for w in weights if not is_overwritten(w)]
        self._slots = {w: [] for w in stepped}
        shared: dict[str, Tensor] = {}
        for group in self.slot_groups:
            for w in stepped:
                for slot in (slot for slot in self.slots_of(w) if slot in group):
                    made = shared.get(slot)
                    if made is None:
                        value = self.new_slot(w, slot)
                        made = self._remember(value, value.dtype, self.slot_name(w, slot))
                    if slot in self.shared_slots:
                        shared[slot] = made
                    self._slots[w].append(made)
        self.built = True

    # --- a step ------------------------------------------------------------------------------------------

    def apply(
        self,
        grads: Iterable[Any],
        trainable_variables: Iterable[Tensor] | None = None,
        now: Moment | None = None,
    ) -> None:
        """One step: each weight becomes what the rule makes of it and of its gradient (None: left alone).

        Everything is computed before the first weight changes.

        Args:
            grads: one gradient for each weight. None at all: nothing happens.
            trainable_variables: the weights; None: those that `build` got.
            now: for a captured step: the learning rate and the number of the step, as tensors.

        Raises:
            ValueError: other counts or shapes of gradients and weights, weights that it was not built with,
                or no gradient at all.
        """
        weights, gradients = self._paired(list(grads), trainable_variables)
        if not gradients:
            return
        pending = Pending()
        try:
            with no_grad(), scope(self.name) if pending.symbolic else nullcontext():
                self._advance(pending, weights, gradients, now or self.moment(pending))
                pending.commit()
        except BaseException:  # Ctrl-C in the middle of it: no step is ever half done
            pending.rollback()
            raise

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Tensor]]) -> Tensor:
        """`apply` for pairs of (gradient, weight), as `zip(grads, model.trainable_weights)` makes them."""
        pairs = list(grads_and_vars)
        self.apply([g for g, _ in pairs], [w for _, w in pairs])
        return self._iterations

    def step(self, variables: Iterable[Tensor]) -> None:
        """`apply` with the gradients that `loss.backward()` left in `.grad`; then forget them."""
        variables = list(variables)
        self.apply([w.grad for w in variables], variables)
        for w in variables:
            w.zero_grad()

    def stateless_apply(
        self, optimizer_variables: Sequence[Any], grads: Sequence[Any], trainable_variables: Sequence[Any]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """What `apply` would make of these numbers: (weights, optimizer variables). Nothing is changed.

        Raises:
            ValueError: not built yet, or other counts than those of its variables.
        """
        if not self.built:
            raise ValueError(
                f"To call `stateless_apply`, {type(self).__name__} must be built (i.e. its variables must "
                "have been created). You can build it via `optimizer.build(trainable_variables)`."
            )
        weights, variables = self._trainable_variables, self.variables
        for key, own, given in (
            ("optimizer_variables", variables, optimizer_variables),
            ("trainable_variables", weights, trainable_variables),
        ):
            if len(own) != len(given):
                raise ValueError(
                    f"Argument `{key}` must be a list of tensors, one for each of the {len(own)} that the "
                    f"optimizer has. Received list with length {len(given)}, but expected {len(own)} "
                    "variables."
                )
        values = zip([*weights, *variables], [*trainable_variables, *optimizer_variables], strict=True)
        pending = Pending((v, np.asarray(value, v.dtype)) for v, value in values)
        try:
            self._advance(pending, *self._paired(list(grads), None), self.moment(pending))
            new_weights, new_variables = (
                [Tensor.wrap(pending[v]) for v in some] for some in (weights, variables)
            )
        finally:
            pending.rollback()
        return new_weights, new_variables

    def scale_loss(self, loss: Any) -> Any:
        """The loss whose gradients `apply` expects: times `loss_scale_factor`, if there is one."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def finalize_variable_values(self, var_list: Iterable[Tensor]) -> None:
        """At the end of training: with use_ema, the weights become their averages."""
        if self.use_ema and int(self._iterations):
            from .averaging import overwrite

            pending = Pending()
            overwrite(pending, list(var_list), self._model_variables_moving_average)
            pending.commit()

    def _paired(self, grads: list[Any], weights: Any) -> tuple[list[Tensor], list[Any]]:
        """The weights that have a gradient, and the gradients as arrays of their dtype."""
        if not grads:
            return [], []
        if weights is None and not self.built:
            raise ValueError(
                "When passing `grads` without `variables`, the optimizer must already be built on a list of "
                "variables. Call `optimizer.build(trainable_variables)` first."
            )
        weights = self._trainable_variables if weights is None else list(weights)
        if len(grads) != len(weights):
            raise ValueError(
                f"apply needs one gradient for each variable; got {len(grads)} for {len(weights)}."
            )
        if len(weights) != len(self._checked) or not all(map(is_, weights, self._checked)):
            self._check(weights)
        paired, gradients, captured = [], [], current().capture is not None
        for w, g in zip(weights, grads, strict=True):
            if g is None:
                continue
            given = g if isinstance(g, Tensor) else Tensor(g)
            if given.shape != w.shape:
                raise ValueError(
                    f"the gradient of {w.name!r} has shape {given.shape}; the variable's is {w.shape}."
                )
            if w.dtype.kind != "f":
                raise ValueError(f"{w.name!r} is {w.dtype}; a step changes floating variables only.")
            array = given if captured else given._data
            paired.append(w)
            gradients.append(array if array.dtype == w.dtype else array.astype(w.dtype))
        if not paired:
            raise ValueError("No gradients provided for any variable.")
        if len(paired) < len(weights):
            missing = [getattr(w, "path", w.name) for w, g in zip(weights, grads, strict=True) if g is None]
            warnings.warn(
                f"Gradients do not exist for variables {missing} when minimizing the loss. Does the loss use "
                "them, and was `compile()` given a `loss`?",
                stacklevel=3,
            )
        if not self.built:
            self.build(weights)
        self._checked = weights
        return paired, gradients

    def _check(self, weights: list[Tensor]) -> None:
        for w in weights:
            if not isinstance(w, Tensor) or not w.is_leaf:
                what = w.label if isinstance(w, Tensor) else repr(w)[:60]
                raise ValueError(f"apply changes variables; got {what}. Pairs are (gradient, variable).")
            if self.built and w not in self._indices:
                raise ValueError(
                    f"Unknown variable: {w!r}. This optimizer can only be called for the variables it was "
                    "originally built with. When working with a new set of variables, you should recreate a "
                    "new optimizer instance."
                )
        if len({id(w) for w in weights}) < len(weights):
            raise ValueError("apply got a variable twice; add its gradients first.")

    # --- configuration -----------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """What `type(optimizer)(**config)` makes the same optimizer of."""
        own = {key: getattr(self, key) for key in (*COMMON, *self.settings)}
        return {"name": self.name, "learning_rate": self._rate_config(), **own}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Optimizer:
        """The optimizer that `get_config` described."""
        rate = config.get("learning_rate")
        if isinstance(rate, dict):
            config = {**config, "learning_rate": deserialize_keras_object(rate, custom_objects)}
        return cls(**config)

    def __repr__(self) -> str:
        shown = {key: value for key, value in self.get_config().items() if value not in (None, False)}
        if not self.use_ema:
            shown.pop("ema_momentum", None)
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in shown.items())})"
