"""draw: a picture in one call, which shows itself in a notebook, prints as a table, and saves itself.

The one idea: a `Drawing` holds the traced graph and how it shall look; each format is made when it is
asked for.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..atomic import replace_file
from ..core import Tensor
from .cards import Style
from .collapse import collapse
from .dot import digraph, dot
from .image import IMAGES, save_image
from .mermaid import mermaid
from .records import Graph
from .style import style_sheet
from .svg import svg
from .text import table
from .trace import trace
from .words import checked

FULL, MOST = 60, 400  # operations: up to FULL with all their numbers; up to MOST drawn one by one


def draw(
    output: Tensor | Graph,
    *,
    lang: str = "both",
    values: bool = True,
    grads: bool = True,
    theme: str = "auto",
    title: str | None = None,
) -> Drawing:
    """A picture of the graph of a tensor, with values, gradients and local derivatives.

    Args:
        output: a loss or another tensor with a graph; or what `trace` made of it.
        lang: "en", "ko" or "both". values, grads: shall numbers be shown?
        theme: "auto" (as the reader's system prefers), "light" or "dark".
        title: the line above the picture; None: what it is of.

    More than 400 operations are collapsed to one card a layer; the caption says so.

    Raises:
        TypeError: output is no Tensor. ValueError: an unknown lang or theme. StaleGraphError: see `trace`.

    >>> import microtensor as mt
    >>> w = mt.Variable(3.0, name="w")
    >>> print(draw(w * 2.0, lang="en", title="twice"))
    twice
    #  layer  op        in      shape  value   grad     local derivative
    1  loss   multiply  w,2     ()     6.0000  +1.0000  ×2
       -      w         weight  ()     3.000   +2.0000
    """
    style_sheet(theme)
    return Drawing(
        output if isinstance(output, Graph) else trace(output), checked(lang), values, grads, theme, title
    )


class Drawing:
    """A drawn graph. `str(d)` is a table, `d.save(path)` a file, and a notebook shows it.

    `graph` is the whole trace, as data.
    """

    def __init__(
        self, graph: Graph, lang: str, values: bool, grads: bool, theme: str, title: str | None
    ) -> None:
        self.graph, self.theme, self.title = graph, theme, title
        self.style = Style(lang, values, grads, full=8 if graph.operations <= FULL else 2)

    @functools.cached_property
    def shown(self) -> Graph:
        """The graph as it is drawn: the whole one, or a collapsed one."""
        return self.graph if self.graph.operations <= MOST else collapse(self.graph, self.style.lang)

    @functools.cached_property
    def svg(self) -> str:
        """The picture, as the text of an SVG file."""
        return svg(self.shown, self.style, self.theme, self.title)

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
        return dot(self.shown, self.style, self.theme, self.title)

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
        return digraph(self.shown, self.style, self.theme, self.title)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file of the kind that its suffix says. Returns the path of what was written.

        | suffix | what it is |
        |---|---|
        | `.svg` | the picture, complete in one file |
        | `.html` | a page that goes through it step by step, complete in one file |
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
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix in IMAGES:
            return save_image(path, self.dot, lambda: self.svg)
        if suffix not in FORMATS:
            raise ValueError(
                f"a drawing is saved by its suffix, one of {', '.join([*FORMATS, *IMAGES])}; "
                f"got {path.name!r}."
            )
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


FORMATS: dict[str, Callable[[Drawing], str]] = {
    ".svg": lambda drawing: drawing.svg,
    ".html": lambda drawing: drawing.html,
    ".dot": lambda drawing: drawing.dot,
    ".gv": lambda drawing: drawing.dot,
    ".mmd": lambda drawing: drawing.mermaid,
    ".json": lambda drawing: drawing.json,
    ".txt": lambda drawing: drawing.text + "\n",
}
