"""State: the variables of an optimizer, made, listed, saved and loaded. They are never trained.

The order is Keras', since files are exchanged: the number of steps, the learning rate (if it is a number),
then what `build` makes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from ..core import Tensor
from .pending import Pending

FILLED = {"zeros": 0, "ones": 1}


class OptimizerVariable(Tensor):
    """A tensor that an optimizer remembers something in.

    Args:
        data: the numbers it starts with.
        dtype: NumPy's.
        name: such as "dense_kernel_momentum".
        path: with the optimizer's name before it, "sgd/dense_kernel_momentum".
    """

    __slots__ = ("path",)

    path: str
    trainable = False
    constraint = None

    def __init__(self, data: Any, dtype: Any = None, name: str = "variable", path: str | None = None) -> None:
        super().__init__(data, dtype=dtype, name=name)
        self.path = path or name

    @property
    def value(self) -> OptimizerVariable:
        """Itself: Keras' way to read a variable."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.numpy().copy(), None, self.name, self.path)


class OptimizerState:
    """What an optimizer knows of its variables."""

    name: str
    built: bool
    _variables: list[Tensor]
    _indices: dict[Tensor, int]  # the place of each weight in the list that `build` got

    @property
    def variables(self) -> list[Tensor]:
        """All it remembers: the count of steps, the learning rate, then the slots."""
        return self._variables[:]

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: str = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> OptimizerVariable:
        """Remember something more: for optimizers of your own, in `build`.

        Args:
            shape: of the variable.
            initializer: "zeros", "ones", a number, or a function (shape, dtype) -> array.
            dtype: NumPy's; None: float32.
            aggregation, layout: of several machines; not used.
            name: of the variable.
        """
        dtype = np.dtype(dtype or "float32")
        if callable(initializer):
            value = np.asarray(initializer(tuple(shape), dtype=dtype.name))
        elif initializer in FILLED or isinstance(initializer, int | float):
            value = np.full(tuple(shape), FILLED.get(initializer, initializer))
        else:
            raise ValueError(
                "initializer must be 'zeros', 'ones', a number, or a function (shape, dtype); got "
                f"{initializer!r}."
            )
        return self._remember(value, dtype, name or "variable")

    def add_variable_from_reference(
        self, reference_variable: Tensor, name: str | None = None, initializer: Any = "zeros"
    ) -> OptimizerVariable:
        """`add_variable` with the shape and dtype of a weight, named after both: "dense_kernel_momentum"."""
        named = self.slot_name(reference_variable, name or "var")
        return self.add_variable(reference_variable.shape, initializer, reference_variable.dtype, name=named)

    def add_optimizer_variables(
        self, trainable_variables: Iterable[Tensor], name: Any, initializer: Any = "zeros"
    ) -> Any:
        """A variable for each weight; for a list of names a list of them for each name.

        The variables of one weight stand side by side. None for weights that are overwritten by their
        gradient.
        """
        names = [name] if isinstance(name, str) else list(name)
        starts = list(initializer) if isinstance(initializer, list | tuple) else [initializer] * len(names)
        if len(names) != len(starts):
            raise ValueError(
                "The number of provided names must match the number of provided initializers. Received "
                f"name={name!r}, initializer={initializer!r}"
            )
        rows = [
            [
                None if is_overwritten(w) else self.add_variable_from_reference(w, each, start)
                for each, start in zip(names, starts, strict=True)
            ]
            for w in trainable_variables
        ]
        columns = tuple([row[k] for row in rows] for k in range(len(names)))
        return columns[0] if isinstance(name, str) else columns

    def slot_name(self, w: Tensor, slot: str) -> str:
        """What the slot of a weight is called: "sequential_dense_kernel_momentum"."""
        owner = str(getattr(w, "path", None) or w.name or "variable")
        return f"{owner.replace('/', '_').replace(':', '_')}_{slot}"

    def _remember(self, value: Any, dtype: Any, name: str) -> OptimizerVariable:
        variable = OptimizerVariable(value, dtype, name, f"{self.name}/{name}")
        self._variables.append(variable)
        return variable

    def _get_variable_index(self, variable: Tensor) -> int:
        return self._indices[variable]

    def assign(self, variable: Tensor, value: Any) -> None:
        """`variable.assign(value)`: as rules of your own are written in Keras."""
        variable.assign(value)

    def assign_add(self, variable: Tensor, value: Any) -> None:
        """`variable.assign_add(value)`."""
        variable.assign_add(value)

    def assign_sub(self, variable: Tensor, value: Any) -> None:
        """`variable.assign_sub(value)`."""
        variable.assign_sub(value)

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Assign all variables. ValueError: not built yet, or other counts or shapes; nothing has changed."""
        if not self.built:
            raise ValueError(
                "You are calling `set_weights()` on an optimizer that has not yet been built. Please call "
                "`optimizer.build(trainable_variables)` to create the optimizer weights before calling "
                "`set_weights()`."
            )
        if len(weights) != len(self.variables):
            raise ValueError(
                f"set_weights needs {len(self.variables)} arrays, one for each variable; got {len(weights)}."
            )
        pending = Pending()
        for variable, weight in zip(self.variables, weights, strict=True):
            if variable.shape != np.shape(weight):
                raise ValueError(
                    f"Optimizer variable {variable.name} has shape {variable.shape} not compatible with "
                    f"provided weight shape {np.shape(weight)}."
                )
            pending[variable] = np.array(weight, dtype=variable.dtype)
        pending.commit()

    def save_own_variables(self, store: MutableMapping[str, Any]) -> None:
        """Put all variables into a store: "0", "1", ..."""
        for k, variable in enumerate(self.variables):
            store[str(k)] = variable.numpy()

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Take all variables from a store. One with another number of them is left alone, with a warning."""
        if len(store) != len(self.variables):
            message = (
                f"Skipping variable loading for optimizer '{self.name}', because it has "
                f"{len(self.variables)} variables whereas the saved optimizer has {len(store)} variables."
            )
            if not self.built:
                message += " This is likely because the optimizer has not been called/built yet."
            warnings.warn(message, stacklevel=2)
            return
        pending = Pending()
        for k, variable in enumerate(self.variables):
            value = np.array(store[str(k)], dtype=variable.dtype)
            if value.shape != variable.shape:
                raise ValueError(
                    f"optimizer variable {variable.name} has shape {variable.shape}; the saved one has "
                    f"{value.shape}."
                )
            pending[variable] = value
        pending.commit()


def is_overwritten(w: Tensor) -> bool:
    """Does a weight become its gradient, instead of being stepped along it?"""
    return bool(getattr(w, "overwrite_with_gradient", False))
