"""An operation of the user's own: five lines, differentiated any number of times, and errors that explain."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from microtensor.core import GradientError, Operation, Tensor, registry
from microtensor.core.autograd import grad
from microtensor.core.operations.table import operation
from microtensor.testing import check_grads, sample

silu = Operation(
    "own_silu",
    lambda x: x / (1 + np.exp(-x)),
    lambda g, y, x: g * (y + (1 - y) / (1 + np.exp(-x))),
    formula="x / (1 + exp(-x))",
)
scaled = Operation(
    "scaled",
    lambda a, b, power=2: a * b**power,
    None,
    lambda g, y, a, b, power=2: g * a * power * b ** (power - 1),
)


def test_five_lines_make_an_operation_that_is_differentiated_twice() -> None:
    check_grads(silu, sample((3, 2)))
    x = Tensor(1.0, requires_grad=True, dtype="float64")
    g = grad(silu(x), x, create_graph=True)
    assert_allclose(float(g), 0.9276705118714867, rtol=1e-12)
    assert g.requires_grad


def test_a_wrong_one_is_found() -> None:
    wrong = Operation("own_silu", silu.forward, lambda g, y, x: g * (y - (1 - y) / (1 + np.exp(-x))))
    with pytest.raises(AssertionError, match="silu, with respect to input 0 of shape \\(3, 2\\)"):
        check_grads(wrong, sample((3, 2)))


def test_it_is_not_in_the_table_unless_it_is_entered() -> None:
    assert "own_silu" not in registry
    with pytest.raises(ValueError, match="the table has an operation 'add' already"):
        operation("add", np.add)


def test_data_by_position_metadata_by_keyword() -> None:
    assert (scaled.data_names, scaled.metadata, scaled.arity) == (("a", "b"), ("power",), 2)
    b = Tensor(3.0, requires_grad=True)
    for y in (scaled(2.0, b), scaled(2.0, b, power=2), scaled(2.0, b, 2), scaled(a=2.0, b=b)):
        assert float(y) == 18.0
        assert float(grad(y, b)) == 12.0
    assert scaled(2.0, b, power=1).params == {"power": 1}


def test_an_input_without_a_vjp_gets_no_gradient() -> None:
    a, b = Tensor(2.0, requires_grad=True), Tensor(3.0, requires_grad=True)
    scaled(a, b).backward()
    assert a.grad is None
    assert float(b.grad) == 12.0  # type: ignore[arg-type]


def test_a_number_of_vjps_that_fits_no_input_is_refused() -> None:
    with pytest.raises(TypeError, match="operation 'f' needs 2 vjps, one for each input; got 1"):
        Operation("f", lambda a, b: a + b, lambda g, y, a, b: g)


WRONG_SHAPES = {
    "transposed": (lambda g, y, x: g.mT, "(3, 2)"),
    "too long": (lambda g, y, x: np.concatenate([g, g]), "(4, 3)"),
    "summed": (lambda g, y, x: g.sum(axis=1), "(2,)"),
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("words", WRONG_SHAPES)
def test_a_vjp_of_the_wrong_shape_is_explained(words: str, create_graph: bool) -> None:
    vjp, shape = WRONG_SHAPES[words]
    x = Tensor(np.ones((2, 3)), requires_grad=True)
    y = Operation("mine", lambda x: 2 * x, vjp)(x)
    message = f"a vjp of mine returned shape {shape} for an input of shape (2, 3)"
    with pytest.raises(GradientError, match=re.escape(message)):
        y.backward(np.ones((2, 3)), create_graph=create_graph)
    assert x.grad is None


def test_an_error_in_forward_says_where() -> None:
    def forward(x: Any) -> Any:
        raise ValueError("odd")

    with pytest.raises(ValueError, match=r"mine of \(2,\) float32: odd") as caught:
        Operation("mine", forward, lambda g, y, x: g)([1.0, 2.0])
    assert caught.value.__cause__ is not None, "the user's own line stays in the traceback"


def test_it_prints_as_its_formula() -> None:
    assert repr(silu) == "<Operation own_silu: y = x / (1 + exp(-x))>"
    assert silu.formula.unicode == "x / (1 + e⁻ˣ)"
    assert Operation("f", lambda a, b: a).formula == "f(a, b)"


def test_a_variadic_operation() -> None:
    total = Operation("total", lambda *xs, scale=1: scale * sum(xs), lambda k, g, y, *xs, scale=1: g * scale)
    a, b = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0], requires_grad=True)
    for y in (total(a, b, scale=3), total([a, b], scale=3), total([a, b], 3)):
        assert y.tolist() == [12.0, 18.0]
    check_grads(total, sample(3), sample(3, seed=1), sample(3, seed=2), scale=2)


def test_a_forward_that_gives_a_scalar_or_a_list_gives_a_tensor() -> None:
    assert Operation("f", lambda x: np.float64(2.0))(1.0).shape == ()
    norm = Operation("norm", lambda x: np.sqrt(np.sum(x * x)), lambda g, y, x: g * x / y)
    check_grads(norm, sample(4))
