"""Activation functions: Keras' recorded numbers, corners, tails, and what is refused.

`tests/data/keras_functions.json` holds what Keras gave on TensorFlow, for values and gradients in float32.
Where its own backends disagree on a gradient, at corners, the entry says so ("disputed").
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from microtensor.core import Tensor, registry
from microtensor.core.autograd import grad
from microtensor.nn import functional as F  # noqa: N812 - the field's name
from microtensor.testing import Sample, check_grads

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_functions.json").read_text())
CASES: dict[str, Any] = RECORDED["activations"]
KERAS = (
    *("celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish"),
    *("hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu"),
    *("sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid"),
    *("sparsemax", "squareplus", "swish", "tanh", "tanh_shrink", "threshold"),
)
MORE = ("step", "maxout", "prelu", "clipped_relu")
NAMES = [name for name in KERAS + MORE if name not in ("maxout", "glu", "prelu")]
DEFAULTS = {"leaky_relu": {"negative_slope": 0.2}}  # Keras', where the lecture's is another
# Keras' sparsemax of equal numbers sums to 0.4; the paper's, and ours, to 1.
WRONG_IN_KERAS = {"sparsemax": [2]}


def derivative(fn: Any, x: Any, **params: Any) -> Any:
    t = Tensor(x, dtype="float64", requires_grad=True)
    return grad(fn(t, **params).sum(), t).numpy()


def function(name: str, params: Any) -> Any:
    """Ours for Keras' name: its relu with parameters is our clipped_relu."""
    return F.clipped_relu if name == "relu" and params else getattr(F, name)


@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_are_keras(case: str) -> None:
    recorded = CASES[case]
    name, params = recorded["name"], recorded["params"] or DEFAULTS.get(recorded["name"], {})
    x = Tensor(np.array(recorded["x"], np.float32), requires_grad=True)
    y = function(name, params)(x, **params)
    rows = [k for k in range(len(x)) if k not in WRONG_IN_KERAS.get(name, [])]
    assert y.dtype == np.float32
    assert_allclose(y.numpy()[rows], np.array(recorded["y"])[rows], rtol=2e-6, atol=3e-7)
    if "grad" in recorded:
        weight = np.array(recorded.get("weight", np.ones(y.shape)), np.float32)
        ours, theirs = grad(y, x, weight).numpy().copy(), np.array(recorded["grad"])
        for place in map(tuple, recorded["disputed"]):
            ours[place] = theirs[place] = 0
        assert_allclose(ours[rows], theirs[rows], rtol=2e-6, atol=7e-7)


@pytest.mark.parametrize("name", KERAS + MORE)
def test_every_name_is_there(name: str) -> None:
    assert callable(getattr(F, name))


def test_other_names_are_the_same_functions() -> None:
    assert F.swish is F.silu
    assert F.hard_swish is F.hard_silu
    assert F.exponential is F.exp
    assert F.linear is F.identity


# --- corners --------------------------------------------------------------------------------------------

SELU = 1.0507009873554805 * 1.6732632423543772
CORNERS: list[tuple[str, dict[str, float], list[float], list[float]]] = [
    ("relu6", {}, [0.0, 6.0], [0.0, 0.0]),
    ("clipped_relu", {}, [0.0], [0.0]),
    ("clipped_relu", {"negative_slope": 0.1, "threshold": 1.0, "max_value": 2.0}, [1.0, 2.0], [0.1, 0.0]),
    ("selu", {}, [0.0], [SELU]),
    ("celu", {"alpha": 0.5}, [0.0], [1.0]),
    ("threshold", {"threshold": 1.0}, [1.0], [0.0]),
    ("hard_sigmoid", {}, [-3.0, 3.0], [0.0, 0.0]),
    ("hard_tanh", {}, [-1.0, 1.0], [0.0, 0.0]),
    ("hard_silu", {}, [-3.0, 3.0], [0.0, 1.0]),
    ("hard_shrink", {}, [-0.5, 0.5], [0.0, 0.0]),
    ("soft_shrink", {}, [-0.5, 0.5], [0.0, 0.0]),
    ("sparse_plus", {}, [-1.0, 1.0], [0.0, 1.0]),
    ("sparse_sigmoid", {}, [-1.0, 1.0], [0.0, 0.0]),
]


