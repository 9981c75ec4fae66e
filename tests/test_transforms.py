"""Functions of functions: their numbers, their nesting, their forms, their refusals."""

import json
import tracemalloc
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize

import microtensor as mt

from .derivative_cases import FUNCTIONS, V, X

RECORDED = json.loads((Path(__file__).parent / "data" / "derivatives.json").read_text("utf-8"))["functions"]
x = np.array(X)
v = np.array(V)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_are_those_that_pytorch_gives(name):
    recorded = RECORDED[name]

    def f(x):
        return FUNCTIONS[name](np, x)

    close = {"rtol": 1e-10, "atol": 1e-10}
    assert_allclose(f(x), recorded["value"], **close)
    assert_allclose(mt.jacobian(f)(x), recorded["jacobian"], **close)
    assert_allclose(mt.jvp(f, (x,), (v,))[1], recorded["jvp"], **close)
    assert_allclose(mt.jacobian(mt.jacobian(f))(x), recorded["hessian"], **close)
    if "hvp" in recorded:
        assert_allclose(mt.grad(f)(x), recorded["jacobian"], **close)
        assert_allclose(mt.hessian(f)(x), recorded["hessian"], **close)
        assert_allclose(mt.hvp(f, x, v), recorded["hvp"], **close)


def test_the_jacobian_is_the_same_by_rows_and_by_columns():
    def wide(x):  # more outputs than inputs: by columns
        return np.stack([x * x, np.exp(x), x * x[0]])

    def narrow(x):  # fewer: by rows
        return x[:2] * x[2:]

    by_columns = mt.jacobian(wide)(x)
    assert by_columns.shape == (3, 4, 4)
    for k in range(3):
        assert_allclose(by_columns[k], mt.jacobian(lambda x, k=k: wide(x)[k])(x))
    matrix = x.reshape(2, 2)
    assert mt.jacobian(lambda m: m @ m)(matrix).shape == (2, 2, 2, 2)
    assert_allclose(mt.jacobian(narrow)(x), [[0.4, 0, 0.7, 0], [0, 1.9, 0, -1.2]])
    assert mt.jacobian(lambda x: x[:0])(x).shape == (0, 4)


def test_vjp_and_jvp_are_transposes():
    def f(a, b):
        return {"product": a @ b, "both": [np.tanh(a), b * 2]}

    out, pull = mt.vjp(f, x, v)
    assert set(out) == {"product", "both"}
    cotangent = {"product": 2.0, "both": [v, x]}
    tangent = (np.arange(4.0), np.ones(4))
    _, pushed = mt.jvp(f, (x, v), tangent)
    left = 2.0 * pushed["product"] + v @ pushed["both"][0] + x @ pushed["both"][1]
    right = sum(g @ t for g, t in zip(pull(cotangent), tangent, strict=True))
    assert_allclose(left, right)


def test_grad_nests_to_any_order():
    f = lambda x: x**5  # noqa: E731
    for order, expected in enumerate([32.0, 80.0, 160.0, 240.0, 240.0, 120.0, 0.0]):
        assert_allclose(f(np.float64(2.0)), expected)
        assert order < 7
        f = mt.grad(f)


def test_the_gradient_has_the_form_of_the_argument():
    Pair = namedtuple("Pair", "w b")
    parameters = {"layers": [Pair(x, 1.0), Pair(v, 2.0)], "scale": (3.0,)}

    def f(p, unused):
        first, second = p["layers"]
        return (first.w * second.w).sum() * first.b * p["scale"][0]

    value, gradient = mt.value_and_grad(f)(parameters, None)
    assert_allclose(value, (x * v).sum() * 3)
    assert type(gradient["layers"][0]) is Pair
    assert_allclose(gradient["layers"][0].w, v * 3)
    assert gradient["layers"][1].b == 0.0  # not reached: zeros
    assert_allclose(gradient["scale"][0], (x * v).sum())


