"""Parameter: a tensor that training changes. What a layer calls its weights, TensorFlow and Keras a
Variable.
"""

from __future__ import annotations

from typing import Any

from ..core import Tensor


class Parameter(Tensor):
    """A tensor that training changes: what a layer calls its weights, and TensorFlow a Variable.

    Args:
        data, dtype, name: as for `Tensor`.
        trainable: does it require a gradient? Integers never do.
        path: where it lives in a model, such as "sequential/dense/kernel".
    """

    __slots__ = ("path",)

    def __init__(
        self,
        data: Any,
        trainable: bool = True,
        dtype: Any = None,
        name: str | None = None,
        path: str | None = None,
    ) -> None:
        super().__init__(data, dtype=dtype, name=name)
        self.path = path or (name or "variable").split(":")[0]
        self.trainable = trainable

    @property
    def trainable(self) -> bool:
        """Does it take part in training?"""
        return self._requires_grad

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self.requires_grad = value and self._data.dtype.kind == "f"

    @property
    def value(self) -> Parameter:
        """Itself: Keras' way to read a variable."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.data.copy(), self._requires_grad, None, self.name, self.path)

    def __repr__(self) -> str:
        newline = "\n" if self.ndim > 1 and len(self._data) > 1 else ""
        array = str(self._data) if self.ndim == 0 else newline + repr(self._data)
        name = self.name or "Variable:0"
        return f"<tf.Variable {name!r} shape={self.shape} dtype={self.dtype}, numpy={array}>"

    __str__ = __repr__
