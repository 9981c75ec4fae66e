"""Functions of vectors and matrices."""

from __future__ import annotations

from typing import Any

from ...core import Operation, Tensor
from .entering import binary, counted, floating, np, tensor, together

dot = binary(np.dot)
inner = binary(np.inner)
kron = binary(np.kron)
vdot = binary(np.vdot)
outer = binary(np.outer)


def matmul(x1: Any, x2: Any) -> Any:
    """The matrix product; of two int8 it is int32, so that sums fit. Source: `keras.ops.matmul`."""
    x1, x2 = tensor(x1), tensor(x2)
    if x1.dtype == x2.dtype == "int8":
        return np.matmul(tensor(x1, "int32"), tensor(x2, "int32"))
    return np.matmul(*together(x1, x2))


def tensordot(x1: Any, x2: Any, axes: Any = 2) -> Any:
    """Σ over pairs of axes. Source: `keras.ops.tensordot`."""
    return np.tensordot(*together(x1, x2), axes=axes)


def einsum(subscripts: str, *operands: Any, **kwargs: Any) -> Any:
    """Einstein's sum: "ij,jk->ik" is a matrix product. Source: `keras.ops.einsum`."""
    return np.einsum(subscripts, *together(*operands))


def cross(
    x1: Any, x2: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """The vector at right angles to two vectors of 2 or 3 numbers. Source: `keras.ops.cross`."""
    if axis is not None:
        axisa = axisb = axisc = axis
    x1, x2 = together(x1, x2)
    a, b = np.moveaxis(x1, axisa, 0), np.moveaxis(x2, axisb, 0)
    if not {len(a), len(b)} <= {2, 3}:
        raise ValueError(
            "`x1` and `x2` must have 2 or 3 numbers along the axis of the product. Received: "
            f"x1.shape={x1.shape}, x2.shape={x2.shape}"
        )
    flat = a[0] * b[1] - a[1] * b[0]
    if len(a) == len(b) == 2:
        return flat
    nothing = tensor(0, x1.dtype)
    a2, b2 = (v[2] if len(v) == 3 else nothing for v in (a, b))
    parts = [a[1] * b2 - a2 * b[1], a2 * b[0] - a[0] * b2, flat]
    return np.moveaxis(np.stack(parts), 0, axisc)


def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of the diagonal. Source: `keras.ops.trace`."""
    x = counted(x)
    return tensor(np.trace(x, offset, axis1, axis2), x.dtype)


def cdist(x: Any, y: Any) -> Any:
    """The distance of each row of x from each row of y. Source: `keras.ops.cdist`."""
    x, y = together(x, y, floats=True)
    apart = np.expand_dims(x, -2) - np.expand_dims(y, -3)
    return np.linalg.norm(apart, axis=-1)


def _square(name: str, x: Any) -> Any:
    x = floating(x)
    if x.ndim < 2:
        raise ValueError(f"Expected input to have rank >= 2. {name} received input with shape {x.shape}.")
    if x.shape[-1] != x.shape[-2]:
        raise ValueError(
            f"Expected a square matrix, or a batch of them. {name} received a non-square input with shape "
            f"{x.shape}."
        )
    return x


def det(x: Any) -> Any:
    """The determinant. Source: `keras.ops.det`."""
    return np.linalg.det(_square("det", x))


def slogdet(x: Any) -> Any:
    """(the sign of the determinant, the logarithm of its size). Source: `keras.ops.slogdet`."""
    sign, log = np.linalg.slogdet(_square("slogdet", x))
    return sign, log


def logdet(x: Any) -> Any:
    """The logarithm of a positive definite matrix' determinant. Source: `keras.ops.logdet`."""
    return slogdet(x)[1]


def inv(x: Any) -> Any:
    """The inverse. Source: `keras.ops.inv`."""
    return np.linalg.inv(_square("inv", x))


def pinv(x: Any, rcond: float | None = None) -> Any:
    """Moore and Penrose's inverse. Source: `keras.ops.pinv`."""
    x = floating(x)
    return np.linalg.pinv(x) if rcond is None else np.linalg.pinv(x, rcond)


def cholesky(x: Any, upper: bool = False) -> Any:
    """The triangular L with L Lᵀ = x (with `upper`, Lᵀ). Source: `keras.ops.cholesky`."""
    try:
        lower = np.linalg.cholesky(_square("cholesky", x))
    except np.linalg.LinAlgError as error:
        raise ValueError(f"Cholesky decomposition failed: {error}") from error
    return lower.mT if upper else lower


def cholesky_inverse(x: Any, upper: bool = False) -> Any:
    """The inverse of L Lᵀ, from L (with `upper`, from Lᵀ). Source: `keras.ops.cholesky_inverse`."""
    x = _square("cholesky_inverse", x)
    triangle = np.triu(x).mT if upper else np.tril(x)
    apart = np.linalg.inv(triangle)
    return apart.mT @ apart


def eigh(x: Any) -> Any:
    """(eigenvalues, eigenvectors) of a symmetric matrix. Source: `keras.ops.eigh`."""
    values, vectors = np.linalg.eigh(_square("eigh", x))
    return values, vectors


def qr(x: Any, mode: str = "reduced") -> Any:
    """(orthonormal Q, upper triangular R) with Q R = x. Source: `keras.ops.qr`."""
    if mode not in ("reduced", "complete"):
        raise ValueError(
            f"`mode` argument value not supported. Expected 'reduced' or 'complete'. Received: mode={mode}"
        )
    x = floating(x)
    if x.ndim < 2:
        raise ValueError(f"Input should have rank >= 2. Received: input.shape = {x.shape}")
    if mode == "complete" and x.shape[-2] > x.shape[-1]:
        return _without_gradient("qr", x, lambda a: np.linalg.qr(a, "complete"), 2)
    q, r = np.linalg.qr(x)
    return q, r


def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """(U, s, Vᵀ) with U diag(s) Vᵀ = x; s alone without `compute_uv`. Source: `keras.ops.svd`."""
    x = floating(x)
    if x.ndim < 2:
        raise ValueError(f"Expected input to have rank >= 2. svd received input with shape {x.shape}.")
    if not compute_uv:
        return np.linalg.svdvals(x)
    if full_matrices and x.shape[-1] != x.shape[-2]:
        return _without_gradient("svd", x, np.linalg.svd, 3)
    return tuple(np.linalg.svd(x, full_matrices=False))


def _without_gradient(name: str, x: Tensor, function: Any, count: int) -> Any:
    """A decomposition with completing vectors, which are arbitrary. ValueError if x needs a gradient."""
    if x.requires_grad:
        raise ValueError(
            f"{name} of shape {x.shape} with all vectors has no derivative, since those that complete it are "
            "arbitrary; ask for the reduced form, or use stop_gradient."
        )
    return tuple(Operation(name, lambda a, k=k: function(a)[k])(x, k=k) for k in range(count))


def solve(a: Any, b: Any) -> Any:
    """x with a x = b. Source: `keras.ops.solve`."""
    a, b = together(a, b, floats=True)
    _fits("solve", a, b)
    return _solved(a, b)


def solve_triangular(a: Any, b: Any, lower: bool = False) -> Any:
    """x with a x = b, of a's upper (or lower) triangle alone. Source: `keras.ops.solve_triangular`."""
    a, b = together(a, b, floats=True)
    _fits("solve_triangular", a, b)
    return _solved(np.tril(a) if lower else np.triu(a), b)


def _solved(a: Any, b: Any) -> Any:
    """Also for a batch of vectors, which NumPy would take for one matrix."""
    return np.linalg.solve(a, b) if b.ndim == a.ndim else np.linalg.solve(a, b[..., None])[..., 0]


def _fits(name: str, a: Tensor, b: Tensor) -> None:
    _square(name, a)
    rows = b.shape[-1] if b.ndim == a.ndim - 1 else b.shape[-2] if b.ndim == a.ndim else None
    if rows != a.shape[-1]:
        raise ValueError(
            "Incompatible shapes between `a` (..., m, m) and `b` (..., m) or (..., m, k). Received: "
            f"a.shape={a.shape}, b.shape={b.shape}"
        )


def lstsq(a: Any, b: Any, rcond: float | None = None) -> Any:
    """x for which ‖a x − b‖ is least. Source: `keras.ops.lstsq`."""
    a, b = together(a, b, floats=True)
    if a.ndim != 2 or b.ndim not in (1, 2) or a.shape[0] != b.shape[0]:
        raise ValueError(
            f"Incompatible shapes: lstsq takes a of shape (m, n) and b of shape (m,) or (m, k). Received: "
            f"a.shape={a.shape}, b.shape={b.shape}"
        )
    return np.linalg.lstsq(a, b, rcond=rcond)[0]


def matrix_rank(x: Any, tol: float | None = None) -> Any:
    """How many singular values are not 0. Source: `keras.ops.matrix_rank`."""
    x = floating(x)
    values = np.linalg.svdvals(x)
    limit = np.max(values, axis=-1, keepdims=True) * (max(x.shape[-2:]) * float(np.finfo(x.dtype).eps))
    return tensor(np.sum(np.greater(values, limit if tol is None else tol), axis=-1), "int32")


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The length of vectors, or a norm of matrices, as np.linalg.norm. Source: `keras.ops.norm`."""
    x = floating(x)
    matrices = len(axis) == 2 if isinstance(axis, list | tuple) else axis is None and x.ndim == 2
    axis = tuple(axis) if isinstance(axis, list) else axis
    if matrices and ord in ("nuc", 2, -2, -1, -np.inf):
        a = x if axis is None else np.moveaxis(x, axis, (-2, -1))
        y = _matrix_norm(a, ord)
        return np.expand_dims(y, axis or (0, 1)) if keepdims else y
    if not matrices and ord is not None and not isinstance(ord, str) and ord not in (1, 2, np.inf):
        return _vector_norm(x, ord, axis, keepdims)
    return np.linalg.norm(x, ord=ord, axis=axis, keepdims=keepdims)


def _matrix_norm(a: Any, ord: Any) -> Any:
    if ord in ("nuc", 2, -2):
        values = np.linalg.svdvals(a)
        return {"nuc": np.sum, 2: np.max, -2: np.min}[ord](values, axis=-1)
    return np.min(np.sum(np.abs(a), axis=-2 if ord == -1 else -1), axis=-1)


def _vector_norm(x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    size = np.abs(x)
    if ord == -np.inf:
        return np.min(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(tensor(np.not_equal(size, 0), x.dtype), axis=axis, keepdims=keepdims)
    return np.power(np.sum(np.power(size, ord), axis=axis, keepdims=keepdims), 1 / ord)
