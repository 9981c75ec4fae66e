"""draw: a picture in one call, which shows itself in a notebook, prints as a table, and saves itself.

The one idea: a `Drawing` holds the traced graph and how it shall look; each format is made when it is
asked for.
"""

from __future__ import annotations

import copy
import functools
import json
import numbers
import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..atomic import replace_file
from ..core import Tensor
from .axes import checked_direction
from .cards import Style
from .collapse import collapse
from .dot import digraph, dot
from .image import IMAGES, NoImageError, image, save_image
from .memory import Memory, memory
from .mermaid import mermaid
from .models import ModelRecord, called, is_model, layer_graph, model_caption, read
from .neurons import neurons
from .programs import graph_of, is_program, program_caption
from .records import Graph
from .references import referenced
from .saving import target
from .style import checked_theme
from .svg import svg
from .text import table
from .trace import larger, tensors, trace
from .words import checked, checked_title

FULL, MOST = 60, 400  # operations: up to FULL with all their numbers; up to MOST drawn one by one
STYLES = (None, "ops", "layers", "neurons")
ENGINES = ("auto", "builtin", "dot")


def draw(
    output: Any,
    *inputs: Any,
    style: str | None = None,
    depth: int | None = None,
    values: bool | str = "auto",
    grads: bool | str = "auto",
    direction: str = "LR",
    width: float = 1700.0,
    lang: str = "both",
    theme: str = "auto",
    title: str | None = None,
    check: bool = False,
    parameters: Iterable[Tensor] = (),
    engine: str = "auto",
) -> Drawing:
    """A picture of the graph of a tensor, with values, gradients and local derivatives; or of a model.

    Up to 60 operations have cards with all their numbers, up to 400 small cards; more are collapsed to one
    card a layer, layers that repeat to one card, and the caption says so.

    Args:
        output: a loss or another tensor with a graph; what `trace` made of it; a captured program (see
            `mt.jit`), with what it assigns and no numbers but its constants'; a model, which is drawn layer
            by layer; or a function, or a model, with the inputs that it shall be run on.
        inputs: of a function or a model: tensors, arrays, numbers.
        style: "ops", every operation however many there are; "layers", one card a layer; "neurons", a model
            of Dense layers as circles, with an answer in each if an input is given; None: by the size.
        depth: how many levels of nested layers have cards of their own, the rest being collapsed into them;
            0 makes one card of all. None: by `style`.
        values, grads: shall numbers be shown? "auto": yes.
        direction: "LR", left to right, for a slide or a wide page; "TB", top to bottom, for a phone or a
            column: it is read at 400 pixels, where a wide picture would shrink until nobody can.
        width: of the page, in pixels; a longer picture is broken into rows, so that 500 is for a phone, too.
        lang: "en", "ko" or "both".
        theme: "auto" (as the reader's system prefers), "light" or "dark".
        title: the line above the picture; None: what it is of.
        check: compare the gradients of the parameters with central differences, and put the result on their
            cards.
        parameters: tensors that the output should depend on, such as `model.trainable_weights`: those that
            it does not reach are drawn too, and say so.
        engine: who lays the SVG out: "auto" and "builtin", we; "dot", Graphviz, and we where it is not
            installed or takes too long, with one warning.

    Raises:
        TypeError: output is none of these, or a trace that is to be checked. ValueError: an unknown style,
        direction, lang or theme; neurons of what is no chain of Dense layers. StaleGraphError: see `trace`.

    >>> import microtensor as mt
    >>> w = mt.Variable(3.0, name="w")
    >>> print(draw(w * 2.0, lang="en", title="twice"))
    twice
    #  layer  op        in      shape  value   grad     local derivative
    1  loss   multiply  w,2     ()     6.0000  +1.0000  ×2
       -      w         weight  ()     3.000   +2.0000
    """
    checked_theme(theme)
    checked_title(title)
    if engine not in ENGINES:
        raise ValueError(f'engine is "auto", "builtin" or "dot"; got {engine!r}.')
    if style not in STYLES:
        raise ValueError(f'style is "ops", "layers", "neurons" or None; got {style!r}.')
    if not is_number(width, numbers.Real) or not width > 0:
        raise ValueError(f"width is a number of pixels above 0; got {width!r}.")
    if depth is not None and not (is_number(depth, numbers.Integral) and depth >= 0):
        raise ValueError(f"depth is a number of levels, 0 or more, or None; got {depth!r}.")
    look = Style(
        checked(lang),
        _shall("values", values),
        _shall("grads", grads),
        direction=checked_direction(direction),
        width=width,
    )
    make = functools.partial(Drawing, engine=engine)
    if not isinstance(check, bool):
        raise ValueError(f"check is True or False; got {check!r:.60}.")
    parameters = tensors(parameters)
    if is_program(output):
        if inputs or check or parameters or style == "neurons":
            raise ValueError("a program is drawn as it stands: no inputs, check, parameters or neurons.")
        return ProgramDrawing(output, replace(look, grads=False), theme, title, style, depth, engine)
    if is_model(output) and (style == "neurons" or not inputs):
        if check or parameters or style == "ops" or len(inputs) > 1:
            raise ValueError(
                "a model that is not run has no operations and no gradients, so check, parameters and "
                'style="ops" are for draw(model, x); and style="neurons" takes at most one input.'
            )
        return ModelDrawing(read(output, *inputs[:1]), look, theme, title, style == "neurons", engine)
    if style == "neurons":
        raise ValueError(f'style="neurons" is for models; got {type(output).__name__}.')
    if inputs and isinstance(output, Tensor):
        raise TypeError("inputs are for a function or a model; a tensor is drawn as it was computed.")
    if inputs or (callable(output) and not isinstance(output, Tensor)):
        output = called(output, inputs)
    if isinstance(output, Graph):
        if check:
            raise TypeError("a trace is data and cannot be run again: trace(loss, check=True) checks it.")
        return make(output, look, theme, title, style, depth)
    # Formulas and local derivatives are written only for those who will see them.
    large = isinstance(output, Tensor) and larger(output, MOST)
    detail = style == "ops" or (style is None and depth is None and not large)
    return make(trace(output, parameters, detail, check), look, theme, title, style, depth)


