"""The same pictures as in `microtensor.plot`, without matplotlib: each call gives a `Sheet`.

    microtensor.plot.drawn.loss(history).save("loss.svg")

The one idea: a picture's content is made in one place (`activations`, `curves`, `planes`); here it is put on
paper, and `axes` puts the same on matplotlib's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.lettering import clean, mono_width
from .activations import LECTURE, RANGE, panel
from .curves import loss_panel, weights_panel
from .planes import boundary_panel, hidden_panel
from .sheet import Sheet, single
from .words import word

_SQUARE = (340.0, 366.0)


def activation(
    function: Any, *, x: tuple[float, float] = RANGE, derivative: bool = True, lang: str = "both"
) -> Sheet:
    """An activation function and its derivative, which our own autodiff computes.

    Args:
        function: a name ("relu", "sigmoid", "tanh", "leaky_relu", "elu", "maxout", "step", "identity", or any
            of `keras.activations`), or any function of a tensor, `lambda x: x * microtensor.sigmoid(x)`.
        x: the range to show. derivative: is f′ shown? lang: "en", "ko" or "both".

    Raises:
        ValueError: an unknown name; a function that changes the shape.
    """
    made = panel(function, x, lang, derivative)
    formulas = max((mono_width(clean(formula), 10.5) for formula in made.formulas), default=0.0)
    return single(made, max(340.0, min(formulas + 60.0, 900.0)), 290.0)


def activations(
    functions: Sequence[Any] = LECTURE,
    *,
    x: tuple[float, float] = RANGE,
    derivative: bool = True,
    columns: int = 4,
    lang: str = "both",
) -> Sheet:
    """The lecture's activation functions side by side: identity, step, ReLU, sigmoid, tanh, leaky ReLU,
    maxout and ELU; or those that you name. Each as in `activation`; columns: how many stand in a row: 4 for a
    slide, 1 or 2 for a phone.
    """
    if columns < 1:
        raise ValueError(f"columns is how many pictures stand in a row, at least 1; got {columns!r}.")
    panels = [panel(function, x, lang, derivative) for function in functions]
    rows = tuple(tuple(panels[k : k + columns]) for k in range(0, len(panels), columns))
    return Sheet(rows, (236.0,) * len(rows), 282.0 * min(columns, len(panels)), word("activations", lang))


def loss(history: Any, *, keys: Sequence[str] | None = None, log: bool = False, lang: str = "both") -> Sheet:
    """The loss of each epoch.

    Args:
        history: what `fit` returned; its dict; a list of losses; or several: {"SGD": history, "Adam": other}.
        keys: which of its numbers, such as ["accuracy"]; None: the losses of training and validation.
        log: a logarithmic scale; what is not above 0 has no place on it.
        lang: "en", "ko" or "both".

    Raises:
        ValueError: the history has no such key. TypeError: it is nothing of the above.
    """
    return single(loss_panel(history, keys, log, lang))


def weights(film: Any, *, lang: str = "both") -> Sheet:
    """Each weight at the epochs that were kept; of more than 16 weights, the norm of each array.

    Args:
        film: a `Film` that was among fit's callbacks, or the history of such a training.

    Raises:
        ValueError: nothing was filmed, with what to add.
    """
    return single(weights_panel(film, lang))


def decision_boundary(
    model: Any, x: Any, y: Any = None, *, threshold: float = 0.5, title: str | None = None, lang: str = "both"
) -> Sheet:
    """What a model of two inputs answers everywhere, the line where its answer changes, and the points.

    Args:
        model: a model, or any function from (N, 2) to (N,), (N, 1) or (N, classes).
        x, y: the points and their targets: 0 is a full circle, 1 an empty square.
        threshold: where a single output changes its answer.

    Raises:
        ValueError: x has not two columns; y has another length.
    """
    return single(boundary_panel(model, x, y, threshold, lang, title), *_SQUARE)


def hidden_space(
    model: Any, x: Any, y: Any = None, *, layer: Any = None, threshold: float = 0.5, lang: str = "both"
) -> Sheet:
    """Where a hidden layer of two units puts the points, and the line that the rest draws there: why two
    layers learn XOR.

    Args:
        model: a chain of layers. layer: the hidden one, by name or number; None: the last one of two units.
        x, y: inputs of any width, and targets.

    Raises:
        ValueError: no such layer, or it has not two units.
    """
    return single(hidden_panel(model, x, y, layer, threshold, lang), *_SQUARE)
