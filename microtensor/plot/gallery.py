"""Gallery: a folder of pictures with a page that shows them.

The one idea: each picture stays a file of its own, to be put into slides; the page only shows them in a row.
"""

from __future__ import annotations

import os
import re
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
    shown = "\n".join(_figure(folder / name, caption) for name, (caption, _) in pictures.items())
    write(folder / "index.html", whole_page(heading, shown, lang))
    return folder / "index.html"


def _figure(path: Path, caption: str) -> str:
    """An image with its caption, which opens it; a page as a link."""
    name, caption = escape(path.name), escape(caption)
    if path.suffix not in EMBEDDED:
        return f'<p class="link"><a href="{name}">{caption}</a></p>'
    return (
        f'<figure><a href="{name}"><img src="{name}" alt="{caption}" loading="lazy"{_wide(path)}></a>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _wide(path: Path) -> str:
    """How wide the picture was made, so that the page does not make it too small to be read."""
    text = path.read_text("utf-8") if path.suffix == ".svg" else ""
    found = re.match(r'<svg [^>]* width="([\d.]+)"', text)
    return f' style="--w:{found[1]}px"' if found else ""
