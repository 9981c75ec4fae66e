"""The test kit itself: it accepts what is right, finds what is wrong, and says what is likely to be wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor import Operation, Tensor
from microtensor.core import registry
from microtensor.core.autograd import grad
from microtensor.testing import (
    CONDITION,
    LAYOUTS,
    POSITIVE,
    REAL,
    Domain,
    Sample,
    arrays,
    broadcastable_shapes,
    check_grads,
    laid_out,
    sample,
    samples,
    shapes,
)

A, B = sample((3, 3)), sample((3, 3), seed=1)


def mish_of_numpy(x: Any) -> Any:
    return x * np.tanh(np.log1p(np.exp(x)))


def test_one_line_checks_a_function_of_tensors() -> None:
    check_grads(lambda x: x * mt.tanh(mt.softplus(x)), sample((3, 2)))


def test_it_takes_numbers_lists_arrays_and_tensors() -> None:
    check_grads(mt.multiply, 2.0, [1.0, 3.0])
    check_grads(mt.multiply, np.float32(2.0), Tensor([1.0, 3.0]))
    check_grads(mt.where, [True, False], [1.0, 2.0], [3.0, 4.0])  # booleans are data
    check_grads(mt.sum, A, axis=-1, keepdims=True)


def test_it_checks_functions_of_several_outputs() -> None:
    check_grads(lambda a, b: [a * b, (a + b).sum()], A, B)
    with pytest.raises(AssertionError, match="input 1"):
        check_grads(lambda a, b: [a * b, (a * b.detach()).sum()], A, B)


def test_third_derivatives() -> None:
    check_grads(lambda x: x**4, sample(3), order=3)
    third = Operation("f", lambda x: x**4, lambda g, y, x: g * 4 * _cube(x))
    check_grads(third, sample(3), order=2)
    with pytest.raises(AssertionError, match="the gradient of the gradient of f"):
        check_grads(third, sample(3), order=3)


_cube = Operation("cube", lambda x: x**3, lambda g, y, x: g * _square(x)).on
_square = Operation("square3", lambda x: 3 * x**2, lambda g, y, x: g * 7 * x).on  # 7 instead of 6


def op(forward: Any, *vjps: Any) -> Operation:
    return Operation("mine", forward, *vjps)


def right(g: Any, y: Any, *xs: Any) -> Any:
    return g


FAULTS: dict[str, tuple[Operation, tuple[Any, ...], str]] = {
    "a flipped sign": (op(lambda x: -x, lambda g, y, x: g), (A,), "the sign: every element is -1 times"),
    "a forgotten 2": (op(lambda x: x * x, lambda g, y, x: g * x), (A,), "every element is 0.5 times"),
    "a mean where a sum belongs": (
        op(lambda x, b: x + b, right, lambda g, y, x, b: g.mean(axis=0)),
        (sample((4, 3)), sample(3)),
        "a constant factor: every element is 0.25 times",
    ),
    "one copy where all belong": (
        op(lambda x, b: x + b, right, lambda g, y, x, b: g[1]),
        (sample((4, 3)), sample(3)),
        "a missing sum over the broadcast axis",
    ),
    "a transposed result": (
        op(lambda a, b: a @ b, lambda g, y, a, b: (g @ b.mT).mT, lambda g, y, a, b: a.mT @ g),
        (A, B),
        "transposed: the vjp gives the transpose",
    ),
    "a transposed operand": (
        op(lambda a, b: a @ b, lambda g, y, a, b: g @ b, lambda g, y, a, b: a.mT @ g),
        (A, B),
        "is an operand transposed?",
    ),
    "a transposed shape": (
        op(lambda a, b: a @ b, lambda g, y, a, b: (g @ b.mT).mT, lambda g, y, a, b: a.mT @ g),
        (sample((2, 3)), sample((3, 4))),
        "transposed: the shape is the reverse of the input's",
    ),
    "a wrong shape": (op(lambda x: 2 * x, lambda g, y, x: 2 * g[:1]), (A[:2],), "wrong shape"),
    "no vjp": (op(lambda x: x + 1), (A,), "gives a result without a graph"),
    "a vjp of None": (
        op(lambda a, b: a * b, lambda g, y, a, b: g * b, None),
        (A, B),
        "input 1 of shape (3, 3): the derivative is wrong.",
    ),
    "swapped vjps": (
        op(lambda a, b: a * b, lambda g, y, a, b: g * a, lambda g, y, a, b: g * b),
        (A, B),
        "input 0 of shape (3, 3): the derivative is wrong.",
    ),
    "one element wrong": (
        op(lambda x: x * x, lambda g, y, x: g * 2 * x * (x > x.min())),
        (A,),
        "1 of 9 elements differ",
    ),
    "the incoming gradient ignored": (
        op(lambda x: x * x, lambda g, y, x: 2 * x),
        (A,),
        "the derivative is wrong",
    ),
    "NaN": (op(lambda x: x * x, lambda g, y, x: g * np.nan * x), (A,), "gives NaN or infinity"),
    "a second derivative lost": (
        op(lambda x: x**3, lambda g, y, x: g * 3 * (x.detach() if isinstance(x, Tensor) else x) ** 2),
        (A,),
        "the gradient of mine, with respect to input 0",
    ),
    "another vjp on tensors": (
        op(lambda x: x**3, lambda g, y, x: g * (4 if isinstance(x, Tensor) else 3) * x**2),
        (A,),
        "is another one with create_graph=True",
    ),
    "not linear in the incoming gradient": (
        op(lambda x: x * 1, lambda g, y, x: g * g / (g.detach() if isinstance(g, Tensor) else g)),
        (A,),
        "the gradient of mine, with respect to the incoming gradient 0",
    ),
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_fault_is_found_and_named(words: str) -> None:
    operation, inputs, message = FAULTS[words]
    with pytest.raises(AssertionError) as caught:
        check_grads(operation, *inputs)
    assert message in str(caught.value)
    assert str(caught.value).startswith(("mine", "the gradient of mine"))


def test_the_message_shows_the_element_and_both_numbers() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    wrong = op(lambda x: (x * x).sum(), lambda g, y, x: g * np.where(x == 3.0, 7.0, 2 * x))
    with pytest.raises(
        AssertionError, match=r"1 of 4 elements differ; worst at element \(1, 0\), x = 3:\n"
    ) as caught:
        check_grads(wrong, x)
    claimed, measured = (float(part.split(" say")[1].lstrip("s ").split(",")[0]) for part in _numbers(caught))
    assert claimed / measured == pytest.approx(7 / 6)


def _numbers(caught: Any) -> list[str]:
    line = next(line for line in str(caught.value).splitlines() if "the vjp says" in line)
    return line.split(", central differences")[0:1] + ["central differences" + line.split("differences")[1]]


REFUSED = {
    "no floats": (mt.exp, ([1, 2],), "check_grads needs an input of floats"),
    "no floats out": (mt.argmax, (A,), "gives no tensor of floats, so it has no derivative"),
    "numbers read out": (lambda x: Tensor(x.numpy() * 2), (A,), "gives a result without a graph"),
    "float32 inside": (lambda x: x.astype("float32"), (A,), "makes float32 out of float64 inputs"),
    "on a kink": (mt.relu, ([0.001, 2.0],), "no mistake: the function has a kink"),
    "outside the domain": (lambda x: mt.sqrt(x) + 0 * x, ([0.001, 2.0],), "choose inputs inside its domain"),
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_checked_is_said(words: str) -> None:
    fn, inputs, message = REFUSED[words]
    with pytest.raises(AssertionError) as caught:
        check_grads(fn, *inputs)
    assert message in str(caught.value)


def test_it_leaves_its_inputs_alone() -> None:
    x, t = A.copy(), Tensor(A, requires_grad=True)
    check_grads(mt.multiply, x, t)
    assert_array_equal(x, A)
    assert t.grad is None
    assert grad(t.sum(), t).shape == (3, 3)


@pytest.mark.parametrize("domain", [REAL, POSITIVE, Domain(-5, -1), Domain(1.5, 9), Domain(0, 1, gap=0)])
def test_samples_are_distinct_in_their_domain_and_away_from_zero(domain: Domain) -> None:
    a, b = Sample(((4, 5), (7,)), domains=(domain,)).draw(5)
    numbers = np.sort(np.concatenate([a.ravel(), b]))
    assert np.diff(numbers).min() > 0.01 * (domain.high - domain.low) / 27
    assert domain.low <= numbers[0]
    assert numbers[-1] <= domain.high
    assert np.abs(numbers).min() >= domain.gap * (1 - 1e-9)


def test_samples_on_kinks_tie_and_are_zero() -> None:
    (x,) = Sample(((5, 5),)).draw(on_kinks=True)
    assert set(np.unique(x)) == {-2.0, -1.0, 0.0, 1.0, 2.0}
    (x,) = Sample(((5, 5),), domains=(Domain(pole=True),)).draw(on_kinks=True)
    assert 0.0 not in x


def test_samples_repeat_for_a_seed_and_differ_between_seeds() -> None:
    one, same, other = (Sample(((3,), (3,)), domains=(CONDITION, REAL)).draw(seed)[1] for seed in (1, 1, 2))
    assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert Sample(((3,),)).draw(dtype=np.float32)[0].dtype == np.float32
    assert Sample(((3,),), domains=(CONDITION,)).draw()[0].dtype == bool
    assert Sample(((3,),), domains=(Domain(0, 5, kind="int"),)).draw()[0].dtype == np.int32


@pytest.mark.parametrize("name", registry)
def test_the_samples_of_every_operation_are_published(name: str) -> None:
    for s in samples[name]:
        assert [x.shape for x in s.draw()] == list(s.shapes)


def test_a_sample_prints_as_shapes_and_parameters() -> None:
    assert str(Sample(((2, 3), ()), {"axis": 1})) == "2x3-0d axis=1"


@given(st.data())
def test_broadcastable_shapes_broadcast(data: Any) -> None:
    drawn = data.draw(broadcastable_shapes(3, max_rank=4, max_side=4))
    assert len(drawn) == 3
    assert len(np.broadcast_shapes(*drawn)) <= 4


def test_strategies_reach_the_corners() -> None:
    from hypothesis import find

    assert find(shapes(), lambda s: s == ()) == ()
    assert 0 in find(shapes(), lambda s: 0 in s)
    assert len(find(shapes(), lambda s: len(s) == 3)) == 3
    a, b = find(broadcastable_shapes(), lambda p: p[0] != p[1] and 1 in p[0] and len(p[1]) > len(p[0]))
    assert a != b
    assert find(arrays(layout="byte-swapped"), lambda a: not a.dtype.isnative).dtype.itemsize == 8


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 2)])
def test_a_layout_holds_the_same_numbers(layout: str, shape: Any) -> None:
    array = sample(shape)
    other = laid_out(array, layout)
    assert other.shape == shape
    if layout != "broadcast":
        assert_array_equal(other, array)
    if shape == (2, 3):
        traits = {
            "C": other.flags.c_contiguous,
            "Fortran": other.flags.f_contiguous,
            "negative strides": all(s < 0 for s in other.strides),
            "strided": not other.flags.contiguous,
            "broadcast": other.strides[0] == 0,
            "read-only": not other.flags.writeable,
            "byte-swapped": not other.dtype.isnative,
        }
        assert traits[layout]


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(ValueError, match=r"layout must be one of C, Fortran, .*; got 'diagonal'"):
        laid_out(A, "diagonal")


@given(arrays((2, 3), dtype=np.float32))
def test_arrays_are_of_the_shape_and_dtype_asked_for(array: np.ndarray) -> None:
    assert array.shape == (2, 3)
    assert array.dtype.newbyteorder("=") == np.float32


def test_without_hypothesis_the_kit_works_and_strategies_say_what_to_install() -> None:
    program = """
