"""Parameter: a tensor that training changes. What a layer calls its weights, TensorFlow and Keras a
Variable.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..naming import checked_name
from .variable_operators import VariableOperators


class Parameter(VariableOperators):
    """A tensor that training changes.

    Args:
        data: numbers, nested lists, an array or a tensor; copied. Or an initializer, with a shape: a function
            (shape, dtype) -> array, or its name.
        trainable: does it require a gradient? Integers never do.
        dtype: NumPy's; None: float32 for Python floats, an array's own otherwise.
        name: as TensorFlow writes it, "dense/kernel:0".
        path: where it lives in a model, "sequential/dense/kernel".
        shape: of what an initializer makes.
        initializer: Keras' name for `data`.

    >>> Parameter([[1.0, 2.0]], name="w")
    <tf.Variable 'w:0' shape=(1, 2) dtype=float32, numpy=array([[1., 2.]], dtype=float32)>
    """

    __slots__ = ("_constraint", "_overwrite_with_gradient", "_regularizer", "path")

    path: str

    def __init__(
        self,
        data: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        name: str | None = None,
        path: str | None = None,
        shape: Any = None,
        initializer: Any = None,
        autocast: bool = True,
        aggregation: Any = "none",
        synchronization: Any = "auto",
    ) -> None:
        data = initializer if data is None else data
        is_made = isinstance(data, str) or (callable(data) and not isinstance(data, Tensor))
        tf_name = isinstance(name, str) and (name.endswith(":0") or not is_made)
        if name is not None and not tf_name:
            checked_name(name)  # Keras' rule; in TensorFlow's names the "/" has a meaning
        plain = (name or "Variable").removesuffix(":0")
        if is_made:
            from . import initializers

            if shape is None:
                raise ValueError(
                    "When creating a Variable from an initializer, the `shape` argument should be specified. "
                    f"Received: initializer={data!r} and shape={shape}"
                )
            dtype = np.dtype(dtype or "float32")
            data = initializers.get(data)(tuple(shape), dtype.name)
        elif data is None:
            raise ValueError("A Variable starts with numbers, or with an initializer and a shape; got None.")
        super().__init__(data, dtype=dtype, name=f"{plain}:0")
        if shape is not None and self.shape != tuple(shape):
            raise ValueError(f"the value of {plain!r} has shape {self.shape}, not shape={tuple(shape)}.")
        self.path = path or ("variable" if name is None else plain)
        self.trainable = trainable
        self._regularizer: Any = None
        self._constraint: Any = None
        self._overwrite_with_gradient = False

    @property
    def trainable(self) -> bool:
        """Does it take part in training? Setting it to True does nothing for integers."""
        return self._requires_grad

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._requires_grad = bool(value) and self._data.dtype.kind == "f"

    @property
    def constraint(self) -> Any:
        """What the optimizer makes of it after each step: a function of the new numbers, or None."""
        return self._constraint

    @constraint.setter
    def constraint(self, value: Any) -> None:
        if value is not None and not callable(value):
            raise _no_function("constraint", value)
        self._constraint = value

    @property
    def regularizer(self) -> Any:
        """What it adds to the loss: a function of it, or None."""
        return self._regularizer

    @regularizer.setter
    def regularizer(self, value: Any) -> None:
        if value is not None and not callable(value):
            raise _no_function("regularizer", value)
        self._regularizer = value

    @property
    def overwrite_with_gradient(self) -> bool:
        """Does the optimizer put the gradient in its place, instead of a step? Keras' way to keep scales."""
        return self._overwrite_with_gradient

    @overwrite_with_gradient.setter
    def overwrite_with_gradient(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise TypeError(
                f"`overwrite_with_gradient` must be a boolean. Received: {value!r} ({type(value).__name__})"
            )
        self._overwrite_with_gradient = value

    @property
    def value(self) -> Parameter:
        """Itself: Keras' way to read a variable."""
        return self

    def __bool__(self) -> bool:
        if self.size != 1:
            raise TypeError("A Keras Variable cannot be used as a boolean.")
        return bool(self._data.reshape(-1)[0])

    def __float__(self) -> float:
        return float(self._only_number())

    def __int__(self) -> int:
        return int(self._only_number())

    def _only_number(self) -> Any:
        if self.size != 1:
            raise TypeError(
                "Only scalar arrays can be converted to Python scalars. "
                f"{self.label} has {self.size} elements; v[0, 0] is one of them."
            )
        return self.item()

    def __reduce__(self) -> tuple[Any, ...]:
        state = (None, {"_regularizer": self.regularizer, "_constraint": self._constraint})
        return type(self), (self.numpy().copy(), self.trainable, None, self.name, self.path), state

    def __repr__(self) -> str:
        what = f"{self.name!r} shape={self.shape} dtype={self.dtype}"
        return f"<tf.Variable {what}, numpy={self._array_text()}>"

    __str__ = __repr__


def _no_function(attribute: str, value: Any) -> ValueError:
    return ValueError(
        f"Invalid value for attribute `{attribute}`. Expected a function of a tensor, or None. Received: "
        f"{attribute}={value!r}"
    )


def regularizer_of(identifier: Any) -> Any:
    """As `regularizers.get`, which only those who want one need to load."""
    if identifier is None:
        return None
    from . import regularizers

    return regularizers.get(identifier)


def constraint_of(identifier: Any) -> Any:
    """As `constraints.get`, which only those who want one need to load."""
    if identifier is None:
        return None
    from . import constraints

    return constraints.get(identifier)
