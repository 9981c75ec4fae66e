"""Factorisations of matrices, in stacks: Cholesky, QR, eigenvalues, singular values.

The one idea: an operation gives one array, so a factorisation packs its factors, one below the other, into
one; `eigh`, `svd` and `qr` cut them out again. The vjp finds in y all that it needs, and is written with
products of these pieces, so the derivative of the derivative is recorded by the same lines.

Where a derivative would divide by a difference that is 0 (two equal eigenvalues: their vectors may turn
freely), `quotient` refuses in words, unless nothing is asked of those vectors.

Sources: Giles (2008), An extended collection of matrix derivative results; Murray (2016), Differentiation
of the Cholesky decomposition; Townsend (2016), Differentiating the singular value decomposition; Walter and
Lehmann (2018), and Roberts and Roberts (2020), on QR.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .inverse import LinAlgError, inv, matrices, said, solve, square
from .table import composed, operation, registry, tensor

_WHY = {
    "eigh": "two eigenvalues are equal, up to rounding, so that their eigenvectors are not unique and have "
    "no derivative; the eigenvalues alone (eigvalsh) have one",
    "svd": "two singular values are equal, or one is 0, up to rounding, so that their singular vectors are "
    "not unique and have no derivative; the singular values alone (svdvals) have one",
    "qr": "the first columns depend on each other linearly, up to rounding (0 on the diagonal of R), so that "
    "Q is not unique and has no derivative",
}


def _symmetric(x: Any) -> Any:
    return (x + x.mT) / 2


def _eye(x: Any) -> Any:
    """The identity matrix, as wide as x."""
    return np.eye(x.shape[-1], dtype=x.dtype)


def _quotient(m: Any, d: Any, scale: Any, what: str) -> Any:
    zero = np.abs(d) <= 8 * np.finfo(d.dtype).eps * scale
    if np.any(zero & (m != 0)):
        raise LinAlgError(f"no gradient of {what}: {_WHY.get(what, 'a divisor is 0, up to rounding')}.")
    return m / np.where(zero, 1, d)


quotient = operation(
    "quotient",
    lambda m, d, scale, what="eigh": _quotient(m, d, scale, what),
    lambda g, y, m, d, scale, what="eigh": registry["quotient"].on(g, d, scale, what=what),
    lambda g, y, m, d, scale, what="eigh": -registry["quotient"].on(g * y, d, scale, what=what),
    lambda g, y, m, d, scale, what="eigh": scale * 0,
    numpy=(),
    formula="m / d",
    local=("1 / d", "-y / d", "0"),
    convention="0 / 0 = 0; anything else over 0 is refused",
    doc="""m / d in the derivative of a factorisation: refused (ValueError) where d is 0 and m is not.

    0 means up to the rounding of numbers as large as `scale`. `what` the error shall speak of.
    """,
)


def _cholesky(x: Any, upper: bool) -> Any:
    lower = said(np.linalg.cholesky, _symmetric(square("cholesky", x)))
    return lower.mT if upper else lower


def _cholesky_vjp(g: Any, y: Any, upper: bool) -> Any:
    lower, g = (y.mT, g.mT) if upper else (y, g)
    half = np.tri(y.shape[-1], dtype=y.dtype) - _eye(y) / 2
    z = inv.on(lower)
    return _symmetric(z.mT @ ((lower.mT @ g) * half) @ z)


cholesky = operation(
    "cholesky",
    lambda x, upper=False: _cholesky(x, upper),
    lambda g, y, x, upper=False: _cholesky_vjp(g, y, upper),
    numpy=np.linalg.cholesky,
    formula="cholesky(x)",
    local="inv(y).T @ lower(y.T @ g) @ inv(y), made symmetric",
    convention="x is read as (x + xᵀ) / 2, so the gradient is symmetric",
    doc="""The lower triangular L with L Lᵀ = x, for symmetric positive definite x (…, n, n); `upper`: Lᵀ.

    x is made symmetric first (NumPy reads one triangle), so each pair xᵢⱼ, xⱼᵢ shares its gradient.
    ValueError if x is not positive definite. Murray (2016), equation 9.
    """,
)


def _qr(x: Any) -> Any:
    q, r = np.linalg.qr(matrices("qr", x))
    return np.concatenate([q, r.mT], axis=-2)


def _qr_vjp(g: Any, y: Any, x: Any) -> Any:
    """With x = (a, rest), a of k columns, as many as Q: a = Q U, and rest = Q V only uses what Q is."""
    m, k = x.shape[-2], y.shape[-1]
    q, gq, r, gr = y[..., :m, :], g[..., :m, :], y[..., m:, :].mT, g[..., m:, :].mT
    u, gu, gv = r[..., :, :k], gr[..., :, :k], gr[..., :, k:]
    gq = gq + x[..., :, k:] @ gv.mT
    inside = u @ gu.mT - gq.mT @ q
    below = inside * np.tri(k, k, -1, dtype=x.dtype)
    right = gq + q @ (below + below.mT + inside * _eye(y))
    diagonal = np.sum(u * _eye(y), axis=-1, keepdims=True)
    # U divided by its diagonal, row by row: the division is where a missing rank is noticed and refused.
    size = np.sum(np.abs(diagonal), axis=-2, keepdims=True)
    scale = quotient.on(np.ones_like(diagonal), diagonal, size, what="qr")
    ga = solve.on(u * scale, right.mT * scale).mT
    return np.concatenate([ga, q @ gv], axis=-1)


qr_factors = operation(
    "qr_factors",
    lambda x: _qr(x),
    lambda g, y, x: _qr_vjp(g, y, x),
    numpy=(),
    formula="(Q, R.T)",
    local="(dL/dQ + Q @ mirrored(R @ (dL/dR).T - (dL/dQ).T @ Q)) @ inv(R).T",
    convention="refused where the first min(m, n) columns depend on each other",
    doc="""Q (…, m, k) on top of Rᵀ (…, n, k), k = min(m, n), with x = Q R. `linalg.qr` takes it apart.

    Walter and Lehmann (2018); Roberts and Roberts (2020) for m < n.
    """,
)


class QRResult(NamedTuple):
    Q: Any
    R: Any


@composed(np.linalg.qr)
def qr(x: Any, mode: str = "reduced") -> Any:
    """(Q, R) with x = Q R: Q (…, m, k) with orthonormal columns, R (…, k, n) upper triangular, k = min(m, n).

    mode "r" gives R alone. ValueError for NumPy's other modes: their further columns have no derivative. A
    gradient is refused (ValueError) where the first k columns depend on each other.
    """
    if mode not in ("reduced", "r"):
        raise ValueError(f"qr has the modes 'reduced' and 'r' on tensors; got {mode!r}.")
    x = tensor(x)
    y = qr_factors(x)
    q, r = y[..., : x.shape[-2], :], y[..., x.shape[-2] :, :].mT
    return r if mode == "r" else QRResult(q, r)


def _eigenpairs(x: Any) -> Any:
    w, v = np.linalg.eigh(_symmetric(square("eigh", x)))
    return np.concatenate([w[..., None, :], v], axis=-2)


def _eigenpairs_vjp(g: Any, y: Any, x: Any) -> Any:
    w, v, gw, gv = y[..., 0, :], y[..., 1:, :], g[..., 0, :], g[..., 1:, :]
    eye, scale = _eye(y), np.sum(np.abs(w), axis=-1)[..., None, None]
    gaps = w[..., None, :] - w[..., :, None] + eye * (1 + scale)  # the diagonal is not divided by 0
    turned = quotient.on((v.mT @ gv) * (1 - eye), gaps, scale, what="eigh")
    return _symmetric(v @ (turned + gw[..., None, :] * eye) @ v.mT)


eigenpairs = operation(
    "eigenpairs",
    lambda x: _eigenpairs(x),
    lambda g, y, x: _eigenpairs_vjp(g, y, x),
    numpy=(),
    formula="(w, V)",
    local="V @ (diag(dL/dw) + (V.T @ dL/dV) / (w_j - w_i)) @ V.T, made symmetric",
    convention="x is read as (x + xᵀ) / 2; a gradient of vectors whose eigenvalues are equal is refused",
    doc="""The eigenvalues w, (…, 1, n), on top of the eigenvectors V, (…, n, n). `linalg.eigh` takes it
    apart.

    Giles (2008), 3.1.
    """,
)


class EighResult(NamedTuple):
    eigenvalues: Any
    eigenvectors: Any


@composed(np.linalg.eigh)
def eigh(x: Any) -> EighResult:
    """(eigenvalues w (…, n), eigenvectors V (…, n, n)) of symmetric x: x V = V diag(w), w ascending.

    x is made symmetric first, (x + xᵀ) / 2, where NumPy reads one triangle: so each pair xᵢⱼ, xⱼᵢ shares its
    gradient. An eigenvector's sign is arbitrary; use what does not depend on it. A gradient of vectors whose
    eigenvalues are equal is refused (ValueError); that of the values is not.
    """
    y = eigenpairs(x)
    return EighResult(y[..., 0, :], y[..., 1:, :])


def _eigvalsh_vjp(g: Any, x: Any) -> Any:
    v = eigenpairs.on(x)[..., 1:, :]
    return (v * g[..., None, :]) @ v.mT


eigvalsh = operation(
    "eigvalsh",
    lambda x: np.linalg.eigvalsh(_symmetric(square("eigvalsh", x))),
    lambda g, y, x: _eigvalsh_vjp(g, x),
    numpy=np.linalg.eigvalsh,
    formula="eigvalsh(x)",
    local="V @ diag(g) @ V.T",
    convention="x is read as (x + xᵀ) / 2; of equal eigenvalues: along the eigenvectors that LAPACK chose",
    doc="The eigenvalues (…, n) of symmetric matrices (…, n, n), from small to large. See `eigh`.",
)


def _triplets(x: Any) -> Any:
    u, s, vh = np.linalg.svd(matrices("svd", x), full_matrices=False)
    return np.concatenate([s[..., None, :], u, vh.mT], axis=-2)


def _triplets_vjp(g: Any, y: Any, x: Any) -> Any:
    """Townsend's formula, with s / (sⱼ² − sᵢ²) taken apart into 1 / (sⱼ − sᵢ) and 1 / (sⱼ + sᵢ)."""
    (m, n), k = x.shape[-2:], y.shape[-1]
    s, u, v = y[..., 0, :], y[..., 1 : m + 1, :], y[..., m + 1 :, :]
    gs, gu, gv = g[..., 0, :], g[..., 1 : m + 1, :], g[..., m + 1 :, :]
    eye, row, column = _eye(y), s[..., None, :], s[..., :, None]
    scale = np.sum(s, axis=-1)[..., None, None]
    outside = eye * (1 + scale)  # the diagonal is not divided by 0
    a, b = u.mT @ gu, v.mT @ gv
    a, b = a - a.mT, b - b.mT
    turned = quotient.on(a + b, row - column + outside, scale, what="svd")
    turned = (turned + quotient.on(a - b, row + column + outside, scale, what="svd")) / 2
    gx = u @ (turned + gs[..., None, :] * eye) @ v.mT
    if m > k:  # U may also turn out of the space that its columns span
        gx = gx + quotient.on(gu - u @ (u.mT @ gu), row, scale, what="svd") @ v.mT
    if n > k:
        gx = gx + u @ quotient.on(gv - v @ (v.mT @ gv), row, scale, what="svd").mT
    return gx