import sys
sys.modules["hypothesis"] = None  # as if it were not installed
import microtensor as mt
from microtensor.testing import check_grads, sample, shapes
check_grads(mt.tanh, sample(3))
try:
    shapes()
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (
        done.stdout
        == 'strategies need hypothesis, which is not installed here: pip install "microtensor[test]"\n'
    )


ANALYTIC = (
    *(
        "add",
        "subtract",
        "multiply",
        "divide",
        "negative",
        "square",
        "reciprocal",
        "exp",
        "sin",
        "cos",
        "tan",
    ),
    *(
        "sinh",
        "cosh",
        "tanh",
        "arctan",
        "arcsinh",
        "log",
        "sqrt",
        "power",
        "sigmoid",
        "matmul",
        "sum",
        "mean",
    ),
)


@pytest.mark.parametrize("name", ANALYTIC)
def test_a_complex_step_agrees_to_the_last_digits(name: str) -> None:
    for one in samples[name]:
        check_grads(registry[name], *one.draw(8), modes=("complex",), **one.params)


def test_each_mode_notices_a_wrong_derivative() -> None:
    wrong = mt.Operation("wrong", lambda x: x * x, lambda g, y, x: g * 2.001 * x)
    for mode in ("reverse", "forward", "complex"):
        with pytest.raises(AssertionError, match="wrong"):
            check_grads(wrong, sample((3,)), modes=(mode,))
    with pytest.raises(ValueError, match=r"modes are .* got \['backward'\]"):
        check_grads(wrong, sample((3,)), modes=("backward",))