@pytest.mark.parametrize(("name", "params", "at", "expected"), CORNERS)
def test_derivatives_at_corners(name: str, params: Any, at: Any, expected: Any) -> None:
    assert_allclose(derivative(registry[name], at, **params), expected, rtol=1e-15)
    if at == [0.0]:
        assert_allclose(derivative(registry[name], [-0.0], **params), expected, rtol=1e-15)


def test_prelu_at_zero_has_the_slope_of_the_left() -> None:
    x, alpha = Tensor([0.0, -0.0], requires_grad=True), Tensor(0.25, requires_grad=True)
    by_x, by_alpha = grad(F.prelu(x, alpha).sum(), [x, alpha])
    assert by_x.tolist() == [0.25, 0.25]
    assert by_alpha.item() == 0.0


def test_a_slope_may_be_learnt_for_each_channel() -> None:
    x, alpha = Tensor(-np.ones((4, 3)), requires_grad=True), Tensor(np.zeros(3), requires_grad=True)
    assert_array_equal(grad(F.prelu(x, alpha).sum(), alpha).numpy(), [-4.0] * 3)


# --- large numbers, small ones, none --------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", sorted(set(NAMES) - {"exponential"}))
def test_plus_and_minus_1e4_give_finite_numbers_without_a_warning(name: str, dtype: Any) -> None:
    x = Tensor(np.array([-1e4, -100, 0, 100, 1e4], dtype), requires_grad=True)
    y = getattr(F, name)(x)
    g = grad(y, x, np.ones(5, dtype), create_graph=True)
    second = grad(g, x, np.ones(5, dtype), allow_unused=True) if g.requires_grad else None
    for t in (y, g, second):
        assert t is None or (np.isfinite(t.numpy()).all() and t.dtype == dtype)


def test_gelu_approximate_is_stable_too() -> None:
    x = Tensor(np.array([-1e4, -100, 0, 100, 1e4], np.float32), requires_grad=True)
    y = F.gelu(x, approximate=True)
    assert_array_equal(y.numpy(), [0, 0, 0, 100, 1e4])
    assert_array_equal(grad(y.sum(), x).numpy(), [0, 0, 0.5, 1, 1])


TAILS = {  # name: (x, the exact value, the exact derivative)
    "silu": (-30.0, -30 * math.exp(-30), -29 * math.exp(-30)),
    "mish": (-30.0, -30 * math.exp(-30), -29 * math.exp(-30)),
    "log_sigmoid": (40.0, -math.exp(-40), math.exp(-40)),
    "squareplus": (-1e4, 1e-4, 1e-8),
    "selu": (-30.0, -SELU, SELU * math.exp(-30)),
    "celu": (-30.0, -1.0, math.exp(-30)),
    "gelu": (
        -9.0,
        -4.5 * math.erfc(9 / math.sqrt(2)),
        math.erfc(9 / math.sqrt(2)) / 2 - 9 * math.exp(-40.5) / math.sqrt(2 * math.pi),
    ),
    "softsign": (1e4, 1e4 / 10001, 1 / 10001**2),
}


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 1e-5), (np.float64, 1e-7)])
@pytest.mark.parametrize("name", TAILS)
def test_tails_are_exact(name: str, dtype: Any, rtol: float) -> None:
    at, value, slope = TAILS[name]
    x = Tensor(dtype(at), requires_grad=True)
    y = registry[name](x)
    assert_allclose(y.item(), value, rtol=rtol)
    assert_allclose(grad(y, x).item(), slope, rtol=rtol)


def test_log_softmax_does_not_lose_what_softmax_rounds_to_zero() -> None:
    assert_array_equal(F.log_softmax(np.array([0.0, 1e4, -1e4])).numpy(), [-1e4, 0.0, -2e4])
    assert_allclose(F.log_softmax(np.array([0.0, 1000.0])).numpy(), [-1000.0, 0.0])


@pytest.mark.parametrize("name", NAMES)
def test_nan_shows(name: str) -> None:
    value = getattr(F, name)(np.array([math.nan, 1.0, -1.0])).numpy()
    assert np.isnan(value[0])
    if name in ("softmax", "log_softmax", "sparsemax"):
        assert np.isnan(value).all()


