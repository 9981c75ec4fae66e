"""Activation functions with their derivatives: the lecture's figures.

The one idea: nothing is typed in. The value is what the operation computes, the derivative is what our own
autodiff makes of it, and the formulas are those of the operation's entry in the table of mathematics.
"""

from __future__ import annotations

import ast
import inspect
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
    """f(x) and f′(x) of the table, with the numbers that a call without settings has."""
    symbols = {**defaults(operation), "x": "x", "y": "f(x)"}
    formula, local = (_settled(text, operation) for text in (operation.formula, operation.local[0]))
    plain = Operation(operation.name, operation.forward, *operation.vjps, formula=formula, local=local)
    slope = _bare(local_text(plain, 0, symbols).removeprefix("×"))
    if isinstance(ast.parse(local, mode="eval").body, ast.Compare):  # a truth value, as a number
        slope = f"1 if {slope}, else 0"
    return f"f(x) = {formula_text(plain, symbols)}", f"f′(x) = {slope}"


def _settled(text: str, operation: Operation) -> str:
    """Of `a if approximate else b` the one that a call without settings computes."""
    tree = ast.parse(text, mode="eval").body
    while isinstance(tree, ast.IfExp) and isinstance(tree.test, ast.Name):
        given = inspect.signature(operation.forward).parameters[tree.test.id].default
        tree = tree.body if given else tree.orelse
    return ast.unparse(tree)


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
    """With nan where the function jumps: where it changes far more than a slope does, and than beside."""
    y = np.array(y, dtype=np.float64)
    steps = np.abs(np.diff(y))
    padded = np.pad(steps, 2)
    beside = np.maximum(padded[:-4], padded[4:])  # not the next ones: a jump may pause halfway, on a tie
    jump = (steps > 8 * (x[1] - x[0]) * (1 + np.minimum(np.abs(y[:-1]), np.abs(y[1:])))) & (
        steps > 5 * beside
    )
    y[1:][jump] = np.nan
    return y