def is_number(thing: object, kind: type) -> bool:
    """Is it a number of this kind, Python's or NumPy's? True and False are none."""
    return isinstance(thing, kind) and not isinstance(thing, bool)


def _shall(name: str, choice: bool | str) -> bool:
    """Is it to be shown? "auto" is yes. ValueError for what is neither."""
    if choice == "auto":
        return True
    if not isinstance(choice, bool):
        raise ValueError(f'{name} is True, False or "auto"; got {choice!r}.')
    return choice


class Drawing:
    """A drawn graph. `str(d)` is a table, `d.save(path)` a file, and a notebook shows it.

    `graph` is the whole trace, as data.
    """

    def __init__(
        self,
        graph: Graph,
        look: Style,
        theme: str = "auto",
        title: str | None = None,
        style: str | None = None,
        depth: int | None = None,
        engine: str = "auto",
    ) -> None:
        self.graph, self.theme, self.title, self._depth, self.engine = graph, theme, title, depth, engine
        many = graph.operations > MOST and style is None
        self._collapses = bool(graph.operations) and (many or depth is not None or style == "layers")
        self.style = replace(look, compact=graph.operations > FULL and not self._collapses)

    @functools.cached_property
    def shown(self) -> Graph:
        """The graph as it is drawn: the whole one, or a collapsed one."""
        return collapse(self.graph, self.style.lang, self._depth) if self._collapses else self.graph

    @functools.cached_property
    def pictured(self) -> Graph:
        """`shown`; of a program with cards for what stands far away."""
        computed = [node for node in self.shown.nodes if node.number and node.kind != "layer"]
        whole = not computed or any(node.value is not None for node in computed)
        return self.shown if whole else referenced(self.shown, self.style.lang)

    @functools.cached_property
    def svg(self) -> str:
        """The picture, as the text of an SVG file."""
        if self.engine == "dot":
            try:
                return image(self.dot, "svg").decode()
            except NoImageError as error:
                warnings.warn(f"the picture is laid out by ourselves: {error}.", stacklevel=2)
        return self.picture(self.theme)

    def picture(self, theme: str) -> str:
        """The picture as we lay it out, in the colours of a theme: one of a file's, or "page"."""
        return svg(self.pictured, self.style, theme, self.title)

    def restyled(self, **changes: Any) -> Drawing:
        """The same, but for what is changed of its style: `restyled(lang="ko")`."""
        other = copy.copy(self)
        for name in [*vars(other)]:
            if isinstance(getattr(Drawing, name, None), functools.cached_property):
                del vars(other)[name]  # made for this one's style
        other.style = replace(self.style, **changes)
        return other

    @functools.cached_property
    def text(self) -> str:
        """The table of operations and parameters."""
        return table(self.shown, self.style, self.title)

    @functools.cached_property
    def json(self) -> str:
        """The whole trace, as JSON."""
        return json.dumps(self.graph.to_json(), ensure_ascii=True, indent=1) + "\n"

    @functools.cached_property
    def html(self) -> str:
        """The picture as a page that steps through it; with an optimizer's update: `graph.step`."""
        from .html import page  # here: a page draws

        return page(self)

    @functools.cached_property
    def dot(self) -> str:
        """The picture in Graphviz's language."""
        return dot(self.pictured, self.style, self.theme, self.title)

    @functools.cached_property
    def mermaid(self) -> str:
        """The picture as a Mermaid flowchart."""
        return mermaid(self.shown, self.style, self.theme)

    def to_graphviz(self) -> Any:
        """The picture as a `graphviz.Digraph`, the class of the PyPI package, to change or render it.

        >>> import microtensor as mt
        >>> digraph = draw(mt.Variable(3.0, name="w") * 2.0).to_graphviz()
        >>> digraph.node("note", "thrice", shape="note")
        >>> digraph.source.startswith("digraph {")
        True
        """
        return digraph(self.pictured, self.style, self.theme, self.title)

    def memory(self) -> Memory:
        """Where the bytes lie that the graph keeps for backward; it prints as a table. See `memory`."""
        return memory(self.graph, self.style.lang)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file of the kind that its suffix says. Returns the path of what was written.

        | suffix | what it is |
        |---|---|
        | `.svg` | the picture, complete in one file |
        | `.html` | a page that goes through it step by step, or shows it; complete in one file |
        | `.png`, `.pdf` | the picture, laid out by Graphviz |
        | `.dot`, `.gv` | text for Graphviz |
        | `.mmd` | text for Mermaid |
        | `.json` | the whole trace as data; see `Graph.to_json` |
        | `.txt` | the table |

        PNG and PDF need the program `dot` or `pip install "microtensor[png]"`. Without either, an SVG file is
        written beside, one warning says so, and its path is returned.

        The file appears complete or not at all.

        Raises:
            ValueError: another suffix. FileNotFoundError: there is no such folder.
        """
        path = target(path, (*FORMATS, *IMAGES), "a drawing")
        suffix = path.suffix.lower()
        if suffix in IMAGES:
            return save_image(path, self.dot, lambda: self.svg)
        replace_file(path, FORMATS[suffix](self).encode())
        return path

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        shown = f", {self.shown.collapsed} cards" if self.shown.collapsed else ""
        return f"<Drawing of {self.graph.root}: {self.graph.operations} operations{shown}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the picture; where it cannot, the table."""
        return {"image/svg+xml": self.svg, "text/plain": self.text}


