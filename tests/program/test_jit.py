"""jit does what the function does, or refuses: whatever goes in, whatever it closes over, whoever calls."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import microtensor as mt
from microtensor.core import Tensor
from microtensor.core.state import no_grad
from microtensor.program import CaptureError

from .native_cases import needs_compiler

Pair = namedtuple("Pair", "left right")
A, B = Tensor([1.0, 2.0]), Tensor([10.0, 20.0])
SOURCES = ["auto", "numpy", "eager", pytest.param("native", marks=needs_compiler)]


def twice(jitted: Any, *args: Any, **kwargs: Any) -> Any:
    """What the first call gives; the second gives the same."""
    first, again = jitted(*args, **kwargs), jitted(*args, **kwargs)
    flat = (
        [np.asarray(x) for x in mt.tree.leaves_of(first)],
        [np.asarray(x) for x in mt.tree.leaves_of(again)],
    )
    for one, other in zip(*flat, strict=True):
        assert one.tobytes() == other.tobytes()
        assert not np.shares_memory(one, other)
    assert type(first) is type(again)
    return again


# --- what goes in and comes out --------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES)
def test_arrays_give_arrays_and_tensors_give_tensors(source: str) -> None:
    f = mt.jit(lambda x: np.tanh(x) * 2, source=source)
    for array in (np.ones(3, "float32"), np.ones((2, 2)), np.float64([1, 2])[::-1], np.array([1, 2], ">f4")):
        given = twice(f, array)
        assert type(given) is np.ndarray
        assert_allclose(given, np.tanh(array) * 2, rtol=1e-6)
    given = twice(f, A)
    assert type(given) is Tensor
    assert not given.requires_grad
    assert given.dtype == np.float32


def test_nested_arguments_and_results() -> None:
    @mt.jit
    def f(pair: Any, *more: Any, scale: Any = 1.0, **names: Any) -> Any:
        made = pair.left * scale + sum(more), [pair.right, (names["last"],)]
        return {"made": made, "same": Pair(pair.left, pair.left)}

    given = twice(f, Pair(A, B), A, B, scale=2.0, last={"deep": A}["deep"])
    assert_array_equal(given["made"][0], [13, 26])
    assert_array_equal(given["made"][1][1][0], A)
    assert isinstance(given["same"], Pair)
    assert isinstance(given["made"][1], list)
    assert_array_equal(f(Pair(A, B), B, A, scale=Tensor(3.0), last=B)["made"][0], [14, 28])
    assert_array_equal(f(Pair(A, B), scale=A, last=B)["made"][0], [1, 4])


def test_one_tensor_given_twice_is_two_arguments() -> None:
    f = mt.jit(lambda a, b: a * 2 + b)
    assert_array_equal(twice(f, A, A), [3, 6])
    assert_array_equal(twice(f, A, B), [12, 24])
    assert_array_equal(twice(f, B, A), [21, 42])


def test_an_argument_that_the_function_also_closes_over() -> None:
    f = mt.jit(lambda a: a * A)
    assert_array_equal(twice(f, A), [1, 4])
    assert_array_equal(twice(f, B), [10, 40])


def test_shapes_dtypes_and_kinds_have_programs_of_their_own() -> None:
    f = mt.jit(lambda x: x.sum() * 2)
    for x in (A, Tensor([1.0, 2.0, 3.0]), Tensor([[1.0, 2.0]]), Tensor([1.0], dtype="float64"), Tensor(2.0)):
        assert float(twice(f, x)) == float(x.numpy().sum() * 2)
        assert twice(f, x).dtype == x.dtype
    assert twice(f, Tensor(np.ones((0, 3)))).numpy() == 0
    assert repr(f) == "<jit of <lambda>: 6 programs>"


def test_programs_are_not_kept_without_end() -> None:
    f = mt.jit(lambda x: x * 2)
    for n in range(1, 140):
        f(np.ones(n))
    assert repr(f) == "<jit of <lambda>: 64 programs>"
    assert_array_equal(f(np.ones(1)), [2])


def test_arguments_that_are_no_tensors() -> None:
    class Settings:
        def __init__(self, scale: float) -> None:
            self.scale = scale

    f = mt.jit(
        lambda x, how, settings=None: -x if how == "minus" else x * (settings.scale if settings else how)
    )
    assert_array_equal(twice(f, A, "minus"), [-1, -2])
    assert_array_equal(twice(f, A, 3), [3, 6])
    assert_array_equal(twice(f, A, 3.0), [3, 6])
    assert_array_equal(twice(f, A, True), [1, 2])
    for k in range(8):  # each may get the address of the one before
        assert_array_equal(f(A, None, Settings(k)), [k, 2 * k])
        gc.collect()


def test_methods() -> None:
    class Line:
        def __init__(self, slope: float) -> None:
            self.slope = Tensor(slope)

        @mt.jit
        def at(self, x: Any) -> Any:
            return self.slope * x

    one, two = Line(1.0), Line(2.0)
    assert_array_equal(twice(one.at, A), A)
    assert_array_equal(twice(two.at, A), A + A)
    assert_array_equal(one.at(B), B)
    assert isinstance(Line.at, type(mt.jit(len)))
    bound = mt.jit(one.slope.__mul__)
    assert_array_equal(twice(bound, B), B)


def test_without_arguments() -> None:
    w = mt.Variable([1.0], trainable=False)
    f = mt.jit(lambda: w * 2)
    assert_array_equal(twice(f), [2])
    w.assign([4.0])
    assert_array_equal(twice(f), [8])


# --- gradients -------------------------------------------------------------------------------------------


def loss(w: Any, x: Any) -> Any:
    return ((w["a"] * x + w["b"]) ** 2).sum()


def test_gradients_through_it_and_inside_of_it() -> None:
    w = {"a": A, "b": B}
    value, wanted = loss(w, A), mt.grad(loss)(w, A)
    for f in (mt.grad(mt.jit(loss)), mt.jit(mt.grad(loss)), mt.jit(mt.grad(mt.jit(loss)))):
        found = twice(f, w, A)
        assert_array_equal(found["a"], wanted["a"])
        assert_array_equal(found["b"], wanted["b"])
    found_value, found = twice(mt.jit(mt.value_and_grad(loss)), w, A)
    assert_array_equal(found_value, value)
    assert_array_equal(found["b"], wanted["b"])
    f = lambda x: (x**3).sum()  # noqa: E731
    assert_array_equal(twice(mt.jit(mt.hessian(f)), A), mt.hessian(f)(A))
    assert_array_equal(mt.hessian(mt.jit(f))(A), mt.hessian(f)(A))


def test_a_gradient_is_asked_of_a_result() -> None:
    f = mt.jit(lambda x: (x * x).sum())
    twice(f, A)
    x = Tensor([1.0, 2.0], requires_grad=True)
    f(x).backward()
    assert_array_equal(x.grad, [2, 4])


def test_variables_that_it_closes_over() -> None:
    """A gradient through it is right, not silently without the part that it computes."""
    w = mt.Variable([1.0, 2.0])
    f = mt.jit(lambda x: (w * x).sum())
    for k in range(3):
        w.grad = None
        ((w**2).sum() + f(A * (k + 1))).backward()
        assert_array_equal(w.grad, 2 * w.numpy() + A.numpy() * (k + 1))
    assert "a gradient can be asked through it" in f.explain()
    with no_grad():
        assert not twice(f, A).requires_grad
        assert "a gradient can be asked" not in f.explain()


# --- what it does to the world ---------------------------------------------------------------------------


def test_a_step_that_assigns() -> None:
    def make() -> tuple[Any, Callable[..., Any]]:
        w = mt.Variable([1.0, -2.0])

        def step(x: Tensor, rate: float) -> Tensor:
            value = ((w - x) ** 2).sum()
            (g,) = mt.core.autograd.grad(value, [w])
            w.assign(w - rate * g)
            return value

        return w, step

    (w, step), (v, plain) = make(), make()
    jitted = mt.jit(step)
    for k in range(6):
        if k == 3:
            w.assign([5.0, 5.0])  # from outside
            v.assign([5.0, 5.0])
        assert float(jitted(A, 0.25)) == float(plain(A, 0.25))
        assert w.numpy().tobytes() == v.numpy().tobytes()
    assert "update variable <-" in str(jitted.program)
    assert "runs as numpy source" in jitted.explain()


def test_variables_as_arguments() -> None:
    def step(w: Any, x: Any) -> Any:
        w.assign_add(x)
        return w * 2

    jitted = mt.jit(step)
    one, two = (mt.Variable([0.0, 0.0], trainable=False) for _ in range(2))
    for k in range(1, 4):
        assert_array_equal(jitted(one, A), A.numpy() * 2 * k)
        assert_array_equal(jitted(two, B), B.numpy() * 2 * k)
    assert_array_equal(one, A * 3)


def test_an_argument_that_is_assigned_to_is_refused() -> None:
    x = Tensor([1.0, 2.0])
    with pytest.raises(CaptureError, match=r"assigns to its argument a.*make it an mt.Variable"):
        mt.jit(lambda a: a.assign(a * 2))(x)
    assert_array_equal(x, [1, 2])


def test_a_gradient_that_is_left_behind_is_refused() -> None:
    w = mt.Variable([1.0, 2.0], name="w")

    def step(x: Tensor) -> Tensor:
        value = (w * x).sum()
        value.backward()
        return value

    for before in (None, Tensor([7.0, 7.0])):
        w.grad = before
        with pytest.raises(CaptureError, match=r"another \.grad in w than it found.*use mt\.grad"):
            mt.jit(step)(A)
        assert w.grad is before

    def clean(x: Tensor) -> Tensor:
        value = step(x)
        w.assign(w - w.grad)
        w.grad = None
        return value

    w.grad = None
    jitted = mt.jit(clean)
    for _ in range(3):
        jitted(A)
    assert_array_equal(w, [-2, -4])


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: x if float(x.sum()) > 0 else -x, r"It was line \d+ of .*test_jit\.py.*float\(x\.sum"),
        (lambda x: x * x.numpy().max(), r"is read while a step is captured"),
        (lambda x: None, r"gives tensors; <lambda> gave None"),
        (lambda x: (x, 3), r"gives tensors; <lambda> gave 3"),
    ],
)
def test_what_cannot_be_captured(f: Any, message: str) -> None:
    jitted = mt.jit(f)
    for _ in range(2):  # nothing half-made is kept
        with pytest.raises(CaptureError, match=message):
            jitted(A)
    assert repr(jitted) == "<jit of <lambda>: 0 programs>"


def test_an_error_of_the_function_is_that_error() -> None:
    w = mt.Variable([1.0, 2.0])

    def f(x: Tensor) -> Tensor:
        w.assign(w * 2)
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        mt.jit(f)(A)
    assert_array_equal(w, [1, 2])


def test_wrong_calls_of_jit() -> None:
    with pytest.raises(TypeError, match="takes a function; got 3"):
        mt.jit(3)
    with pytest.raises(ValueError, match="source must be"):
        mt.jit(len, source="cuda")
    with pytest.raises(AttributeError, match="was not called yet"):
        mt.jit(lambda x: x).program  # noqa: B018


# --- looking at it, sending it, calling it at the same time ----------------------------------------------


def test_it_shows_what_it_runs() -> None:
    @mt.jit
    def area(radius: Any) -> Any:
        """Of a circle."""
        return 3.0 * radius * radius

    twice(area, A)
    assert (area.__name__, area.__doc__) == ("area", "Of a circle.")
    assert "multiply(3.0, radius)" in str(area.program)
    assert "def area(radius, out_0):" in area.source
    assert "2 operations" in area.explain()
    assert pickle.loads(pickle.dumps(area.program)) == area.program


def test_functions_that_are_called_like_functions_of_numpy() -> None:
    def exp(exp: Any, add: Any) -> Any:
        return mt.exp(exp) + add * 2

    assert_array_equal(twice(mt.jit(exp), A, B), mt.exp(A) + B * 2)


@pytest.mark.parametrize("source", ["numpy", pytest.param("native", marks=needs_compiler)])
def test_threads(source: str) -> None:
    """The first call, too: several capture at once."""

    def f(x: Any) -> Any:
        return np.tanh(x @ x + 1) @ x

    jitted = mt.jit(f, source=source)
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(60, 60)) / 9 for _ in range(4)]
    wanted, wrong, start = [f(x) for x in arrays], [], threading.Barrier(4)

    def work(k: int) -> None:
        start.wait()
        wrong.extend(k for _ in range(40) if not np.allclose(jitted(arrays[k]), wanted[k], rtol=1e-9))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_results_of_earlier_calls_stay() -> None:
    f = mt.jit(lambda x: (x, x.T, x * 2))
    kept, wanted = [], []
    for k in range(5):
        x = np.full((2, 2), float(k))
        kept += f(x)
        wanted += [x, x.T, x * 2]
    for one, other in zip(kept, wanted, strict=True):
        assert_array_equal(one, other)
    kept[0][:] = 7  # an array that was given away is the caller's
    assert_array_equal(f(np.ones((2, 2)))[0], np.ones((2, 2)))


@pytest.mark.parametrize("source", SOURCES)
def test_a_copy_captures_anew(source: str) -> None:
    f = mt.jit(lambda x: x * 2, source=source)
    f(A)
    for other in (copy.copy(f), copy.deepcopy(f)):
        assert_array_equal(other(A).numpy(), [2.0, 4.0])
        assert other.fn is f.fn
        assert other.chosen == source
