"""Merging layers: several tensors become one."""

import json
from functools import partial, reduce

import numpy as np
import pytest

from microtensor import Tensor, keras
from microtensor.keras import layers as L  # noqa: N812
from microtensor.testing import check_grads

from .layer_cases import numbers

A, B, C = (numbers((2, 4, 5), seed) for seed in range(3))

EACH = {  # the layer, its function, and what NumPy makes of the same arrays
    "add": (L.Add, L.add, np.add),
    "multiply": (L.Multiply, L.multiply, np.multiply),
    "maximum": (L.Maximum, L.maximum, np.maximum),
    "minimum": (L.Minimum, L.minimum, np.minimum),
}


def cases():
    for name, (kind, function, ufunc) in EACH.items():
        yield pytest.param(kind, function, lambda *xs, f=ufunc: reduce(f, xs), 3, id=name)
    yield pytest.param(L.Subtract, L.subtract, np.subtract, 2, id="subtract")
    yield pytest.param(L.Average, L.average, lambda *xs: sum(xs) / len(xs), 3, id="average")
    yield pytest.param(L.Concatenate, L.concatenate, lambda *xs: np.concatenate(xs, -1), 3, id="concatenate")
    yield pytest.param(
        partial(L.Concatenate, axis=1),
        partial(L.concatenate, axis=1),
        lambda *xs: np.concatenate(xs, 1),
        2,
        id="concatenate in the middle",
    )
    yield pytest.param(
        partial(L.Dot, axes=-1), L.dot, lambda a, b: np.einsum("bik,bjk->bij", a, b), 2, id="dot"
    )


@pytest.mark.parametrize(("kind", "function", "by_numpy", "number"), [*cases()])
def test_value_gradient_shape_and_config(kind, function, by_numpy, number):
    xs = [A, B, C][:number]
    layer = kind()
    expected = by_numpy(*xs)
    for y in (layer(xs), layer(tuple(xs)), function(xs), layer([Tensor(x) for x in xs])):
        np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)
        assert y.dtype == np.float32
    promises = [keras.Input(x.shape[1:]) for x in xs]
    assert layer.compute_output_shape([p.shape for p in promises]) == (None, *expected.shape[1:])
    assert kind()(promises).shape == (None, *expected.shape[1:])
    exact = kind(dtype="float64")
    check_grads(lambda *xs: (exact(list(xs)) ** 2).sum(), *[x.astype("float64") for x in xs])
    assert layer.weights == []
    assert layer.built
    again = L.deserialize(json.loads(json.dumps(L.serialize(layer))))
    np.testing.assert_array_equal(again(xs), layer(xs))


@pytest.mark.parametrize(("kind", "function", "by_numpy", "number"), [*cases()])
def test_masks(kind, function, by_numpy, number):
    layer, xs = kind(), [A, B]
    assert layer.compute_mask(xs, [None, None]) is None
    assert layer.compute_mask(xs, None) is None
    if isinstance(layer, L.Dot):
        return
    some = np.array([[True, False, True, True], [True, True, False, True]])
    every = np.ones((2, 4), bool)
    assert np.all(layer.compute_mask(xs, [every, every]))
    with pytest.raises(ValueError, match="`mask` should be a list"):
        layer.compute_mask(xs, some)
    with pytest.raises(ValueError, match="`inputs` should be a list"):
        layer.compute_mask(A, [None, None])
    with pytest.raises(ValueError, match=" should have the same length"):
        layer.compute_mask(xs, [None])


def test_masks_of_what_is_side_by_side_are_side_by_side():
    some = np.array([[False, True, False, True]] * 2)
    mask = L.Concatenate(axis=1).compute_mask([A, B], [some, None])
    np.testing.assert_array_equal(mask, [[0, 1, 0, 1, 1, 1, 1, 1]] * 2)
    np.testing.assert_array_equal(L.Concatenate(axis=2).compute_mask([A, B], [some, None]), np.ones((2, 4)))
    both = L.Add().compute_mask([A, B], [some, ~some])
    assert np.all(both)
    assert L.Add().compute_mask([A, B], [some, None]) is None


def test_lower_ranks_get_axes_behind_the_batch_s():
    y = L.Add()([np.ones((4, 5)), np.ones((4, 3, 5)), np.ones((4, 1, 1))])
    np.testing.assert_array_equal(y, np.full((4, 3, 5), 3))
    assert L.Add().compute_output_shape([(None, 5), (4, 3, 5), (None, None, 1)]) == (4, None, 5)


def test_whole_numbers_stay_whole():
    whole = np.array([[1, 2]])
    assert L.Add()([whole, whole]).dtype.kind == "i"
    np.testing.assert_array_equal(L.Average()([whole, whole + 1]), [[1.5, 2.5]])


