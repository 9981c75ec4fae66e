"""Sheet: panels in rows, one picture: SVG without any extra, PNG and PDF by matplotlib.

The one idea: a sheet is only an arrangement. What stands in it are data, so that it can be saved in any form,
shown in a notebook, and read aloud.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..atomic import replace_file
from ..graph.lettering import clean, escape
from ..graph.saving import target
from ..graph.style import checked_theme
from .panel import Panel
from .path import number
from .style import style_sheet
from .svg import Frame, frame, painted, text

HEADING = 30.0
EDGE = 8.0


@dataclass(frozen=True)
class Sheet:
    """Panels in rows.

    Args:
        rows: lists of panels; those of one row are as wide as each other.
        heights: of each row, in pixels; one number for all.
        width: of the whole, in pixels.
        title: the line above; theme: "auto", "light" or "dark".

    >>> from microtensor.plot import drawn
    >>> sheet = drawn.loss([3.0, 2.0, 1.5], lang="en")
    >>> sheet
    <Sheet of 1 panel: Loss by epoch>
    >>> sheet.svg.startswith("<svg")
    True
    """

    rows: tuple[tuple[Panel, ...], ...]
    heights: tuple[float, ...]
    width: float = 460.0
    title: str = ""
    theme: str = "auto"

    @property
    def panels(self) -> list[Panel]:
        """All panels, row by row."""
        return [panel for row in self.rows for panel in row]

    def in_theme(self, theme: str) -> Sheet:
        """The same in "auto", "light" or "dark"."""
        checked_theme(theme)
        return replace(self, theme=theme)

    @property
    def svg(self) -> str:
        """The picture, as the text of an SVG file."""
        return self.markup()

    def places(self) -> list[Frame]:
        """Where each panel lies."""
        return [frame(panel, *box) for panel, box in self._boxes()]

    def _boxes(self) -> list[tuple[Panel, tuple[float, float, float, float]]]:
        """Each panel with its x, y, width and height."""
        boxes, y = [], HEADING if self.title else EDGE
        for row, height in zip(self.rows, self.heights, strict=True):
            w = (self.width - 2 * EDGE) / max(1, len(row))
            boxes += [(panel, (EDGE + k * w, y, w, height)) for k, panel in enumerate(row)]
            y += height
        return boxes

    def markup(self, styled: bool = True) -> str:
        """The picture as SVG; styled=False: for a page that has the style sheet already."""
        parts = [painted(panel, *box) for panel, box in self._boxes()]
        if self.title:
            parts.insert(0, text("heading", EDGE + 10, 21, clean(self.title)))
        body = "\n".join(parts)
        height = (HEADING if self.title else EDGE) + sum(self.heights) + EDGE
        told = ". ".join(dict.fromkeys(clean(panel.note or panel.title) for panel in self.panels))
        name = self.title or (self.panels[0].title if self.panels else "")
        uid = hashlib.sha256(body.encode()).hexdigest()[:10]  # two pictures on one page must not share ids
        size = f'width="{number(self.width)}" height="{number(height)}"'
        style = f"<style>\n{style_sheet(self.theme)}</style>\n" if styled else ""
        return (
            f'<svg class="mtp" xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {number(self.width)} {number(height)}" '
            f'{size} style="max-width:100%;height:auto" role="img" aria-labelledby="t{uid} d{uid}">\n'
            f'<title id="t{uid}">{escape(name)}</title><desc id="d{uid}">{escape(told[:390])}</desc>\n'
            f'{style}<rect class="page" {size}/>\n{body}\n</svg>\n'
        )

    def figure(self) -> Any:
        """The same, painted by matplotlib: a `matplotlib.figure.Figure`."""
        from .axes import figure

        return figure(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it: .svg needs nothing; .png and .pdf need matplotlib. Returns the path.

        Raises:
            ValueError: another suffix. FileNotFoundError: there is no such folder. ModuleNotFoundError: no
                matplotlib, with the command that installs it.
        """
        path = target(path, (".svg", ".png", ".pdf"))
        if path.suffix.lower() == ".svg":
            write(path, self.svg)
        else:
            self.figure().savefig(path, dpi=150)
        return path

    def __repr__(self) -> str:
        count = len(self.panels)
        what = self.title or (self.panels[0].title if self.panels else "nothing")
        return f"<Sheet of {count} panel{'s' * (count != 1)}: {what}>"

    def _repr_svg_(self) -> str:
        return self.svg


def single(panel: Panel, width: float = 460.0, height: float = 300.0, theme: str = "auto") -> Sheet:
    """A sheet of one panel."""
    return Sheet(((panel,),), (height,), width, theme=theme)


def write(path: str | os.PathLike[str], text: str) -> None:
    """Put a text into a file: all of it, or the file stays as it was."""
    replace_file(path, text.encode())
