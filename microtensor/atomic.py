"""Replacing a file: all or nothing.

The one idea: the new bytes are written beside the old file under another name, reach the disk, and only then
take the old one's name, in one step of the file system. At every moment the path holds the old file or the
new one, whole: also after Ctrl-C, SIGKILL, a full disk or a power cut. (A program that is killed in the
middle leaves a file `.name.XXXXXXXX.part` beside it, which may be deleted.)
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any


def replace_file(filepath: Any, data: bytes) -> None:
    """Make `filepath` hold these bytes. A link stays a link: what it points to is replaced.

    Raises:
        IsADirectoryError, PermissionError, FileNotFoundError: where such a file cannot be; OSError: the disk
            is full. Then the old file is as it was, and nothing is left beside it.
    """
    path = Path(os.path.realpath(filepath))
    mode = _mode_of(path)
    temporary = path.with_name(f".{path.name[:200]}.{os.urandom(4).hex()}.part")
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        try:
            if mode is not None:
                os.chmod(temporary, mode)
            _write_all(file, data)
            os.fsync(file)
        finally:
            os.close(file)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let the disk know the names in a folder, where the system has a way to say so."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _mode_of(path: Path) -> int | None:
    """The permissions that the new file takes over; None if there is no old one."""
    try:
        old = path.stat()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {path.parent} to save {path.name} in.") from None
        return None
    if stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(f"{path} is a folder; save to a file in it.")
    if not stat.S_ISREG(old.st_mode):
        raise ValueError(f"{path} is neither a file nor free: nothing can be saved there.")
    if not os.access(path, os.W_OK):
        raise PermissionError(f"{path} is write-protected; save under another name.")
    return stat.S_IMODE(old.st_mode)


def _write_all(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left[: 1 << 30]) :]
