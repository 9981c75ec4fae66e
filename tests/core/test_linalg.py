"""Linear algebra: what samples cannot say. Refusals, degenerate cases, batches, patterns of einsum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from microtensor import linalg
from microtensor.core import Operation, Tensor, registry
from microtensor.core.autograd import grad
from microtensor.core.operations.linalg import dot, einsum, inner, kron, outer, tensordot, trace, vdot
from microtensor.testing import Sample, check_grads, sample
from microtensor.testing.samples.linalg import LEAST_SQUARES, REGULAR, SUBSCRIPTS, SYSTEMS

RNG = np.random.default_rng(5)
DEGENERATE = np.diag([2.0, 2.0, 5.0])


def regular(*shape: int, seed: int = 0) -> np.ndarray:
    return Sample((shape,), {}, (REGULAR,)).draw(seed)[0]


def turned(values: Any, seed: int = 0) -> np.ndarray:
    """A symmetric matrix with these eigenvalues, no axis of which is an eigenvector."""
    q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(values), len(values))))
    return (q * values) @ q.T


def gradient(function: Callable[..., Any], *arrays: Any) -> Any:
    """The gradient with respect to the first input."""
    xs = [Tensor(a, requires_grad=True) for a in arrays]
    return grad(function(*xs), xs[0]).numpy()


# --- products ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "shapes"), [case for case in SUBSCRIPTS if case[0]])
def test_einsum_is_numpys_with_a_gradient_by_each_operand(text: str, shapes: Any) -> None:
    arrays = Sample(shapes).draw()
    y = np.einsum(text, *map(Tensor, arrays))
    assert isinstance(y, Tensor)
    assert_allclose(y.numpy(), np.einsum(text, *arrays), rtol=1e-12, atol=1e-12)
    check_grads(lambda *xs: einsum(text, *xs), *arrays)


@pytest.mark.parametrize(
    ("text", "shapes", "words"),
    [
        ("ij,jk->ik", ((2, 3),), "are of 2 operands; got 1"),
        ("ij->i", ((2, 3), (3,)), "are of 1 operands; got 2"),
        ("ijk->i", ((2, 3),), "names 3 axes; its operand has 2"),
        ("i->i", ((2, 3),), "names 1 axes; its operand has 2"),
        ("ij,jk->ik", ((2, 3), (4, 5)), "labelled 'j' in 'ij,jk->ik' are of 3 and of 4"),
        ("ii->i", ((2, 3),), "labelled 'i' in 'ii->i' are of 2 and of 3"),
        ("ii->i", ((1, 3),), "labelled 'i' in 'ii->i' are of 1 and of 3"),
        ("ij->ik", ((2, 3),), "'k' in the result"),
        ("ij->ii", ((2, 3),), "'i' in the result"),
        ("...i->i", ((2, 3),), "must stand in its result too"),
        ("i1->i", ((2, 3),), "letters, commas"),
        ("i..->i", ((2, 3),), "letters, commas"),
        ("i->i->i", ((2,),), "letters, commas"),
        ("...i...->i", ((2,),), "letters, commas"),
        ("i,j->i,j", ((2,), (2,)), "letters, commas"),
    ],
)
def test_einsum_says_what_is_wrong_with_its_subscripts(text: str, shapes: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        einsum(text, *(np.ones(shape) for shape in shapes))


def test_einsum_needs_subscripts_and_operands() -> None:
    with pytest.raises(TypeError, match="subscripts first"):
        np.einsum(Tensor([1.0]), [0], [0])
    with pytest.raises(TypeError, match="no operands"):
        einsum("->")


def test_einsum_takes_numbers_lists_arrays_and_numpys_optimize() -> None:
    assert_array_equal(einsum("ij,j,->i", [[1, 2], [3, 4]], np.array([1, 1]), 2), [6, 14])
    assert_array_equal(np.einsum("i,i", Tensor([1.0, 2.0]), [3.0, 4.0], optimize="greedy"), 11.0)


def test_one_tensor_may_stand_for_several_operands_of_einsum() -> None:
    check_grads(lambda x: einsum("ij,jk,kl->il", x, x, x), sample((3, 3)))
    check_grads(lambda x: einsum("ii,ij->j", x, x), sample((3, 3)))
    check_grads(lambda x: einsum("iij,jkk->ik", x, x), sample((2, 2, 2)))


@pytest.mark.parametrize("product", [dot, vdot, inner, outer, kron])
def test_products_of_a_tensor_with_itself(product: Any) -> None:
    check_grads(lambda x: product(x, x), sample((2, 2)))


def test_numpys_products_take_a_tensor_on_either_side() -> None:
    a, b = sample((2, 3)), sample((3, 4))
    for product in (np.dot, lambda x, y: np.tensordot(x, y, 1), lambda x, y: np.einsum("ij,jk", x, y)):
        for x, y in ((Tensor(a), b), (a, Tensor(b)), (Tensor(a), Tensor(b))):
            assert isinstance(product(x, y), Tensor)
            assert_allclose(product(x, y), a @ b, rtol=1e-12)


def test_products_that_do_not_fit_say_so() -> None:
    with pytest.raises(ValueError, match=r"pairs the axes \(1,\) of shape \(2, 3\) with \(0,\) of \(2, 3\)"):
        tensordot(np.ones((2, 3)), np.ones((2, 3)), axes=1)
    with pytest.raises(ValueError, match="pairs the axes"):
        tensordot(np.ones((2, 3)), np.ones((2, 3)), axes=((0, 1), (0,)))
    with pytest.raises(ValueError, match="pairs the axes"):
        inner(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="matmul"):
        dot(np.ones((2, 3)), np.ones((2, 3)))


def test_the_trace_keeps_integers() -> None:
    assert_array_equal(trace([[1, 2], [3, 4]]), 5)


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["inv", "det", "slogdet", "cholesky", "eigh", "eigvalsh"])
@pytest.mark.parametrize("shape", [(2, 3), (1, 3), (3,), ()])
def test_what_is_of_square_matrices_refuses_others(name: str, shape: Any) -> None:
    with pytest.raises(ValueError, match=r"takes square matrices, \(…, n, n\); got shape"):
        getattr(linalg, name)(np.ones(shape))


@pytest.mark.parametrize("name", ["svd", "svdvals", "qr", "pinv"])
def test_what_is_of_matrices_refuses_vectors(name: str) -> None:
    with pytest.raises(ValueError, match=r"takes matrices, \(…, m, n\); got shape \(3,\)"):
        getattr(linalg, name)(np.ones(3))


def test_singular_matrices_are_refused_with_what_to_do() -> None:
    singular = np.ones((2, 2))
    with pytest.raises(ValueError, match=r"Singular matrix: .* linalg\.pinv gives"):
        linalg.inv(singular)
    with pytest.raises(ValueError, match=r"solve of .* Singular matrix"):
        linalg.solve(singular, np.ones(2))
    with pytest.raises(ValueError, match="not positive definite"):
        linalg.cholesky(-np.eye(2))
    with pytest.raises(ValueError, match="Singular matrix"):
        linalg.matrix_power(singular, -1)


def test_matrix_power_takes_whole_numbers() -> None:
    with pytest.raises(TypeError, match="whole number"):
        linalg.matrix_power(np.eye(2), 0.5)
    with pytest.raises(ValueError, match="matrix_power takes square"):
        linalg.matrix_power(np.ones((2, 3)), 2)
    assert_array_equal(linalg.matrix_power([[1, 1], [0, 1]], 5), [[1, 5], [0, 1]])
    assert_array_equal(linalg.matrix_power(np.zeros((2, 2)), 0), np.eye(2))


def test_forms_of_factorisations_that_have_no_derivative_are_refused() -> None:
    with pytest.raises(ValueError, match="full_matrices=False"):
        np.linalg.svd(Tensor(np.ones((2, 3))))
    for mode in ("complete", "raw"):
        with pytest.raises(ValueError, match="'reduced' and 'r'"):
            np.linalg.qr(Tensor(np.ones((2, 3))), mode)


@pytest.mark.parametrize(
    ("shape", "params"),
    [
        ((3,), {"ord": 3}),
        ((3,), {"ord": "fro"}),
        ((3,), {"ord": -np.inf}),
        ((2, 3), {"ord": "nuc"}),
        ((2, 3), {"ord": -2}),
        ((2, 3), {"ord": 3, "axis": (0, 1)}),
    ],
)
def test_other_norms_are_refused_in_words(shape: Any, params: Any) -> None:
    with pytest.raises(ValueError, match=r"has ord .* on tensors; got"):
        np.linalg.norm(Tensor(np.ones(shape)), **params)


def test_a_norm_is_of_one_axis_or_two() -> None:
    for params in ({"ord": 2}, {"axis": (0, 1, 2)}):
        with pytest.raises(ValueError, match="one axis or two"):
            linalg.norm(np.ones((2, 2, 2)), **params)


# --- where derivatives do not exist, or only look as if they did not --------------------------------------


@pytest.mark.parametrize("x", [DEGENERATE, turned([2.0, 2.0, 5.0]), np.zeros((2, 2)), np.eye(1)])
def test_equal_eigenvalues_have_a_gradient_and_their_vectors_have_none(x: np.ndarray) -> None:
    weights = np.arange(1.0, len(x) + 1)
    by_pairs = gradient(lambda t: (linalg.eigh(t).eigenvalues * weights).sum(), x)
    assert_allclose(by_pairs, gradient(lambda t: (linalg.eigvalsh(t) * weights).sum(), x), atol=1e-12)
    # The sum of all eigenvalues is the trace, whichever vectors LAPACK chose.
    assert_allclose(gradient(lambda t: linalg.eigvalsh(t).sum(), x), np.eye(len(x)), atol=1e-12)
    if len(x) > 1:
        with pytest.raises(ValueError, match=r"no gradient of eigh: two eigenvalues are equal"):
            gradient(lambda t: (linalg.eigh(t).eigenvectors * sample(x.shape)).sum(), x)


def test_the_vector_of_a_single_eigenvalue_among_equal_others_has_a_gradient() -> None:
    x = turned([2.0, 2.0, 5.0], 1)
    largest = gradient(lambda t: (linalg.eigh(t).eigenvectors[:, 2] ** 4).sum(), x)
    near = gradient(
        lambda t: (linalg.eigh(t).eigenvectors[:, 2] ** 4).sum(), turned([2.0, 2.0 + 1e-7, 5.0], 1)
    )
    assert_allclose(largest, near, atol=1e-6)


def test_a_refused_gradient_is_refused_when_it_is_recorded_too() -> None:
    x = Tensor(DEGENERATE, requires_grad=True)
    with pytest.raises(ValueError, match="two eigenvalues are equal"):
        grad((linalg.eigh(x).eigenvectors * sample((3, 3))).sum(), x, create_graph=True)
    first = grad((linalg.eigvalsh(x) ** 2).sum(), x, create_graph=True)
    assert_allclose(first.numpy(), 2 * DEGENERATE)
    with pytest.raises(ValueError, match="two eigenvalues are equal"):  # of eigenvalues, a second derivative
        grad((first * sample((3, 3))).sum(), x)


def test_eigenvectors_do_not_depend_on_which_triangle_is_read() -> None:
    x = regular(3, 3)
    for ours, theirs in zip(linalg.eigh(x), linalg.eigh(x.T), strict=True):
        assert_allclose(ours, theirs)
    for function in (lambda t: linalg.eigh(t).eigenvectors[0, 0], lambda t: linalg.cholesky(t)[1, 0]):
        found = gradient(function, x)
        assert_array_equal(found, found.T)


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4)])
def test_singular_values_that_are_equal_or_0_have_a_gradient_and_their_vectors_have_none(shape: Any) -> None:
    for x in (np.eye(*shape), np.zeros(shape)):
        total = gradient(lambda t: linalg.svdvals(t).sum(), x)
        assert_allclose(total, x, atol=1e-12)  # of the identity U V^T; at 0 none, as for |x|
        by_triplets = gradient(lambda t: np.linalg.svd(t, full_matrices=False).S[0], np.eye(*shape))
        assert np.isfinite(by_triplets).all()
        with pytest.raises(ValueError, match="two singular values are equal, or one is 0"):
            gradient(lambda t: (np.linalg.svd(t, full_matrices=False).U * sample((shape[0], 1))).sum(), x)


def test_the_polar_factor_has_a_gradient_where_singular_values_are_equal() -> None:
    """U Vᵀ does not depend on how equal ones are turned: in Townsend's formula that is infinity minus
    infinity.
    """
    weights = np.array([[1.0, 2.0], [-3.0, 0.5]])

    def polar(t: Any) -> Any:
        u, _, vh = np.linalg.svd(t)
        return ((u @ vh) * weights).sum()

    near = gradient(polar, np.diag([2.0, 2.0 + 1e-4]))
    assert_allclose(gradient(polar, np.diag([2.0, 2.0])), near, atol=1e-3)


def test_qr_without_full_rank() -> None:
    x = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    assert_allclose(linalg.qr(x).Q.numpy() @ linalg.qr(x).R.numpy(), x, atol=1e-12)
    with pytest.raises(ValueError, match=r"no gradient of qr: .* linearly"):
        gradient(lambda t: (linalg.qr(t).R ** 2).sum(), x)


def minors(x: np.ndarray) -> np.ndarray:
    n = len(x)
    rest = [[k for k in range(n) if k != i] for i in range(n)]
    return np.array(
        [[(-1) ** (i + j) * np.linalg.det(x[np.ix_(rest[i], rest[j])]) for j in range(n)] for i in range(n)]
    )


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_the_determinant_of_a_singular_matrix_has_both_derivatives(rank: int) -> None:
    left, right = np.random.default_rng(rank).standard_normal((2, 3, 3))
    x = left[:, :rank] @ right[:rank]
    assert_allclose(gradient(linalg.det, x), minors(x), atol=1e-12)
    check_grads(linalg.det, x)


def test_derivatives_of_the_determinant_of_a_regular_matrix_go_on() -> None:
    check_grads(linalg.det, regular(2, 2), order=4)
    check_grads(linalg.det, regular(3, 3), order=3)


def test_slogdet_neither_overflows_nor_has_a_gradient_at_a_singular_matrix() -> None:
    sign, logabs = np.linalg.slogdet(Tensor(-1e-3 * np.eye(301)))
    assert float(sign) == -1.0
    assert_allclose(float(logabs), 301 * np.log(1e-3))
    singular = Tensor(np.ones((2, 2)), requires_grad=True)
    sign, logabs = linalg.slogdet(singular)
    assert (float(sign), float(logabs)) == (0.0, -np.inf)
    with pytest.raises(ValueError, match="no gradient goes through"):
        grad(logabs, singular)


@pytest.mark.parametrize("params", [{}, {"ord": 1}, {"ord": 2}, {"ord": np.inf}, {"axis": 0}, {"ord": "fro"}])
def test_the_derivative_of_a_norm_at_0_is_0(params: Any) -> None:
    x = np.zeros((2, 2)) if params.get("ord") == "fro" else np.zeros(3)
    assert_array_equal(gradient(lambda t: linalg.norm(t, **params).sum(), x), x)
    for kind in (None, "fro", 1, 2, np.inf):
        zeros = np.zeros((2, 3))
        assert_array_equal(gradient(lambda t, kind=kind: linalg.norm(t, ord=kind), zeros), zeros)


def test_what_ties_for_the_largest_shares_the_derivative_of_a_norm() -> None:
    assert_allclose(gradient(lambda t: linalg.norm(t, ord=np.inf), [1.0, -1.0, 0.5]), [0.5, -0.5, 0.0])
    assert_allclose(gradient(lambda t: linalg.norm(t, ord=2), 2 * np.eye(2)), np.eye(2) / 2)


# --- batches, least squares, reconstruction ---------------------------------------------------------------

BATCHED: dict[str, Callable[[Any], Any]] = {
    "inv": linalg.inv,
    "det": linalg.det,
    "logabsdet": lambda t: linalg.slogdet(t).logabsdet,
    "cholesky": linalg.cholesky,
    "eigvalsh": linalg.eigvalsh,
    "eigenvectors": lambda t: linalg.eigh(t).eigenvectors ** 2,
    "singular vectors": lambda t: linalg.svd(t).U ** 2,
    "svdvals": linalg.svdvals,
    "q": lambda t: linalg.qr(t).Q,
    "pinv": linalg.pinv,
    "matrix_power": lambda t: linalg.matrix_power(t, 3),
    "spectral norm": lambda t: linalg.norm(t, ord=2, axis=(-2, -1)),
}


@pytest.mark.parametrize("name", BATCHED)
def test_a_batch_is_a_loop_over_its_matrices(name: str) -> None:
    function, x = BATCHED[name], regular(4, 3, 3)
    assert_allclose(function(Tensor(x)), np.stack([function(Tensor(m)).numpy() for m in x]), rtol=1e-10)
    whole = gradient(lambda t: (function(t) ** 2).sum(), x)
    each = [gradient(lambda t: (function(t) ** 2).sum(), m) for m in x]
    assert_allclose(whole, np.stack(each), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("shape", [(3, 3), (5, 2), (2, 5), (1, 4), (4, 1), (3, 4, 2), (3, 2, 4)])
def test_svd_and_qr_put_together_again_are_the_matrix_and_so_is_their_gradient(shape: Any) -> None:
    x, weights = regular(*shape), RNG.standard_normal(shape)

    def by_svd(t: Any) -> Any:
        u, s, vh = linalg.svd(t, full_matrices=False)
        return ((u * s[..., None, :]) @ vh * weights).sum()

    def by_qr(t: Any) -> Any:
        q, r = linalg.qr(t)
        return (q @ r * weights).sum()

    for function in (by_svd, by_qr):
        assert_allclose(gradient(function, x), weights, atol=1e-10)
        assert_allclose(float(function(Tensor(x))), np.sum(x * weights), rtol=1e-10)


def test_results_have_numpys_names() -> None:
    x = regular(2, 2)
    for ours, theirs in (
        (np.linalg.svd(Tensor(x)), np.linalg.svd(x)),
        (np.linalg.eigh(Tensor(x)), np.linalg.eigh(x)),
        (np.linalg.qr(Tensor(x)), np.linalg.qr(x)),
        (np.linalg.slogdet(Tensor(x)), np.linalg.slogdet(x)),
    ):
        assert (type(ours).__name__, ours._fields) == (type(theirs).__name__, theirs._fields)


@pytest.mark.parametrize(("left", "right"), SYSTEMS)
def test_solve_is_the_inverse_times_b(left: Any, right: Any) -> None:
    a, b = Sample((left, right), {}, (REGULAR, *Sample(((),)).domains)).draw()
    assert_allclose(linalg.solve(a, b), np.linalg.inv(a) @ b, rtol=1e-10, atol=1e-12)
    by_solve = gradient(lambda s, t: (linalg.solve(s, t) ** 2).sum(), a, b)
    by_inverse = gradient(lambda s, t: ((linalg.inv(s) @ t) ** 2).sum(), a, b)
    assert_allclose(by_solve, by_inverse, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("left", "right"), LEAST_SQUARES)
def test_least_squares_is_numpys(left: Any, right: Any) -> None:
    a, b = Sample((left, right), {}, (REGULAR, *Sample(((),)).domains)).draw()
    for ours, theirs in zip(np.linalg.lstsq(a, Tensor(b)), np.linalg.lstsq(a, b), strict=True):
        assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def test_least_squares_in_batches_and_without_full_rank() -> None:
    a, b = regular(4, 3, 2), sample((4, 3, 2))
    x, residuals, rank, s = linalg.lstsq(a, b)
    each = [np.linalg.lstsq(m, n) for m, n in zip(a, b, strict=True)]
    for ours, theirs in zip((x, residuals, rank, s), zip(*each, strict=True), strict=True):
        assert_allclose(ours, np.stack(theirs), rtol=1e-10)
    assert_allclose(linalg.lstsq(a, b[0, :, 0])[0][1], np.linalg.lstsq(a[1], b[0, :, 0])[0], rtol=1e-10)

    flat = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    x, residuals, rank, _ = linalg.lstsq(flat, b[0])
    expected = np.linalg.lstsq(flat, b[0])
    assert_allclose(x, expected[0], rtol=1e-10)
    assert int(rank) == expected[2] == 1
    assert residuals.shape == (2,)  # NumPy leaves them out here


def test_the_gradient_of_pinv_among_matrices_of_one_rank() -> None:
    """pinv of u vᵀ is v uᵀ / (|u|² |v|²): its gradient by u and v must come out through the outer product."""
    u, v, weights = sample(3), sample(2, seed=1), sample((2, 3), seed=2)
    through = gradient(lambda s, t: (linalg.pinv(outer(s, t)) * weights).sum(), u, v)
    direct = gradient(lambda s, t: (outer(t, s) / ((s**2).sum() * (t**2).sum()) * weights).sum(), u, v)
    assert_allclose(through, direct, rtol=1e-8)


# --- the words --------------------------------------------------------------------------------------------

FUNCTIONS = {
    **{name: getattr(np.linalg, name) for name in ("inv", "solve", "det", "pinv", "svdvals", "cholesky")},
    **{name: getattr(np, name) for name in ("sign", "log", "abs", "sqrt", "sum")},
    "cofactor": lambda x: np.linalg.det(x) * np.linalg.inv(x).T,
}
EVALUATED = [
    *(
        "inv",
        "solve",
        "det",
        "det_sign",
        "logabsdet",
        "pinv",
        "svdvals",
        "cofactor",
        "quotient",
        "euclidean_norm",
    ),
]


@pytest.mark.parametrize("name", EVALUATED)
def test_formulas_and_local_derivatives_are_true(name: str) -> None:
    operation: Operation = registry[name]
    xs = [regular(3, 3, seed=k) for k in range(operation.arity)]
    y = operation.forward(*xs)
    g = np.random.default_rng(1).standard_normal(np.shape(y))
    names = {**dict(zip(operation.data_names, xs, strict=True)), "y": y, "g": g}
    assert_allclose(eval(operation.formula, {**FUNCTIONS}, names), y, rtol=1e-10)
    if name in ("svdvals", "cofactor"):  # their derivatives are told in words
        return
    for formula, vjp in zip(operation.local, operation.vjps, strict=True):
        told = eval(formula, {**FUNCTIONS}, names)
        expected = vjp(g, y, *xs)
        assert_allclose(told if "g" in formula.replace("log", "") else g * told, expected, atol=1e-10)


def test_the_namespace_names_what_it_holds() -> None:
    for name in linalg.__all__:
        assert getattr(linalg, name).__doc__, name
        assert hasattr(np.linalg, name), name
