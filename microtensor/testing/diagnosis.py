"""What is wrong with a wrong derivative, in words: which element, both numbers, the likely cause.

The one idea: the mistakes people make leave marks. A lost minus makes every element -1 times what it should
be; a mean where a sum belongs, or a forgotten 2, one constant factor; `a.T` for `a` the transpose. Each
mark is tried on the two arrays, and the first that fits is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

Array = np.ndarray
Slope = Callable[[Array], float]


def explain(where: str, x: Array, claimed: Array, slope: Slope, copies: tuple[Array, Slope] | None) -> str:
    """The sentence for a derivative `claimed` at x that the function's own `slope` contradicts."""
    measured = measure(x, slope)
    wrong = ~np.isclose(claimed, measured, rtol=1e-5, atol=1e-7)
    if not wrong.any():  # too small an error to see in one element, but too large for their sum
        wrong = np.ones(x.shape, bool)
    distance = np.where(wrong, np.nan_to_num(np.abs(claimed - measured), nan=np.inf), -1)
    worst = tuple(int(n) for n in np.unravel_index(np.argmax(distance), x.shape))
    return (
        f"{where}: the derivative is wrong.\n"
        f"  {int(wrong.sum())} of {x.size} elements differ; worst at element {worst}, x = {x[worst]:.6g}:\n"
        f"  the vjp says {claimed[worst]:.9g}, central differences say {measured[worst]:.9g}\n"
        f"  likely cause: {likely_cause(x, claimed, measured, slope, worst, copies)}"
    )


def measure(x: Array, slope: Slope) -> Array:
    """The gradient by central differences, one element after the other."""
    measured = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        one = np.zeros(x.shape)
        one[index] = 1.0
        measured[index] = slope(one)
    return measured


def likely_cause(
    x: Array,
    claimed: Array,
    measured: Array,
    slope: Slope,
    worst: tuple[int, ...],
    copies: tuple[Array, Slope] | None = None,
) -> str:
    """The first mark that fits."""
    if not np.isfinite(measured).all():
        return "the function itself is not finite around this point: choose inputs inside its domain."
    if not np.isfinite(claimed).all():
        return "the vjp gives NaN or infinity where the function is smooth: does it divide by zero?"
    if _has_kink(x, slope, worst):
        return "no mistake: the function has a kink or a jump within 0.005 of x; choose other inputs."
    if not claimed.any():
        return "no gradient arrives: is the vjp None or 0, or are numbers read out, with numpy() or float()?"
    if np.allclose(claimed, -measured, rtol=1e-5, atol=1e-7):
        return "the sign: every element is -1 times what it should be."
    factor = float(np.sum(claimed * measured) / np.sum(measured * measured)) if measured.any() else 0.0
    if factor and x.size > 1 and np.allclose(claimed, factor * measured, rtol=1e-5, atol=1e-7):
        return f"a constant factor: every element is {factor:.6g} times what it should be."
    if x.ndim > 1 and x.shape == x.shape[::-1] and np.allclose(claimed, measured.T, rtol=1e-5, atol=1e-7):
        return "transposed: the vjp gives the transpose of the right gradient."
    if copies and copies[0].shape != x.shape and _is_one_copy(claimed, measure(*copies)):
        return (
            "a missing sum over the broadcast axis: the vjp gives the gradient of one copy of x, not of all."
        )
    if factor and x.size == 1:
        return f"a factor: it is {factor:.6g} times what it should be."
    hint = "; with matrices, is an operand transposed?" if x.ndim > 1 else "."
    return f"the formula: no sign, factor, transposed result or missing sum alone explains it{hint}"


def _has_kink(x: Array, slope: Slope, worst: tuple[int, ...]) -> bool:
    """Is the slope of the right neighbourhood another than that of the left one?"""
    one = np.zeros(x.shape)
    one[worst] = 1.0
    wide, narrow = slope(3 * one) / 3, slope(one)
    return not np.isclose(wide, narrow, rtol=1e-3, atol=1e-5)


def _is_one_copy(claimed: Array, copies: Array) -> bool:
    """Is it one of the gradients that should have been added up?"""
    added = copies.ndim - claimed.ndim
    shape = (1,) * added + claimed.shape
    axes = [range(n if m == 1 else 1) for n, m in zip(copies.shape, shape, strict=True)]
    for start in np.ndindex(*map(len, axes)):
        part = copies[tuple(slice(k, k + m) for k, m in zip(start, shape, strict=True))]
        if np.allclose(claimed, part.reshape(claimed.shape), rtol=1e-5, atol=1e-7):
            return True
    return False


def explain_refusal(what: str, error: Exception) -> str:
    """The sentence for a gradient that the sweep refused to compute."""
    found = re.search(r"returned shape (\(.*?\)) for an input of shape (\(.*?\))\.", str(error))
    if not found:
        return f"{what}: {error}"
    got, wanted = (tuple(map(int, re.findall(r"\d+", shape))) for shape in found.groups())
    cause = "wrong shape; a vjp gives the shape of its input, or of the result that it was broadcast to"
    if len(got) > 1 and got == wanted[::-1]:
        cause = "transposed: the shape is the reverse of the input's"
    return f"{what}: {error}\n  likely cause: {cause}."
