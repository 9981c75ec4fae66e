"""Loops and branches as functions: in eager code they are Python's own, on nested tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import Operation, Tensor
from ...core.state import no_grad
from ...tree import leaves_of, map_tree
from .entering import np, tensor


def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """true_fn() if pred, else false_fn(). Source: `keras.ops.cond`."""
    return true_fn() if bool(pred) else false_fn()


def switch(index: Any, branches: Any, *operands: Any) -> Any:
    """branches[index](*operands), the first or the last branch for an index beyond them. Source:
    `keras.ops.switch`.
    """
    return branches[min(max(int(index), 0), len(branches) - 1)](*operands)


def while_loop(
    cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, maximum_iterations: int | None = None
) -> Any:
    """`loop_vars = body(*loop_vars)` while `cond(*loop_vars)`. Source: `keras.ops.while_loop`.

    >>> [int(n) for n in while_loop(lambda i: i < 10, lambda i: (i + 3,), (0,))]
    [12]
    """
    several, done = isinstance(loop_vars, list | tuple), 0
    state = tuple(loop_vars) if several else (loop_vars,)
    state = tuple(map_tree(tensor, part) for part in state)
    while (maximum_iterations is None or done < maximum_iterations) and bool(cond(*state)):
        given = body(*state)
        state = tuple(given) if isinstance(given, list | tuple) else (given,)
        done += 1
    return (type(loop_vars)(state) if isinstance(loop_vars, list | tuple) else state[0]) if state else state


def fori_loop(lower: Any, upper: Any, body_fun: Callable[..., Any], init_val: Any) -> Any:
    """`x = body_fun(i, x)` for i from lower to upper − 1, beginning with init_val. Source:
    `keras.ops.fori_loop`.
    """
    x = init_val
    for i in range(int(lower), int(upper)):
        x = body_fun(i, x)
    return x


def map(f: Callable[..., Any], xs: Any) -> Any:
    """f of each slice along the first axis; the results stacked. Source: `keras.ops.map`."""
    return scan(lambda _, x: (None, f(x)), None, xs)[1]


vectorized_map = map


def scan(
    f: Callable[..., Any],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: Any = 1,
) -> tuple[Any, Any]:
    """`carry, y = f(carry, x)` for each slice x of xs; gives the last carry and all y, stacked. Source:
    `keras.ops.scan`.

    Raises:
        TypeError: f is no function. ValueError: neither xs nor length, or slices of another number.
    """
    if not callable(f):
        raise TypeError(f"`f` should be a callable. Received: f={f!r}")
    if not isinstance(unroll, bool) and (not isinstance(unroll, int) or unroll < 1):
        raise ValueError(f"`unroll` must be an positive integer or boolean. Received: unroll={unroll}")
    if xs is None and length is None:
        raise ValueError("Got no `xs` to scan over and `length` not provided.")
    xs = None if xs is None else map_tree(tensor, xs)
    lengths = {len(leaf) for leaf in leaves_of(xs)} if xs is not None else {int(length or 0)}
    if length is not None:
        lengths.add(int(length))
    if len(lengths) > 1:
        raise ValueError(f"all of `xs` must have one length, and `length` be that; got {sorted(lengths)}.")
    n = lengths.pop()
    carry, found = map_tree(_as_tensor, init), []
    for k in reversed(range(n)) if reverse else range(n):
        carry, y = f(carry, None if xs is None else _at(k, xs))
        found.append(y)
    return carry, stacked(found[::-1] if reverse else found)


def _at(k: int, structure: Any, axis: int = 0) -> Any:
    """The k-th slice of each leaf along an axis."""
    return map_tree(lambda leaf: np.moveaxis(leaf, axis, 0)[k], structure)


def _as_tensor(x: Any) -> Any:
    return None if x is None else tensor(x)


def stacked(parts: list[Any]) -> Any:
    """Things of one form, leaf by leaf along a new first axis. None stays None."""
    if not parts or parts[0] is None:
        return None
    first = parts[0]
    if isinstance(first, dict):
        return {key: stacked([part[key] for part in parts]) for key in first}
    if isinstance(first, list | tuple):
        columns = [stacked([part[k] for part in parts]) for k in range(len(first))]
        return type(first)(*columns) if hasattr(first, "_fields") else type(first)(columns)
    return np.stack([tensor(part) for part in parts])


def associative_scan(f: Callable[..., Any], elems: Any, reverse: bool = False, axis: int = 0) -> Any:
    """Running results of f(f(a, b), c), along an axis. Source: `keras.ops.associative_scan`.

    >>> associative_scan(lambda a, b: a + b, [1, 2, 3]).tolist()
    [1, 3, 6]
    """
    if not callable(f):
        raise TypeError(f"`f` should be a callable. Received: f={f!r}")
    if isinstance(elems, list) and not any(hasattr(e, "shape") for e in leaves_of(elems)):
        elems = tensor(elems)
    elems = map_tree(tensor, elems)
    lengths = {leaf.shape[axis] for leaf in leaves_of(elems)}
    if len(lengths) != 1:
        raise ValueError(
            f"Array inputs to associative_scan must have the same first dimension; along axis={axis} they "
            f"have {sorted(lengths)}."
        )
    n = lengths.pop()
    order = list(reversed(range(n)) if reverse else range(n))
    parts = [_at(k, elems, axis) for k in order]
    found = parts[:1]
    for part in parts[1:]:
        found.append(f(found[-1], part))
    whole = stacked(found[::-1] if reverse else found)
    return map_tree(lambda leaf: np.moveaxis(leaf, 0, axis), whole)


def stop_gradient(variable: Any) -> Any:
    """The same numbers, through which no gradient flows. Source: `keras.ops.stop_gradient`."""
    return tensor(variable).detach()


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator: f gives (value, function of the upstream gradient that gives the inputs'). Source:
    `keras.ops.custom_gradient`.

    >>> @custom_gradient
    ... def twice(x):
    ...     return x * 2, lambda upstream: upstream * 100
    >>> x = Tensor(1.0, requires_grad=True)
    >>> twice(x).backward()
    >>> float(x.grad)
    100.0
    """

    def with_gradient(*args: Any) -> Any:
        inputs = [tensor(x) for x in args]
        with no_grad():
            y, pull = f(*(x.detach() for x in inputs))

        def vjp(k: int, g: Any, _: Any, *xs: Any) -> Any:
            given = pull(g if isinstance(g, Tensor) else Tensor.wrap(g))
            found = (given if isinstance(given, list | tuple) else (given,))[k]
            return found if isinstance(g, Tensor) else found.numpy()

        name = getattr(f, "__name__", "custom_gradient")
        return Operation(name, lambda *xs: y.numpy(), vjp)(inputs)

    return with_gradient
