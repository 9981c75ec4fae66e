"""Linear algebra by NumPy, and from definitions where NumPy has no function of that form."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np


def _symmetric(x: Any) -> Any:
    return 0.5 * (x + np.swapaxes(x, -1, -2))


def _einsum(*xs: Any, subscripts: str = "") -> Any:
    return np.einsum(subscripts or ",".join(["..."] * len(xs)), *xs)


def _cofactor(x: Any) -> Any:
    """By its definition: the determinant without row i and column j, with alternating sign."""
    n, out = x.shape[-1], np.empty_like(x)
    for i, j in itertools.product(range(n), repeat=2):
        minor = np.delete(np.delete(x, i, axis=-2), j, axis=-1)
        out[..., i, j] = (-1) ** (i + j) * np.linalg.det(minor)
    return out


def _below_each_other(*parts: Any) -> Any:
    return np.concatenate(parts, axis=-2)


def _eigenpairs(x: Any) -> Any:
    w, v = np.linalg.eigh(_symmetric(x))
    return _below_each_other(np.expand_dims(w, -2), v)


def _qr_factors(x: Any) -> Any:
    q, r = np.linalg.qr(x)
    return _below_each_other(q, np.swapaxes(r, -1, -2))


def _singular_triplets(x: Any) -> Any:
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return _below_each_other(np.expand_dims(s, -2), u, np.swapaxes(vh, -1, -2))


PLAIN = {
    "contract": _einsum,
    "cofactor": _cofactor,
    "det_sign": lambda x: np.sign(np.linalg.det(x)),
    "logabsdet": lambda x: np.log(np.abs(np.linalg.det(x))),
    "cholesky": lambda x, upper=False: np.linalg.cholesky(_symmetric(x), upper=upper),
    "qr_factors": _qr_factors,
    "eigenpairs": _eigenpairs,
    "eigvalsh": lambda x: np.linalg.eigvalsh(_symmetric(x)),
    "singular_triplets": _singular_triplets,
    "quotient": lambda m, d, scale, what="eigh": m / d,
    "euclidean_norm": lambda x, axis=None, keepdims=False: np.sqrt(
        np.sum(x * x, axis=axis, keepdims=keepdims)
    ),
}
COMPOSED = {
    "einsum": _einsum,
    "eigh": lambda x: tuple(np.linalg.eigh(_symmetric(x))),
    "lstsq": lambda a, b: np.linalg.lstsq(a, b, rcond=None),
}
