"""Gallery: a folder of pictures with a page that shows them.

The one idea: each picture stays a file of its own, to be put into slides; the page only shows them in a row.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..graph.lettering import escape
from ..graph.words import checked
from .page import whole_page
from .sheet import write
from .words import word

EMBEDDED = (".svg", ".png")


def gallery(
    folder: str | os.PathLike[str],
    pictures: Mapping[str, tuple[str, Any]],
    *,
    title: str = "",
    lang: str = "both",
) -> Path:
    """Write pictures and `index.html`, which shows those that are images and links to those that are pages.

    Args:
        folder: made if it is missing.
        pictures: {"loss.svg": ("The loss by epoch", sheet)}: the file's name, what it shows, and anything
            with `save(path)`: a Sheet, a Film, a Drawing of `microtensor.graph`.
        title: the page's heading.

    Returns: the path of `index.html`.

    Raises:
        ValueError: a name that is no plain file name. OSError: the folder cannot be written.
    """
    folder = Path(folder)
    for name in pictures:
        if Path(name).name != name or not Path(name).suffix or name == "index.html":
            raise ValueError(
                f"a picture in the gallery has a plain file name, such as 'loss.svg'; got {name!r}."
            )
    folder.mkdir(parents=True, exist_ok=True)
    for name, (_, picture) in pictures.items():
        picture.save(folder / name)
    heading = escape(title or word("gallery", checked(lang)))
    shown = "\n".join(_figure(name, caption) for name, (caption, _) in pictures.items())
    write(folder / "index.html", whole_page(heading, shown, lang))
    return folder / "index.html"


def _figure(name: str, caption: str) -> str:
    """An image with its caption, which opens it; a page as a link."""
    name, caption = escape(name), escape(caption)
    if not name.endswith(EMBEDDED):
        return f'<p class="link"><a href="{name}">{caption}</a></p>'
    return (
        f'<figure><a href="{name}"><img src="{name}" alt="{caption}" loading="lazy"></a>'
        f"<figcaption>{caption}</figcaption></figure>"
    )
