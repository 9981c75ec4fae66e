"""What is chosen where mathematics leaves a choice, and that large numbers do no harm."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import microtensor as mt
from microtensor.core import Tensor, registry
from microtensor.core.autograd import grad


def derivative(fn: Callable[..., Any], *xs: Any, of: int = 0) -> Any:
    """d(sum of fn)/d(input `of`), in float64."""
    tensors = [mt.Tensor(x, dtype="float64", requires_grad=True) for x in xs]
    return grad(fn(*tensors).sum(), tensors[of]).numpy()


CORNERS = {
    "relu'(0) = 0": (mt.relu, 0.0, 0.0),
    "|x|'(0) = 0": (mt.abs, 0.0, 0.0),
    "sign'(0) = 0": (mt.sign, 0.0, 0.0),
    "step'(0) = 0": (mt.step, 0.0, 0.0),
    "leaky_relu'(0) = negative_slope": (mt.leaky_relu, 0.0, 0.1),
    "elu'(0) = alpha": (lambda x: mt.elu(x, alpha=0.7), 0.0, 0.7),
    "softplus'(0) = 1/2": (mt.softplus, 0.0, 0.5),
    "tanh'(0) = 1": (mt.tanh, 0.0, 1.0),
    "(x**1)'(0) = 1": (lambda x: x**1, 0.0, 1.0),
    "(x**2)'(0) = 0": (lambda x: x**2, 0.0, 0.0),
    "(x**0)'(0) = 0": (lambda x: x**0, 0.0, 0.0),
    "(x**3)'(-2) = 12": (lambda x: x**3, -2.0, 12.0),
}


@pytest.mark.parametrize("stated", CORNERS)
@pytest.mark.parametrize("zero", [1.0, -1.0])
def test_subgradients(stated: str, zero: float) -> None:
    fn, x, expected = CORNERS[stated]
    x = math.copysign(x, zero) if x == 0 else x  # -0.0 is the same corner as 0.0
    assert derivative(fn, x) == expected


def test_values_at_the_corner() -> None:
    assert [float(f(0.0)) for f in (mt.relu, mt.abs, mt.sign, mt.step, mt.leaky_relu, mt.elu)] == [0.0] * 6
    assert float(Tensor(0.0) ** 0.0) == 1.0


def test_zero_to_the_power_of_zero_has_derivatives_of_zero() -> None:
    assert derivative(mt.power, 0.0, 0.0, of=0) == 0.0
    assert derivative(mt.power, 0.0, 0.0, of=1) == 0.0
    assert derivative(mt.power, 0.0, 2.0, of=1) == 0.0


def test_sqrt_has_an_infinite_derivative_at_zero() -> None:
    with np.errstate(divide="ignore"):
        assert derivative(mt.sqrt, 0.0) == np.inf


@pytest.mark.parametrize("fn", [mt.maximum, mt.minimum])
def test_operands_that_tie_take_half_each(fn: Any) -> None:
    for of in (0, 1):
        assert_array_equal(derivative(fn, [1.0, 2.0], [1.0, 2.0], of=of), [0.5, 0.5])


@pytest.mark.parametrize("fn", [mt.max, mt.min])
@pytest.mark.parametrize(
    ("axis", "expected"), [(None, [[0.25] * 2] * 2), (0, [[0.5] * 2] * 2), (1, [[0.5] * 2] * 2)]
)
def test_elements_that_tie_share_equally(fn: Any, axis: Any, expected: Any) -> None:
    assert_array_equal(derivative(lambda x: fn(x, axis=axis), np.ones((2, 2))), expected)


def test_three_of_five_tie_and_their_shares_sum_to_one() -> None:
    shares = derivative(mt.max, [1.0, 3.0, 3.0, 0.0, 3.0])
    assert_allclose(shares, [0, 1 / 3, 1 / 3, 0, 1 / 3])


def test_pieces_of_maxout_that_tie_share_equally() -> None:
    assert_array_equal(derivative(mt.maxout, [[2.0, 2.0, 1.0, 5.0]]), [[0.5, 0.5, 0.0, 1.0]])


def test_where_gives_what_was_not_chosen_nothing() -> None:
    chosen = lambda a, b: mt.where(np.array([True, False]), a, b)  # noqa: E731
    assert_array_equal(derivative(chosen, [1.0, 2.0], [3.0, 4.0], of=0), [1.0, 0.0])
    assert_array_equal(derivative(chosen, [1.0, 2.0], [3.0, 4.0], of=1), [0.0, 1.0])


UNARY = [n for n in registry if registry[n].elementwise and registry[n].arity == 1 and registry[n].vjps]


@pytest.mark.parametrize("name", UNARY)
def test_nan_shows_in_the_value(name: str) -> None:
    assert math.isnan(float(registry[name](Tensor(math.nan))))


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "power", "maximum", "minimum"])
@pytest.mark.parametrize("nan_first", [True, False])
def test_nan_shows_whichever_operand_it_is(name: str, nan_first: bool) -> None:
    operands = (math.nan, 2.0) if nan_first else (2.0, math.nan)
    assert math.isnan(float(registry[name](*map(Tensor, operands))))


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "softmax", "maxout"])
def test_nan_shows_through_a_reduction(name: str) -> None:
    assert np.isnan(registry[name](Tensor([1.0, math.nan])).numpy()).all()


SMOOTH = ["exp", "tanh", "sigmoid", "softplus", "square", "log", "sqrt"]


@pytest.mark.parametrize("name", SMOOTH)
def test_nan_shows_in_the_derivative(name: str) -> None:
    assert math.isnan(derivative(registry[name], math.nan))


STABLE = ["sigmoid", "softplus", "tanh", "elu", "relu", "leaky_relu", "softmax", "step", "identity"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", STABLE)
def test_plus_and_minus_1e4_give_finite_numbers_without_a_warning(name: str, dtype: Any) -> None:
    x = Tensor(np.array([-1e4, -100, 0, 100, 1e4], dtype), requires_grad=True)
    y = registry[name](x)
    g = grad(y, x, np.ones(5, dtype), create_graph=True)
    second = grad(g, x, np.ones(5, dtype), allow_unused=True) if g.requires_grad else None
    for t in (y, g, second):
        assert t is None or np.isfinite(t.numpy()).all()


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_sigmoid_is_exact_in_its_tails(dtype: Any, rtol: float) -> None:
    assert_allclose(mt.sigmoid(dtype(-30.0)).item(), math.exp(-30) / (1 + math.exp(-30)), rtol=rtol)
    assert f"{mt.sigmoid(dtype(-30.0)).item():.1e}" == "9.4e-14"
    tail = np.array([-80, -50, -30, -10], dtype)
    expected = [math.exp(v) / (1 + math.exp(v)) for v in tail]
    assert_allclose(mt.sigmoid(tail).numpy(), expected, rtol=10 * rtol)
    assert_allclose(mt.softplus(tail).numpy(), [math.log1p(math.exp(v)) for v in tail], rtol=10 * rtol)
    assert_allclose(mt.elu(dtype(-1e-7)).item(), math.expm1(-1e-7), rtol=rtol)


def test_softmax_is_unmoved_by_a_common_shift() -> None:
    x = np.array([1.0, 2.0, 3.0])
    assert_allclose(mt.softmax(x + 1e4).numpy(), mt.softmax(x).numpy(), rtol=1e-10)
    assert_allclose(mt.softmax([1e4, -1e4, 0.0]).numpy(), [1.0, 0.0, 0.0])
