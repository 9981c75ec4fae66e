"""Operation: one entry of the table of mathematics, and what calling it does.

The one idea: an operation is two things written in plain NumPy, the function and one line per input for its
vector-Jacobian product. On arrays these lines compute. On Tensors NumPy hands every call back to us (see
`Methods.__array_ufunc__`), so the very same lines record, and the gradient of a gradient needs nothing
further.

    exp = elementwise("exp", np.exp, lambda g, y, x: g * y, formula="exp(x)", local="y")

Data go by position; what is not data (axis, shape, index) has a default in `forward` and may go by keyword.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .operations.calling import bind, explained, parameter_names, watched
from .operations.dtypes import NUMBERS
from .operations.formula import Formula
from .operations.table import entry, registry
from .state import current, tick
from .tensor import NO_PARAMS, Tensor


class Operation:
    """y = forward(*xs, **params);  vjps[k](g, y, *xs, **params)  is  gᵀ ∂y/∂x_k.

    Args:
        name: how pictures, programs and errors call it.
        forward: NumPy in, NumPy out. Parameters without a default are data, those with one are metadata. With
            `*xs` it is variadic: it takes a list of tensors, and has one vjp, vjp(k, g, y, *xs, **params).
        vjps: one for each input; None where there is no derivative. No vjps: results never require gradients.
            They need not care for broadcasting and dtypes: `autograd` sums and casts to the input's.
        formula: the value, as a Python expression of the inputs; it also prints as Unicode and LaTeX.
        local: for each input the local derivative, of the inputs, y, and g where it is no plain factor.
        elementwise: is every element of y made of the elements at the same place?
        random: does it draw random numbers? Such calls are never merged, folded or dropped.
        convention: the value or subgradient chosen where mathematics leaves one open.
        checked: is all looked at that vjps give? (Not what those of the table give: the suite does that.)

    >>> cube = Operation("cube", lambda x: x**3, lambda g, y, x: g * 3 * x**2, formula="x ** 3")
    >>> x = Tensor(2.0, requires_grad=True)
    >>> cube(x).backward()
    >>> float(x.grad)
    12.0
    """

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        *vjps: Callable[..., Any] | None,
        formula: str = "",
        local: str | tuple[str, ...] = (),
        elementwise: bool = False,
        random: bool = False,
        convention: str = "",
        doc: str = "",
        checked: bool = True,
    ) -> None:
        self.name, self.forward, self.vjps = name, forward, watched(name, vjps) if checked else vjps
        self.data_names, self.metadata, self.variadic = parameter_names(forward)
        self.arity = -1 if self.variadic else len(self.data_names)
        if vjps and len(vjps) != abs(self.arity):
            raise TypeError(
                f"operation {name!r} needs {abs(self.arity)} vjps, one for each input; got {len(vjps)}"
            )
        self._formula = formula or f"{name}({', '.join(self.data_names)})"
        self._local = (local,) if isinstance(local, str) else local
        self.elementwise, self.random, self.convention = elementwise, random, convention
        self.__name__, self.__doc__ = name, doc

    @functools.cached_property
    def call(self) -> Callable[..., Tensor]:
        """What calling it runs, made when it is first wanted: most operations of the table never are."""
        return _caller(self)

    @property
    def formula(self) -> Formula:
        """The value, as an expression of the inputs."""
        return Formula(self._formula)

    @property
    def local(self) -> tuple[Formula, ...]:
        """The local derivatives."""
        return tuple(map(Formula, self._local))

    def __call__(self, *args: Any, **params: Any) -> Tensor:
        """Compute; and remember how, if a gradient may be asked for."""
        return self.call(*args, **params)

    def on(self, *xs: Any, **params: Any) -> Any:
        """As the lines of vjps call it: arrays give an array, any Tensor gives a Tensor."""
        return (self.call if any(isinstance(x, Tensor) for x in xs) else self.forward)(*xs, **params)

    def vjps_for(self, count: int) -> Any:
        """One vjp for each of `count` inputs."""
        vjp: Any = self.vjps[0]
        return [functools.partial(vjp, k) for k in range(count)] if self.variadic else self.vjps

    def __reduce__(self) -> Any:
        return (entry, (self.name,)) if registry.get(self.name) is self else super().__reduce__()

    def __repr__(self) -> str:
        return f"<Operation {self.name}: y = {self.formula}>"


def _caller(self: Operation) -> Callable[..., Tensor]:
    """What calling an operation runs: a function, for speed, and because that can be a method of Tensor."""
    forward, arity, differentiable, new = self.forward, self.arity, bool(self.vjps), object.__new__

    def call(*args: Any, **params: Any) -> Tensor:
        if len(args) != arity or params:
            args, params = bind(self, args, params)
        arrays, tracked, found = [], False, not args
        for x in args:
            if isinstance(x, Tensor):
                arrays.append(x._data)
                found = True
                if x._requires_grad:
                    tracked = True
            elif type(x) in NUMBERS:
                arrays.append(x)
            else:  # an array or a list: a copy of it, which nobody can change before backward
                return call(
                    *(a if isinstance(a, Tensor) or type(a) in NUMBERS else Tensor(a) for a in args), **params
                )
        if not found:  # Python numbers alone: float32 and int32, like every number that enters
            return call(*map(Tensor, args), **params)
        try:
            data = forward(*arrays, **params)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            raise explained(self, error, arrays) from (None if registry.get(self.name) is self else error)
        state = current()
        y: Tensor = new(Tensor)
        y._data = data if type(data) is np.ndarray else np.asarray(data)
        y.name = y.grad = None
        y.scope, y.time = state.scope, tick()
        if tracked and state.recording and differentiable and y._data.dtype.kind == "f":
            y._requires_grad = True
            y.operation = self
            y.inputs = args
            y.params = params or NO_PARAMS
        else:
            if y._data.dtype.kind not in "biufc":
                raise TypeError(f"{self.name} must give numbers; its forward gave {data!r:.60}")
            y._requires_grad, y.operation, y.inputs, y.params = False, None, (), NO_PARAMS
        if state.capture is not None:
            state.capture.operation(self, args, params, y)
        return y

    call.__name__, call.__doc__ = self.name, self.__doc__
    return call
