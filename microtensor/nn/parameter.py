"""Parameter: a tensor that training changes. What a layer calls its weights, TensorFlow and Keras a
Variable.
"""

from __future__ import annotations

from typing import Any

from ..core import Tensor


class Parameter(Tensor):
    """A tensor that training changes.

    Args:
        data: numbers, nested lists, an array or a tensor; copied.
        trainable: does it require a gradient? Integers never do.
        dtype: NumPy's; None: float32 for Python floats, an array's own otherwise.
        name: as TensorFlow writes it, "dense/kernel:0".
        path: where it lives in a model, "sequential/dense/kernel".

    >>> Parameter([[1.0, 2.0]], name="w")
    <tf.Variable 'w:0' shape=(1, 2) dtype=float32, numpy=array([[1., 2.]], dtype=float32)>
    """

    __slots__ = ("path",)

    path: str

    def __init__(
        self,
        data: Any,
        trainable: bool = True,
        dtype: Any = None,
        name: str | None = None,
        path: str | None = None,
    ) -> None:
        plain = (name or "Variable").removesuffix(":0")
        super().__init__(data, dtype=dtype, name=f"{plain}:0")
        self.path = path or plain
        self.trainable = trainable

    @property
    def trainable(self) -> bool:
        """Does it take part in training? Setting it to True does nothing for integers."""
        return self._requires_grad

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._requires_grad = bool(value) and self._data.dtype.kind == "f"

    @property
    def value(self) -> Parameter:
        """Itself: Keras' way to read a variable."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.numpy().copy(), self.trainable, None, self.name, self.path)

    def __repr__(self) -> str:
        what = f"{self.name!r} shape={self.shape} dtype={self.dtype}"
        return f"<tf.Variable {what}, numpy={self._array_text()}>"

    __str__ = __repr__
