"""Losses: Keras' recorded numbers, what their formulas say, large logits, and what is refused."""

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
from microtensor.core.operations.likelihood import sparse_categorical_crossentropy
from microtensor.nn import functional as F  # noqa: N812 - the field's name
from microtensor.testing import check_grads, sample, samples

CASES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "keras_functions.json").read_text())[
    "losses"
]
LOSSES = (
    *("mse", "mae", "huber", "log_cosh", "cosine_similarity", "binary_crossentropy"),
    *("categorical_crossentropy", "kl_divergence", "poisson", "hinge", "squared_hinge", "categorical_hinge"),
)
P = np.array([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]])  # rows of probabilities
T = np.array([[0.0, 1.0, 0.0], [0.6, 0.1, 0.3]])


def slope(fn: Any, prediction: Any, target: Any, **params: Any) -> Any:
    p = Tensor(prediction, requires_grad=True)
    return grad(fn(p, target, **params), p).numpy()


@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_are_keras(case: str) -> None:
    recorded = CASES[case]
    loss, params = getattr(F, recorded["name"]), recorded["params"]
    p = Tensor(np.array(recorded["prediction"], np.float32), requires_grad=True)
    t = np.array(recorded["target"], np.float32)
    value = loss(p, t, **params)
    assert value.dtype == np.float32
    assert value.shape == ()
    assert_allclose(value.item(), recorded["mean"], rtol=1e-6)
    assert_allclose(loss(p, t, reduction="none", **params).numpy(), recorded["none"], rtol=1e-6)
    ours, theirs = grad(value, p).numpy().copy(), np.array(recorded["grad"])
    for place in map(tuple, recorded["disputed"]):
        ours[place] = theirs[place] = 0
    assert_allclose(ours, theirs, rtol=2e-6, atol=1e-7)


# --- the words are true -----------------------------------------------------------------------------------


def norm(x: Any) -> Any:
    return np.linalg.norm(x)


WORDS = {
    **{name: getattr(np, name) for name in ("mean", "sum", "abs", "sign", "log", "cosh", "tanh", "sqrt")},
    **{name: getattr(np, name) for name in ("minimum", "maximum", "clip")},
}


def most(*numbers: Any) -> Any:
    """max(x) of an array, or max(x, 0)."""
    return np.max(numbers[0]) if len(numbers) == 1 else max(numbers)


