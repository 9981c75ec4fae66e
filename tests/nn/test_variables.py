"""Variables: the dtypes of what is computed with one, and what may be said of one."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras

ARITHMETIC = (
    *(operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod),
    *(operator.pow, operator.matmul),
)


def ones(dtype: str) -> Any:
    return keras.Variable(np.ones((2, 2)), dtype=dtype, trainable=False)


@pytest.mark.parametrize("compute", ARITHMETIC, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("float32", "int32", "float32"),
        ("float32", "int64", "float32"),
        ("float16", "int16", "float16"),
        ("float16", "float32", "float32"),
        ("float32", "bool", "float32"),
        ("float64", "float32", "float64"),
    ],
)
def test_a_variable_stays_as_wide_as_it_is(compute: Any, first: str, second: str, together: str) -> None:
    a, b = ones(first), ones(second)
    tensor = mt.Tensor(np.ones((2, 2)), dtype=second)
    assert compute(a, b).dtype == compute(b, a).dtype == together
    assert compute(a, tensor).dtype == compute(tensor, a).dtype == together
    assert compute(a, tensor.numpy()).dtype == compute(tensor.numpy(), a).dtype == together
    np.testing.assert_allclose(compute(a, tensor), compute(a.numpy(), tensor.numpy()))


def test_integers_divided_are_floats_of_keras_width() -> None:
    assert (ones("int32") / ones("int32")).dtype == "float32"
    assert (ones("int8") / 2).dtype == "float32"
    assert (1 / ones("int16")).dtype == "float32"
    assert (ones("int32") * 1.5).dtype == (1.5 * ones("int32")).dtype == "float32"
    assert (ones("bool") // ones("bool")).dtype == "int32"
    assert (ones("int8") * 2).dtype == "int8"
    assert (ones("float16") * 2.5).dtype == "float16"
    assert (ones("uint8") @ ones("int8")).dtype == "int16"


def test_plain_tensors_keep_numpys_rule() -> None:
    assert (mt.Tensor([1.5]) * mt.Tensor([2])).dtype == "float64"
    assert (mt.Tensor([1]) / mt.Tensor([2])).dtype == "float64"


def test_numpys_functions_follow_the_variable_too() -> None:
    w, counts = ones("float32"), mt.Tensor([[1, 2], [3, 4]])
    assert np.add(w, counts).dtype == np.matmul(counts, w).dtype == np.remainder(w, [1, 2]).dtype == "float32"
    with pytest.raises(TypeError, match="out="):
        np.add(w, counts, out=np.zeros((2, 2)))


def test_equal_dtypes_are_computed_without_a_cast() -> None:
    w, x = keras.Variable([[1.0]]), mt.Tensor([[2.0]])
    for y in (w @ x, x @ w, w * 2.0, 2 - w, np.add(x, w)):
        assert any(made is w for made in y.inputs)


def test_gradients_keep_the_dtype_of_their_tensor() -> None:
    w = keras.Variable(np.ones((2,), "float16"))
    x = mt.Tensor([3.0, 4.0], requires_grad=True)
    (w * x * mt.Tensor([1, 2])).sum().backward()
    assert (w.grad.dtype, w.grad.tolist()) == ("float16", [3.0, 8.0])  # type: ignore[union-attr]
    assert (x.grad.dtype, x.grad.tolist()) == ("float32", [1.0, 2.0])  # type: ignore[union-attr]
    v = keras.Variable([2.0, 3.0])
    (mt.Tensor([[1, 2]]) @ v[:, None] / ones("int32")[0, 0]).sum().backward()
    assert (v.grad.dtype, v.grad.tolist()) == ("float32", [1.0, 2.0])  # type: ignore[union-attr]


def test_and_or_xor_of_a_variable_are_truth_values() -> None:
    a, b = keras.Variable([0, 1, 2]), keras.Variable([0.0, 0.0, 3.0])
    assert (a & b).tolist() == (b & a).tolist() == [False, False, True]
    assert (a | [0, 0, 0]).tolist() == ([0, 0, 0] | a).tolist() == [False, True, True]
    assert (a ^ b).tolist() == (b ^ a).tolist() == [False, True, False]


def test_a_name_is_looked_at_first() -> None:
    for name in (12345, "a/b", ""):
        with pytest.raises(ValueError, match="`name` must be a string and cannot contain character `/`"):
            keras.Variable(keras.initializers.RandomNormal(), name=name)
    assert keras.Variable(1.0, name="dense/kernel:0").name == "dense/kernel:0"


def test_what_a_variable_may_have() -> None:
    v = keras.Variable([1.0, 2.0])
    v.overwrite_with_gradient = True
    assert v.overwrite_with_gradient
    with pytest.raises(TypeError, match="must be a boolean"):
        v.overwrite_with_gradient = "true"  # type: ignore[assignment]
    v.regularizer = keras.regularizers.L2(0.5)
    assert float(v.regularizer(v)) == 2.5
    v.regularizer = None
    assert v.regularizer is None
    with pytest.raises(ValueError, match="Invalid value for attribute `regularizer`"):
        v.regularizer = "l2"


def test_several_numbers_are_no_number() -> None:
    v = keras.Variable(np.ones((2, 2)))
    for convert in (int, float):
        with pytest.raises(TypeError, match="Only scalar arrays can be converted to Python scalars"):
            convert(v)
        assert convert(keras.Variable([2.0])) == 2


def test_full_like_a_variable() -> None:
    for x in (keras.Variable(np.ones((2, 3), "float16")), mt.Tensor(np.ones((2, 3), "float16"))):
        y = np.full_like(x, 2)
        assert (y.dtype, y.tolist()) == ("float16", [[2.0] * 3] * 2)
        assert np.full_like(x, 2.5, dtype="float32").dtype == "float32"