def test_dicts_are_matched_by_their_keys():
    def f(p):
        return p["w"] ** 2 + 3 * p["b"] ** 2

    product = mt.hvp(f, {"w": 1.0, "b": 1.0}, {"b": 10.0, "w": 1.0})
    assert (float(product["w"]), float(product["b"])) == (2.0, 60.0)
    pull = mt.vjp(lambda x: {"a": x, "b": 2 * x}, 3.0)[1]
    assert float(pull({"b": 1.0, "a": 0.0})[0]) == 2.0
    with pytest.raises(ValueError, match=r"keys \['a', 'b'\]; got \['a', 'c'\]"):
        pull({"a": 1.0, "c": 0.0})


def test_what_is_not_reached_has_zeros_even_at_infinity():
    gradients = mt.grad(lambda a, b: a * 2, argnums=(0, 1))(1.0, float("inf"))
    assert [float(g) for g in gradients] == [2.0, 0.0]


def test_argnums_and_aux():
    def f(a, b):
        return (a * b).sum(), "aux"

    (value, aux), (ga, gb) = mt.value_and_grad(f, argnums=(0, -1), has_aux=True)(x, v)
    assert aux == "aux"
    assert_allclose([value, *ga, *gb], [(x * v).sum(), *v, *x])
    gradient, aux = mt.grad(f, argnums=1, has_aux=True)(x, v)
    assert_allclose(gradient, x)
    with pytest.raises(TypeError, match="argnums=2 does not name"):
        mt.grad(f, argnums=2)(x, v)
    with pytest.raises(mt.GradientError, match="pair"):
        mt.grad(lambda a: a.sum(), has_aux=True)(x)


def test_tensors_give_tensors_and_arrays_give_arrays():
    square = lambda x: (x * x).sum()  # noqa: E731
    assert type(mt.grad(square)(x)) is np.ndarray
    t = mt.constant(x)
    g = mt.grad(square)(t)
    assert isinstance(g, mt.Tensor)
    assert not g.requires_grad
    assert not t.requires_grad
    assert mt.grad(lambda x: x * x)(3).dtype == np.float32
    with mt.no_grad():
        assert_allclose(mt.grad(square)(x), 2 * x)


def test_what_else_requires_gradients_is_not_cut_off():
    w = mt.Variable([1.0, 2.0], dtype="float64")
    g = mt.grad(lambda x: (w * x**2).sum())(np.array([3.0, 4.0]))
    g.sum().backward()
    assert_allclose(w.grad, [6.0, 8.0])
    t = mt.Tensor([3.0, 4.0], requires_grad=True)
    mt.grad(lambda x: (x**3).sum())(t).sum().backward()
    assert_allclose(t.grad, [18.0, 24.0])
    assert mt.hvp(lambda x: (x**3).sum(), t, np.ones(2)).requires_grad


def test_no_grad_of_any_tensor_changes():
    w, t = mt.Variable([1.0]), mt.Tensor([2.0], requires_grad=True)
    mt.grad(lambda x: (x * w).sum())(t)
    mt.jacobian(lambda x: x * w)(t)
    assert w.grad is None
    assert t.grad is None


def test_refusals_are_sentences():
    with pytest.raises(mt.GradientError, match=r"one number; .* gave shape \(4,\)"):
        mt.grad(lambda x: x * x)(x)
    with pytest.raises(mt.GradientError, match=r"seed has shape \(2,\)"):
        mt.vjp(lambda x: x.sum(), x)[1]([1.0, 2.0])
    with pytest.raises(ValueError, match="tangent has shape"):
        mt.jvp(lambda x: x, (x,), (np.ones(3),))
    with pytest.raises(TypeError, match="one array"):
        mt.jacobian(lambda p: p[0] * p[1])([x, v])
    with pytest.raises(mt.GradientError, match=r"gave float .* not a tensor"):
        mt.grad(lambda x: float(x) ** 2)(3.0)
    with pytest.raises(mt.GradientError, match=r"gave NoneType .* forget to return"):
        mt.jacobian(lambda x: None)(x)
    with pytest.raises(TypeError, match=r"mt\.autograd\.grad"):
        mt.grad(mt.Variable(1.0))
    with pytest.raises(TypeError, match="twice"):
        mt.grad(lambda a, b: a * b, argnums=(0, -2))(2.0, 3.0)
    with pytest.raises(ValueError, match="form of x"):
        mt.hvp(lambda x: x.sum(), x, [v, v])


