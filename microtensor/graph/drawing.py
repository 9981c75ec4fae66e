"""draw: a picture in one call, which shows itself in a notebook, prints as a table, and saves itself.

The one idea: a `Drawing` holds the traced graph and how it shall look; each format is made when it is
asked for.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..core import Tensor
from .cards import Style
from .collapse import collapse
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

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture (.svg), the table (.txt) or the data (.json): by the suffix. Returns the path.

        The file appears complete or not at all.

        Raises:
            ValueError: another suffix. FileNotFoundError: there is no such folder.
        """
        path = Path(path)
        make = _FORMATS.get(path.suffix.lower())
        if make is None:
            raise ValueError(
                f"a drawing is saved by its suffix, one of {', '.join(_FORMATS)}; got {path.name!r}."
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"there is no folder {str(path.parent)!r} to save {path.name!r} in; make it first, "
                "or save elsewhere."
            )
        write(path, make(self))
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


_FORMATS: dict[str, Callable[[Drawing], str]] = {
    ".svg": lambda drawing: drawing.svg,
    ".txt": lambda drawing: drawing.text + "\n",
    ".json": lambda drawing: drawing.json,
}


def write(path: Path, text: str) -> None:
    """Write a file in one stroke: into a new one beside it, which then takes its place."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        with open(new, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
