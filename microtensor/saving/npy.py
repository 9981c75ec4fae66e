"""Arrays as `.npy` bytes, NumPy's own format; read without trust.

The one idea: the header's shape and dtype must account for exactly the bytes that follow it.
"""

from __future__ import annotations

import math

import numpy as np

from .damage import FileDamagedError


def to_bytes(array: np.ndarray) -> bytes:
    """The `.npy` file of an array of numbers."""
    import io

    whole = io.BytesIO()
    np.lib.format.write_array(whole, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
    return whole.getvalue()


def from_bytes(data: bytes, what: str = "the array") -> np.ndarray:
    """The array of a `.npy` file. `FileDamagedError` for other things than numbers, or another count."""
    import io

    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, fortran, dtype = read(stream)
    except Exception as error:  # the header is text that NumPy parses: it may raise anything
        raise FileDamagedError(f"{what} is no .npy file: {str(error)[:120]}.") from error
    if dtype.kind not in "biuf" or dtype.hasobject:
        raise FileDamagedError(f"{what} holds {str(dtype)[:40]}; a file of weights holds numbers only.")
    body = len(data) - stream.tell()
    if any(n < 0 for n in shape) or math.prod(shape) * dtype.itemsize != body:
        raise FileDamagedError(f"{what} says shape {str(shape)[:80]} of {dtype}, but has {body} bytes.")
    flat = np.frombuffer(data, dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if fortran else "C").astype(dtype.newbyteorder("="), copy=True)
