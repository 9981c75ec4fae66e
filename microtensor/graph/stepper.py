"""step: a training step as a page that goes through it, forward, backward and update.

step(loss, optimizer=SGD(0.3)).save("xor.html")
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from ..atomic import replace_file
from ..core import Tensor
from .drawing import Drawing, draw
from .html import page
from .models import is_model
from .saving import target
from .steps import Step, steps
from .trace import trace
from .update import Update, update


def step(
    loss: Tensor | Callable[[], Tensor],
    optimizer: Any = None,
    *,
    lang: str = "both",
    theme: str = "auto",
    title: str | None = None,
) -> Stepper:
    """The stepper page of a loss: every operation forward, every gradient backward, every parameter updated.

    Nothing is changed: no `.grad`, no parameter, nothing that the optimizer remembers.

    Args:
        loss: a tensor with a graph; or a function without arguments that computes it, which then runs twice,
            the second time with the new parameters. From a tensor, the operations of its graph run again; a
            function is needed where other ones would run (`if` and `where` of the parameters, `checkpoint`).
        optimizer: takes the step that is shown; None: the page ends with the gradients.
        lang, theme, title: as for `draw`; the reader can switch language and theme.

    Raises:
        TypeError: loss gives no Tensor, or optimizer is none. ValueError: there is nothing to update.

    >>> import microtensor as mt
    >>> w = mt.Variable(3.0, name="w")
    >>> step(w * w, optimizer=mt.optim.SGD(0.25))
    <Stepper of multiply: 7 steps>
    """
    if is_model(loss):
        raise TypeError(
            "step takes a loss, or a function that computes one; got a model: step(loss_of(y, model(x)))."
        )
    function = None if isinstance(loss, Tensor) or not callable(loss) else loss
    output: Any = loss if function is None else function()
    graph = trace(output)
    made = None if optimizer is None else update(output, graph, optimizer, function)
    return Stepper(draw(graph, lang=lang, theme=theme, title=title), made)


class Stepper:
    """A page of steps. `str(s)` is its HTML, `s.save(path)` a file, and a notebook shows it.

    `drawing` is the picture in it, `update` what the optimizer made.
    """

    def __init__(self, drawing: Drawing, update: Update | None = None) -> None:
        self.drawing, self.update = drawing, update

    @functools.cached_property
    def html(self) -> str:
        """The page: one file, which needs no other."""
        return page(self.drawing, self.update)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps, as data."""
        return steps(self.drawing.pictured, self.update, self.drawing.graph)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page. The file appears complete or not at all. Returns the path.

        Raises:
            ValueError: a suffix that is not .html. FileNotFoundError: there is no such folder.
        """
        path = target(path, (".html", ".htm"), "a stepper page")
        replace_file(path, self.html.encode())
        return path

    def __str__(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<Stepper of {self.drawing.graph.root}: {len(self.steps)} steps>"

    def _repr_html_(self) -> str:
        """In a frame of its own, so that neither page nor notebook changes the other's style."""
        return (
            f'<iframe title="stepper" srcdoc="{escape(self.html)}" '
            'style="width:100%;height:640px;border:0"></iframe>'
        )
