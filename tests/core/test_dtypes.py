"""Your dtype stays: what numbers become when they enter a tensor, and when they meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor.core import Tensor

ENTERING = [
    (1.0, np.float32),
    ([1.0, 2], np.float32),
    ([[1.0], (2,)], np.float32),
    (1, np.int32),
    ([1, 2], np.int32),
    (range(3), np.int32),
    (2**31 - 1, np.int32),
    (-(2**31), np.int32),
    (2**31, np.int64),
    ([1, -(2**31) - 1], np.int64),
    (True, np.bool_),
    ([True, False], np.bool_),
    ([True, 1], np.int32),
    (np.float64(1), np.float64),
    (np.float32(1), np.float32),
    (np.int64(1), np.int64),
    ([np.float64(1.0), 2.0], np.float64),
    (np.ones(2), np.float64),
    (np.ones(2, np.float16), np.float16),
    (np.ones(2, np.uint8), np.uint8),
    (np.arange(2), np.int64),
    ([np.ones(2), np.ones(2)], np.float64),
    ([np.ones(2, np.float32), [1.0, 2.0]], np.float64),  # NumPy's own answer for arrays beside numbers
    (Tensor([1.0]), np.float32),
    (Tensor(np.ones(2)), np.float64),
]


@pytest.mark.parametrize(("data", "dtype"), ENTERING, ids=lambda v: str(v).replace("\n", " "))
def test_numbers_that_enter(data: Any, dtype: Any) -> None:
    assert Tensor(data).dtype == dtype
    assert mt.identity(data).dtype == dtype


def test_an_empty_list_is_a_tensor_of_no_floats() -> None:
    assert (Tensor([]).shape, Tensor([]).dtype.kind) == ((0,), "f")


@pytest.mark.parametrize("dtype", ["float16", "float64", np.int64, float, bool])
def test_a_dtype_that_is_asked_for_is_given(dtype: Any) -> None:
    assert Tensor([1, 0], dtype=dtype).dtype == np.dtype(dtype)
    assert Tensor(np.ones(2), dtype=dtype).dtype == np.dtype(dtype)
    assert Tensor([1.0, 0.0]).astype(dtype).dtype == np.dtype(dtype)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("abc", "str 'abc'"),
        (["a", "b"], "list"),
        (None, "NoneType None"),
        ([1.0, None], "list"),
        ({"a": 1}, "dict"),
        ({1, 2}, "set"),
        ([[1.0], [1.0, 2.0]], "the same count in each row"),
        (Ellipsis, "ellipsis"),
        (np.array(["a"]), "ndarray"),
        (np.array(["2020-01-01"], "M8[D]"), "ndarray"),
    ],
    ids=str,
)
def test_what_is_no_number_is_refused_in_words(data: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match="a tensor holds numbers") as caught:
        Tensor(data)
    assert words in str(caught.value)


def test_a_list_of_tensors_with_gradients_is_refused_because_it_would_lose_them() -> None:
    x = Tensor(1.0, requires_grad=True)
    with pytest.raises(TypeError, match=r"mt.stack\(\[a, b\]\)"):
        Tensor([x, x])
    assert_array_equal(Tensor([x.detach(), x.detach()]), [1.0, 1.0])
    stacked = mt.stack([x, x])
    stacked.sum().backward()
    assert float(x.grad) == 2.0  # type: ignore[arg-type]


OPERATORS = {
    "t + s": lambda t, s: t + s,
    "s - t": lambda t, s: s - t,
    "t * s": lambda t, s: t * s,
    "s / t": lambda t, s: s / t,
    "t ** s": lambda t, s: t**s,
}


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("scalar", [2, 2.0, True])
@pytest.mark.parametrize("words", OPERATORS)
def test_pythons_numbers_are_weak(words: str, scalar: Any, dtype: Any) -> None:
    t = Tensor(np.array([1, 2], dtype), requires_grad=True)
    y = OPERATORS[words](t, scalar)
    assert y.dtype == dtype
    y.sum().backward()
    assert t.grad is not None
    assert t.grad.dtype == dtype


PAIRS = [(a, b) for a in ("float32", "float64", "int32", "bool") for b in ("float32", "float64", "int64")]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_mixed_operands_follow_numpy_and_gradients_do_not(left: str, right: str) -> None:
    a, b = np.ones(3, left), np.full((2, 3), 2, right)
    ta, tb = (Tensor(v, requires_grad=v.dtype.kind == "f") for v in (a, b))
    y = ta * tb
    assert y.dtype == (a * b).dtype
    if y.requires_grad:
        y.sum().backward()
        for t in (ta, tb):
            assert t.grad is None or (t.grad.dtype, t.grad.shape) == (t.dtype, t.shape)
        assert [t.grad is not None for t in (ta, tb)] == [v.dtype.kind == "f" for v in (a, b)]


def test_a_gradient_through_a_cast_comes_back_in_the_tensors_dtype() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    (x.astype("float64") * np.array([3.0, 4.0])).sum().backward()
    assert x.grad is not None
    assert x.grad.dtype == np.float32
    assert_array_equal(x.grad, [3.0, 4.0])


def test_a_cast_to_integers_ends_the_gradient() -> None:
    x = Tensor([1.5, 2.5], requires_grad=True)
    assert not x.astype("int32").requires_grad
    assert not (x > 2).requires_grad


@pytest.mark.parametrize("data", [[1, 2], [True], 3, np.arange(3), np.ones(2, np.complex64)])
def test_only_floats_can_require_a_gradient(data: Any) -> None:
    with pytest.raises(TypeError, match="only floating tensors can require gradients; a tensor of shape"):
        Tensor(data, requires_grad=True)
    t = Tensor(data)
    with pytest.raises(TypeError, match="Make it of floats like"):
        t.requires_grad = True
    assert not t.requires_grad


def test_a_byte_swapped_array_enters_in_the_machines_order() -> None:
    t = Tensor(np.array([1.5, 2.5], ">f4"))
    assert t.dtype == np.float32
    assert t.dtype.isnative
    assert_array_equal(t, [1.5, 2.5])


def test_the_lectures_product_of_integers() -> None:
    y = mt.matmul([[1, 2]], [[1, 2, 3], [4, 5, 6]])
    assert (y.tolist(), y.dtype) == ([[9, 12, 15]], np.int32)
