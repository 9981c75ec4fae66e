"""Inverse matrices and systems of equations, in stacks: (…, n, n).

The one idea: what a factorisation solves, its transpose solves backward. The vjp of `solve` is one more
`solve`, and no inverse is formed. Sources: Giles (2008), An extended collection of matrix derivative results;
Golub and Pereyra (1973) on the pseudoinverse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .table import composed, operation, tensor

LinAlgError = np.linalg.LinAlgError

_ADVICE = {
    "Singular matrix": "Singular matrix: it has no inverse, and no gradient goes through one; "
    "linalg.pinv gives the pseudoinverse, x + c * eye with a small c a matrix that has an inverse.",
    "Matrix is not positive definite": "the matrix (x + xᵀ) / 2 is not positive definite: an eigenvalue is 0 "
    "or negative, and such a matrix is no L Lᵀ.",
}


def square(name: str, x: Any) -> Any:
    """x, if it is a stack of square matrices. ValueError if not."""
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise LinAlgError(f"{name} takes square matrices, (…, n, n); got shape {x.shape}.")
    return x


def matrices(name: str, x: Any) -> Any:
    if x.ndim < 2:
        raise LinAlgError(f"{name} takes matrices, (…, m, n); got shape {x.shape}.")
    return x


def said(function: Callable[..., Any], *xs: Any) -> Any:
    """What NumPy's function gives; its errors with what to do about them."""
    try:
        return function(*xs)
    except LinAlgError as error:
        raise LinAlgError(_ADVICE.get(str(error), str(error))) from None


inv = operation(
    "inv",
    lambda x: said(np.linalg.inv, square("inv", x)),
    lambda g, y, x: -(y.mT @ g @ y.mT),
    numpy=np.linalg.inv,
    formula="inv(x)",
    local="-(y.T @ g @ y.T)",
    doc="""The inverse x⁻¹ of square matrices (…, n, n): x⁻¹ x is the identity. ValueError if x is singular.

    dy = −y dx y (Giles 2008, 2.2.3).

    >>> inv([[2.0, 0.0], [0.0, 4.0]]).tolist()
    [[0.5, 0.0], [0.0, 0.25]]
    """,
)


def _solve_b(g: Any, a: Any, b: Any) -> Any:
    """a⁻ᵀ g. As in NumPy only a 1-d b is a vector; everything else is a stack of matrices."""
    return solve.on(a.mT, g[..., None])[..., 0] if b.ndim == 1 else solve.on(a.mT, g)


def _solve_a(g: Any, y: Any, a: Any, b: Any) -> Any:
    h = _solve_b(g, a, b)
    return -(h[..., :, None] * y[..., None, :]) if b.ndim == 1 else -(h @ y.mT)


solve = operation(
    "solve",
    lambda a, b: said(np.linalg.solve, square("solve", a), b),
    lambda g, y, a, b: _solve_a(g, y, a, b),
    lambda g, y, a, b: _solve_b(g, a, b),
    numpy=np.linalg.solve,
    formula="solve(a, b)",
    local=("-solve(a.T, g) @ y.T", "solve(a.T, g)"),
    doc="""The y with a y = b: a is (…, n, n), b one vector (n,) or matrices (…, n, k). ValueError if a is
    singular.

    a dy = db − da y (Giles 2008, 2.3.1). Quicker and more exact than inv(a) @ b.

    >>> solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0]).tolist()
    [1.0, 0.5]
    """,
)


def _pinv_vjp(g: Any, y: Any, x: Any) -> Any:
    out_of_columns = g.mT - x @ (y @ g.mT)
    out_of_rows = g.mT - (g.mT @ y) @ x
    return -(y.mT @ g @ y.mT) + out_of_columns @ y @ y.mT + y.mT @ y @ out_of_rows


pinv = operation(
    "pinv",
    lambda x, rcond=None: np.linalg.pinv(matrices("pinv", x), rcond),
    lambda g, y, x, rcond=None: _pinv_vjp(g, y, x),
    numpy=np.linalg.pinv,
    formula="pinv(x)",
    local="-y.T @ g @ y.T + (g.T - x @ y @ g.T) @ y @ y.T + y.T @ y @ (g.T - g.T @ y @ x)",
    convention="the derivative among matrices of x's rank: pinv jumps where the rank changes",
    doc="""The pseudoinverse (…, n, m) of matrices (…, m, n); singular values up to `rcond` of the largest are
    0.

    Golub and Pereyra (1973), equation 4.12.
    """,
)


@composed(np.linalg.lstsq)
def lstsq(a: Any, b: Any, rcond: Any = None) -> tuple[Any, Any, Any, Any]:
    """(x, residuals, rank, s): the x with the least |a x − b|², and among several the least |x|².

    a is (…, m, n), b one vector (m,) or matrices (…, m, k), x like b with n. residuals are Σ (a x − b)² of
    each column where m > n, and none otherwise (NumPy leaves them out too where the rank is below n). s are
    the singular values of a; those up to `rcond` of the largest (None: the rounding error) are 0. The
    gradient is that among matrices of a's rank, as for `pinv`.
    """
    a, b = tensor(a), tensor(b)
    m, n = matrices("lstsq", a).shape[-2:]
    eps = np.finfo(a.dtype if a.dtype.kind == "f" else np.float64).eps
    cut = float(max(m, n) * eps) if rcond is None else float(rcond)
    x, s = pinv(a, rcond=cut) @ b, np.linalg.svdvals(a)
    vector = b.ndim == 1
    fitted = (a @ x[..., None])[..., 0] if vector else a @ x
    residuals = np.sum((fitted - b) ** 2, axis=-1 if vector else -2, keepdims=vector)
    return x, residuals if m > n else residuals[..., :0], (s > cut * s[..., :1]).sum(axis=-1), s


@composed(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Any:
    """aⁿ for square matrices (…, k, k) and a whole n: by squaring; n < 0 of the inverse; a⁰ is the identity.

    ValueError if a is not square, or has no inverse and n < 0. TypeError if n is no whole number.
    """
    a = tensor(a)
    square("matrix_power", a)
    if not isinstance(n, int | np.integer):
        raise TypeError(f"matrix_power takes a whole number as exponent; got {n!r}.")
    if n == 0:
        return tensor(np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape))
    factor, n = (a, int(n)) if n > 0 else (inv(a), -int(n))
    result = None
    while n:
        if n % 2:
            result = factor if result is None else result @ factor
        n //= 2
        factor = factor @ factor if n else factor
    return result
