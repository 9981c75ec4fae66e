"""What a tensor can do: Python's operators, NumPy's methods, and reading numbers. `Tensor` inherits all of
it.

The names in the first part are filled in from the table, each when somebody first asks for it (`Late`):
`t.exp()` is `exp(t)`, `a @ b` is `matmul(a, b)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..state import current, lent
from .table import by_numpy, registry

if TYPE_CHECKING:
    from ..operation import Operation
    from ..tensor import Tensor
    from .indexing import At

    Method = Callable[..., "Tensor"]

OPERATORS = {
    "add": "add",
    "sub": "subtract",
    "mul": "multiply",
    "truediv": "divide",
    "floordiv": "floor_divide",
    "mod": "remainder",
    "pow": "power",
    "matmul": "matmul",
}
COMPARISONS = {
    "eq": "equal",
    "ne": "not_equal",
    "lt": "less",
    "le": "less_equal",
    "gt": "greater",
    "ge": "greater_equal",
}
METHODS = (
    *("abs", "exp", "log", "sqrt", "square", "sigmoid", "tanh", "relu", "softmax"),
    *("sum", "mean", "max", "min", "all", "any", "argmax", "argmin"),
    *("prod", "var", "std", "cumsum", "cumprod", "sort", "argsort", "clip", "round"),
    *("astype", "swapaxes", "squeeze"),
)


class Methods:
    """Python's operators and NumPy's methods on tensors."""

    __slots__ = ("_keras_mask",)  # which steps of a sequence count, where a layer has said so (`nn/masks.py`)

    if TYPE_CHECKING:  # so that type checkers and editors know what the table fills in
        __add__: Method
        __radd__: Method
        __sub__: Method
        __rsub__: Method
        __mul__: Method
        __rmul__: Method
        __truediv__: Method
        __rtruediv__: Method
        __floordiv__: Method
        __rfloordiv__: Method
        __mod__: Method
        __rmod__: Method
        __pow__: Method
        __rpow__: Method
        __matmul__: Method
        __rmatmul__: Method
        __neg__: Method
        __pos__: Method
        __abs__: Method
        __lt__: Method
        __le__: Method
        __gt__: Method
        __ge__: Method
        __getitem__: Method
        abs: Method
        exp: Method
        log: Method
        sqrt: Method
        square: Method
        sigmoid: Method
        tanh: Method
        relu: Method
        softmax: Method
        sum: Method
        mean: Method
        max: Method
        min: Method
        all: Method
        any: Method
        argmax: Method
        argmin: Method
        prod: Method
        var: Method
        std: Method
        cumsum: Method
        cumprod: Method
        sort: Method
        argsort: Method
        clip: Method
        round: Method
        at: At
        astype: Method
        copy: Method
        swapaxes: Method
        squeeze: Method
        _reshape: Method
        _transpose: Method
        T: Tensor

        _data: np.ndarray
        _keras_mask: Any
        operation: Operation | None
        requires_grad: bool
        name: str | None
        shape: tuple[int, ...]
        assign: Method
        detach: Method

    def reshape(self, *shape: Any) -> Tensor:
        """t.reshape(2, 3) or t.reshape((2, 3)); one length may be -1. Gradient: reshaped back."""
        return self._reshape(shape=shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: Any) -> Tensor:
        """t.transpose(), t.transpose(1, 0) or t.transpose((1, 0)). Gradient: transposed back."""
        return self._transpose(axes=(axes[0] if len(axes) == 1 else axes) or None)

    @property
    def mT(self) -> Tensor:  # noqa: N802 - NumPy's name
        """Each matrix transposed."""
        return self.swapaxes(-1, -2)

    def flatten(self) -> Tensor:
        """All elements in one axis."""
        return self._reshape(shape=(-1,))

    ravel = flatten

    # --- training: the two steps that are a call of `assign`, and a fresh start ---------------------------

    def assign_add(self, value: Any) -> Tensor:
        """t.assign(t + value), without a graph."""
        return self.assign(self.detach() + value)

    def assign_sub(self, value: Any) -> Tensor:
        """t.assign(t - value), without a graph."""
        return self.assign(self.detach() - value)

    def _misfit(self, shape: tuple[int, ...]) -> str:
        return (
            "The shape of the target variable and the shape of the target value in `variable.assign(value)` "
            f"must match. variable.shape={self.shape}, Received: value.shape={shape}. Target: {self!r}"
        )

    # --- & | ^ ~: of truth values, and of the bits of integers ----------------------------------------------

    def __and__(self, other: Any) -> Tensor:
        return self._bits("and", other)

    def __or__(self, other: Any) -> Tensor:
        return self._bits("or", other)

    def __xor__(self, other: Any) -> Tensor:
        return self._bits("xor", other)

    def __invert__(self) -> Tensor:
        return self._bits("not")

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__  # they commute

    def _bits(self, name: str, *others: Any) -> Tensor:
        """Truth values: an operation of the table. Integers: their bits, which have no gradient to record."""
        from ..tensor import Tensor

        if all((t if isinstance(t, Tensor) else np.asarray(t)).dtype.kind == "b" for t in (self, *others)):
            logical: Tensor = registry[f"logical_{name}"](self, *others)
            return logical
        given = [t.numpy() if isinstance(t, Tensor) else t for t in (self, *others)]
        bitwise = np.invert if name == "not" else getattr(np, f"bitwise_{name}")
        return Tensor.wrap(bitwise(*given))

    def __round__(self, ndigits: int | None = None) -> Tensor:
        """Rounded to so many digits, half to even: to a floating tensor."""
        result: Tensor = registry["round"](self, decimals=ndigits or 0)
        return result

    # --- what is refused in words -------------------------------------------------------------------------

    def _refuse_in_place(self, value: Any) -> Any:
        """`w -= 0.3 * g` would make `w` a new tensor, and the one that the model holds would never learn."""
        if self.requires_grad and self.operation is None:
            raise TypeError(f"{self.label} is not changed in place: use w.assign_sub(lr * g), w.assign(new).")
        return NotImplemented

    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __imatmul__ = _refuse_in_place

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            "a tensor is not changed in place: t.assign(new) replaces all of it, mt.where makes a new one."
        )

    @property
    def label(self) -> str:
        """How an error names it: by its name, or by what it is."""
        made = f"result of {self.operation.name}" if self.operation else "tensor"
        return f"{made} {self.name!r}" if self.name else f"a {made} of shape {self.shape}"

    # --- reading the numbers ------------------------------------------------------------------------------

    @property
    def data(self) -> np.ndarray:
        """The numbers, as a read-only view."""
        if current().capture is not None:
            raise RuntimeError(
                f"{self.label} is read while a step is captured: the number of today would be baked into the "
                "program. Keep it a tensor (mt.where for `if`, mt.sum for a loop), or run eagerly."
            )
        self._data.flags.writeable = False  # for good, so that no view of it can be made writable again
        view = self._data.view()
        for step in (*lent,) if lent else ():  # after the view: who lends an array first says so, then counts
            if step.has(self):
                step.wait()
                return self._data.view()
        return view

    def numpy(self) -> np.ndarray:
        """The numbers, as a read-only view; `.numpy().copy()` may be written into."""
        return self.data

    def item(self) -> Any:
        """The only element, as a Python number. ValueError if there are more."""
        if self._data.size != 1:
            raise ValueError(
                f"{self.label} has {self._data.size} elements; only a tensor of one element is a number."
            )
        return self.data.item()

    def tolist(self) -> Any:
        """The numbers, as nested lists."""
        return self.data.tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.data, dtype, copy=copy)

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        return self.data.__index__()

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise ValueError(f"is {self.label} true? It has {self._data.size} elements: use .all() or .any()")
        return bool(self.item())

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError(f"{self.label} has no axes and so no length; float(t) or t.item() reads it.")
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[k] for k in range(len(self)))

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    def __repr__(self) -> str:
        what = f"shape={self._data.shape}, dtype={self._data.dtype}, numpy={self._array_text()}"
        return f"<tf.Tensor: {what}{self._made_by()}>"

    def __str__(self) -> str:
        array = str(self._data)
        newline = "\n" if "\n" in array else ""
        return f"tf.Tensor({newline}{array}, shape={self._data.shape}, dtype={self._data.dtype})"

    # --- NumPy's protocols: np.exp(t) is our exp ----------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Tensor:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        if "out" in kwargs:
            raise TypeError(
                f"np.{name} cannot write a tensor into out=, as `a += t` does; write a = a + t instead."
            )
        found: Tensor = _of_numpy(ufunc if method == "__call__" else None, name)(*inputs, **kwargs)
        return found

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        module = function.__module__.removeprefix("numpy").lstrip(".")
        return _of_numpy(function, f"{module}.{function.__name__}".lstrip("."))(*args, **kwargs)

    def _array_text(self) -> str:
        if not self._data.ndim:
            return str(self._data)
        text = repr(self._data)
        return "\n" + text if "\n" in text else text

    def _made_by(self) -> str:
        if self.operation is not None:
            return f", made by {self.operation.name}"
        return ", requires_grad=True" if self.requires_grad else ""


def _of_numpy(function: Any, name: str) -> Callable[..., Any]:
    found = by_numpy.get(function)
    if found is None:
        raise TypeError(
            f"np.{name} is no operation on tensors, so it would lose the gradient without a word; "
            f"np.{name}(t.numpy()) computes it on the numbers."
        )
    return found


# --- what the table of mathematics fills in ---------------------------------------------------------------


class Late:
    """A method (or property) of `Methods` that is made from an entry of the table when somebody first asks
    for it, and stands there from then on: a program loads the families that it uses.

    Args:
        attribute: its name.
        name: of the operation.
        make: what makes it of the operation.
    """

    __slots__ = ("attribute", "make", "name")

    def __init__(self, attribute: str, name: str, make: Callable[[Operation], Any]) -> None:
        self.attribute, self.name, self.make = attribute, name, make

    def __get__(self, tensor: Any, owner: Any = None) -> Any:
        made = self.make(registry[self.name])
        setattr(Methods, self.attribute, made)
        return made.__get__(tensor, owner)


def _itself(operation: Operation) -> Any:
    return operation.call


def _reflected(operation: Operation) -> Any:
    return lambda self, other: operation(other, self)


def _comparison(operation: Operation) -> Any:
    def compare(self: Any, other: Any) -> Any:
        if other is None or isinstance(other, str):
            return NotImplemented
        return operation(self, other)

    return compare


def _indexing(operation: Operation) -> Any:
    from .indexing import frozen

    return lambda self, index: operation(self, index=frozen(index))


def _at(operation: Operation) -> Any:
    from .indexing import At

    return property(At)


def _property(operation: Operation) -> Any:
    return property(operation.call)


for _attribute, _name, _make in (
    *((f"__{short}__", name, _itself) for short, name in OPERATORS.items()),
    *((f"__r{short}__", name, _reflected) for short, name in OPERATORS.items()),
    *((f"__{short}__", name, _comparison) for short, name in COMPARISONS.items()),
    *((name, name, _itself) for name in METHODS),
    *(("__neg__", "negative", _itself), ("__pos__", "identity", _itself), ("__abs__", "abs", _itself)),
    *(("copy", "identity", _itself), ("_reshape", "reshape", _itself), ("_transpose", "transpose", _itself)),
    *(("__getitem__", "getitem", _indexing), ("at", "index_update", _at), ("T", "transpose", _property)),
):
    setattr(Methods, _attribute, Late(_attribute, _name, _make))
