"""HDF5, the format of Keras' weights; through h5py, which is imported here alone.

The one idea: only what Keras writes is read: groups and datasets that stand in the file itself, once, plain
numbers, uncompressed, as many bytes stored as the shape says. Links to elsewhere, other files' bytes, virtual
datasets, filters are refused before they are followed. So a file cannot make its reader take more memory than
it is long, nor touch another file.

HDF5 has no checksum of its own. `seal` writes one behind its end, where HDF5 does not look: a bit that flips
in a file of ours is noticed. (What h5py changes in place loses the seal, and what Keras wrote has none.)
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from .damage import FileDamagedError
from .layout import Entry

SIGNATURE = b"\x89HDF\r\n\x1a\n"
DEEPEST = 100
_SEAL = re.compile(rb"microtensor crc32 ([0-9a-f]{8})\n\Z")

Arrays = dict[str, dict[str, np.ndarray]]


def library() -> Any:
    """h5py, or a sentence on how to get it."""
    try:
        import h5py  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError(
            'Files in HDF5 (.keras, .h5) need the package h5py: run pip install "microtensor[h5]". '
            "Saving as '.mt' needs nothing."
        ) from error
    return h5py


# --- Keras' weights --------------------------------------------------------------------------------------


def write(entries: Sequence[Entry]) -> bytes:
    """The file of these variables, as Keras 3 lays it out. The same variables give the same bytes."""
    whole = io.BytesIO()
    with library().File(whole, "w") as file:
        for path, name, arrays in entries:
            variables = file.create_group(f"{path}/vars" if path else "vars")
            variables.attrs["name"] = name
            for key, array in arrays.items():
                variables.create_dataset(key, data=array, track_times=False)
    return whole.getvalue()


def read(data: bytes) -> Arrays:
    """All variables in a file of weights: {"layers/dense": {"0": array, "1": array}}."""
    found: Arrays = {}
    with opened(data) as file:
        for path, name, dataset in _datasets(file):
            if path == "vars" or path.endswith("/vars"):
                found.setdefault(path.removesuffix("vars").rstrip("/"), {})[name] = numbers(dataset)
    return found


# --- reading without trust -------------------------------------------------------------------------------


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """The file, open for reading, its seal checked. `FileDamagedError` if it is none."""
    h5py = library()
    seal = _SEAL.search(data[-64:])
    if seal and _checksum(data[: -len(seal[0])]) != seal[1]:
        raise FileDamagedError("the checksum behind the HDF5 file is another than that of its bytes.")
    if not data.startswith(SIGNATURE):
        raise FileDamagedError("this is no HDF5 file: its first bytes are others.")
    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            yield file
    except FileDamagedError:
        raise
    except Exception as error:  # h5py raises what it meets on the way
        raise FileDamagedError(f"the HDF5 file is damaged: {str(error)[:200]}.") from error


def seal(image: bytes) -> bytes:
    """The file with a checksum behind its end."""
    return image + b"microtensor crc32 " + _checksum(image) + b"\n"


def group(parent: Any, name: str) -> Any:
    """A group by its path, each step a hard link. KeyError if there is none."""
    current = parent
    for part in name.split("/"):
        current = _child(current, part)
        if not isinstance(current, library().Group):
            raise FileDamagedError(f"{part!r:.80} should be a group in the file; it is a dataset.")
    return current


def dataset(parent: Any, name: str) -> np.ndarray:
    """The numbers of a dataset by its path. KeyError if there is none."""
    above, _, last = name.rpartition("/")
    found = _child(group(parent, above) if above else parent, last)
    if not isinstance(found, library().Dataset):
        raise FileDamagedError(f"{name!r:.80} should be a dataset in the file; it is a group.")
    return numbers(found)


def numbers(found: Any) -> np.ndarray:
    """A dataset's array, if it is plain numbers that are all there."""
    name = found.name
    if found.external:
        raise FileDamagedError(
            f"Not allowed: {name!r:.80} is an external Dataset; its numbers are elsewhere."
        )
    if found.is_virtual:
        raise FileDamagedError(f"Not allowed: {name!r:.80} is a virtual Dataset; its numbers are elsewhere.")
    settings = found.id.get_create_plist()
    if settings.get_nfilters():
        raise FileDamagedError(
            f"Not allowed: {name!r:.80} is compressed, as a shape bomb or decompression bomb is; "
            "neither Keras nor this library writes that."
        )
    half = found.dtype.kind == "V" and found.dtype.itemsize == 2 and found.attrs.get("dtype") == "bfloat16"
    if found.dtype.kind not in "biuf" and not half:
        raise FileDamagedError(f"{name!r:.80} holds {str(found.dtype)[:40]}; weights are numbers.")
    if found.shape is None:
        raise FileDamagedError(f"{name!r:.80} is empty.")
    declared, stored = math.prod(found.shape) * found.dtype.itemsize, found.id.get_storage_size()
    if declared > stored:
        raise FileDamagedError(
            f"{name!r:.80} says shape {found.shape}, {declared} bytes, where {stored} are stored: refusing "
            "what may be a shape bomb."
        )
    array = np.asarray(found[()])
    if half:  # bfloat16: the upper half of a float32
        return (
            (np.frombuffer(array.tobytes(), np.uint16).astype(np.uint32) << 16)
            .view(np.float32)
            .reshape(found.shape)
        )
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def text(thing: Any, name: str) -> str | None:
    """A text attribute; None if there is none."""
    value = thing.attrs.get(name)
    if value is None:
        return None
    if not isinstance(value, str | bytes):
        raise FileDamagedError(f"attribute {name!r} should be a text; it is a {type(value).__name__}.")
    return value.decode("utf-8") if isinstance(value, bytes) else value


def texts(thing: Any, name: str) -> list[str]:
    """A list of texts, which Keras splits into name0, name1, ... where it is long."""
    parts = [name] if name in thing.attrs else []
    while not parts or parts[-1] != name:
        if f"{name}{len(parts)}" not in thing.attrs:
            break
        parts.append(f"{name}{len(parts)}")
    values = [each for part in parts for each in np.asarray(thing.attrs[part]).ravel().tolist()]
    return [each.decode("utf-8") if isinstance(each, bytes) else str(each) for each in values]


def _child(parent: Any, name: str) -> Any:
    h5py = library()
    if name not in parent:
        raise KeyError(name)
    kind = parent.get(name, getclass=True, getlink=True)
    if kind is not h5py.HardLink:
        raise FileDamagedError(
            f"Not allowed: H5 file with {kind.__name__} {name!r:.80}; it points elsewhere."
        )
    return parent[name]


def _datasets(file: Any) -> Iterator[tuple[str, str, Any]]:
    """(path of the group, name, dataset) for all datasets in the file."""
    h5py = library()
    seen: set[Any] = set()
    waiting = [("", file)]
    while waiting:
        path, parent = waiting.pop()
        if path.count("/") > DEEPEST:
            raise FileDamagedError(f"the groups nest deeper than {DEEPEST} levels; no model does.")
        for name in parent:
            found = _child(parent, name)
            where = h5py.h5o.get_info(found.id).addr
            if where in seen:
                raise FileDamagedError(f"Not allowed: {name!r:.80} is a second name of what has one already.")
            seen.add(where)
            if isinstance(found, h5py.Group):
                waiting.append((f"{path}/{name}" if path else name, found))
            elif isinstance(found, h5py.Dataset):
                yield path, name, found


def _checksum(data: bytes) -> bytes:
    import zlib

    return f"{zlib.crc32(data):08x}".encode()
