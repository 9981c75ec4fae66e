"""Numbers that measure a matrix or a vector: determinants and norms.

The one idea: a determinant is the product of the singular values, up to its sign, so its derivative, made of
products that leave one of them out, exists where the inverse does not. Source: Giles (2008), An extended
collection of matrix derivative results.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .decompositions import _eye, singular_triplets, svdvals
from .inverse import inv, square
from .reduction import kept
from .table import composed, operation, registry, tensor


def _others(s: Any, *left_out: Any) -> Any:
    """The product of all elements of the last axis but those where a mask of `left_out` is 1."""
    for mask in left_out:
        s = s * (1 - mask) + mask
    return np.prod(s, axis=-1)


def _rotations(x: Any) -> tuple[Any, Any, Any, Any]:
    """(u, s, v, d) with x = u diag(s) vᵀ and d = det(u) det(v) = ±1."""
    y, n = singular_triplets.on(x), x.shape[-1]
    s, u, v = y[..., 0, :], y[..., 1 : n + 1, :], y[..., n + 1 :, :]
    return u, s, v, np.sign(registry["det"].on(u) * registry["det"].on(v))[..., None, None]


def _cofactor(x: Any) -> Any:
    u, s, v, d = _rotations(square("cofactor", x))
    return d * (u * _others(s[..., None, :], _eye(x))[..., None, :]) @ v.mT


def _cofactor_vjp(g: Any, x: Any) -> Any:
    """In the axes in which x is diagonal, where the cofactors of a diagonal matrix are plain products."""
    u, s, v, d = _rotations(x)
    eye = _eye(x)
    m = u.mT @ g @ v
    p = _others(s[..., None, None, :], eye[:, None, :], eye[None, :, :]) * (1 - eye)  # but two of them
    on_diagonal = (p * np.sum(m * eye, axis=-1, keepdims=True)).sum(axis=-2)
    return d * (u @ (on_diagonal[..., None, :] * eye - (p * m).mT) @ v.mT)


cofactor = operation(
    "cofactor",
    lambda x: _cofactor(x),
    lambda g, y, x: _cofactor_vjp(g, x),
    numpy=(),
    formula="cofactor(x)",
    local="d det(x)'' applied to g",
    doc="""The cofactors of square matrices (…, n, n): det(x) x⁻ᵀ for regular x, exact for others too.

    Computed from the singular values, in O(n³). Its second derivative needs them to differ.
    """,
)
det = operation(
    "det",
    lambda x: np.linalg.det(square("det", x)),
    lambda g, y, x: g[..., None, None] * cofactor.on(x),
    numpy=np.linalg.det,
    formula="det(x)",
    local="cofactor(x)",
    doc="""The determinant of square matrices (…, n, n). Its derivative is the matrix of the cofactors.

    For regular x that is det(x) x⁻ᵀ (Giles 2008, 2.2.4); the cofactors exist for singular x as well, and so
    do the first and second derivative here.

    >>> float(det([[1.0, 2.0], [3.0, 5.0]]))
    -1.0
    """,
)
det_sign = operation(
    "det_sign",
    lambda x: np.linalg.slogdet(square("slogdet", x))[0],
    numpy=(),
    formula="sign(det(x))",
    doc="-1, 0 or 1: the sign of the determinant, without computing it. No gradient.",
)
logabsdet = operation(
    "logabsdet",
    lambda x: np.linalg.slogdet(square("slogdet", x))[1],
    lambda g, y, x: g[..., None, None] * inv.on(x).mT,
    numpy=(),
    formula="log(abs(det(x)))",
    local="inv(x).T",
    convention="-inf where x is singular; a gradient is refused there",
    doc="log |det x| of square matrices (…, n, n), which neither overflows nor underflows.",
)


class SlogdetResult(NamedTuple):
    sign: Any
    logabsdet: Any


@composed(np.linalg.slogdet)
def slogdet(x: Any) -> SlogdetResult:
    """(sign, logabsdet) with det x = sign · exp(logabsdet), for square matrices (…, n, n).

    The derivative of logabsdet is x⁻ᵀ; sign has none. Singular x: (0, -inf), and the gradient is refused.
    """
    x = tensor(x)
    return SlogdetResult(det_sign(x), logabsdet(x))


euclidean_norm = operation(
    "euclidean_norm",
    lambda x, axis=None, keepdims=False: np.linalg.norm(x, axis=axis, keepdims=keepdims),
    lambda g, y, x, axis=None, keepdims=False: kept(g / (y + (y == 0)), x, axis, keepdims) * x,
    numpy=(),
    formula="sqrt(sum(x ** 2))",
    local="x / y",
    convention="norm'(0) = 0",
    doc="√Σ x² over `axis` (an int, a pair, None for all); it is dropped unless `keepdims`.",
)


@composed(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The norm of vectors (one axis) or matrices (two axes, or all of x if it has two).

    ord  None  √Σ x², of any number of elements    "fro"  the same, of matrices
         1     Σ |x|;  of matrices the largest sum of a column
         2     √Σ x²;  of matrices the largest singular value
         inf   the largest |x|;  of matrices the largest sum of a row

    At 0 the derivative is 0; what ties for the largest shares it. ValueError for another `ord`.

    >>> float(norm([3.0, 4.0]))
    5.0
    """
    x = tensor(x)
    axes = (axis,) if isinstance(axis, int | np.integer) else axis if axis is None else tuple(axis)
    if axes is None:
        if ord is None:
            return euclidean_norm(x, keepdims=keepdims)
        axes = tuple(range(x.ndim))
    known = {1: (None, 1, 2, np.inf), 2: (None, "fro", 1, 2, np.inf)}.get(len(axes))
    if known is None:
        raise ValueError(f"a norm is of one axis or two; got axis={axis} of shape {x.shape}.")
    if ord not in known:
        raise ValueError(
            f"the norm of {'vectors' if len(axes) == 1 else 'matrices'} has ord "
            f"{', '.join(map(repr, known))} on tensors; got {ord!r}."
        )
    if ord in (None, "fro") or (ord == 2 and len(axes) == 1):
        return euclidean_norm(x, axis=axes if len(axes) == 2 else axes[0], keepdims=keepdims)
    if ord == 2:
        largest = svdvals(np.moveaxis(x, axes, (-2, -1))).max(axis=-1)
        return np.expand_dims(largest, axis=axes) if keepdims else largest
    found = np.abs(x)
    if len(axes) == 2:
        found = found.sum(axis=axes[0] if ord == 1 else axes[1], keepdims=True)
        found = found.max(axis=axes[1] if ord == 1 else axes[0], keepdims=True)
    else:
        found = found.sum(axis=axes, keepdims=True) if ord == 1 else found.max(axis=axes, keepdims=True)
    return found if keepdims else np.squeeze(found, axis=axes)
