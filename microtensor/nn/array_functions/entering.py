"""How numbers enter `keras.ops`, and in which dtype results come out.

The one idea: dtypes are joined on one ladder, bool < integers < floats. What is higher wins, among equals
what is wider; Python's own numbers say only which rung they stand on. So int64 with float16 is float16
(NumPy: float64), and an int32 with 1.5 is `keras.config.floatx()`.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy

from ...core import Tensor
from ...core.operations.shape import astype
from ...settings import floatx
from ...tree import leaves_of

np: Any = numpy  # on tensors its functions give tensors, which its type stubs do not know
INTEGERS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
FLOATS = ("float16", "float32", "float64")


def standardize_dtype(dtype: Any) -> str:
    """The name of a dtype; None: `floatx()`. ValueError for what is none."""
    if dtype is None:
        return floatx()
    if dtype in (bool, int, float) and isinstance(dtype, type):
        return {bool: "bool", int: "int32", float: floatx()}[dtype]
    try:
        found = str(np.dtype(getattr(dtype, "name", dtype)).name)
    except TypeError:
        found = ""
    if found not in ("bool", *INTEGERS, *FLOATS, "complex64", "complex128"):
        raise ValueError(f"Invalid dtype: {dtype}. A tensor's dtype is one such as 'float32' or 'int32'.")
    return found


def is_float_dtype(dtype: Any) -> bool:
    """Is it a dtype of floats?"""
    return standardize_dtype(dtype).startswith("float")


def is_int_dtype(dtype: Any) -> bool:
    """Is it a dtype of integers?"""
    return standardize_dtype(dtype) in INTEGERS


def result_type(*dtypes: Any) -> str:
    """The dtype that numbers of these dtypes have together. Python's types int and float are weak.

    >>> result_type("int32", "float16"), result_type("uint8", "int8"), result_type("int8", int)
    ('float16', 'int16', 'int8')
    """
    rungs = [(int if d is int else float if d is float else standardize_dtype(d)) for d in dtypes]
    return standardize_dtype(functools.reduce(_joined, rungs)) if rungs else floatx()


def _height(dtype: Any) -> int:
    if dtype == "bool":
        return 0
    return 1 if dtype is int else 2 if dtype in INTEGERS else 3 if dtype is float else 4


def _joined(a: Any, b: Any) -> Any:
    low, high = sorted((a, b), key=_height)
    if _height(low) < _height(high) or low == high:
        return high
    together = np.promote_types(low, high).name
    no_integer_holds_both = _height(high) == 2 and together == "float64"  # uint64 with int64
    return float if no_integer_holds_both else together


def tensor(x: Any, dtype: Any = None) -> Any:
    """x as a tensor: Python's ints are int32, its floats `floatx()`, arrays keep their dtype. A list that
    holds tensors is stacked, so that no gradient is lost.
    """
    if not isinstance(x, Tensor):
        if isinstance(x, list | tuple) and any(isinstance(leaf, Tensor) for leaf in leaves_of(x)):
            x = np.stack([tensor(item) for item in x])
        else:
            wide = Tensor(x if hasattr(x, "dtype") else np.array(x))  # 64 bits, until the dtype is known
            x = wide if hasattr(x, "dtype") else tensor(wide, dtype or _own_dtype(x, wide))
    if dtype is None or x.dtype == np.dtype(standardize_dtype(dtype)):
        return x
    return astype(x, dtype=standardize_dtype(dtype))


def _own_dtype(x: Any, wide: Tensor) -> Any:
    return floatx() if wide.dtype.kind == "f" else Tensor(x).dtype


def floating(x: Any) -> Any:
    """x as a tensor of floats: integers and booleans become `floatx()`."""
    x = tensor(x)
    return x if x.dtype.kind in "fc" else tensor(x, floatx())


def counted(x: Any) -> Any:
    """x as a tensor that can be added up: booleans and narrow integers become 32 bits wide."""
    x = tensor(x)
    if x.dtype.kind not in "biu" or x.dtype.itemsize >= 4:
        return x
    return tensor(x, "uint32" if x.dtype.kind == "u" else "int32")


def together(*xs: Any, floats: bool = False) -> tuple[Any, ...]:
    """All of them as tensors of one dtype, their `result_type` (with `floats`, a floating one)."""
    weak = [type(x) if type(x) in (int, float) else None for x in xs]
    tensors = [x if kind else tensor(x) for x, kind in zip(xs, weak, strict=True)]
    kinds = [kind or x.dtype.name for x, kind in zip(tensors, weak, strict=True)]
    dtype = result_type(*kinds, *([float] if floats else []))
    return tuple(tensor(x, dtype) for x in tensors)


def unary(function: Any, floats: bool = False, name: str = "") -> Any:
    """`function`, NumPy's or an operation, as a function of one tensor-like x."""
    enter = floating if floats else tensor

    def on_one(x: Any) -> Any:
        return function(enter(x))

    return _named(on_one, function, name)


def binary(function: Any, floats: bool = False, name: str = "", least: str = "") -> Any:
    """`function` as a function of two tensor-likes, which are brought to one dtype first.

    With `least`, booleans become that.
    """

    def on_two(x1: Any, x2: Any) -> Any:
        x1, x2 = together(x1, x2, floats=floats)
        if least and x1.dtype == bool:
            x1, x2 = tensor(x1, least), tensor(x2, least)
        return function(x1, x2)

    return _named(on_two, function, name)


def _named(wrapped: Any, function: Any, name: str) -> Any:
    wrapped.__name__ = wrapped.__qualname__ = name or function.__name__
    wrapped.__doc__ = (
        f"What NumPy calls so, with Keras' rules of dtypes. Source: `keras.ops.{wrapped.__name__}`."
    )
    return wrapped
