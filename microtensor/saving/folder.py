"""A model as a folder: the members of a `.keras` archive as files.

The one idea: the folder is made beside the old one, and takes its name when it is whole. A folder cannot
replace another in one step of the file system, so for an instant between two renamings there is none; where
that matters, save to a file.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from ..atomic import replace_file, sync_folder
from . import contents
from .damage import FileDamagedError


def write(model: Any, filepath: str) -> None:
    """Make the folder of a model.

    Raises:
        ValueError: there is something else than a folder of a model.
    """
    path = Path(os.path.realpath(filepath))
    if path.exists() and not (path.is_dir() and all(contents.wanted(each.name) for each in path.iterdir())):
        raise ValueError(f"{path} holds other things than a model; save to another name.")
    mark = os.urandom(4).hex()
    fresh, old = (path.with_name(f".{path.name}.{mark}.{kind}") for kind in ("part", "old"))
    members = contents.members_of(model, native=False)
    os.mkdir(fresh)
    try:
        for name, data in members.items():
            replace_file(fresh / name, data)
        if path.exists():
            os.rename(path, old)
        os.rename(fresh, path)
    except BaseException:
        if old.exists() and not path.exists():
            os.rename(old, path)
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    sync_folder(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def read(filepath: str) -> dict[str, bytes]:
    """The members that a folder holds as files of its own; a link to elsewhere is refused."""
    members = {}
    for name in (contents.METADATA, contents.CONFIG, contents.WEIGHTS):
        path = Path(filepath, name)
        if path.is_symlink():
            raise FileDamagedError(f"{path} is a link; a model's folder holds files.")
        if path.is_file():
            members[name] = path.read_bytes()
    return members