class ProgramDrawing(Drawing):
    """A drawn program. What it is called is said in the language of the picture."""

    def __init__(
        self,
        program: Any,
        look: Style,
        theme: str,
        title: str | None,
        style: str | None,
        depth: int | None,
        engine: str,
    ) -> None:
        graph = graph_of(program)
        heading = program_caption(program, graph, look.lang) if title is None else title
        super().__init__(graph, look, theme, heading, style, depth, engine)
        self._made_of = program, title, style

    def restyled(self, **changes: Any) -> Drawing:
        """The same in another style."""
        (program, title, style), look = self._made_of, replace(self.style, **changes)
        return ProgramDrawing(program, look, self.theme, title, style, self._depth, self.engine)


class ModelDrawing(Drawing):
    """A drawn model, layer by layer or as neurons. Nothing in it was computed, so there are no steps."""

    def __init__(
        self, model: ModelRecord, look: Style, theme: str, title: str | None, circles: bool, engine: str
    ) -> None:
        heading = model_caption(model, look.lang) if title is None else title
        engine = "builtin" if circles else engine  # Graphviz draws no neurons
        super().__init__(layer_graph(model, look.lang), look, theme, heading, engine=engine)
        self._model, self._given_title, self._circles = model, title, circles
        if circles:
            self.svg  # noqa: B018  # what cannot be drawn so is refused now, not when it is saved

    def picture(self, theme: str) -> str:
        """The picture as we lay it out, in the colours of a theme: one of a file's, or "page"."""
        if self._circles:
            return neurons(self._model, self.style.lang, theme, self.title)
        return super().picture(theme)

    def restyled(self, **changes: Any) -> Drawing:
        """The same in another style; its words are the model's, and said anew."""
        look = replace(self.style, **changes)
        return ModelDrawing(self._model, look, self.theme, self._given_title, self._circles, self.engine)


FORMATS: dict[str, Callable[[Drawing], str]] = {
    ".svg": lambda drawing: drawing.svg,
    ".html": lambda drawing: drawing.html,
    ".dot": lambda drawing: drawing.dot,
    ".gv": lambda drawing: drawing.dot,
    ".mmd": lambda drawing: drawing.mermaid,
    ".json": lambda drawing: drawing.json,
    ".txt": lambda drawing: drawing.text + "\n",
}
