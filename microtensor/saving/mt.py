"""`.mt`, this library's own file of weights: a zip archive of `.npy` members. It needs no other package.

The one idea: each variable is one member, `weights/layers/dense/vars/0.npy`, at Keras' path; zip's checksum
guards each. Any zip tool opens it, and `np.load` reads a member.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from . import npy
from .damage import FileDamagedError
from .layout import Entry

FOLDER = "weights/"


def write(entries: Sequence[Entry]) -> dict[str, bytes]:
    """The members of these variables."""
    return {
        f"{FOLDER}{path}/vars/{key}.npy" if path else f"{FOLDER}vars/{key}.npy": npy.to_bytes(array)
        for path, _, arrays in entries
        for key, array in arrays.items()
    }


def read(members: Mapping[str, bytes]) -> dict[str, dict[str, np.ndarray]]:
    """{"layers/dense": {"0": array}}, from the members among these that are variables."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for name, data in members.items():
        if not wanted(name):
            continue
        path, _, key = name.removeprefix(FOLDER).removesuffix(".npy").rpartition("/")
        if path != "vars" and not path.endswith("/vars"):
            raise FileDamagedError(f"the archive has a member {name!r:.80}, which is no variable's path.")
        found.setdefault(path.removesuffix("vars").rstrip("/"), {})[key] = npy.from_bytes(data, name)
    return found


def wanted(name: str) -> bool:
    """Is it a variable's name?"""
    return name.startswith(FOLDER) and name.endswith(".npy")
