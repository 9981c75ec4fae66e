"""Tensor: a NumPy array that remembers how it was made.

The one idea: numbers never change. A tensor's array is never written into (but by the captured step that made
it, while nobody else holds it: `program/runner.py`); `assign` puts another array in its place and notes the
time. Therefore views are free (`reshape`, slices and `detach` share memory without danger), what `.numpy()`
gave before a training step still shows the numbers of before, and whether a graph is still valid is one
comparison of two integers. The example that goes wrong where tensors are written in place:

    y = w * w;  w.data[...] = 0.0;  y.backward()       # a wrong gradient, silently; here `.data` is read-only

What a tensor can do (`+`, `@`, `.sum()`, `np.exp(t)`, `float(t)`) is listed in `operations/methods.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .operations.dtypes import as_array
from .operations.methods import Methods
from .state import current, tick

if TYPE_CHECKING:
    from .operation import Operation

NO_PARAMS: dict[str, Any] = {}  # shared by all that have none, and never written to


class Tensor(Methods):
    """An array of numbers, and how it was made.

    Args:
        data: numbers, nested lists of numbers, an array or a tensor. It is copied.
        requires_grad: shall `backward` compute its gradient? Only floating dtypes can have one.
        dtype: NumPy's; None: float32 for Python floats, int32 for Python ints, an array's own otherwise.
        name: shown in pictures and errors.

    >>> x = Tensor([[1.0, 2.0]], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    <tf.Tensor: shape=(1, 2), dtype=float32, numpy=array([[2., 4.]], dtype=float32)>
    """

    __slots__ = tuple("_data _requires_grad grad name scope time operation inputs params __weakref__".split())  # noqa: SIM905

    _data: np.ndarray
    grad: Tensor | None  # of the last backward(); None until one was computed
    name: str | None
    scope: str  # the layer that was running when this was made
    time: int  # when it was computed or last assigned, on the clock `state.tick`
    operation: Operation | None  # how it was made: operation(*inputs, **params); None for a leaf
    inputs: tuple[Any, ...]  # Tensors and Python numbers
    params: dict[str, Any]

    def __init__(
        self, data: Any, requires_grad: bool = False, dtype: Any = None, name: str | None = None
    ) -> None:
        self._become(as_array(data, dtype), name)
        self.requires_grad = requires_grad

    def _become(self, array: np.ndarray, name: str | None = None) -> None:
        self._data, self._requires_grad, self.name = array, False, name
        self.scope, self.time, self.grad = current().scope, tick(), None
        self.operation, self.inputs, self.params = None, (), NO_PARAMS

    @staticmethod
    def wrap(array: Any, name: str | None = None) -> Tensor:
        """A leaf around an array that nobody will write into: no copy."""
        tensor: Tensor = object.__new__(Tensor)
        tensor._become(np.asarray(array), name)
        return tensor

    shape = property(lambda self: self._data.shape, doc="The length of each axis: a tuple.")
    dtype = property(lambda self: self._data.dtype, doc="NumPy's dtype.")
    ndim = property(lambda self: self._data.ndim, doc="The number of axes.")
    size = property(lambda self: self._data.size, doc="The number of elements.")
    is_leaf = property(lambda self: self.operation is None, doc="Was it made by no recorded operation?")

    @property
    def requires_grad(self) -> bool:
        """Does `backward` compute a gradient for it, or for something that it was made of?"""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if value and self._data.dtype.kind != "f":
            raise TypeError(
                f"only floating tensors can require gradients; {self.label} is {self.dtype}. Make it "
                "of floats like [1.0, 2.0], or pass dtype='float32'."
            )
        if self.operation is not None and not value:
            raise RuntimeError(
                f"{self.label} was computed and its graph needs it; t.detach() is without one."
            )
        self._requires_grad = bool(value)

    def backward(self, gradient: Any = None, create_graph: bool = False) -> None:
        """Add d(self)/d(leaf) to `leaf.grad` of every leaf that requires one. See `autograd.backward`."""
        from .autograd import backward

        backward(self, gradient, create_graph)

    def zero_grad(self) -> None:
        """Forget the gradient: `grad` is None again."""
        self.grad = None

    def assign(self, value: Any) -> Tensor:
        """Put other numbers of the same shape in its place, cast to its dtype; returns itself.

        Graphs that read it before refuse to go backward. ValueError: another shape. RuntimeError: a result.
        """
        if self.operation is not None:
            raise RuntimeError(f"{self.label} was computed; assign to what it was made of instead.")
        value = value if isinstance(value, Tensor) else Tensor(value, dtype=self.dtype)
        if value.shape != self.shape:
            raise ValueError(self._misfit(value.shape))
        capture = current().capture
        if capture is not None:
            capture.assign(self, value)
        self._data, self.time = value._data.astype(self.dtype, copy=False), tick()
        return self

    def detach(self) -> Tensor:
        """The same numbers (shared, since nobody can write into them) without the graph."""
        detached, capture = Tensor.wrap(self._data, self.name), current().capture
        if capture is not None:
            capture.alias(detached, self)
        return detached

    # Copies and pickles carry the numbers, never the graph: a million operations deep is no problem.
    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.numpy().copy(), self._requires_grad and self.is_leaf, None, self.name)

    __hash__ = object.__hash__  # `==` compares numbers; as a key in a dict a tensor is itself
