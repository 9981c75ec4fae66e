"""Python on tensors: operators, comparisons, indexing, and reading numbers."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor.core import Tensor

BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
OTHERS = [
    2,
    2.5,
    True,
    [1.0, 2.0],
    (3, 4),
    np.array([1.0, 2.0], np.float32),
    np.float32(3),
    Tensor([5.0, 6.0]),
]


@pytest.mark.parametrize("other", OTHERS, ids=lambda v: type(v).__name__)
@pytest.mark.parametrize("op", BINARY, ids=lambda f: f.__name__)
def test_operators_and_their_reflections(op: Any, other: Any) -> None:
    x = np.array([2.0, 3.0], np.float32)
    plain = other if isinstance(other, int | float | np.generic) else Tensor(other).numpy()
    for left_is_tensor in (True, False):
        t = Tensor(x, requires_grad=True)
        y = op(t, other) if left_is_tensor else op(other, t)
        assert isinstance(y, Tensor)
        assert y.requires_grad
        assert_array_equal(y, op(x, plain) if left_is_tensor else op(plain, x))
        y.sum().backward()
        assert t.grad is not None


def test_matmul_and_its_reflection() -> None:
    a, b = [[1.0, 2.0], [3.0, 4.0]], Tensor([[5.0], [6.0]], requires_grad=True)
    for left in (a, np.array(a, np.float32), Tensor(a)):
        y = left @ b
        assert isinstance(y, Tensor)
        assert_array_equal(y, [[17.0], [39.0]])
    assert_array_equal(b.T @ a, [[23.0, 34.0]])
    with pytest.raises(ValueError, match=r"matmul of \(2, 1\) float32 and \(3, 1\) float32"):
        b @ np.ones((3, 1), np.float32)


def test_unary_operators() -> None:
    x = Tensor([-1.0, 2.0])
    assert_array_equal(-x, [1.0, -2.0])
    assert_array_equal(+x, x)
    assert +x is not x
    assert_array_equal(abs(x), [1.0, 2.0])


def test_sum_of_a_list_of_tensors() -> None:
    x = Tensor(2.0, requires_grad=True)
    total = sum([x, x, x * x])
    assert isinstance(total, Tensor)
    total.backward()
    assert float(x.grad) == 6.0  # type: ignore[arg-type]


@pytest.mark.parametrize("op", ["__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"])
@pytest.mark.parametrize(
    "other", [2, 2.0, [1.0, 2.0, 3.0], np.array([3.0, 2.0, 1.0]), Tensor([2.0, 2.0, 0.0])]
)
def test_comparisons_compare_numbers(op: str, other: Any) -> None:
    x = np.array([1.0, 2.0, 3.0])
    compare = getattr(operator, op)
    y = compare(Tensor(x, requires_grad=True), other)
    assert isinstance(y, Tensor)
    assert (y.dtype, y.requires_grad) == (np.bool_, False)
    assert_array_equal(y, compare(x, np.asarray(other)))
    assert_array_equal(compare(other, Tensor(x)), compare(np.asarray(other), x))


def test_a_tensor_is_not_none_and_not_a_word() -> None:
    x = Tensor([1.0, 2.0])
    assert (x == None) is False  # noqa: E711 - this is what is tested
    assert (x != None) is True  # noqa: E711
    assert (x == "relu") is False
    with pytest.raises(TypeError):
        x < "relu"  # noqa: B015


def test_a_tensor_is_itself_as_a_key() -> None:
    x, same = Tensor([1.0]), Tensor([1.0])
    assert {x: "x", same: "same"}[x] == "x"
    assert len({x, same, x}) == 2


@pytest.mark.parametrize("op", ["iadd", "isub", "imul", "itruediv", "ipow", "imatmul"])
def test_a_parameter_is_not_changed_in_place(op: str) -> None:
    w = Tensor([[1.0]], requires_grad=True, name="w")
    with pytest.raises(TypeError, match=r"tensor 'w' is not changed in place: use w\.assign_sub"):
        getattr(operator, op)(w, 1.0)


def test_in_place_on_what_is_no_parameter_makes_a_new_tensor() -> None:
    x = Tensor([1.0], requires_grad=True)
    total = before = x * 1
    total += x
    assert total is not before
    assert_array_equal(before, [1.0])
    assert_array_equal(total, [2.0])
    total.backward()
    assert_array_equal(x.grad, [2.0])


def test_an_array_does_not_swallow_a_tensor_in_place() -> None:
    array, x = np.array([1.0]), Tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match="write a = a \\+ t instead"):
        array += x
    assert_array_equal(array, [1.0])


def test_assigning_to_an_element_is_refused() -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(TypeError, match=r"t\.assign\(new\) replaces all of it"):
        x[0] = 5.0
    assert_array_equal(x, [1.0, 2.0])


INDEXING = {
    "an integer": 1,
    "a slice": slice(0, 2),
    "a pair": (1, -1),
    "a list": [0, 2, 2],
    "a tuple with a list": (slice(None), [0, 0, 1]),
    "a tensor of integers": Tensor([0, 2]),
    "a mask": np.array([True, False, True]),
    "a tensor as mask": Tensor([True, False, True]),
    "a NumPy integer": np.int64(2),
    "nothing": (),
    "an ellipsis and a new axis": (..., None),
    "an empty list": [],
    "a mask of two axes": np.arange(12).reshape(3, 4) % 2 == 0,
    "an empty mask after a slice": (slice(0, 0), np.array([True, False, True, True])),
}


@pytest.mark.parametrize("words", INDEXING)
def test_indexing(words: str) -> None:
    array, index = np.arange(12.0).reshape(3, 4), INDEXING[words]
    plain = index.numpy() if isinstance(index, Tensor) else index
    x = Tensor(array, requires_grad=True)
    y = x[index]
    assert_array_equal(y, array[plain])
    y.sum().backward()
    expected = np.zeros((3, 4))
    np.add.at(expected, plain or np.array([], int) if isinstance(plain, list) else plain, 1.0)
    assert_array_equal(x.grad, expected)


def test_what_is_taken_three_times_gets_three_gradients() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    (x[[0, 0, 1, 0]] * np.array([1, 10, 100, 1000], np.float32)).sum().backward()
    assert_array_equal(x.grad, [1011.0, 100.0])


def test_an_index_out_of_range_is_a_sentence() -> None:
    with pytest.raises(IndexError, match=r"getitem of \(2,\) float32: index 5 is out of bounds"):
        Tensor([1.0, 2.0])[5]


def test_length_and_iteration() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    assert len(x) == 2
    first, second = x
    assert isinstance(first, Tensor)
    (first * second).sum().backward()
    assert_array_equal(x.grad, [[3.0, 4.0], [1.0, 2.0]])
    scalar = Tensor(1.0)
    with pytest.raises(TypeError, match="has no axes and so no length"):
        len(scalar)
    with pytest.raises(TypeError, match="has no axes"):
        iter(scalar)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_a_tensor_of_one_element_is_a_number(shape: Any) -> None:
    x = Tensor(np.full(shape, 2.75, np.float32), requires_grad=True)
    assert (float(x), int(x), bool(x), x.item()) == (2.75, 2, True, 2.75)
    assert type(x.item()) is float
    assert type(Tensor(3).item()) is int
    assert (f"{x:.1f}", f"{x:8.2f}") == ("2.8", "    2.75")
    assert math.sqrt(x) == math.sqrt(2.75)
    assert not bool(x * 0)


def test_a_tensor_of_several_elements_is_no_number() -> None:
    x = Tensor([1.0, 2.0])
    for read in (float, int, Tensor.item, math.sin):
        with pytest.raises((ValueError, TypeError), match="only a tensor of one element is a number"):
            read(x)
    with pytest.raises(ValueError, match=r"use \.all\(\) or \.any\(\)"):
        bool(x)
    with pytest.raises(ValueError, match="one element"):
        f"{x:.2f}"


def test_an_integer_tensor_is_an_index() -> None:
    assert list(range(10))[Tensor(3)] == 3
    with pytest.raises(TypeError):
        operator.index(Tensor(3.0))


def test_lists_and_arrays_of_a_tensor() -> None:
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    assert x.tolist() == [[1.0, 2.0]]
    assert type(x.tolist()[0][0]) is float
    assert isinstance(np.asarray(x), np.ndarray)
    assert np.asarray(x).dtype == np.float32
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    assert not np.shares_memory(np.array(x, copy=True), x.numpy())
    assert np.shares_memory(np.array(x, copy=False), x.numpy())


METHODS = {
    "sum": lambda a: a.sum(axis=0),
    "mean": lambda a: a.mean(axis=-1, keepdims=True),
    "max": lambda a: a.max(),
    "min": lambda a: a.min(axis=(0, 1)),
    "argmax": lambda a: a.argmax(axis=1),
    "argmin": lambda a: a.argmin(),
    "all": lambda a: (a > 0).all(),
    "any": lambda a: (a > 3).any(axis=0),
    "reshape, lengths": lambda a: a.reshape(3, 2),
    "reshape, a tuple": lambda a: a.reshape((3, -1)),
    "transpose": lambda a: a.transpose(),
    "transpose, axes": lambda a: a.transpose(1, 0),
    "transpose, a tuple": lambda a: a.transpose((1, 0)),
    "T": lambda a: a.T,
    "mT": lambda a: a.mT,
    "flatten": lambda a: a.flatten(),
    "swapaxes": lambda a: a.swapaxes(0, 1),
    "squeeze": lambda a: a[0:1].squeeze(axis=0),
    "astype": lambda a: a.astype("float16"),
    "copy": lambda a: a.copy(),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods_that_numpy_has(name: str) -> None:
    array = np.array([[1.0, 2.0, 3.0], [4.0, 0.0, 5.0]], np.float32)
    y, expected = METHODS[name](Tensor(array)), METHODS[name](array)
    assert isinstance(y, Tensor)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_array_equal(y, expected)


@pytest.mark.parametrize(
    "name", ["abs", "exp", "log", "sqrt", "square", "sigmoid", "tanh", "relu", "softmax"]
)
def test_methods_that_are_functions_of_ours(name: str) -> None:
    x = Tensor([0.5, 2.0])
    assert_array_equal(getattr(x, name)(), getattr(mt, name)(x))


REPRS = [
    (lambda: Tensor(1.0), "<tf.Tensor: shape=(), dtype=float32, numpy=1.0>"),
    (lambda: Tensor([1, 2]), "<tf.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>"),
    (
        lambda: Tensor([[9, 12], [1, 2]]),
        "<tf.Tensor: shape=(2, 2), dtype=int32, numpy=\narray([[ 9, 12],\n       [ 1,  2]], dtype=int32)>",
    ),
    (
        lambda: Tensor(1.5, requires_grad=True),
        "<tf.Tensor: shape=(), dtype=float32, numpy=1.5, requires_grad=True>",
    ),
    (
        lambda: Tensor(1.5, requires_grad=True) * 2,
        "<tf.Tensor: shape=(), dtype=float32, numpy=3.0, made by multiply>",
    ),
    (lambda: Tensor([True]), "<tf.Tensor: shape=(1,), dtype=bool, numpy=array([ True])>"),
]


@pytest.mark.parametrize(("make", "expected"), REPRS)
def test_repr_shows_shape_dtype_numbers_and_origin(make: Any, expected: str) -> None:
    assert repr(make()) == expected


STRS = [
    (lambda: Tensor(1.0), "tf.Tensor(1.0, shape=(), dtype=float32)"),
    (lambda: Tensor([1, 2]), "tf.Tensor([1 2], shape=(2,), dtype=int32)"),
    (
        lambda: Tensor([[9, 12], [1, 2]]),
        "tf.Tensor(\n[[ 9 12]\n [ 1  2]], shape=(2, 2), dtype=int32)",
    ),
]


@pytest.mark.parametrize(("make", "expected"), STRS)
def test_str_is_the_form_that_the_lecture_prints(make: Any, expected: str) -> None:
    assert str(make()) == f"{make()}" == expected


COPIES = [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))]


@pytest.mark.parametrize("make", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_a_copy_carries_numbers_name_and_requires_grad(make: Any) -> None:
    x = Tensor(np.array([[1.0, 2.0]]), requires_grad=True, name="w")
    (x * x).sum().backward()
    y = make(x)
    assert type(y) is Tensor
    assert (y.name, y.requires_grad, y.dtype, y.grad) == ("w", True, np.float64, None)
    assert_array_equal(y, x)
    assert not np.shares_memory(y.numpy(), x.numpy())
    x.assign([[0.0, 0.0]])
    assert_array_equal(y, [[1.0, 2.0]])


@pytest.mark.parametrize("make", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_a_copy_of_a_result_is_a_leaf(make: Any) -> None:
    y = make(Tensor([1.0], requires_grad=True) * 2)
    assert (y.is_leaf, y.requires_grad) == (True, False)
    assert_array_equal(y, [2.0])


def test_a_deep_copy_keeps_who_is_who() -> None:
    x = Tensor([1.0])
    first, second = copy.deepcopy([x, x])
    assert first is second
    assert first is not x


def test_truth_values_and_integers_combine_bit_by_bit():
    a, b = mt.Tensor([True, True, False]), mt.Tensor([True, False, False])
    assert (a & b).tolist() == [True, False, False]
    assert (a | [False, False, True]).tolist() == [True, True, True]
    assert (True ^ a).tolist() == [False, False, True]
    assert (~a).tolist() == [False, False, True]
    i = mt.Tensor([6, 3])
    assert (i & 5).tolist() == [4, 1]
    assert (8 | i).tolist() == [14, 11]
    assert (i ^ i).tolist() == [0, 0]
    assert (~i).tolist() == [-7, -4]
    with pytest.raises(TypeError):
        mt.Tensor([1.0]) & 1


def test_round_rounds_half_to_even():
    assert round(mt.Tensor([0.5, 1.5, 2.25])).tolist() == [0.0, 2.0, 2.0]
    assert round(mt.Tensor([2.25]), 1).tolist() == pytest.approx([2.2])