def test_nan_shows_in_prelu_and_glu() -> None:
    assert np.isnan(F.prelu(Tensor(math.nan), 0.1).item())
    assert np.isnan(F.prelu(Tensor(-1.0), math.nan).item())
    assert np.isnan(F.glu([math.nan, 1.0]).item())
    assert np.isnan(F.glu([1.0, math.nan]).item())


def test_infinity_does_not_become_nan_in_the_pieces() -> None:
    x = np.array([-np.inf, np.inf])
    assert_array_equal(F.clipped_relu(x).numpy(), [0, np.inf])
    assert_array_equal(F.clipped_relu(x, negative_slope=0.1).numpy(), [-np.inf, np.inf])
    assert_array_equal(F.sparse_plus(x).numpy(), [0, np.inf])
    assert_array_equal(F.threshold(x).numpy(), [0, np.inf])
    assert_array_equal(F.relu6(x).numpy(), [0, 6])
    assert_array_equal(F.squareplus(x).numpy(), [0, np.inf])
    assert_array_equal(F.celu(x).numpy(), [-1, np.inf])


# --- the ones that look at several elements ---------------------------------------------------------------


def test_formulas_of_those_that_are_not_elementwise() -> None:
    x = np.array([0.3, -1.2, 0.9, 0.7])
    g = np.array([0.5, 2.0, -1.0, 0.25])
    table = {"exp": np.exp, "log": np.log, "sum": np.sum, "max": np.maximum, "concatenate": _joined}
    for name in ("log_softmax", "sparsemax", "glu"):
        operation = registry[name]
        y = operation.forward(x)
        names = {"x": x, "y": y, "g": g[: y.size], "a": x[:2], "b": x[2:]}
        names["tau"] = x[0] - y[0]  # of sparsemax, where this element is not 0
        assert_allclose(eval(operation.formula, {**table}, names), y, rtol=1e-12, atol=1e-15)
        expected = operation.vjps[0](g[: y.size], y, x)  # type: ignore[misc]
        assert_allclose(eval(operation.local[0], {**table}, names), expected, rtol=1e-12, atol=1e-15)


def _joined(*parts: Any) -> Any:
    return np.concatenate(parts)


@pytest.mark.parametrize("width", [0.3, 1.0, 5.0, 100.0])
def test_sparsemax_is_the_nearest_point_of_the_simplex(width: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(-width, width, (20, 6))
    y = F.sparsemax(x).numpy()
    assert_allclose(y.sum(axis=-1), 1.0)
    assert (y >= 0).all()
    others = rng.dirichlet(np.full(6, 0.3), (1000, 20))
    assert (((others - x) ** 2).sum(axis=-1) >= ((y - x) ** 2).sum(axis=-1) - 1e-12).all()


def test_sparsemax_of_equal_numbers_is_uniform() -> None:
    assert_allclose(F.sparsemax(np.full(4, 0.1)).numpy(), [0.25] * 4)
    assert_allclose(F.sparsemax(np.array([3.0, 0.0])).numpy(), [1.0, 0.0])
    assert_array_equal(F.sparsemax(np.array([1e4, -1e4, 0.0], np.float32)).numpy(), [1, 0, 0])


def test_sparse_sigmoid_is_sparsemax_of_x_and_zero() -> None:
    for x in (-2.0, -0.4, 0.0, 0.8, 3.0):
        assert_allclose(F.sparse_sigmoid(np.float64(x)).item(), F.sparsemax(np.array([x, 0.0])).numpy()[0])


def test_glu_of_a_layer_of_twice_the_units() -> None:
    check_grads(lambda x, w: F.glu(x @ w), *Sample(((4, 3), (3, 6))).draw())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: F.glu(np.ones((2, 3))), "even length"),
        (lambda: F.glu(np.ones((2, 4)), axis=2), "must be there"),
        (lambda: F.glu(1.0), "must be there"),
        (lambda: F.sparsemax(1.0), "sparsemax of"),
        (lambda: F.log_softmax(np.ones((2, 3)), axis=2), "log_softmax of"),
        (lambda: F.maxout(np.ones(3)), "divide into pieces"),
        (lambda: F.prelu(np.ones((2, 3)), np.ones(2)), "prelu of"),
    ],
)
def test_what_cannot_be_is_refused_in_words(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_unknown_keywords_are_named() -> None:
    with pytest.raises(TypeError, match="alpha"):
        F.relu6(1.0, alpha=2)
