"""NumPy's protocols: np.exp(t) is our exp, and what we lack is refused, never silently converted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from microtensor.core import Tensor


def x() -> Tensor:
    return Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)


CALLS = {
    "np.sum(t, 0)": lambda t: np.sum(t, 0),
    "np.sum(t, axis=0)": lambda t: np.sum(t, axis=0),
    "np.sum(a=t)": lambda t: np.mean(t, keepdims=True),
    "np.maximum(t, 2)": lambda t: np.maximum(t, 2),
    "np.concatenate([t, array])": lambda t: np.concatenate([t, np.ones((1, 2), np.float32)]),
    "np.concatenate((array, t), 1)": lambda t: np.concatenate((np.ones((2, 1), np.float32), t), 1),
    "np.stack([t, t], axis=-1)": lambda t: np.stack([t, t], axis=-1),
    "np.where(array, t, 0)": lambda t: np.where(np.array([True, False]), t, 0),
    "np.reshape(t, (4,))": lambda t: np.reshape(t, (4,)),
    "np.reshape(t, -1)": lambda t: np.reshape(t, -1),
    "np.transpose(t)": lambda t: np.transpose(t),
    "np.matmul(array, t)": lambda t: np.matmul(np.ones((1, 2), np.float32), t),
    "array @ t": lambda t: np.ones((1, 2), np.float32) @ t,
    "array - t": lambda t: np.ones((2, 2), np.float32) - t,
    "np.float32(2) * t": lambda t: np.float32(2) * t,
    "np.expand_dims(t, 0)": lambda t: np.expand_dims(t, 0),
    "np.broadcast_to(t, (3, 2, 2))": lambda t: np.broadcast_to(t, (3, 2, 2)),
    "np.square(np.tanh(t))": lambda t: np.square(np.tanh(t)),
}


@pytest.mark.parametrize("words", CALLS)
def test_numpys_functions_record(words: str) -> None:
    t = x()
    y = CALLS[words](t)
    assert isinstance(y, Tensor)
    assert_allclose(y.numpy(), CALLS[words](t.numpy()), rtol=1e-6)
    y.sum().backward()
    assert t.grad is not None


REFUSED = {
    "np.fft.fft": lambda t: np.fft.fft(t),
    "np.linalg.eig": lambda t: np.linalg.eig(t),
    "np.add.reduce": lambda t: np.add.reduce(t),
    "np.add.accumulate": lambda t: np.add.accumulate(t),
    "np.add.outer": lambda t: np.add.outer(t, t),
    "np.bitwise_and": lambda t: np.bitwise_and(t, 1),
    "np.nextafter": lambda t: np.nextafter(t, 1),
    "np.histogram": lambda t: np.histogram(t),
    "np.piecewise": lambda t: np.piecewise(t, [t > 0], [1]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_unknown_function_is_refused_by_name(name: str) -> None:
    with pytest.raises(
        TypeError, match="is no operation on tensors, so it would lose the gradient"
    ) as caught:
        REFUSED[name](x())
    assert f"{name}(t.numpy())" in str(caught.value)


ARGUMENTS = {
    "out": (lambda t: np.exp(t, out=np.empty((2, 2))), "np.exp cannot write a tensor into out="),
    "out of an operator": (lambda t: np.add(t, 1, out=np.empty((2, 2))), "write a = a \\+ t instead"),
    "out of a function": (lambda t: np.sum(t, out=np.empty(())), "sum got out="),
    "dtype": (lambda t: np.exp(t, dtype="f8"), "exp got dtype='f8' unexpectedly; it takes no keyword"),
    "where": (lambda t: np.exp(t, where=np.ones((2, 2), bool)), "exp got where="),
    "dtype of a sum": (
        lambda t: np.sum(t, dtype="f8"),
        "sum got dtype='f8' unexpectedly; it takes axis, keepdims",
    ),
    "initial": (lambda t: np.max(t, initial=3), "max got initial=3 unexpectedly"),
}


@pytest.mark.parametrize("words", ARGUMENTS)
def test_arguments_that_have_no_meaning_here_are_refused_by_name(words: str) -> None:
    call, message = ARGUMENTS[words]
    with pytest.raises(TypeError, match=message):
        call(x())


def test_numpys_own_checks_accept_tensors() -> None:
    np.testing.assert_allclose(x(), [[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_array_equal(x().numpy(), x())


def test_wrong_calls_name_the_operation_and_what_it_got() -> None:
    import microtensor as mt

    wrong: list[tuple[Any, type[Exception], str]] = [
        (lambda: mt.add(1.0), TypeError, "add takes a, b; got 1 arguments"),
        (lambda: mt.exp(1.0, 2.0), TypeError, "exp takes x; got 2 arguments"),
        (lambda: mt.sum([1.0], 0, False, 3), TypeError, "sum takes x, and axis, keepdims; got 4 arguments"),
        (lambda: mt.sum([1.0], 0, axis=0), TypeError, "sum got axis=0 twice"),
        (lambda: mt.sum([1.0], axes=0), TypeError, "sum got axes=0 unexpectedly; it takes axis, keepdims"),
        (lambda: mt.concatenate(), TypeError, "concatenate takes a list of tensors, and axis"),
        (lambda: x() + np.ones(3), ValueError, r"add of \(2, 2\) float32 and \(3,\) float64"),
        (lambda: x().reshape(3), ValueError, r"reshape of \(2, 2\) float32"),
        (lambda: mt.mse([1.0, 2.0], [1.0]), ValueError, "mse of .* must have the same shape"),
        (lambda: mt.maxout([1.0, 2.0, 3.0]), ValueError, "maxout of .* must divide into pieces of 2"),
        (lambda: mt.exp("abc"), TypeError, "a tensor holds numbers; got str 'abc'"),
        (lambda: mt.sum([1.0], axis=3), ValueError, r"sum of \(1,\) float32: axis 3 is out of bounds"),
    ]
    for call, kind, words in wrong:
        with pytest.raises(kind, match=words):
            call()


def test_data_may_go_by_name_and_metadata_by_position() -> None:
    import microtensor as mt

    assert_array_equal(mt.sum(x=[[1.0, 2.0]], axis=1), [3.0])
    assert_array_equal(mt.subtract(a=1.0, b=3.0), -2.0)
    assert_array_equal(mt.subtract(1.0, b=3.0), -2.0)
    assert_array_equal(mt.sum([[1.0, 2.0]], 1), [3.0])
    assert_array_equal(mt.concatenate([[1.0], [2.0]], 0), [1.0, 2.0])
