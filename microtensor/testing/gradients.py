"""check_grads: is the derivative that was written the derivative of what was written?

The one idea: two roads to one number. For a function y = f(x) with Jacobian J, any direction v in its inputs
and any weights w of its outputs,

    <w, J v>  =  <Jᵀ w, v>.

The left side needs only values: the slope of f along v, by central differences. The right side is what the
vjps claim. A single pair of random v and w sees an error in any element, with probability 1; only when the
two differ is every element computed, to say which one is wrong and why.

A first gradient is itself a function, of the inputs and of w. Checking that function the same way is the
check of second derivatives, and so on for any order.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..core import GradientError, Tensor
from ..core.autograd import grad
from .diagnosis import explain, explain_refusal

Array = np.ndarray
STEP = 1e-3  # the five-point formula errs by about STEP**4: near 1e-12, like the rounding it divides by STEP


class Claim(NamedTuple):
    """A function, and the road on which its derivative is claimed."""

    what: str  # "mish", "the gradient of mish"
    exact: Callable[..., Any]  # differentiated by the sweep
    plain: Callable[..., Any]  # the same values, on arrays where there is a choice: for central differences
    arrays: list[Array]
    names: list[str]  # of the inputs, for messages


def check_grads(
    fn: Callable[..., Any],
    *inputs: Any,
    order: int = 2,
    modes: Sequence[str] = ("reverse", "forward"),
    tolerance: float = 1e-6,
    seed: int = 0,
    **params: Any,
) -> None:
    """Hold the derivatives of `fn`, up to `order`, against central differences in float64.

    Args:
        fn: an Operation, or any function of tensors that gives a tensor (or a list of them).
        inputs: numbers, arrays or tensors, away from kinks by 0.01. Floating ones are taken as float64 and
            checked; integers and booleans are handed on as they are.
        order: 1 for gradients; 2 also for gradients of gradients, through create_graph=True; ...
        modes: "reverse", Jᵀ w; "forward", J v, made of two reverse sweeps; "complex", Jᵀ w against a complex
            step, which is exact to the last digits, for functions that are analytic and take complex numbers.
        tolerance: how far the two numbers may differ, relative to 1 + the size of what was summed.
        seed: of the random directions.
        params: keywords for fn, such as axis=-1.

    Raises:
        AssertionError: which input, which element, both numbers, and the likely cause.

    >>> from microtensor import softmax
    >>> check_grads(softmax, [[0.5, -1.0, 2.0]], axis=-1)
    """
    function = functools.partial(fn, **params) if params else fn
    arrays = [_as_array(x) for x in inputs]
    if not any(a.dtype.kind == "f" for a in arrays):
        raise AssertionError(
            "check_grads needs an input of floats; integers and booleans have no derivative."
        )
    name = getattr(fn, "name", None) or getattr(fn, "__name__", None) or repr(fn)
    claim = Claim(name, function, function, arrays, [f"input {k}" for k in range(len(arrays))])
    unknown = set(modes) - {"reverse", "forward", "complex"}
    if unknown:
        raise ValueError(f"modes are 'reverse', 'forward' and 'complex'; got {sorted(unknown)}.")
    first, rng = claim, np.random.default_rng(seed)
    for level in range(1, order + 1 if "reverse" in modes else 1):
        weights = _check(claim, rng, tolerance)
        if level < order:
            claim = _gradient_of(claim, weights)
    if "forward" in modes:
        _check_forward(first, rng, tolerance)
    if "complex" in modes:
        _check_complex(first, rng)


def _as_array(x: Any) -> Array:
    array = np.array(x.numpy() if isinstance(x, Tensor) else x)
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _outputs(claim: Claim, function: Callable[..., Any], arrays: Sequence[Array]) -> tuple[Any, list[Tensor]]:
    """(the tensors that went in, the floating tensors that came out)."""
    tensors = [Tensor(a, requires_grad=a.dtype.kind == "f") for a in arrays]
    result = function(*tensors)
    results = [t for t in (result if isinstance(result, list | tuple) else [result]) if isinstance(t, Tensor)]
    floating = [t for t in results if t.dtype.kind == "f"]
    if not floating:
        raise AssertionError(f"{claim.what} gives no tensor of floats, so it has no derivative: {result!r}")
    narrow = [t for t in floating if t.dtype != np.float64]
    if narrow:
        raise AssertionError(
            f"{claim.what} makes {narrow[0].dtype} out of float64 inputs; a check needs float64 throughout. "
            "Is there an astype, or a NumPy array of another dtype, inside?"
        )
    return tensors, floating


def _check(claim: Claim, rng: np.random.Generator, tolerance: float) -> list[Array]:
    """Check one order. The weights of the outputs, which are inputs of the gradient."""
    try:
        tensors, outputs = _outputs(claim, claim.exact, claim.arrays)
        weights = [rng.standard_normal(y.shape) for y in outputs]
        gradients = _gradients(claim, tensors, outputs, list(map(Tensor, weights)), False)
    except GradientError as error:
        raise AssertionError(explain_refusal(claim.what, error)) from error
    _compare_roads(claim, outputs)
    for k, (x, g) in enumerate(zip(claim.arrays, gradients, strict=True)):
        if x.dtype.kind != "f":
            continue
        slope = functools.partial(_slope, claim, weights, k)
        v = _direction(rng, x)
        claimed, measured = float(np.sum(g.numpy() * v)), slope(v)
        if not abs(claimed - measured) <= tolerance * (1 + float(np.sum(np.abs(g.numpy() * v)))):
            where = f"{claim.what}, with respect to {claim.names[k]} of shape {x.shape}"
            raise AssertionError(explain(where, x, g.numpy(), slope, _copies(claim, weights, k)))
    return weights


def _check_forward(claim: Claim, rng: np.random.Generator, tolerance: float) -> None:
    """J v, by differentiating Jᵀ u along v with respect to u, against the slope of every output along v."""
    try:
        tensors, outputs = _outputs(claim, claim.exact, claim.arrays)
        dummies = [Tensor(np.ones(y.shape), requires_grad=True) for y in outputs]
        pulled = _gradients(claim, tensors, outputs, dummies, True)
        moves = [_direction(rng, x) if x.dtype.kind == "f" else None for x in claim.arrays]
        pairs = [
            (p, Tensor(v)) for p, v in zip(pulled, moves, strict=True) if v is not None and p.requires_grad
        ]
        if not pairs:
            return
        ps, vs = (list(part) for part in zip(*pairs, strict=True))
        pushed = grad(ps, dummies, vs, allow_unused=True)
    except GradientError as error:
        raise AssertionError(explain_refusal(claim.what, error)) from error

    def at(step: float) -> list[Array]:
        moved = [x if v is None else x + step * v for x, v in zip(claim.arrays, moves, strict=True)]
        return [y.numpy() for y in _outputs(claim, claim.plain, moved)[1]]

    far, near = (list(zip(at(step), at(-step), strict=True)) for step in (2 * STEP, STEP))
    for claimed, (a, b), (c, d) in zip(pushed, near, far, strict=True):
        measured = (8 * (a - b) - (c - d)) / (12 * STEP)
        claimed = np.zeros_like(measured) if claimed is None else claimed.numpy()
        if not np.allclose(claimed, measured, rtol=tolerance, atol=10 * tolerance):
            raise AssertionError(
                f"{claim.what}: J v, in forward mode, is wrong.\n"
                f"  the vjps say {claimed.tolist()}\n  central differences say {measured.tolist()}"
            )


def _check_complex(claim: Claim, rng: np.random.Generator) -> None:
    """<w, J v> = Im <w, f(x + i h v)> / h, with h so small that nothing else is left of the difference."""
    tensors, outputs = _outputs(claim, claim.exact, claim.arrays)
    weights = [rng.standard_normal(y.shape) for y in outputs]
    gradients = _gradients(claim, tensors, outputs, list(map(Tensor, weights)), False)
    moves = [_direction(rng, x) if x.dtype.kind == "f" else None for x in claim.arrays]
    h = 1e-40
    moved = [Tensor(x if v is None else x + 1j * h * v) for x, v in zip(claim.arrays, moves, strict=True)]
    result = claim.plain(*moved)
    results = result if isinstance(result, list | tuple) else [result]
    measured = sum(float(np.sum(w * y.numpy().imag)) / h for w, y in zip(weights, results, strict=True))
    parts = [g.numpy() * v for g, v in zip(gradients, moves, strict=True) if v is not None]
    claimed = sum(float(np.sum(part)) for part in parts)
    if not abs(claimed - measured) <= 1e-11 * (1 + sum(float(np.sum(np.abs(part))) for part in parts)):
        raise AssertionError(f"{claim.what}: <Jᵀ w, v> is {claimed!r}; a complex step says {measured!r}.")


def _direction(rng: np.random.Generator, x: Array) -> Any:
    """A direction in which every element moves, and none by more than 1: kinks 0.01 away are not met."""
    return rng.uniform(0.5, 1.0, x.shape) * rng.choice([-1.0, 1.0], x.shape)


def _gradients(
    claim: Claim, tensors: Sequence[Tensor], outputs: list[Tensor], weights: list[Tensor], graph: bool
) -> list[Tensor]:
    """Jᵀ w for each input: zeros where no gradient arrives."""
    reached = [(y, w) for y, w in zip(outputs, weights, strict=True) if y.requires_grad]
    if not reached:
        raise AssertionError(
            f"{claim.what} gives a result without a graph. Has the operation no vjps, or does the function "
            "read numbers out, with numpy() or float(), and compute with those?"
        )
    ys, ws = (list(part) for part in zip(*reached, strict=True))
    wanted = [x for x in tensors if x.requires_grad]
    found = dict(zip(wanted, grad(ys, wanted, ws, create_graph=graph, allow_unused=True), strict=True))
    gradients = [found.get(x) for x in tensors]
    return [Tensor(np.zeros(x.shape)) if g is None else g for x, g in zip(tensors, gradients, strict=True)]


def _gradient_of(claim: Claim, weights: list[Array]) -> Claim:
    """The gradient of a claim's function, as a function of its inputs and of the weights of its outputs."""
    count = len(claim.arrays)

    def gradient(graph: bool, *args: Tensor) -> list[Tensor]:
        result = claim.exact(*args[:count])
        ys = [t for t in (result if isinstance(result, list | tuple) else [result]) if t.dtype.kind == "f"]
        gradients = _gradients(claim, args[:count], ys, list(args[count:]), graph)
        return [g for x, g in zip(args, gradients, strict=False) if x.requires_grad]

    return Claim(
        f"the gradient of {claim.what}",
        functools.partial(gradient, True),
        functools.partial(gradient, False),
        [*claim.arrays, *weights],
        [*claim.names, *(f"the incoming gradient {k}" for k in range(len(weights)))],
    )


