"""SVG's text: numbers, rectangles, words, and the whole file around them.

The one idea: whatever stands in a picture is written by these few functions, and they escape.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from .lettering import escape
from .style import needed, style_sheet


def n(x: float) -> str:
    """A coordinate: one decimal, and none where it would be 0."""
    text = f"{x:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def text(kind: str, x: float, y: float, words: str, anchor: str = "", address: str = "") -> str:
    """One line of words of that class ("" for none); `anchor`: "middle", "end", or at its start.

    `address`: attributes.
    """
    at = f' text-anchor="{anchor}"' if anchor not in ("", "start") else ""
    return f'<text{_class(kind)} x="{n(x)}" y="{n(y)}"{at}{address}>{escape(words)}</text>'


def rect(kind: str, x: float, y: float, w: float, h: float, radius: float = 0.0) -> str:
    """A rectangle of that class, with round corners."""
    return f'<rect{_class(kind)} x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" rx="{n(radius)}"/>'


def document(parts: Iterable[str], w: float, h: float, theme: str, title: str, description: str) -> str:
    """A file that needs no other one, and that a screen reader can tell: its title, then its description."""
    page = f'<rect class="page" width="{n(w)}" height="{n(h)}"/>'
    picture = "\n".join([page, *(part for part in parts if part)])
    body = f"<style>\n{needed(style_sheet(theme), picture)}</style>\n{picture}"
    uid = hashlib.sha256(body.encode()).hexdigest()[:10]  # two pictures on one page must not share ids
    return (
        f'<svg class="mt" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(w)} {n(h)}" '
        f'width="{n(w)}" height="{n(h)}" style="max-width:100%;height:auto" role="img" '
        f'aria-labelledby="t{uid} d{uid}">\n'
        f'<title id="t{uid}">{escape(title)}</title><desc id="d{uid}">{escape(description)}</desc>\n'
        f"{body}\n</svg>\n"
    )
