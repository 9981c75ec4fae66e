"""Convolution and pooling: by hand, as transposes of each other, at ties and edges, and what is refused."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from microtensor.core import Tensor, registry
from microtensor.core.autograd import grad
from microtensor.nn import functional as F  # noqa: N812 - the field's name
from microtensor.testing import check_grads, sample, samples

IMAGE = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)  # 1 2 3 / 4 5 6 / 7 8 9


def table(y: Any) -> Any:
    """The only channel of the only image."""
    return y.numpy()[0, :, :, 0].tolist()


def test_a_convolution_by_hand() -> None:
    kernel = np.array([[1.0, 0.0], [0.0, -1.0]]).reshape(2, 2, 1, 1)  # not flipped: 1 − 5, 2 − 6, ...
    assert table(F.conv2d(IMAGE, kernel)) == [[-4, -4], [-4, -4]]
    assert table(F.conv2d(IMAGE, kernel, padding="same")) == [[-4, -4, 3], [-4, -4, 6], [7, 8, 9]]
    assert table(F.conv2d(IMAGE, kernel, strides=2)) == [[-4]]
    assert table(F.conv2d(IMAGE, kernel, strides=2, padding="same")) == [[-4, 3], [7, 9]]


def test_pooling_by_hand() -> None:
    assert table(F.max_pool2d(IMAGE)) == [[5]]
    assert table(F.max_pool2d(IMAGE, strides=1)) == [[5, 6], [8, 9]]
    assert table(F.max_pool2d(-IMAGE, padding="same")) == [[-1, -3], [-7, -9]]  # a padding of 0 would win
    assert table(F.avg_pool2d(IMAGE)) == [[3]]
    assert table(F.avg_pool2d(IMAGE, padding="same")) == [[3, 4.5], [7.5, 9]]  # of 4, 2, 2 and 1 numbers


def test_a_sequence_by_hand() -> None:
    x, kernel = np.array([1.0, 2.0, 4.0, 8.0]).reshape(1, 4, 1), np.array([1.0, 10.0]).reshape(2, 1, 1)
    for padding, expected in (
        ("valid", [21, 42, 84]),
        ("same", [21, 42, 84, 8]),
        ("causal", [10, 21, 42, 84]),
    ):
        assert F.conv1d(x, kernel, padding=padding).numpy().ravel().tolist() == expected
    assert F.conv1d(x, kernel, strides=2).numpy().ravel().tolist() == [21, 84]


@pytest.mark.parametrize(("n", "k", "s"), [*itertools.product(range(1, 8), range(1, 5), range(1, 4))])
def test_same_padding_gives_as_many_windows_as_strides_fit(n: int, k: int, s: int) -> None:
    x = np.ones((1, n, n + 1, 1))
    y = F.windows2d(x, size=k, strides=s, padding="same")
    assert y.shape[1:3] == (-(-n // s), -(-(n + 1) // s))
    # Every window has at least one element of the image, the margin is split evenly, the odd one at the end.
    there = y.numpy()[0, :, 0, :, :, 0].max(axis=2)
    assert there.any(axis=1).all()
    total = max((-(-n // s) - 1) * s + k - n, 0)
    assert there[0].argmax() == total // 2


@pytest.mark.parametrize("case", range(len(samples["windows2d"])))
def test_windows_and_fold_are_transposes(case: int) -> None:
    chosen = samples["windows2d"][case]
    params = {key: value for key, value in chosen.params.items() if key not in ("fill", "size")}
    x = chosen.draw()[0]
    patches = F.windows2d(x, size=chosen.params.get("size", 2), **params).numpy()
    other = np.random.default_rng(0).standard_normal(patches.shape)
    folded = F.fold2d(other, shape=x.shape[1:3], **params).numpy()
    assert folded.shape == x.shape
    assert_allclose(np.sum(patches * other), np.sum(x * folded), atol=1e-12)


def test_derivatives_of_third_order() -> None:
    check_grads(lambda x: F.windows2d(x, size=2, padding="same") ** 3, sample((1, 3, 2, 1)), order=3)
    check_grads(lambda x: F.fold2d(x, shape=(2, 3)) ** 3, sample((1, 1, 2, 2, 2, 1)), order=3)
    check_grads(
        lambda x, k: F.tanh(F.conv2d(x, k, padding="same")),
        sample((1, 2, 2, 1)),
        sample((2, 2, 1, 1)),
        order=3,
    )


def test_a_whole_little_network_to_second_order() -> None:
    def network(x: Any, first: Any, second: Any) -> Any:
        hidden = F.max_pool2d(F.softplus(F.conv2d(x, first, padding="same")), padding="same")
        return F.avg_pool2d(F.conv2d(hidden, second), pool_size=(1, 2))

    check_grads(network, sample((2, 3, 4, 1)), sample((2, 2, 1, 2), seed=1), sample((1, 1, 2, 2), seed=2))


def test_a_window_of_the_whole_image_is_a_matrix_product() -> None:
    x, kernel = sample((3, 2, 4, 2)), sample((2, 4, 2, 5), seed=1)
    assert_allclose(F.conv2d(x, kernel).numpy()[:, 0, 0], x.reshape(3, -1) @ kernel.reshape(-1, 5))
    pointwise = sample((1, 1, 2, 5), seed=1)
    assert_allclose(F.conv2d(x, pointwise).numpy(), x @ pointwise[0, 0])


def test_shifting_the_image_shifts_the_result() -> None:
    x, kernel = sample((1, 6, 6, 1)), sample((3, 3, 1, 2), seed=1)
    y, shifted = F.conv2d(x, kernel).numpy(), F.conv2d(np.roll(x, 1, axis=2), kernel).numpy()
    assert_allclose(shifted[:, :, 1:], y[:, :, :-1])


def test_a_causal_convolution_does_not_look_ahead() -> None:
    x = Tensor(sample((1, 6, 2)), requires_grad=True)
    y = F.conv1d(x, sample((3, 2, 2), seed=1), padding="causal")
    assert y.shape == (1, 6, 2)
    for k in range(6):
        g = grad(y[0, k].sum(), x).numpy()
        assert not g[0, k + 1 :].any()
        assert g[0, k].any()


def test_elements_that_tie_share_the_gradient_of_a_maximum() -> None:
    x = Tensor(np.ones((1, 2, 2, 1)), requires_grad=True)
    assert_array_equal(grad(F.max_pool2d(x).sum(), x).numpy(), np.full((1, 2, 2, 1), 0.25))
    x = Tensor(np.zeros((1, 3, 3, 1)), requires_grad=True)  # ties with each other, not with the padding
    assert_array_equal(
        grad(F.max_pool2d(x, padding="same").sum(), x).numpy()[0, :, :, 0],
        [[0.25, 0.25, 0.5], [0.25, 0.25, 0.5], [0.5, 0.5, 1]],
    )


def test_windows_that_overlap_add_their_gradients() -> None:
    x = Tensor(IMAGE, requires_grad=True)
    g = grad(F.windows2d(x, size=2).sum(), x).numpy()
    assert g[0, :, :, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_nan_shows() -> None:
    x = IMAGE.copy()
    x[0, 0, 0, 0] = np.nan
    assert np.isnan(table(F.max_pool2d(x, strides=1))[0][0])
    assert np.isnan(table(F.avg_pool2d(x, strides=1))[0][0])
    assert np.isnan(table(F.conv2d(x, np.ones((2, 2, 1, 1))))[0][0])


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_float32_stays_float32(padding: str) -> None:
    x = Tensor(IMAGE.astype(np.float32), requires_grad=True)
    kernel = Tensor(np.ones((2, 2, 1, 1), np.float32), requires_grad=True)
    for y in (
        F.conv2d(x, kernel, padding=padding),
        F.max_pool2d(x, padding=padding),
        F.avg_pool2d(x, padding=padding),
    ):
        assert y.dtype == np.float32
        assert grad(y.sum(), x).dtype == np.float32


def test_integers_are_pooled_as_integers() -> None:
    x = -IMAGE.astype(np.int32)
    y = F.max_pool2d(x, padding="same")
    assert y.dtype == np.int32
    assert table(y) == [[-1, -3], [-7, -9]]


def test_the_windows_are_a_view() -> None:
    x = Tensor(sample((2, 8, 8, 3)))
    assert np.shares_memory(F.windows2d(x, size=3).numpy(), x.numpy())


def test_a_kernel_is_learnt_from_what_it_made() -> None:
    rng = np.random.default_rng(0)
    images, edge = rng.standard_normal((8, 6, 6, 1)), np.array([[1.0, -1.0], [1.0, -1.0]]).reshape(2, 2, 1, 1)
    target, kernel = F.conv2d(images, edge), Tensor(np.zeros((2, 2, 1, 1)), requires_grad=True)
    for _ in range(60):
        g = grad(F.mse(F.conv2d(images, kernel), target), kernel)
        kernel.assign(kernel.detach() - 0.3 * g)
    assert_allclose(kernel.numpy(), edge, atol=1e-6)


REFUSED = [
    (
        lambda: F.conv2d(np.ones((3, 3, 1)), np.ones((2, 2, 1, 1))),
        r"conv2d takes images .* got shape \(3, 3, 1\)",
    ),
    (
        lambda: F.conv2d(IMAGE, np.ones((2, 2, 3, 1))),
        r"kernel \(height, width, 1, filters\); got shape \(2, 2, 3",
    ),
    (lambda: F.conv2d(IMAGE, np.ones((2, 2, 1))), r"takes a kernel .* got shape \(2, 2, 1\)"),
    (lambda: F.conv2d(IMAGE, np.ones((4, 2, 1, 1))), "window of 4 by 2 does not fit into an image of 3 by 3"),
    (lambda: F.conv2d(IMAGE, np.ones((2, 2, 1, 1)), strides=0), "strides is a positive whole number"),
    (lambda: F.conv2d(IMAGE, np.ones((2, 2, 1, 1)), strides=(1, 2, 3)), "strides is a positive whole number"),
    (
        lambda: F.conv2d(IMAGE, np.ones((2, 2, 1, 1)), padding="full"),
        "padding is 'valid', 'same' or .*'full'",
    ),
    (lambda: F.conv2d(IMAGE, np.ones((2, 2, 1, 1)), padding=((1, 1), (-1, 1))), "padding is 'valid', 'same'"),
    (lambda: F.conv1d(IMAGE, np.ones((2, 1, 1))), "conv1d takes sequences"),
    (lambda: F.conv1d(IMAGE[0], np.ones((2, 2, 1))), "conv1d takes sequences"),
    (lambda: F.max_pool2d(IMAGE[0]), "max_pool2d takes images"),
    (lambda: F.max_pool2d(IMAGE, pool_size=1.5), r"pool_size is a positive whole number .* got 1\.5"),
    (lambda: F.max_pool2d(IMAGE, pool_size=4), "window of 4 by 4 does not fit"),
    (lambda: F.avg_pool2d(IMAGE[0]), "avg_pool2d takes images"),
    (lambda: F.windows2d(IMAGE[0]), "windows2d of .* an image has the shape"),
    (lambda: F.windows2d(IMAGE, size=True), "size is a positive whole number"),
    (lambda: F.fold2d(IMAGE), "fold2d of .* patches have the shape"),
    (
        lambda: F.fold2d(np.ones((1, 3, 2, 2, 2, 1)), shape=(3, 3)),
        "an image of 3 by 3 has 2 by 2 such patches",
    ),
]


@pytest.mark.parametrize(("call", "words"), REFUSED)
def test_what_cannot_be_is_refused_in_words(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_the_two_primitives_are_all_that_is_needed() -> None:
    assert {"windows2d", "fold2d"} <= set(registry)
    assert not {"conv2d", "conv1d", "max_pool2d", "avg_pool2d"} & set(registry)