def test_one_input_is_merged_with_nothing():
    np.testing.assert_array_equal(L.Add()([A]), A)
    np.testing.assert_array_equal(L.Concatenate()([A]), A)


@pytest.mark.parametrize(
    ("axes", "shapes", "formula"),
    [
        (1, [(3, 4), (3, 4)], "bk,bk->b"),
        ((1, 2), [(3, 5, 4), (3, 2, 5)], "bki,bjk->bij"),
        ((-2, -1), [(1, 3, 2), (1, 1, 2, 3)], "bki,bmjk->bimj"),
        ([2, 1], [(3, 5, 4), (3, 4)], "bik,bk->bi"),
    ],
)
def test_dot_sums_over_one_axis_of_each(axes, shapes, formula):
    xs = [numbers(shape, k) for k, shape in enumerate(shapes)]
    expected = np.einsum(formula, *xs)
    expected = expected[:, None] if expected.ndim == 1 else expected
    layer = L.Dot(axes)
    np.testing.assert_allclose(layer(xs), expected, rtol=1e-5, atol=1e-6)
    assert layer.compute_output_shape(shapes) == expected.shape


def test_the_cosine_of_a_vector_with_itself_is_1_and_of_zero_0():
    x = np.array([[3.0, 4.0], [0.0, 0.0]], "float32")
    np.testing.assert_allclose(L.Dot(1, normalize=True)([x, x]), [[1], [0]], rtol=1e-6)
    t = Tensor(x, requires_grad=True)
    L.Dot(1, normalize=True)([t, t]).sum().backward()
    assert np.isfinite(t.grad).all()


def test_maximum_of_two_dense_layers_is_a_maxout_that_learns():
    class Maxout(keras.Model):
        def __init__(self):
            super().__init__()
            self.left, self.right = L.Dense(1), L.Dense(1)

        def call(self, x):
            return L.maximum([self.left(x), self.right(x)])

    x = numbers((32, 1), 9)
    model = Maxout()
    model.compile(keras.optimizers.Adam(0.05), "mse")
    history = model.fit(x, np.abs(x), epochs=60, verbose=0).history["loss"]
    assert history[-1] < history[0] / 10


ONES = np.ones((2, 3))
WRONG = {
    "one tensor": (lambda: L.Add()(ONES), "should be called on a list of inputs"),
    "one tensor to concatenate": (lambda: L.Concatenate()(ONES), "list of inputs"),
    "shapes that do not fit": (lambda: L.Multiply()([ONES, np.ones((2, 4))]), "incompatible shapes"),
    "other batches": (lambda: L.Add()([ONES, np.ones((3, 3))]), "different batch sizes"),
    "promises that do not fit": (
        lambda: L.Average()([keras.Input((3,)), keras.Input((4,))]),
        "incompatible shapes",
    ),
    "three to subtract": (lambda: L.Subtract()([ONES] * 3), "layer should be called on exactly 2 inputs"),
    "one to subtract": (lambda: L.Subtract()([ONES]), "layer should be called on exactly 2 inputs"),
    "three to multiply by": (lambda: L.Dot(1)([ONES] * 3), "on exactly 2 inputs"),
    "concatenate other heights": (
        lambda: L.Concatenate()([np.ones((1, 2, 5)), np.ones((1, 1, 4))]),
        "requires inputs with matching shapes except for the concatenation axis",
    ),
    "concatenate other ranks": (lambda: L.Concatenate()([ONES, np.ones((2, 3, 1))]), "matching shapes"),
    "concatenate along no axis": (lambda: L.Concatenate(axis=3)([ONES, ONES]), "out of bounds"),
    "axis as text": (lambda: L.Concatenate(axis="1"), "`axis`"),
    "axes as text": (lambda: L.Dot(axes="1"), "Invalid type for argument `axes`"),
    "three axes": (lambda: L.Dot(axes=(1, 2, 3)), "two elements"),
    "half an axis": (lambda: L.Dot(axes=(1, 2.5)), "integers"),
    "the batch's axis": (lambda: L.Dot(axes=0)([ONES, ONES]), "not the batch's"),
    "axes of other sizes": (lambda: L.Dot(axes=1)([ONES, np.ones((2, 4))]), "Incompatible input shapes"),
    "dot of other batches": (lambda: L.Dot(axes=1)([ONES, np.ones((4, 3))]), "different batch sizes"),
    "an axis too many": (lambda: L.Dot(axes=2)([ONES, ONES]), "axes=2"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_a_layer_cannot_merge_is_said(case):
    call, words = WRONG[case]
    with pytest.raises((ValueError, TypeError), match=words):
        call()
