"""Variables of an optimizer: what it remembers between steps. They are never trained."""

from __future__ import annotations

from typing import Any

from ..core import Tensor


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