singular_triplets = operation(
    "singular_triplets",
    lambda x: _triplets(x),
    lambda g, y, x: _triplets_vjp(g, y, x),
    numpy=(),
    formula="(s, U, V)",
    local="U @ (diag(dL/ds) + turned(U.T @ dL/dU, V.T @ dL/dV)) @ V.T + what leaves the spans",
    convention="a gradient of vectors whose singular values are equal, or 0, is refused",
    doc="""The singular values s (…, 1, k) on top of U (…, m, k) and V (…, n, k). `linalg.svd` takes it apart.

    Townsend (2016), section 2.
    """,
)


class SVDResult(NamedTuple):
    U: Any
    S: Any
    Vh: Any


@composed(np.linalg.svd)
def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """(U (…, m, k), S (…, k), Vh (…, k, n)) with x = U diag(S) Vh, S from large to small, k = min(m, n).

    compute_uv=False: S alone. ValueError for full_matrices=True (NumPy's default) unless m = n: the further
    vectors are arbitrary and have no derivative. The signs of pairs of vectors are arbitrary as well. A
    gradient of vectors whose singular values are equal, or 0, is refused (ValueError); see `svdvals`.
    """
    x = tensor(x)
    if not compute_uv:
        return svdvals(x)
    y, m = singular_triplets(x), x.shape[-2]
    if full_matrices and m != x.shape[-1]:
        raise ValueError(
            f"svd of shape {x.shape}: pass full_matrices=False; the vectors that complete U or V are "
            "arbitrary and have no derivative."
        )
    return SVDResult(y[..., 1 : m + 1, :], y[..., 0, :], y[..., m + 1 :, :].mT)


def _svdvals_vjp(g: Any, y: Any, x: Any) -> Any:
    triplets, m = singular_triplets.on(x), x.shape[-2]
    u, v = triplets[..., 1 : m + 1, :], triplets[..., m + 1 :, :]
    return (u * (g * (y != 0))[..., None, :]) @ v.mT


svdvals = operation(
    "svdvals",
    lambda x: np.linalg.svdvals(matrices("svdvals", x)),
    lambda g, y, x: _svdvals_vjp(g, y, x),
    numpy=np.linalg.svdvals,
    formula="svdvals(x)",
    local="U @ diag(g) @ V.T",
    convention="the derivative of a singular value that is 0 is 0, like |x|'(0); of equal ones: along the "
    "vectors that LAPACK chose",
    doc="The singular values (…, min(m, n)) of matrices (…, m, n), from large to small. See `svd`.",
)
