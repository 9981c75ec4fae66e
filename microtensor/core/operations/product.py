"""The product of matrices: what a layer computes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .calling import advice
from .table import operation


def _left(g: Any, a: Any, b: Any) -> Any:
    """g bᵀ where a or b is a vector: with the axis that it lacks put in and taken out again."""
    if b.ndim == 1:
        return g[..., None] * b if a.ndim > 1 else g * b
    return (g[..., None, :] @ b.mT)[..., 0, :]


def _right(g: Any, a: Any, b: Any) -> Any:
    """aᵀ g where a or b is a vector."""
    if a.ndim == 1:
        return a[:, None] * g[..., None, :] if b.ndim > 1 else g * a
    return (a.mT @ g[..., None])[..., 0]


advice["matmul"] = "the last axis of a must be as long as the last but one of b: (n, k) times (k, m)."
matmul = operation(
    "matmul",
    np.matmul,
    lambda g, y, a, b: g @ b.mT if a.ndim > 1 < b.ndim else _left(g, a, b),
    lambda g, y, a, b: a.mT @ g if a.ndim > 1 < b.ndim else _right(g, a, b),
    formula="a @ b",
    local=("g @ b.T", "a.T @ g"),
    doc="""The matrix product a @ b: (…, n, k) times (…, k, m) is (…, n, m).

    A layer on one sample is x W with x (1, k); on s samples X W with X (s, k); written the other way round, W
    x with W (m, k) and x (k, 1), it is the transpose of the same numbers. 1-d operands are a row on the left,
    a column on the right; leading axes broadcast.

    >>> matmul([[1, 2]], [[1, 2, 3], [4, 5, 6]])
    <tf.Tensor: shape=(1, 3), dtype=int32, numpy=array([[ 9, 12, 15]], dtype=int32)>
    """,
)
