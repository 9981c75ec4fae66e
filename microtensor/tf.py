"""The names that TensorFlow's users type, for what is here under NumPy's."""

from __future__ import annotations

from typing import Any

import numpy as np

from .core import Tensor
from .core.operations import product
from .core.operations.reduction import max, mean, min, sum
from .core.operations.shape import astype

reduce_sum, reduce_mean, reduce_max, reduce_min = sum, mean, max, min


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor that requires no gradient: of numbers, nested lists or an array; one number fills `shape`.

    >>> constant([[1, 2]])
    <tf.Tensor: shape=(1, 2), dtype=int32, numpy=array([[1, 2]], dtype=int32)>
    """
    tensor = Tensor(value, dtype=dtype, name=name)
    if shape is None:
        return tensor
    array = tensor.numpy()
    return Tensor(np.full(shape, array) if array.size == 1 else array.reshape(shape), name=name)


def convert_to_tensor(value: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """The value as a tensor; a tensor stays what it is."""
    if isinstance(value, Tensor):
        return value if dtype is None or value.dtype == dtype else cast(value, dtype)
    return Tensor(value, dtype=dtype, name=name)


def cast(x: Any, dtype: Any) -> Tensor:
    """The same numbers in another dtype."""
    return astype(x, dtype=np.dtype(dtype).name)


def matmul(a: Any, b: Any, transpose_a: bool = False, transpose_b: bool = False) -> Tensor:
    """The matrix product a @ b, either transposed first: (…, n, k) times (…, k, m) is (…, n, m).

    One sample is x W with x (1, k), s samples are X W with X (s, k); the other order, W x with W (m, k) and x
    (k, 1), gives the transpose of the same numbers.

    >>> matmul([[1, 2]], [[1, 2, 3], [4, 5, 6]])
    <tf.Tensor: shape=(1, 3), dtype=int32, numpy=array([[ 9, 12, 15]], dtype=int32)>
    """
    a = convert_to_tensor(a).mT if transpose_a else a
    b = convert_to_tensor(b).mT if transpose_b else b
    return product.matmul(a, b)


def zeros(shape: Any, dtype: Any = "float32") -> Tensor:
    """A tensor of zeros."""
    return Tensor(np.zeros(shape, dtype))


def ones(shape: Any, dtype: Any = "float32") -> Tensor:
    """A tensor of ones."""
    return Tensor(np.ones(shape, dtype))
