"""Cache: libraries that were compiled before, kept on disk between processes.

The one idea: a file is known by what it was made from and by what it holds. Its name is

    <sha256 of the source, the compiler, its flags, this machine>-<sha256 of the file's bytes>.so

and it is loaded only if its bytes still have that sum, and it and its folder belong to this user alone. A
file that is damaged or foreign is never loaded: it is deleted, and made again. Files come into being whole,
by renaming, so any number of processes can share the folder. When there is no folder that can be used, all
works, without a memory.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import stat
import sys
import threading
import time
from pathlib import Path

from .compiler import SUFFIX, CompilerError, compiled, find, machine

LARGEST = 64 << 20  # bytes of the whole folder; the oldest files go
MOST = 256  # files
CALLING = "1"  # how these functions are called: to be counted up when the same source is called otherwise
_loaded: dict[str, ctypes.CDLL] = {}
_lock = threading.Lock()


def library(source: str) -> ctypes.CDLL:
    """The compiled source: from this process, from the disk, or from the compiler.

    Raises:
        CompilerError: there is no compiler, or it failed.
    """
    compiler, source = find(), without_comments(source)
    parts = (source, compiler.identity, " ".join(compiler.flags), machine(), CALLING)
    key = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    with _lock:
        found = _loaded.get(key)
        if found is None:
            home = folder()
            found = _kept(home, key) if home else None
            if found is None:
                found = _new(home, key, compiled(source, compiler))
            _loaded[key] = found
        return found


def without_comments(source: str) -> str:
    """What the compiler is given: the same for layers of other names, so that it is compiled once."""
    return "\n".join(re.sub(r"//.*", "", line).rstrip() for line in source.splitlines()) + "\n"


def folder() -> Path | None:
    """$MICROTENSOR_CACHE, or a folder of the platform's cache; None if there is none that is ours alone."""
    path = _wanted()
    if path is None:
        return None
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = path.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(about.st_mode) or not _is_ours(about) or not os.access(path, os.W_OK | os.X_OK):
        return None
    return path


def _wanted() -> Path | None:
    named = os.environ.get("MICROTENSOR_CACHE")
    if named:
        return Path(named).absolute()
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "microtensor" / "native"


def _is_ours(about: os.stat_result) -> bool:
    """Does it belong to this user, and can nobody else write there?"""
    if os.name != "posix":
        return True
    return about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _kept(home: Path, key: str) -> ctypes.CDLL | None:
    """The library of that key, if there is one that is whole."""
    for path in sorted(home.glob(f"{key}-*{SUFFIX}")):
        try:
            if _is_whole(path):
                found = ctypes.CDLL(str(path))
                with contextlib.suppress(OSError):
                    os.utime(path)  # it was used: the oldest go first
                return found
        except OSError:
            pass
        with contextlib.suppress(OSError):
            path.unlink()
    return None


def _is_whole(path: Path) -> bool:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or not _is_ours(about) or about.st_size > LARGEST:
            return False
        digest = path.name.removesuffix(SUFFIX).rpartition("-")[2]
        return hashlib.sha256(file.read(LARGEST)).hexdigest() == digest


def _new(home: Path | None, key: str, data: bytes) -> ctypes.CDLL:
    """Load these bytes, from the folder if it takes them."""
    if home is not None:
        path = home / f"{key}-{hashlib.sha256(data).hexdigest()}{SUFFIX}"
        with contextlib.suppress(OSError):
            _write(path, data)
            found = ctypes.CDLL(str(path))
            _tidy(home, path)
            return found
    import tempfile

    with tempfile.TemporaryDirectory(prefix="microtensor-", ignore_cleanup_errors=True) as temporary:
        path = Path(temporary, f"step{SUFFIX}")
        path.write_bytes(data)
        try:
            return ctypes.CDLL(str(path))  # what is loaded stays, though its file goes
        except OSError as error:
            raise CompilerError(f"the library that was compiled cannot be loaded: {error}.") from error


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{os.urandom(8).hex()}.part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _tidy(home: Path, keep: Path) -> None:
    """Old files go, when there are too many; so does what a killed process left half-written an hour ago."""
    known = []
    for path in home.iterdir():
        with contextlib.suppress(OSError):
            about = path.lstat()
            if path.suffix == SUFFIX and path != keep:
                known.append((about.st_mtime, about.st_size, path))
            elif path.suffix == ".part" and about.st_mtime < time.time() - 3600:
                path.unlink()
    size, count = keep.stat().st_size, 1
    for _, each, path in sorted(known, reverse=True):
        size, count = size + each, count + 1
        if size > LARGEST or count > MOST:
            with contextlib.suppress(OSError):
                path.unlink()
