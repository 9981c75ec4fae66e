"""Where a picture is to be written: asked before it is drawn, since drawing takes time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def target(path: str | os.PathLike[str], suffixes: Sequence[str], what: str = "a picture") -> Path:
    """The path, when its suffix is one of these and its folder is there.

    Raises:
        ValueError: another suffix. FileNotFoundError: there is no such folder.
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"{what} is saved to a path, such as 'xor{suffixes[0]}'; got {path!r:.60}.")
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        raise ValueError(f"{what} is saved by its suffix, one of {', '.join(suffixes)}; got {path.name!r}.")
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"there is no folder {path.parent} to save {path.name} in: make it first, or save elsewhere."
        )
    return path
