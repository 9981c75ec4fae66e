"""The operators of a variable, with Keras' rule of dtypes.

The one idea: a tensor's operators are NumPy's, and a float32 times an int32 is a float64 there; weights stay
as wide as they are. So where a variable takes part, numbers of other dtypes are joined to its own as in
`keras.ops` (see `array_functions/entering.py`), and where all dtypes are equal nothing is done at all.

    kernel @ [[1], [2]]                      # float32
    np.add(kernel, np.array([1, 2]))         # float32, too
    step / step                              # of two int32 it is float32
    kernel & bias                            # Keras' logical_and: a truth value
"""

from __future__ import annotations

from typing import Any

import numpy

from ..core import Tensor
from ..core.operations.methods import OPERATORS
from ..core.operations.table import registry

np: Any = numpy  # on tensors its functions give tensors, which its type stubs do not know


class VariableOperators(Tensor):
    """`Tensor` with the operators that are described above."""

    __slots__ = ()

    def __and__(self, other: Any) -> Any:
        return np.logical_and(self, other)

    def __or__(self, other: Any) -> Any:
        return np.logical_or(self, other)

    def __xor__(self, other: Any) -> Any:
        return np.logical_xor(self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__  # they commute

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Tensor:
        name = _UFUNCS.get(ufunc, "")
        if name and method == "__call__" and not kwargs and _unlike(name, *inputs):
            joined: Tensor = _joined(name, *inputs)
            return joined
        return super().__array_ufunc__(ufunc, method, *inputs, **kwargs)


_UFUNCS = {getattr(np, name): name for name in OPERATORS.values()}
_WIDENED = {"divide": "biu", "floor_divide": "b", "remainder": "b", "power": "b"}  # which kinds, even alone


def _unlike(name: str, a: Any, b: Any) -> bool:
    """Are two numbers, arrays or tensors to be joined first? Floats with Python's own numbers are not."""
    for one, other in ((b, a), (a, b)):
        if type(one) in (int, float):
            return not isinstance(other, Tensor) or other._data.dtype.kind != "f"
    dtype = getattr(a, "dtype", None)
    return dtype is None or dtype != getattr(b, "dtype", None) or dtype.kind in _WIDENED.get(name, "")


def _joined(name: str, a: Any, b: Any) -> Any:
    from .array_functions import elementwise, matrices

    ours = {"matmul": matrices.matmul, "remainder": elementwise.mod}
    return (ours.get(name) or getattr(elementwise, name))(a, b)


def _operators(name: str) -> tuple[Any, Any]:
    """(a + b, b + a) of a variable a. The first lines of each are the way of training: nothing else there."""
    compute, exact = registry[name].call, name not in _WIDENED

    def operate(self: Any, other: Any) -> Any:
        if exact and isinstance(other, Tensor) and other._data.dtype is self._data.dtype:
            return compute(self, other)
        return _joined(name, self, other) if _unlike(name, self, other) else compute(self, other)

    def reflected(self: Any, other: Any) -> Any:
        if exact and isinstance(other, Tensor) and other._data.dtype is self._data.dtype:
            return compute(other, self)
        return _joined(name, other, self) if _unlike(name, other, self) else compute(other, self)

    return operate, reflected


for _short, _name in OPERATORS.items():
    _operate, _reflected = _operators(_name)
    setattr(VariableOperators, f"__{_short}__", _operate)
    setattr(VariableOperators, f"__r{_short}__", _reflected)