@pytest.mark.parametrize("name", LOSSES)
def test_formula_and_local_derivatives_of_one_row(name: str) -> None:
    operation = registry[name]
    for seed in range(5):
        p, t = next(s for s in samples[name] if s.shapes[0] == (3,) and not s.params).draw(seed)
        y = operation.forward(p, t)
        names = {"prediction": p, "target": t, "y": y, "N": p.size, "delta": 1.0, **WORDS}
        names |= {"max": most, "norm": norm}
        assert_allclose(eval(operation.formula, {}, names), y, rtol=1e-12)
        for words, vjp in zip(operation.local, operation.vjps, strict=True):
            expected = vjp(np.float64(1.0), y, p, t)  # type: ignore[misc]
            assert_allclose(eval(words, {}, names) + 0 * p, expected, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_the_mean_is_the_mean_of_the_samples(name: str) -> None:
    for s in samples[name]:
        if "reduction" not in s.params and s.shapes[0]:
            p, t = s.draw(2)
            each = registry[name](p, t, reduction="none", **s.params)
            assert each.shape == p.shape[:-1]
            assert_allclose(registry[name](p, t, **s.params).numpy(), each.numpy().mean(), rtol=1e-12)


def test_mse_is_computed_as_ever() -> None:
    p, t = np.random.default_rng(0).standard_normal((2, 50, 3)).astype(np.float32)
    assert F.mse(p, t).item() == np.mean(np.square(p - t))
    x = Tensor(p, requires_grad=True)
    assert_array_equal(grad(F.mse(x, t), x).numpy(), np.float32(1 / 150) * (2 * (p - t)))
    assert F.mse([1.0, 2.0], [1.0, 4.0]).item() == 2.0


# --- in the small -----------------------------------------------------------------------------------------


def test_crossentropies_of_a_certain_and_right_answer_are_almost_nothing() -> None:
    assert 0 < F.categorical_crossentropy([[0.0, 1.0]], [[0.0, 1.0]]).item() < 2e-7
    assert 0 < F.binary_crossentropy([1.0, 0.0], [1.0, 0.0]).item() < 2e-7
    assert F.kl_divergence(P, P).item() == pytest.approx(0.0, abs=1e-15)


def test_a_certain_and_wrong_answer_costs_as_much_as_keras_lets_it() -> None:
    assert F.binary_crossentropy(np.array([0.0]), np.array([1.0])).item() == pytest.approx(-math.log(1e-7))
    assert F.categorical_crossentropy(np.array([1.0, 0.0]), np.array([0.0, 1.0])).item() == pytest.approx(
        -math.log(1e-7)
    )
    assert_array_equal(slope(F.binary_crossentropy, [0.0, 1.0], [1.0, 0.0]), [0.0, 0.0])


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("reduction", ["mean", "none"])
def test_logits_and_probabilities_agree(smoothing: float, reduction: Any) -> None:
    z = sample((4, 3))
    how = {"label_smoothing": smoothing, "reduction": reduction}
    t = np.eye(3)[[0, 2, 1, 1]]
    for loss, squash in (
        (F.binary_crossentropy, F.sigmoid),
        (F.categorical_crossentropy, F.softmax),
    ):
        from_logits = loss(z, t, from_logits=True, **how).numpy()
        assert_allclose(loss(squash(z), t, **how).numpy(), from_logits, rtol=1e-7)


def test_the_famous_slope_of_logits_is_prediction_less_target() -> None:
    z = sample((4, 3))
    t = np.eye(3)[[0, 2, 1, 1]]
    softmaxed = slope(F.categorical_crossentropy, z, t, from_logits=True)
    assert_allclose(softmaxed, (F.softmax(z).numpy() - t) / 4, atol=1e-15)
    squashed = slope(F.binary_crossentropy, z, t, from_logits=True)
    assert_allclose(squashed, (F.sigmoid(z).numpy() - t) / 12, atol=1e-15)


def test_label_smoothing_is_a_softer_target() -> None:
    t = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    binary = F.binary_crossentropy(P, t, label_smoothing=0.1).item()
    assert_allclose(binary, F.binary_crossentropy(P, t * 0.9 + 0.05).item())
    several = F.categorical_crossentropy(P, t, label_smoothing=0.3).item()
    assert_allclose(several, F.categorical_crossentropy(P, t * 0.7 + 0.1).item())


def test_probabilities_are_divided_by_their_sum() -> None:
    assert_allclose(F.categorical_crossentropy(3 * P, T).item(), F.categorical_crossentropy(P, T).item())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy"])
@pytest.mark.parametrize("right", [True, False])
def test_logits_of_1e4_are_finite_without_a_warning(name: str, dtype: Any, right: bool) -> None:
    z = Tensor(np.array([[1e4, -1e4], [-1e4, 1e4]], dtype), requires_grad=True)
    t = np.eye(2, dtype=dtype) if right else np.eye(2, dtype=dtype)[::-1]
    loss = getattr(F, name)(z, t, from_logits=True)
    per_row = 1e4 if name == "binary_crossentropy" else 2e4
    assert_allclose(loss.item(), 0 if right else per_row)
    g = grad(loss, z, create_graph=True)
    assert np.isfinite(g.numpy()).all()
    assert np.isfinite(grad(g.sum(), z).numpy()).all()


@pytest.mark.parametrize(
    "name", ["log_cosh", "huber", "mse", "mae", "hinge", "squared_hinge", "cosine_similarity"]
)
def test_large_distances_are_finite_without_a_warning(name: str) -> None:
    p = Tensor(np.array([[1e4, -1e4, 0.0]], np.float32), requires_grad=True)
    loss = getattr(F, name)(p, np.array([[-1.0, 1.0, 1.0]], np.float32))
    assert np.isfinite(loss.item())
    assert np.isfinite(grad(loss, p).numpy()).all()


def test_the_tails_of_the_binary_crossentropy_are_exact() -> None:
    z = Tensor(np.float32(30.0), requires_grad=True)
    loss = F.binary_crossentropy(z, np.float32(1.0), from_logits=True)
    assert_allclose(loss.item(), math.exp(-30), rtol=1e-6)
    assert_allclose(grad(loss, z).item(), -math.exp(-30), rtol=1e-6)


def test_log_cosh_of_a_small_distance_is_half_its_square() -> None:
    assert_allclose(F.log_cosh(np.array([1e-5]), np.array([0.0])).item(), 0.5e-10, rtol=1e-5)


def test_derivatives_where_the_loss_has_a_corner() -> None:
    assert_array_equal(slope(F.mae, [1.0, 2.0], [1.0, 1.0]), [0.0, 0.5])
    assert_array_equal(slope(F.hinge, [1.0, -1.0, 0.0], [1.0, -1.0, 1.0]), np.float32([0, 0, -1 / 3]))
    assert_array_equal(slope(F.huber, [2.0, -2.0], [1.0, -1.0]), [0.5, -0.5])
    tie = slope(F.categorical_hinge, [[1.0, 1.0, 0.5]], [[0.0, 0.0, 1.0]])
    assert_array_equal(tie, [[0.5, 0.5, -1.0]])
    assert_array_equal(slope(F.categorical_hinge, [[1.0, 0.0]], [[1.0, 0.0]]), [[0.0, 0.0]])


def test_labels_0_and_1_are_turned_into_signs_where_there_are_no_others() -> None:
    p = np.array([[0.4, -0.5], [3.0, 0.0]])
    zero_one, signs = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[-1.0, 1.0], [1.0, -1.0]])
    for loss in (F.hinge, F.squared_hinge):
        assert loss(p, zero_one).item() == loss(p, signs).item()
        assert_array_equal(slope(loss, p, zero_one), slope(loss, p, signs))
        t = Tensor(zero_one, requires_grad=True)
        by_zero_one = grad(loss(p, t), t).numpy()
        t = Tensor(signs, requires_grad=True)
        assert_array_equal(by_zero_one, 2 * grad(loss(p, t), t).numpy())
    assert F.hinge([0.5], [0.5]).item() == 0.75  # neither: taken as it is


