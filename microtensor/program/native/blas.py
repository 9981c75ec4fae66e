"""BLAS: the product of matrices of the library that NumPy itself computes with, for C to call.

The one idea: NumPy has a BLAS loaded already, so a function in C needs no more than an address of it. Then a
whole step is one call, and no Python stands between two products. All BLAS have the interface of CBLAS:

    C = alpha A B + beta C:  sgemm(order, A or A^T, B or B^T, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc)

NumPy's own wheels name it with a prefix and a suffix, for integers of 64 bits. Where none of the names is
found, products stay with `np.matmul`.

Source: https://www.netlib.org/blas/#_cblas; NumPy's names: numpy/_core/src/common/npy_cblas.h.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

NUMBERS = {np.dtype(np.float32): ("s", ctypes.c_float), np.dtype(np.float64): ("d", ctypes.c_double)}
ROW_MAJOR, AS_IT_IS, TRANSPOSED = 101, 111, 112  # CBLAS' words


class Routine(NamedTuple):
    """A function of the BLAS: its name in C, and where it is."""

    name: str
    address: int


@functools.cache
def gemm(dtype: np.dtype) -> Routine | None:
    """The product of matrices of this dtype; None: there is none that can be called."""
    if dtype not in NUMBERS:
        return None
    letter, number = NUMBERS[dtype]
    for library in _libraries():
        for name in _names(letter):
            try:
                function = library[name]
            except AttributeError:
                continue
            if _multiplies(function, dtype, number):
                address = ctypes.cast(function, ctypes.c_void_p).value
                return Routine(f"{letter}gemm", address or 0)
    return None


def _names(letter: str) -> Iterator[str]:
    """What it may be called. The plain name takes integers of 32 bits: they are given as 64, of which it
    reads the lower half in its register or place on the stack. (Apple's systems pack such places.)
    """
    yield f"scipy_cblas_{letter}gemm64_"
    yield f"cblas_{letter}gemm64_"
    yield f"cblas_{letter}gemm$NEWLAPACK$ILP64"
    if sys.platform != "darwin" and sys.byteorder == "little":
        yield f"scipy_cblas_{letter}gemm"
        yield f"cblas_{letter}gemm"


def _libraries() -> Iterator[ctypes.CDLL]:
    """What is loaded already: NumPy's own code, through which the system finds what it is linked to; where
    the system does not look so far (Windows), the library that stands beside NumPy.
    """
    core = sys.modules.get("numpy._core._multiarray_umath")
    beside = Path(np.__file__).parent.with_name("numpy.libs")
    for path in (getattr(core, "__file__", None), *sorted(map(str, beside.glob("*openblas*")))):
        with contextlib.suppress(OSError):
            if path:
                yield ctypes.CDLL(path)


def _multiplies(function: Any, dtype: np.dtype, number: Any) -> bool:
    """Does it do what its name says? A product of 2 x 3 and 3 x 2 numbers, the second one transposed."""
    word, size, array = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p
    operand = array, size
    function.argtypes = (word, word, word, size, size, size, number, *operand, *operand, number, *operand)
    function.restype = None
    a, c = np.arange(6).reshape(2, 3).astype(dtype), np.zeros((2, 2), dtype)
    left = right = a.ctypes.data, 3
    function(ROW_MAJOR, AS_IT_IS, TRANSPOSED, 2, 2, 3, 1, *left, *right, 0, c.ctypes.data, 2)
    return bool((c == a @ a.T).all())
