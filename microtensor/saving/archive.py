"""Zip archives: written so that equal contents are equal bytes, and read without trust.

The one idea: a member is read by its name from a fixed set, into memory, after what it says about its size
has been compared with the bytes that are there. Nothing is ever extracted to the disk.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from .damage import FileDamagedError

EXPANSION = 100  # a compressed member may be this many times what is stored ...
FLOOR = 1 << 20  # ... or this many bytes. What this library and Keras write is not compressed at all.
MEMBERS = 100_000


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of these members, in this order: stored, and dated as zip's first day."""
    import zipfile

    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return whole.getvalue()


def unpack(data: bytes, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The members that are wanted, by name; others are never looked at.

    Raises:
        FileDamagedError: no zip archive, names that point elsewhere or come twice, sizes that cannot be, a
            wrong checksum.
    """
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in _checked(archive.infolist()) if wanted(entry.filename)]
            _check_sizes(entries, len(data))
            return {entry.filename: _contents(archive, entry) for entry in entries}
    except FileDamagedError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        LookupError,
    ) as error:
        raise FileDamagedError(f"the archive is damaged: {str(error)[:200]}.") from error


def is_archive(data: bytes) -> bool:
    """Does it begin as a zip archive does?"""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def _checked(entries: list[Any]) -> list[Any]:
    names = [entry.filename for entry in entries]
    if len(names) > MEMBERS:
        raise FileDamagedError(f"the archive has {len(names)} members; no model has.")
    for name in names:
        if (
            name.startswith("/")
            or "\\" in name
            or "\0" in name
            or name[1:2] == ":"
            or ".." in name.split("/")
        ):
            raise FileDamagedError(f"the archive has a member {name!r:.80}, whose name points out of it.")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FileDamagedError(f"the archive has two members {twice!r:.80}: which one counts?")
    return entries


def _check_sizes(entries: list[Any], present: int) -> None:
    for entry in entries:
        if entry.compress_size > present or entry.file_size > max(FLOOR, EXPANSION * entry.compress_size):
            raise FileDamagedError(
                f"{entry.filename} says that it has {entry.file_size} bytes, where {entry.compress_size} of "
                f"{present} are stored: refusing what may be a decompression bomb."
            )
    total = sum(entry.file_size for entry in entries)
    if total > max(FLOOR, EXPANSION * present):
        raise FileDamagedError(
            f"the members say that they have {total} bytes together, in a file of {present}: refusing what "
            "may be a decompression bomb."
        )


def _contents(archive: Any, entry: Any) -> bytes:
    if entry.flag_bits & 0x1:
        raise FileDamagedError(f"{entry.filename} is encrypted; no model is.")
    with archive.open(entry) as member:
        contents: bytes = member.read(entry.file_size + 1)  # all that is declared, and the checksum behind it
    if len(contents) != entry.file_size:
        raise FileDamagedError(f"{entry.filename} has {len(contents)} bytes, not {entry.file_size}.")
    return contents
