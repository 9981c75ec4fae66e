"""Metric: a number that is shown, and not trained on: what was seen so far, in a few variables.

The one idea: `update_state` takes a batch into the variables, `result` reads the number out of them, and
`reset_state` sets them to zero. So a metric of a whole data set is exact, whatever the batches were.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core import Tensor
from ...core.state import current, no_grad, tick
from ...naming import auto_name
from ...serialization import serializable
from ...settings import floatx
from ..dtype_policy import DTypePolicy
from ..parameter import Parameter


@serializable("keras.metrics")
class Metric:
    """A metric of your own defines `update_state` and `result`, and makes its variables in `__init__`.

    Source: `keras.metrics.Metric`.

    Args:
        dtype: what the result is rounded to; None: `keras.config.floatx()`.
        name: the key in the history; None: one made of the class's name.

    >>> class Seen(Metric):
    ...     def __init__(self):
    ...         super().__init__(name="seen")
    ...         self.count = self.add_weight(name="count")
    ...     def update_state(self, y_true, y_pred, sample_weight=None):
    ...         self.count.assign_add(len(y_true))
    ...     def result(self):
    ...         return float(self.count)
    >>> Seen()([[0], [1]], [[0], [0]])
    2.0
    """

    name: str
    _direction: str | None = None  # is a larger number better ("up"), or a smaller one ("down")?

    def __init__(self, dtype: Any = None, name: str | None = None) -> None:
        self.name = name or auto_name(type(self).__name__)
        self._dtype = _dtype_name(dtype)
        self._variables: list[Parameter] = []

    @property
    def dtype(self) -> str:
        """What the result is rounded to."""
        return self._dtype

    # --- what a metric of your own defines ----------------------------------------------------------------

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Take a batch in: (y_true, y_pred, sample_weight=None)."""
        raise NotImplementedError(
            f"{type(self).__name__} must define update_state(self, y_true, y_pred, ...)."
        )

    def result(self) -> Any:
        """The number so far."""
        raise NotImplementedError(f"{type(self).__name__} must define result(self).")

    def reset_state(self) -> None:
        """Forget what was seen: all variables are zero again."""
        for variable in self.variables:
            put(variable, np.zeros(variable.shape))

    reset_states = reset_state

    def check(self, target: tuple[int, ...], output: tuple[int, ...]) -> None:
        """Raise ValueError for shapes that it cannot compare: before training, not in the middle of it."""

    # --- variables ----------------------------------------------------------------------------------------

    def add_variable(
        self,
        shape: Any,
        initializer: Any = None,
        dtype: Any = None,
        aggregation: Any = "sum",
        name: Any = None,
    ) -> Parameter:
        """A variable that is not trained. None as initializer: zeros.

        Raises:
            RuntimeError: before `super().__init__()`.
        """
        self._check_super_called()
        path = f"{self.name}/{name or 'variable'}"
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        variable = Parameter(
            "zeros" if initializer is None else initializer,
            trainable=False,
            dtype=dtype or floatx(),
            name=name,
            path=path,
            shape=shape,
        )
        variable.name = name or "variable"
        self._variables.append(variable)
        return variable

    def add_weight(
        self, shape: Any = (), initializer: Any = None, dtype: Any = None, name: Any = None
    ) -> Parameter:
        """`add_variable`, by its older name."""
        return self.add_variable(shape, initializer, dtype, name=name)

    @property
    def variables(self) -> list[Parameter]:
        """Its variables, and those of metrics in its attributes, also in lists and dicts there."""
        return list(
            {id(variable): variable for variable in _variables_in(list(vars(self).values()))}.values()
        )

    def _check_super_called(self) -> None:
        if "_variables" not in vars(self):
            raise RuntimeError(
                "You forgot to call `super().__init__()` in the `__init__()` method. Go add it, as its first "
                "line."
            )

    # --- the same, with the variables given and returned --------------------------------------------------

    def stateless_update_state(self, metric_variables: Any, *args: Any, **kwargs: Any) -> list[Any]:
        """What the variables would be after `update_state`, if they were these; the metric stays the same."""
        return self._elsewhere(metric_variables, lambda: self.update_state(*args, **kwargs))[1]

    def stateless_result(self, metric_variables: Any) -> Any:
        """What `result` would be with these variables."""
        return self._elsewhere(metric_variables, self.result)[0]

    def stateless_reset_state(self) -> list[Any]:
        """What the variables would be after `reset_state`."""
        return self._elsewhere(self.variables, self.reset_state)[1]

    def _elsewhere(self, values: Any, action: Any) -> tuple[Any, list[Any]]:
        mine = self.variables
        if len(values) != len(mine):
            raise ValueError(
                f"Argument `metric_variables` must be a list of tensors corresponding 1:1 to "
                f"{type(self).__name__}().variables. Received list with length {len(values)}, but expected "
                f"{len(mine)} variables."
            )
        before = state_of(self)
        try:
            for variable, value in zip(mine, [numbers(value) for value in values], strict=True):
                put(variable, value)
            made = action()
            return made, [Tensor(variable.numpy()) for variable in self.variables]
        finally:
            restore_state(self, before)

    # --- the rest -----------------------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._check_super_called()
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self) -> dict[str, Any]:
        """The arguments that make it again."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """One as `get_config` says."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def numbers(value: Any) -> np.ndarray:
    """The numbers of a tensor, list or array; Python's floats as float32."""
    if isinstance(value, np.ndarray):
        return value
    return (value if isinstance(value, Tensor) else Tensor(value)).numpy()


def put(variable: Parameter, value: Any) -> None:
    """Give a variable a value. What `assign` does, in a fifth of the time, for what no graph has read."""
    if current().capture is not None:
        variable.assign(value)
        return
    array = np.array(value, dtype=variable.dtype)
    array.flags.writeable = False
    variable._data, variable.time = array, tick()


def add(variable: Parameter, amount: Any) -> None:
    """Add to a variable."""
    put(variable, variable._data + amount)


def state_of(metric: Metric) -> Any:
    """What a metric has seen, to be given back by `restore_state`."""
    return dict(vars(metric)), [(variable, variable.numpy()) for variable in metric.variables]


def restore_state(metric: Metric, state: Any) -> None:
    """Make a metric what it was when `state_of` was asked."""
    attributes, values = state
    with no_grad():
        vars(metric).clear()
        vars(metric).update(attributes)
        for variable, value in values:
            put(variable, value)


def _variables_in(value: Any) -> Iterator[Parameter]:
    if isinstance(value, Parameter):
        yield value
    elif isinstance(value, Metric):
        yield from value.variables
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _variables_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _variables_in(each)


def _dtype_name(dtype: Any) -> str:
    if isinstance(dtype, DTypePolicy):
        return dtype.name
    found = np.dtype("int32" if dtype == "int" else dtype or floatx())
    if found.kind not in "biuf":
        raise ValueError(f"`dtype` must be one of numbers, such as 'float32'; got dtype={dtype!r}.")
    return found.name
