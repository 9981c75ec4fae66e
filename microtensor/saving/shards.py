"""Weights in several `.weights.h5` files, and a `.weights.json` that says which variable is in which.

The one idea: the parts are written first, under names of their own, and the list of them last: it holds the
old model or the new one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from ..atomic import replace_file
from . import hdf5, json_text
from .damage import FileDamagedError
from .layout import Entry


def write(entries: list[Entry], filepath: str, max_shard_size: Any) -> None:
    """Write the variables in files of at most `max_shard_size` GB each.

    Raises:
        ValueError: a variable that is larger than that.
    """
    limit = float(max_shard_size) * 1024**3
    path = Path(filepath).with_suffix(".json")
    base = path.stem.removesuffix(".weights")
    parts: list[list[Entry]] = [[]]
    size = 0.0
    for where, name, arrays in entries:
        kept: dict[str, np.ndarray] = {}
        parts[-1].append(Entry(where, name, kept))
        for key, array in arrays.items():
            if array.nbytes > limit:
                raise ValueError(
                    f"The size of {where}/vars/{key} is {array.nbytes} bytes, which exceeds the maximum "
                    f"shard size {max_shard_size} GB. You can increase the `max_shard_size` parameter."
                )
            if size + array.nbytes > limit:
                kept, size = {}, 0.0
                parts.append([Entry(where, name, kept)])
            kept[key] = array
            size += array.nbytes
    places: dict[str, Any] = {}
    for number, part in enumerate(parts):
        file = f"{base}_{number:05}.weights.h5"
        replace_file(path.with_name(file), hdf5.seal(hdf5.write(part)))
        for where, _, arrays in part:
            if arrays:
                known = places.setdefault(f"/{where}/vars" if where else "/vars", [])
                known.append(file)
    total = sum(array.nbytes for _, _, arrays in entries for array in arrays.values())
    shown = {where: files[0] if len(files) == 1 else files for where, files in places.items()}
    config = {"metadata": {"total_size": total}, "weight_map": shown}
    replace_file(path, json_text.write(config))


def read(data: bytes, filepath: str) -> dict[str, dict[str, np.ndarray]]:
    """All variables of the files that the list names; each stands beside it."""
    places = json_text.parse_object(data, filepath).get("weight_map")
    if not isinstance(places, dict):
        raise FileDamagedError(f"{filepath} has no weight_map; it is no list of weights.")
    files = {
        str(each) for value in places.values() for each in (value if isinstance(value, list) else [value])
    }
    found: dict[str, dict[str, np.ndarray]] = {}
    for file in sorted(files):
        path = Path(filepath).with_name(file) if re.fullmatch(r"[\w.-]+\.weights\.h5", file) else None
        if path is None or not path.is_file() or os.path.islink(path):
            raise FileDamagedError(f"{filepath} names {file!r:.80}, which is no file of weights beside it.")
        for where, arrays in hdf5.read(path.read_bytes()).items():
            found.setdefault(where, {}).update(arrays)
    return found