def test_a_row_of_zeros_is_similar_to_nothing() -> None:
    p = Tensor(np.zeros((1, 3)), requires_grad=True)
    loss = F.cosine_similarity(p, np.ones((1, 3)))
    assert loss.item() == 0.0
    g = grad(loss, p, create_graph=True)
    assert np.isfinite(g.numpy()).all()
    assert np.isfinite(grad(g.sum(), p).numpy()).all()
    assert F.cosine_similarity([[1.0, 2.0]], [[2.0, 4.0]]).item() == pytest.approx(-1)


def test_nan_shows() -> None:
    for name in LOSSES:
        assert np.isnan(getattr(F, name)([0.5, math.nan], [0.5, 0.5]).item()), name
        assert np.isnan(getattr(F, name)([0.5, 0.5], [0.5, math.nan]).item()), name


# --- labels -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [[1, 0], [[1], [0]], [1.0, 0.0]])
@pytest.mark.parametrize("from_logits", [False, True])
def test_labels_are_rows_of_one_hot(labels: Any, from_logits: bool) -> None:
    p = Tensor(P, requires_grad=True)
    sparse = sparse_categorical_crossentropy(p, np.array(labels), from_logits=from_logits)
    hot = F.categorical_crossentropy(p, np.eye(3)[[1, 0]], from_logits=from_logits)
    assert sparse.item() == hot.item()
    assert_array_equal(grad(sparse, p).numpy(), grad(hot, p).numpy())


def test_one_hot() -> None:
    assert_array_equal(F.one_hot([2, 0], num_classes=3).numpy(), [[0, 0, 1], [1, 0, 0]])
    assert not F.one_hot(Tensor([1.0], requires_grad=True), num_classes=2).requires_grad


# --- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOSSES)
def test_nothing_is_broadcast(name: str) -> None:
    for shapes in (((4,), (4, 1)), ((4, 3), (4, 1)), ((4, 3), (3,)), ((3,), ())):
        with pytest.raises(ValueError, match=f"{name} of .* neither is broadcast"):
            registry[name](*(np.full(shape, 0.5) for shape in shapes))


@pytest.mark.parametrize("name", LOSSES)
def test_unknown_reductions_and_keywords_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="'mean', one number, or 'none'"):
        registry[name](P, T, reduction="sum_over_batch_size")
    with pytest.raises(TypeError, match="slope"):
        registry[name](P, T, slope=1)


@pytest.mark.parametrize("labels", [[3, 0], [-1, 0], [0.5, 1.0], [math.nan, 1.0]])
def test_labels_that_are_no_class_are_refused(labels: Any) -> None:
    with pytest.raises(ValueError, match="labels are whole numbers from 0 to 2"):
        sparse_categorical_crossentropy(P, labels)


@pytest.mark.parametrize("labels", [[[0, 1]], [0], [[0], [1], [2]], 0])
def test_labels_of_another_shape_are_refused(labels: Any) -> None:
    with pytest.raises(ValueError, match=r"labels of shape \(2,\)"):
        sparse_categorical_crossentropy(P, labels)


def test_losses_compose_with_layers_to_second_order() -> None:
    x, w = sample((4, 2)), sample((2, 3), seed=1)
    labels = np.array([0, 2, 1, 1])
    check_grads(lambda x, w: F.sparse_categorical_crossentropy(x @ w, labels, from_logits=True), x, w)
    check_grads(lambda x, w: F.sparse_categorical_crossentropy(F.softmax(x @ w), labels), x, w)
    check_grads(lambda x, w: F.hinge(F.tanh(x @ w), np.sign(sample((4, 3), seed=2))), x, w)
