"""Functions of functions: `grad(f)` is the function that computes the gradient of f.

The one idea: the arguments are replaced by leaves of our own, f is run on them, and the sweep is asked for
the gradients of just these leaves. Where an argument is itself being differentiated by someone outside, the
leaf is an alias of it and the gradients get a graph of their own, so transforms nest: `grad(grad(f))` is the
second derivative.

Tensors in, tensors out; arrays and numbers in, arrays out (so that SciPy can use them), unless the result
depends on other tensors that require gradients: then it is a tensor, with its graph.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .core import GradientError, Operation, Tensor, autograd
from .core.operations.activation import identity
from .core.operations.shape import zeros_like
from .core.state import enable_grad
from .tree import flatten, leaves_like, leaves_of, map_tree

Function = Callable[..., Any]


def value_and_grad(fn: Function, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Function:
    """The function that computes (fn(x), the gradient of fn at x).

    Args:
        fn: gives one number (a tensor of one element); with has_aux a pair (number, anything else).
        argnums: which arguments the gradient is for; a tuple gives a tuple of gradients. Each may be nested
            lists, tuples and dicts of tensors, arrays and numbers; its gradient has the same form.

    Raises:
        GradientError: if fn gives no single number.

    >>> value, gradient = value_and_grad(lambda x: (x * x).sum())(np.array([1.0, 2.0]))
    >>> float(value), gradient.tolist()
    (5.0, [2.0, 4.0])
    """

    @functools.wraps(fn)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        trace = _Trace(args, argnums)
        out = trace.run(fn, kwargs)
        if has_aux and not (isinstance(out, tuple) and len(out) == 2):
            raise GradientError(
                f"with has_aux, {_name(fn)} must give a pair (value, aux); got {type(out).__name__}."
            )
        value, aux = out if has_aux else (out, None)
        _must_be_tensors([value], fn)
        if np.size(value) != 1:
            raise GradientError(
                f"grad needs a function that gives one number; {_name(fn)} gave shape {np.shape(value)}. "
                "Reduce it (.sum()), or use jacobian or elementwise_grad."
            )
        gradients = trace.gradients([value], None)
        value = trace.result(value)
        return ((value, aux) if has_aux else value), trace.shaped(gradients)

    return differentiated


def grad(fn: Function, argnums: int | Sequence[int] = 0, has_aux: bool = False) -> Function:
    """The function that computes the gradient of fn; with has_aux (gradient, aux). See `value_and_grad`.

    >>> third = grad(grad(grad(lambda x: x**4)))
    >>> float(third(2.0))
    48.0
    """
    if not callable(fn):
        raise TypeError(
            f"mt.grad takes a function; got {fn!r:.60}. Gradients of a tensor: mt.autograd.grad(y, x)."
        )
    both = value_and_grad(fn, argnums, has_aux)

    @functools.wraps(fn)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, g = both(*args, **kwargs)
        return (g, value[1]) if has_aux else g

    return gradient


def elementwise_grad(fn: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The derivative of a function that works element by element: `grad` of its sum.

    >>> elementwise_grad(np.tanh)(np.array([0.0, 100.0])).tolist()
    [1.0, 0.0]
    """

    def total(*args: Any, **kwargs: Any) -> Any:
        y = fn(*args, **kwargs)
        _must_be_tensors([y], fn)
        return _as_tensor(y).sum()

    return grad(total, argnums)


def vjp(fn: Function, *primals: Any) -> tuple[Any, Function]:
    """(fn(*primals), a function that takes v of the output's form to vᵀ J, a tuple with one part for each
    primal).
    """
    trace = _Trace(primals, range(len(primals)))
    out = trace.run(fn, {})
    outputs = leaves_of(out)
    _must_be_tensors(outputs, fn)

    def pull(cotangents: Any) -> Any:
        return trace.shaped(trace.gradients(outputs, leaves_like(out, cotangents)))

    return map_tree(trace.result, out), pull