def _compare_roads(claim: Claim, outputs: list[Tensor]) -> None:
    """A vjp must say the same on arrays and on tensors."""
    if claim.plain is claim.exact:
        return
    for on_tensors, on_arrays in zip(outputs, _outputs(claim, claim.plain, claim.arrays)[1], strict=True):
        if not np.allclose(on_tensors.numpy(), on_arrays.numpy(), rtol=1e-9, atol=1e-12):
            raise AssertionError(
                f"{claim.what} is another one with create_graph=True: a vjp does not compute on tensors "
                "what it computes on arrays.\n"
                f"  on tensors {on_tensors.tolist()}\n  on arrays  {on_arrays.tolist()}"
            )


def _value(claim: Claim, weights: list[Array], arrays: Sequence[Array]) -> float:
    outputs = _outputs(claim, claim.plain, arrays)[1]
    return sum(float(np.sum(w * y.numpy())) for w, y in zip(weights, outputs, strict=True))


def _slope(claim: Claim, weights: list[Array], k: int, v: Array) -> float:
    """<w, J v> along v in input k."""

    def at(step: float) -> float:
        moved = [x + step * v if j == k else x for j, x in enumerate(claim.arrays)]
        return _value(claim, weights, moved)

    return (8 * (at(STEP) - at(-STEP)) - (at(2 * STEP) - at(-2 * STEP))) / (12 * STEP)


def _copies(claim: Claim, weights: list[Array], k: int) -> tuple[Array, Callable[[Array], float]] | None:
    """If input k may have been broadcast: all its copies, and the slope along a direction in them."""
    try:
        copies = np.array(np.broadcast_to(claim.arrays[k], weights[0].shape))
        wide = claim._replace(arrays=[copies if j == k else a for j, a in enumerate(claim.arrays)])
        _value(wide, weights, wide.arrays)
    except (ValueError, TypeError, GradientError):
        return None
    return copies, functools.partial(_slope, wide, weights, k)
