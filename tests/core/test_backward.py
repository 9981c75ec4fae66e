"""backward() and grad(): one meaning each, and a sentence for everything that has none."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor.core import GradientError, Operation, Tensor
from microtensor.core.autograd import grad


def variable(*values: float) -> Tensor:
    return Tensor(list(values), requires_grad=True)


def test_there_is_no_gradient_before_backward_and_none_for_what_is_not_reached() -> None:
    x, other = variable(1.0, 2.0), variable(1.0)
    y = (x * x).sum()
    assert x.grad is None
    y.backward()
    assert_array_equal(x.grad, [2.0, 4.0])
    assert other.grad is None
    assert y.grad is None


def test_a_second_backward_adds() -> None:
    x = variable(1.0, 2.0)
    y = (x * x).sum()
    y.backward()
    first = x.grad
    y.backward()
    assert_array_equal(x.grad, [4.0, 8.0])
    assert_array_equal(first, [2.0, 4.0])  # not written into
    x.zero_grad()
    assert x.grad is None
    y.backward()
    assert_array_equal(x.grad, [2.0, 4.0])


def test_the_gradient_of_a_leaf_by_itself_is_the_seed() -> None:
    x = variable(3.0)
    x.backward()
    assert_array_equal(x.grad, [1.0])


def test_the_seed_weighs_the_outputs() -> None:
    x = variable(1.0, 2.0)
    (x * x).backward([1.0, 10.0])
    assert_array_equal(x.grad, [2.0, 40.0])
    x.zero_grad()
    (x * x).backward(gradient=Tensor(np.array([1, 10])))  # cast to the output's dtype
    assert_array_equal(x.grad, [2.0, 40.0])
    assert x.grad is not None
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_an_output_of_one_element_needs_no_seed(shape: Any) -> None:
    x = Tensor(np.full(shape, 3.0), requires_grad=True)
    (x * x).backward()
    assert_array_equal(x.grad, np.full(shape, 6.0))


def test_backward_says_what_is_missing() -> None:
    x = variable(1.0, 2.0)
    y = x * x
    refusals = [
        (lambda: y.backward(), r"a result of multiply of shape \(2,\) is no single number.*shape \(2,\)"),
        (lambda: y.backward(np.ones(3)), r"the seed has shape \(3,\); the output's is \(2,\)"),
        (lambda: y.backward(1.0), r"the seed has shape \(\); the output's is \(2,\)"),
        (lambda: Tensor(1.0).backward(), "depends on nothing that requires a gradient"),
        (lambda: (Tensor(1.0) * 2).backward(), "depends on nothing that requires a gradient"),
        (lambda: x.detach().sum().backward(), "depends on nothing that requires a gradient"),
        (lambda: (x > 0).backward(), "depends on nothing that requires a gradient"),
    ]
    for call, words in refusals:
        with pytest.raises(GradientError, match=words):
            call()
    assert x.grad is None


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_failed_backward_changes_no_gradient(create_graph: bool) -> None:
    def fail(g: Any, y: Any, x: Any) -> Any:
        raise ZeroDivisionError

    a, b = variable(1.0), variable(1.0)
    (a * 2).backward()
    bad = Operation("bad", lambda x: x * 1, fail)
    y = b * 3 + bad(a * 5) + a * 7  # a and b are reached on other paths before
    with pytest.raises(ZeroDivisionError):
        y.backward(create_graph=create_graph)
    assert_array_equal(a.grad, [2.0])
    assert b.grad is None
    (a * 2).backward()
    assert_array_equal(a.grad, [4.0])


def test_only_leaves_have_a_grad() -> None:
    x = variable(2.0)
    h = x * x
    (h * h).backward()
    assert h.grad is None
    assert_array_equal(x.grad, [32.0])


def test_backward_with_create_graph_gives_a_gradient_that_has_a_graph() -> None:
    x = Tensor(2.0, requires_grad=True)
    (x**3).backward(create_graph=True)
    g = x.grad
    x.zero_grad()
    assert g is not None
    g.backward()
    assert float(x.grad) == 12.0  # type: ignore[arg-type]


def test_gradients_without_create_graph_have_no_graph() -> None:
    x = variable(2.0)
    (x**3).backward()
    assert x.grad is not None
    assert not x.grad.requires_grad
    assert not grad(x**3, x).requires_grad


def test_derivatives_of_any_order() -> None:
    x = Tensor(2.0, requires_grad=True, dtype="float64")
    y, found = x**5, []
    for _ in range(6):
        y = grad(y, x, create_graph=True)
        found.append(float(y))
    assert found == [80.0, 160.0, 240.0, 240.0, 120.0, 0.0]


def test_create_graph_records_under_no_grad() -> None:
    x = Tensor(2.0, requires_grad=True)
    y = x**3
    with mt.no_grad():
        g = grad(y, x, create_graph=True)
        plain = grad(y, x)
    assert g.requires_grad
    assert not plain.requires_grad
    assert float(grad(g, x)) == 12.0


def test_grad_answers_in_the_form_of_its_inputs() -> None:
    x, w = variable(2.0), variable(3.0)
    y = x * x * w
    assert isinstance(grad(y, x), Tensor)
    assert [float(g) for g in grad(y, [x, w])] == [12.0, 4.0]
    assert [float(g) for g in grad(y, (w,))] == [4.0]
    assert (x.grad, w.grad) == (None, None)


def test_grad_of_several_outputs_is_the_weighted_sum() -> None:
    x = variable(1.0, 2.0)
    outputs = [x * 2, (x * x).sum()]
    assert_array_equal(grad(outputs, x, [np.ones(2), None]), [4.0, 6.0])
    assert_array_equal(grad(outputs, x, [np.array([1, 0]), 10.0]), [22.0, 40.0])
    assert_array_equal(grad([outputs[1]] * 2, x), [4.0, 8.0])  # the same output twice


def test_grad_by_an_interior_tensor_and_by_the_output() -> None:
    x = variable(2.0)
    h = x * x
    y = h * h * x
    by_h, by_x, by_y = grad(y, [h, x, y])
    assert (float(by_h), float(by_x), float(by_y)) == (16.0, 80.0, 1.0)


def test_grad_computes_nothing_on_branches_that_lead_elsewhere() -> None:
    calls: list[str] = []

    def counted(name: str) -> Operation:
        def vjp(g: Any, y: Any, x: Any) -> Any:
            calls.append(name)
            return g

        return Operation(name, lambda x: x * 1, vjp)

    a, b = variable(1.0), variable(1.0)
    data = Tensor([1.0])
    h = counted("below h")(a)
    y = counted("above h")(h) + counted("b")(b) + counted("data")(data)
    grad(y, h)
    assert calls == ["above h"]
    calls.clear()
    grad(y, b)
    assert calls == ["b"]
    calls.clear()
    y.backward()
    assert sorted(calls) == ["above h", "b", "below h"]


def test_a_vjp_is_asked_for_no_input_that_is_data() -> None:
    def never(g: Any, y: Any, a: Any, b: Any) -> Any:
        raise AssertionError("nothing is computed for data")

    product = Operation("product", np.multiply, lambda g, y, a, b: g * b, never)
    x = variable(2.0)
    for data in (Tensor([3.0]), 3.0, np.float32(3), [3.0]):
        product(x, data).backward()
    assert_array_equal(x.grad, [12.0])


def test_grad_says_what_is_missing() -> None:
    x, other = variable(1.0), Tensor([1.0], requires_grad=True, name="bias")
    y = x * x
    refusals = [
        (lambda: grad(y, other), "the outputs do not depend on tensor 'bias'; allow_unused=True gives None"),
        (lambda: grad(y, Tensor(1.0)), "a tensor of shape \\(\\) does not require a gradient"),
        (lambda: grad(y, [3.0]), "3.0 does not require a gradient"),
        (lambda: grad([y, y], x, [None]), "2 outputs need as many grad_outputs; got 1"),
        (lambda: grad(3.0, x), re.escape("'float' object is not iterable")),
        (lambda: grad([3.0], x), "3.0 depends on nothing that requires a gradient"),
    ]
    for call, words in refusals:
        with pytest.raises((GradientError, TypeError), match=words):
            call()


def test_allow_unused_gives_none() -> None:
    x, other = variable(1.0), variable(1.0)
    g, none = grad(x * x, [x, other], allow_unused=True)
    assert (float(g), none) == (2.0, None)
    assert grad(x * x, other, allow_unused=True) is None


def test_where_paths_meet_gradients_add_in_every_order_of_creation() -> None:
    x = Tensor(3.0, requires_grad=True)
    early = x * 2
    late = x * x
    (late * early + early).backward()  # 2x³ + 2x
    assert float(x.grad) == 6 * 9 + 2  # type: ignore[arg-type]


def test_the_graph_stays_after_backward() -> None:
    x = variable(1.0)
    y = mt.exp(x) * 2
    y.backward()
    assert y.operation is not None
    assert [t.operation.name for t in (y, y.inputs[0])] == ["multiply", "exp"]
    assert y.inputs[0].inputs == (x,)
    assert y.inputs[1] == 2  # Python numbers stand in the graph as they are


def test_detach_shares_numbers_and_leaves_the_graph() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True, name="x")
    d = (x * 1).detach()
    assert d.is_leaf
    assert not d.requires_grad
    assert np.shares_memory(x.detach().numpy(), x.numpy())
    (x * x.detach()).sum().backward()
    assert_array_equal(x.grad, [1.0, 2.0])


def test_requires_grad_may_be_switched_on_a_leaf_only() -> None:
    x = Tensor([1.0])
    assert not x.requires_grad
    x.requires_grad = True
    y = x * 2
    with pytest.raises(RuntimeError, match="a result of multiply of shape \\(1,\\) was computed"):
        y.requires_grad = False
    y.requires_grad = True
    y.backward()
    assert_array_equal(x.grad, [2.0])


def test_gradients_with_a_graph_are_named_by_what_they_are() -> None:
    w = mt.Variable([0.5, 1.0], name="net/dense/kernel:0")
    h = mt.sigmoid(w)
    over_w, over_h = grad(mt.sum(h * h), [w, h], create_graph=True)
    assert (over_w.name, over_h.name) == ("d sum/dkernel", "d sum/dsigmoid")
    assert grad(mt.sum(mt.sigmoid(w)), w).name is None
    twice = grad(over_w.sum(), w, create_graph=True)
    assert twice.name == "d sum/dkernel"


def test_a_seed_keeps_the_name_that_its_owner_gave() -> None:
    w = mt.Variable([0.5], name="w")
    mine, plain = mt.Tensor([1.0], name="mine"), mt.Tensor([1.0])
    for seed in (mine, plain):
        grad(w * 2.0, w, seed, create_graph=True)
    assert (mine.name, plain.name) == ("mine", "seed")