def jvp(fn: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """(fn(*primals), J t): how the output changes when the inputs move along the tangents.

    vᵀ J is linear in v, so differentiating it along t with respect to v gives J t: forward mode from two
    reverse ones.
    """
    trace = _Trace(tuple(primals), range(len(primals)))
    out = trace.run(fn, {})
    outputs, rebuild = flatten(out)
    _must_be_tensors(outputs, fn)
    given = leaves_like(tuple(primals), tangents)
    moves = [_as_tensor(t, x.dtype) for t, x in zip(given, trace.leaves, strict=True)]
    for t, x in zip(moves, trace.leaves, strict=True):
        if t.shape != x.shape:
            raise ValueError(f"a tangent has shape {t.shape}; its primal has {x.shape}.")
    pushed = [trace.result(change) for change in trace.push(outputs, moves)]
    return map_tree(trace.result, out), rebuild(pushed)


def jacobian(fn: Function, argnums: int = 0) -> Function:
    """The function that computes J, of shape (*output's, *input's). Row by row, or column by column if that
    is less.

    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0])).tolist()
    [[2.0, 0.0], [0.0, 4.0]]
    """

    @functools.wraps(fn)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        trace = _Trace(args, argnums)
        if len(trace.leaves) != 1:
            raise TypeError(
                f"jacobian takes one array as argument {argnums}; got {len(trace.leaves)} of them."
            )
        out = trace.run(fn, kwargs)
        _must_be_tensors([out], fn)
        y, x = _as_tensor(out), trace.leaves[0]
        if y.size <= x.size:
            rows = [trace.gradients([y], [seed])[0] for seed in _basis(y)]
            flat = _stacked(rows, (0, *x.shape), x.dtype)
            return trace.result(flat.reshape((*y.shape, *x.shape)))
        columns = [trace.push([y], [seed])[0] for seed in _basis(x)]
        flat = _stacked(columns, (0, *y.shape), y.dtype)
        order = (*range(x.ndim, x.ndim + y.ndim), *range(x.ndim))
        return trace.result(flat.reshape((*x.shape, *y.shape)).transpose(order))

    return differentiated


def hessian(fn: Function, argnums: int = 0) -> Function:
    """The function that computes the matrix of second derivatives, of shape (*input's, *input's).

    >>> hessian(lambda x: (x**3).sum())(np.array([1.0, 2.0])).tolist()
    [[6.0, 0.0], [0.0, 12.0]]
    """
    return jacobian(grad(fn, argnums), argnums)


def hvp(fn: Function, x: Any, v: Any) -> Any:
    """The Hessian of fn at x times v, without making the Hessian: the gradient of <grad f, v>. In the form of
    x.
    """
    vectors = leaves_like(x, v)

    def along(y: Any) -> Any:
        gradients = leaves_of(grad(fn)(y))
        moves = [_as_tensor(u, g.dtype) for g, u in zip(gradients, vectors, strict=True)]
        for g, u in zip(gradients, moves, strict=True):
            if g.shape != u.shape:
                raise ValueError(f"v must have the form of x: a part has shape {u.shape}, x's is {g.shape}.")
        parts = [(g * u).sum() for g, u in zip(gradients, moves, strict=True)]
        return functools.reduce(lambda a, b: a + b, parts)

    return grad(along)(x)


def stop_gradient(nested: Any) -> Any:
    """The same numbers, through which no gradient flows."""
    return map_tree(lambda x: x.detach() if isinstance(x, Tensor) else x, nested)


def custom_vjp(*vjps: Callable[..., Any] | None) -> Callable[[Function], Operation]:
    """A decorator: the function, written in NumPy, becomes an operation with these vjps, vjp(g, y, *xs) each.

    >>> @custom_vjp(lambda g, y, x: g * np.clip(1 / x, -10, 10))
    ... def safe_log(x):
    ...     return np.log(x)
    >>> float(grad(safe_log)(0.001))
    10.0
    """
    return lambda fn: Operation(fn.__name__, fn, *vjps, doc=fn.__doc__ or "")


class _Trace:
    """A call whose arguments have been replaced by leaves of our own."""

    def __init__(self, args: tuple[Any, ...], argnums: int | Sequence[int]) -> None:
        self.args, self.single = list(args), isinstance(argnums, int)
        numbers = [argnums] if isinstance(argnums, int) else list(argnums)
        if not all(isinstance(n, int) and -len(args) <= n < len(args) for n in numbers):
            raise TypeError(
                f"argnums={argnums!r} does not name arguments of this call, which has {len(args)}."
            )
        if len({n % len(args) for n in numbers}) < len(numbers):
            raise TypeError(f"argnums={argnums!r} names an argument twice.")
        self.leaves: list[Tensor] = []
        self.forms: list[tuple[int, Callable[[list[Any]], Any]]] = []
        self.any_tensor = False
        for n in numbers:
            given, rebuild = flatten(args[n])
            self.any_tensor = self.any_tensor or any(isinstance(x, Tensor) for x in given)
            own = [_leaf(x) for x in given]
            self.args[n] = rebuild(own)
            self.leaves += own
            self.forms.append((len(own), rebuild))
        self.nested = False

    def run(self, fn: Function, kwargs: dict[str, Any]) -> Any:
        with enable_grad():
            out = fn(*self.args, **kwargs)
        outputs = [y for y in leaves_of(out) if isinstance(y, Tensor) and y.requires_grad]
        leaves = set(self.leaves)
        # Someone else may ask for gradients of our gradients: of an argument's own graph, or of a closure's
        # tensors.
        self.nested = any(not x.is_leaf for x in leaves) or any(
            t.is_leaf and t not in leaves for t in autograd.ancestors(outputs)
        )
        return out

    def gradients(
        self, outputs: Sequence[Any], seeds: Sequence[Any] | None, create_graph: bool = False
    ) -> list[Any]:
        """The gradient for each leaf, zeros for what the outputs do not depend on."""
        given = [None] * len(outputs) if seeds is None else list(seeds)
        if len(given) != len(outputs):
            raise ValueError(f"the function gives {len(outputs)} outputs; got {len(given)} cotangents.")
        pairs = [
            (y, s) for y, s in zip(outputs, given, strict=True) if isinstance(y, Tensor) and y.requires_grad
        ]
        if not pairs or not self.leaves:
            return [zeros_like(x) for x in self.leaves]
        reached, chosen = zip(*pairs, strict=True)
        found = autograd.grad(reached, self.leaves, chosen, create_graph or self.nested, allow_unused=True)
        return [zeros_like(x) if g is None else g for g, x in zip(found, self.leaves, strict=True)]

    def push(self, outputs: Sequence[Any], tangents: Sequence[Tensor]) -> list[Tensor]:
        """J t for each output: the derivative, along t, of vᵀ J with respect to v."""
        ys = [_as_tensor(y) for y in outputs]
        with enable_grad():
            cotangents = [_leaf(np.ones(y.shape, y.dtype)) for y in ys]
            pulled = self.gradients(ys, cotangents, create_graph=True)
            dependent = [(p, t) for p, t in zip(pulled, tangents, strict=True) if p.requires_grad]
            if not dependent:
                return [zeros_like(y) for y in ys]
            ps, ts = zip(*dependent, strict=True)
            found = autograd.grad(ps, cotangents, ts, self.nested, allow_unused=True)
        return [zeros_like(y) if g is None else g for g, y in zip(found, ys, strict=True)]

    def shaped(self, gradients: list[Any]) -> Any:
        """The gradients in the form of the arguments."""
        found, start = [], 0
        for count, rebuild in self.forms:
            found.append(rebuild([self.result(g) for g in gradients[start : start + count]]))
            start += count
        return found[0] if self.single else tuple(found)

    def result(self, value: Any) -> Any:
        """As the caller gets it: a tensor (with a graph only if someone can use it) or an array."""
        if not isinstance(value, Tensor):
            return value
        if self.nested and value.requires_grad:
            return value
        return value.detach() if self.any_tensor else value.numpy().copy()


def _leaf(x: Any) -> Tensor:
    """A tensor of our own that requires a gradient: an alias of one that does already, or a fresh leaf."""
    if isinstance(x, Tensor) and x.requires_grad:
        return identity(x)
    t = x.detach() if isinstance(x, Tensor) else Tensor(x)
    if t.dtype.kind in "biu":
        t = t.astype("float32" if t.dtype == np.int32 else "float64")
    t.requires_grad = True
    return t


def _as_tensor(x: Any, dtype: Any = None) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(x, dtype=dtype)


def _must_be_tensors(outputs: list[Any], fn: Function) -> None:
    """A derivative of what is no tensor would be 0 without a word: the graph was lost on the way."""
    for y in outputs:
        if not isinstance(y, Tensor):
            raise GradientError(
                f"{_name(fn)} gave {type(y).__name__} {y!r:.40}, not a tensor. Did it read a number, with "
                "float(), .numpy() or the math module, and compute with that? Or forget to return?"
            )


def _basis(like: Tensor) -> list[Tensor]:
    """For each element a tensor that is 1 there and 0 elsewhere."""
    return [Tensor.wrap(row.reshape(like.shape)) for row in np.eye(like.size, dtype=like.dtype)]


def _stacked(parts: list[Any], empty: tuple[int, ...], dtype: Any) -> Tensor:
    return np.stack(parts) if parts else Tensor.wrap(np.zeros(empty, dtype))  # type: ignore[return-value]


def _name(fn: Function) -> str:
    return getattr(fn, "__name__", "the function")
