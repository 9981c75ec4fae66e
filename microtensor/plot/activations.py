"""Activation functions with their derivatives: the lecture's figures.

The one idea: nothing is typed in. The value is what the operation computes, the derivative is what our own
autodiff makes of it, and the formulas are those of the operation's entry in the table of mathematics.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..core import Operation, Tensor, autograd, registry
from ..core.state import enable_grad
from ..graph.derivative import defaults, formula_text, local_text
from ..graph.words import checked
from ..nn import activations as keras_activations
from .panel import Array, Line, Panel, limits
from .words import WORDS, word

LECTURE = ("identity", "step", "relu", "sigmoid", "tanh", "leaky_relu", "maxout", "elu")
RANGE = (-5.0, 5.0)
POINTS = 801
MAXOUT = (1.0, -0.5)  # the slopes of the lecture's two lines


class Curve(NamedTuple):
    """What is known of a function of one number."""

    name: str
    function: Callable[[Any], Any]
    formulas: tuple[str, ...]


def curve(activation: Any) -> Curve:
    """The function that a name means, or that is given, with its formulas as far as they are known.

    Raises:
        ValueError: an unknown name.
    """
    if activation == "maxout":
        return Curve("maxout", _maxout, _maxout_formulas())
    found = registry.get(activation, activation) if isinstance(activation, str) else activation
    if not callable(found) or getattr(found, "name", "") == "threshold":  # Keras' has arguments of its own
        found = keras_activations.get(activation)
    name = getattr(found, "__name__", type(found).__name__)
    operation = registry.get(name)
    if operation is None or (found is not operation and name not in ("tanh", "sigmoid")):
        operation = found if isinstance(found, Operation) else None
    return Curve(name, found, () if operation is None else _formulas(operation))


def _maxout(x: Any) -> Any:
    """The lecture's maxout of one input: two straight lines, and the higher one counts."""
    return registry["maxout"](x.reshape((-1, 1)) * np.array([MAXOUT])).reshape((-1,))


def _maxout_formulas() -> tuple[str, ...]:
    first, second = ("x" if w == 1 else f"{w}·x".replace("-", "−") for w in MAXOUT)
    value = formula_text(registry["maxout"], {"x1": first, "x2": second})
    slopes = [f"{w:g}".replace("-", "−") for w in MAXOUT]
    return f"f(x) = {value}", f"f′(x) = {slopes[0]} if {first} > {second}, else {slopes[1]}"


def _formulas(operation: Operation) -> tuple[str, ...]:
    symbols = {**defaults(operation), "x": "x", "y": "f(x)"}
    local = local_text(operation, 0, symbols).removeprefix("×")
    local = _bare(local)
    if "=" in local or (" if " not in local and any(sign in local for sign in "<>")):
        local = f"1 if {local}, else 0"  # a truth value, as a number
    return f"f(x) = {formula_text(operation, symbols)}", f"f′(x) = {local}"


def _bare(text: str) -> str:
    """Without brackets around the whole.

    >>> _bare("(1 − f(x)²)"), _bare("(a)·(b)")
    ('1 − f(x)²', '(a)·(b)')
    """
    depth = 0
    for k, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and k < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") else text


def value_and_derivative(function: Callable[[Any], Any], x: Array) -> tuple[Array, Array]:
    """f(x) and f′(x) at each x, the second by backward from Σ f(x).

    >>> y, slope = value_and_derivative(registry["sigmoid"], np.array([0.0]))
    >>> float(y[0]), float(slope[0])
    (0.5, 0.25)
    """
    with enable_grad():
        at = Tensor(x, requires_grad=True)
        y = function(at)
        if not isinstance(y, Tensor) or y.shape != x.shape:
            what = f"shape {y.shape}" if isinstance(y, Tensor) else type(y).__name__
            raise ValueError(
                f"an activation turns a tensor of shape {x.shape} into a tensor of the same shape; this one "
                f"gave {what}. Write it with microtensor's or NumPy's functions."
            )
        slope = autograd.grad(y.sum(), at) if y.requires_grad else Tensor(np.zeros_like(x))
    return y.numpy(), slope.numpy()


def panel(
    activation: Any, x: tuple[float, float] = RANGE, lang: str = "both", derivative: bool = True
) -> Panel:
    """One function and its derivative. A jump is drawn as a jump, not as a steep line."""
    checked(lang)
    if not x[0] < x[1]:
        raise ValueError(f"x is the range to show, (from, to) with from < to; got {x!r}.")
    name, function, formulas = curve(activation)
    at = np.linspace(*x, POINTS)
    y, slope = value_and_derivative(function, at)
    lines = [Line(at, _with_jumps(y, at), "value", "f(x)")]
    if derivative:
        lines.append(Line(at, _with_jumps(slope, at), "grad", "f′(x)"))
    shown = [line.y for line in lines]
    return Panel(
        title=word(name, lang) if name in WORDS else name,
        formulas=formulas[: 2 if derivative else 1],
        x_limits=x,
        y_limits=limits(*shown, np.array([-0.1, 1.1]), margin=0.05),
        lines=tuple(lines),
        axes=True,
        note=f"{name}: " + "; ".join(formulas),
    )


def _with_jumps(y: Array, x: Array) -> Array:
    """With nan where the function jumps: where one step changes it far more than a slope could."""
    y = np.array(y, dtype=np.float64)
    jump = np.abs(np.diff(y)) > 12 * (x[1] - x[0]) * (1 + np.abs(y[:-1]))
    y[1:][jump] = np.nan
    return y