def test_elementwise_grad_stop_gradient_and_custom_vjp():
    assert_allclose(mt.elementwise_grad(np.tanh)(x), 1 - np.tanh(x) ** 2)
    assert_allclose(mt.grad(lambda x: (x * mt.stop_gradient(x)).sum())(x), x)
    assert mt.stop_gradient({"a": [mt.Variable(1.0)]})["a"][0].requires_grad is False

    @mt.custom_vjp(lambda g, y, x: np.clip(g, -0.1, 0.1))
    def gradient_clipped(x):
        """The identity."""
        return x * 1

    assert gradient_clipped.__doc__ == "The identity."
    assert_allclose(mt.grad(lambda x: (gradient_clipped(x) * 5).sum())(x), [0.1] * 4)


def test_checkpoint_changes_no_number():
    w = mt.Variable(np.array([0.3, -0.2, 0.5, 0.1]))
    h = mt.Tensor(x, requires_grad=True)

    def block(h, gain):
        return np.tanh(h * w) * gain["a"]

    expected = mt.autograd.grad(block(h, {"a": h}).sum(), [h, w])
    y = mt.checkpoint(block)(h, {"a": h}).sum()
    for _ in range(2):  # the same graph may be asked again
        for ours, plain in zip(mt.autograd.grad(y, [h, w]), expected, strict=True):
            assert_array_equal(ours, plain)
    y.backward()
    assert_array_equal(w.grad, expected[1])
    second = mt.hessian(lambda h: mt.checkpoint(lambda h: (np.tanh(h) * w).sum())(h))
    assert_allclose(second(h), mt.hessian(lambda h: (np.tanh(h) * w).sum())(h))
    assert mt.checkpoint(lambda a: mt.exp(a))(mt.constant(1.0)).requires_grad is False
    with pytest.raises(TypeError, match="one tensor"):
        mt.checkpoint(lambda a: [a])(h)


def test_checkpoint_refuses_what_was_assigned_since_and_copies_arrays():
    c, w, a = mt.Tensor(2.0), mt.Variable(3.0), np.array([1.0, 2.0])
    y = mt.checkpoint(lambda z: z * z * c)(w)
    c.assign(5.0)
    with pytest.raises(mt.StaleGraphError, match="assigned after a checkpointed function"):
        y.backward()
    z = mt.checkpoint(lambda z, a: (z * a).sum())(w, a)
    a[:] = 100.0
    z.backward()
    assert float(w.grad) == 3.0


def test_checkpoint_saves_memory():
    def piece(h):
        for _ in range(16):
            h = np.tanh(h)
        return h

    def peak(function):
        h = mt.Tensor(np.ones(20_000), requires_grad=True)
        tracemalloc.start()
        y = h
        for _ in range(16):
            y = function(y)
        y.sum().backward()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(mt.checkpoint(piece)) < peak(piece) / 3


def test_scipy_minimizes_with_our_gradients():
    def rosenbrock(x):
        return FUNCTIONS["rosenbrock"](np, x)

    start = np.array([-1.2, 1.0, 0.5])
    found = optimize.minimize(mt.value_and_grad(rosenbrock), start, jac=True, method="BFGS")
    assert_allclose(found.x, 1.0, atol=1e-5)
    found = optimize.minimize(
        lambda x: float(rosenbrock(x)),
        start,
        jac=mt.grad(rosenbrock),
        hess=mt.hessian(rosenbrock),
        method="trust-exact",
    )
    assert_allclose(found.x, 1.0, atol=1e-5)
    error = optimize.check_grad(lambda x: float(rosenbrock(x)), mt.grad(rosenbrock), start)
    assert error < 1e-4
