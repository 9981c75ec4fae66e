"""Normalizing layers: BatchNormalization and its like, and Normalization, which adapts to data."""

import json
from functools import partial

import numpy as np
import pytest

from microtensor import Tensor, keras
from microtensor.keras import layers as L  # noqa: N812
from microtensor.testing import check_grads

from .layer_cases import numbers

X = numbers((4, 3, 2), 0)

EACH = [
    L.BatchNormalization,
    partial(L.BatchNormalization, axis=1, scale=False, beta_regularizer="l2", gamma_constraint="non_neg"),
    L.LayerNormalization,
    partial(L.LayerNormalization, axis=(-2, -1), center=False, gamma_regularizer="l1"),
    partial(L.GroupNormalization, 2),
    partial(L.GroupNormalization, -1, axis=1, beta_constraint="non_neg"),
    L.RMSNormalization,
    partial(L.RMSNormalization, axis=[1, 2]),
    partial(L.UnitNormalization, axis=(1, 2)),
    L.Normalization,
    partial(L.Normalization, axis=None),
    partial(L.Normalization, mean=[1.0, 2.0], variance=np.array([1.0, 4.0]), invert=True),
]
IDS = [getattr(make, "func", make).__name__ for make in EACH]


def close(mine, theirs, **kwargs):
    np.testing.assert_allclose(np.asarray(mine), np.asarray(theirs), rtol=2e-5, atol=2e-6, **kwargs)


# --- what holds for each
# -------------------------------------------------------------------------------


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_the_shape_stays_for_tensors_and_for_promises(make):
    layer = make()
    assert layer(X).shape == X.shape
    assert layer(X).dtype == np.float32
    assert layer.compute_output_shape((None, 3, 2)) == (None, 3, 2)
    assert make()(keras.Input((3, 2))).shape == (None, 3, 2)
    assert layer.supports_masking
    assert layer.built


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_a_layer_is_made_again_from_plain_values(make):
    layer = make()
    layer(X)
    again = L.deserialize(json.loads(json.dumps(L.serialize(layer))))
    assert json.dumps(again.get_config()) == json.dumps(layer.get_config())
    again(X)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(X), layer(X))


@pytest.mark.parametrize("make", EACH, ids=IDS)
@pytest.mark.parametrize("training", [True, False])
def test_gradients_are_those_of_the_formula(make, training):
    layer = make(dtype="float64")
    layer(X)
    seed = numbers(X.shape, 3)
    options = {"training": training} if isinstance(layer, L.BatchNormalization) else {}
    check_grads(lambda x: (layer(x, **options) * seed).sum(), X.astype("float64"))


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_half_precision_computes_in_more(make):
    layer = make(dtype="float16")
    big = np.full((4, 3, 2), 300.0, "float16")  # 300² is no float16
    y = layer(big, training=True) if isinstance(layer, L.BatchNormalization) else layer(big)
    assert y.dtype == np.float16
    assert np.isfinite(y.numpy()).all()


@pytest.mark.parametrize("make", EACH[:8], ids=IDS[:8])
def test_a_model_with_it_learns(make):
    model = keras.Sequential([keras.Input((3, 2)), make(), L.Flatten(), L.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(X, X[:, 0, :1], epochs=5, verbose=0).history["loss"]
    assert history[-1] < history[0]


# --- BatchNormalization
# --------------------------------------------------------------------------------


def test_the_batch_s_mean_and_variance_become_0_and_1_and_are_remembered():
    layer, x = L.BatchNormalization(momentum=0), numbers((50, 4, 3), 1) * 10 + 5
    y = layer(x, training=True).numpy()
    np.testing.assert_allclose(y.mean((0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(y.std((0, 1)), 1, atol=1e-3)
    close(layer.moving_mean, x.mean((0, 1)))
    close(layer.moving_variance, x.var((0, 1)))
    close(layer(x, training=False), y)
    assert [w.trainable for w in layer.weights] == [True, True, False, False]


def test_a_layer_that_is_not_trained_stands_still():
    layer, x = L.BatchNormalization(epsilon=1e-7), numbers((20, 3), 2)
    layer.build((None, 3))
    layer.trainable = False
    close(layer(x, training=True), x)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))
    assert len(layer.trainable_weights) == 0
    layer.trainable = True
    layer(x, training=True)
    assert layer.moving_mean.numpy().any()
    assert len(layer.trainable_weights) == 2


def test_fit_trains_with_the_batch_and_predict_uses_what_was_remembered():
    model = keras.Sequential([keras.Input((3,)), L.BatchNormalization(momentum=0.5)])
    model.compile("sgd", "mse")
    x, layer = numbers((8, 3), 3), model.layers[0]
    before = model.predict(x, verbose=0)
    close(before, x / np.sqrt(1.001))
    model.evaluate(x, x, verbose=0)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))
    model.fit(x, x, batch_size=8, epochs=1, verbose=0)
    close(layer.moving_mean, x.mean(0) / 2)


def test_one_sample_s_answer_does_not_depend_on_its_neighbours_in_use():
    layer, x = L.BatchNormalization(), numbers((8, 3), 4)
    layer(x, training=True)
    close(layer(x)[:2], layer(x[:2]))


@pytest.mark.parametrize("mask_value", [0.0, 0.1, 1])
def test_masked_steps_do_not_count(mask_value):
    fill = [mask_value, mask_value]
    x = np.array([[[1, 5], [2, 5], fill, fill]] * 10, "float32")
    model = keras.Sequential([keras.Input((4, 2)), L.Masking(mask_value), L.BatchNormalization(momentum=0.0)])
    model.compile("rmsprop", "mse")
    model.fit(x, x, batch_size=10, epochs=2, verbose=0)
    np.testing.assert_allclose(model.layers[1].moving_mean, [1.5, 5.0], rtol=1e-5)
    np.testing.assert_allclose(model.layers[1].moving_variance, [0.25, 0.0], atol=1e-5)


def test_a_mask_that_hides_all_and_one_that_is_broadcast():
    layer = L.BatchNormalization(scale=False, center=False)
    np.testing.assert_array_equal(
        layer(np.zeros((4, 5)), mask=np.zeros(4, "float32"), training=True), np.zeros((4, 5))
    )
    layer = L.BatchNormalization(momentum=0.0)
    y = layer(np.ones((1, 2, 3, 4)), mask=np.ones((1, 2, 1)), training=True)
    np.testing.assert_allclose(y, np.zeros((1, 2, 3, 4)), atol=1e-5)
    np.testing.assert_allclose(layer.moving_mean, np.ones(4), rtol=1e-5)


# --- the others
# ----------------------------------------------------------------------------------------


def test_the_order_of_axes_does_not_matter():
    for kind in (L.LayerNormalization, L.RMSNormalization):
        close(kind(axis=[-1, -2])(X), kind(axis=[-2, -1])(X))
        close(kind(axis=[2, 1])(X), kind(axis=[1, -1])(X))


def test_no_rows_stay_no_rows():
    assert L.LayerNormalization()(np.ones((1, 0, 10))).shape == (1, 0, 10)


def test_an_older_keras_rms_scaling_is_warned_of():
    with pytest.warns(UserWarning, match="RMSNormalization"):
        layer = L.LayerNormalization(rms_scaling=True)
    x = np.arange(5.0, dtype="float32")[None]
    close(layer(x), x / np.sqrt(x.var() + 1e-3))
    assert len(layer.weights) == 1


def test_zero_has_no_direction_and_a_gradient_that_is_finite():
    x = Tensor(np.zeros((1, 2), "float32"), requires_grad=True)
    L.UnitNormalization()(x).sum().backward()
    assert np.isfinite(x.grad).all()
    np.testing.assert_array_equal(L.UnitNormalization()(x), [[0, 0]])
    assert L.UnitNormalization().built


# --- Normalization
# -------------------------------------------------------------------------------------


def batches(x, size=8):
    return [x[k : k + size] for k in range(0, len(x), size)]


class Rows(keras.utils.PyDataset):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def __len__(self):
        return len(self.parts)

    def __getitem__(self, k):
        return self.parts[k], np.zeros(3)


WAYS = {
    "an array": lambda x: x,
    "a tensor": Tensor,
    "a list of batches": batches,
    "an iterator": lambda x: iter(batches(x)),
    "a generator": lambda x: (part for part in batches(x, 5)),
    "pairs": lambda x: [(part, np.zeros(8)) for part in batches(x)],
    "a PyDataset": lambda x: Rows(batches(x)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("axis", [-1, (1, 2), None])
def test_adapted_data_have_mean_0_and_variance_1(way, axis):
    x = numbers((31, 4, 3, 5), 5) * 3 + 2
    layer = L.Normalization(axis=axis)
    layer.adapt(WAYS[way](x))
    others = {-1: (0, 1, 2), (1, 2): (0, 3), None: None}[axis]
    y = layer(x).numpy().astype("float64")
    np.testing.assert_allclose(y.mean(others), 0, atol=1e-5)
    np.testing.assert_allclose(y.var(others), 1, atol=1e-5)
    assert layer.built
    assert [w.path.rsplit("/", 1)[-1] for w in layer.weights] == ["mean", "variance", "count"]
    assert layer.trainable_weights == []


@pytest.mark.parametrize(
    ("axis", "mean", "shape", "across"),
    [
        (2, np.arange(1, 6), (2, 4, 5, 3), (1, 1, 5, 1)),
        ((1, 2), np.zeros((10, 13)), (None, 10, 13, 3), (1, 10, 13, 1)),
        ((1, 2), np.arange(5), (2, 7, 5, 3), (1, 7, 5, 1)),
        (-1, 5.0, (3, 7), (1, 7)),
    ],
)
def test_a_given_mean_lies_along_the_last_of_the_axes(axis, mean, shape, across):
    layer = L.Normalization(axis=axis, mean=mean, variance=np.ones(np.shape(mean)))
    assert layer.mean is None
    layer.build(shape)
    assert layer.mean.shape == layer.variance.shape == across
    close(
        layer.mean[0, ..., -1, 0] if len(shape) == 4 and across[-1] == 1 else layer.mean[0, 0],
        np.ravel(mean)[-1],
    )
    assert layer.weights == []


def test_inverted_it_brings_numbers_back():
    x = numbers((9, 3), 6)
    there, back = L.Normalization(), L.Normalization(invert=True)
    there.adapt(x)
    back.adapt(x)
    close(back(there(x)), x)


def test_weights_that_are_set_are_used_at_once():
    layer = L.Normalization()
    layer.build((None, 2))
    layer.set_weights([np.array([1.0, 2.0]), np.array([4.0, 9.0]), np.array(7)])
    layer.finalize_state()
    close(layer(np.array([[3.0, 8.0]])), [[1.0, 2.0]])


def test_adapting_again_forgets_and_a_refused_one_changes_nothing():
    layer, x = L.Normalization(), numbers((8, 3), 7)
    layer.adapt(x + 100)
    layer.adapt(x)
    known = layer.get_weights()
    for wrong in ([x, np.ones((8, 2))], np.ones((8, 2)), [], ["a"], np.ones((0, 3)), [[1, 2, 3]], 5, "abc"):
        with pytest.raises((ValueError, TypeError)):
            layer.adapt(wrong)
        for now, before in zip(layer.get_weights(), known, strict=True):
            np.testing.assert_array_equal(now, before)
    fresh = L.Normalization()
    with pytest.raises(ValueError, match="incompatible shape"):
        fresh.adapt([x, np.ones((8, 2))])
    assert not fresh.built


# --- batch renormalization and spectral normalization
# -------------------------------------------------------------------------------------------


def renormalizing(**kwargs):
    layer = L.BatchNormalization(renorm=True, renorm_momentum=0.8, momentum=0.9, **kwargs)
    layer.build((None, 3))
    layer.renorm_mean.assign([0.0, 1.0, 2.0])
    layer.renorm_stddev.assign([1.0, 2.0, 4.0])
    return layer


@pytest.mark.parametrize("clips", [{}, {"rmax": 1.5, "rmin": 0.9, "dmax": 0.5}])
def test_renorm_corrects_a_batch_to_what_was_seen(clips):
    layer = renormalizing(renorm_clipping=clips)
    x = np.array([[4.0, 6.0, 2.0], [8.0, -2.0, 5.0], [6.0, 4.0, 3.0]], "float32")
    mean, deviation = x.mean(0), np.sqrt(x.var(0) + 1e-3)
    seen_mean, seen = layer.renorm_mean.numpy(), layer.renorm_stddev.numpy()
    r, d = deviation / seen, (mean - seen_mean) / seen
    if clips:
        r, d = np.clip(r, 0.9, 1.5), np.clip(d, -0.5, 0.5)
    y = layer(x, training=True).numpy()
    np.testing.assert_allclose(y, (x - mean) / deviation * r + d, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(layer.renorm_mean, 0.8 * seen_mean + 0.2 * mean, rtol=1e-5)
    np.testing.assert_allclose(layer.renorm_stddev, 0.8 * seen + 0.2 * deviation, rtol=1e-5)
    np.testing.assert_allclose(layer.moving_mean, 0.1 * mean, rtol=1e-5)
    np.testing.assert_allclose(layer.moving_stddev, 0.9 + 0.1 * deviation, rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance, (0.9 + 0.1 * deviation) ** 2 - 1e-3, rtol=1e-5)


def test_renorm_takes_its_correction_as_constant():
    layer, x = renormalizing(), Tensor(np.array([[4.0, 6.0, 2.0], [8.0, -2.0, 5.0]]), requires_grad=True)
    factor = np.sqrt(x.numpy().var(0) + 1e-3) / layer.renorm_stddev.numpy()
    np.sum(layer(x, training=True) * np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]])).backward()
    plain, again = L.BatchNormalization(), Tensor(x.numpy(), requires_grad=True)
    np.sum(plain(again, training=True) * np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]])).backward()
    np.testing.assert_allclose(x.grad.numpy(), again.grad.numpy() * factor, rtol=1e-3, atol=1e-6)


def test_renorm_starts_with_the_root_of_the_variance_and_is_kept_in_a_config():
    layer = L.BatchNormalization(
        renorm=True,
        moving_variance_initializer=keras.initializers.Constant(4.0),
        renorm_clipping={"rmax": 3.0},
    )
    layer.build((None, 5))
    assert len(layer.non_trainable_weights) == 5
    for deviation in (layer.moving_stddev, layer.renorm_stddev):
        np.testing.assert_allclose(deviation, np.full(5, 2.0))
    assert L.BatchNormalization.from_config(layer.get_config()).get_config() == layer.get_config()


def test_spectral_normalization_makes_the_largest_singular_value_one():
    layer = L.SpectralNormalization(keras.layers.Dense(3, name="inner"), power_iterations=100, name="outer")
    x = np.ones((2, 4), "float32")
    unchanged = layer(x).numpy()
    before = layer.layer.kernel.numpy()
    np.testing.assert_allclose(unchanged, x @ before, rtol=1e-6)
    y = layer(x, training=True).numpy()
    largest = np.linalg.svd(before)[1][0]
    np.testing.assert_allclose(layer.layer.kernel, before / largest, rtol=1e-4)
    np.testing.assert_allclose(y, x @ before / largest, rtol=1e-4)
    assert [weight.path.split("/")[-1] for weight in layer.trainable_weights] == ["kernel", "bias"]
    assert [weight.path.split("/")[-1] for weight in layer.non_trainable_weights] == ["vector_u"]
    again = keras.layers.deserialize(keras.layers.serialize(layer))
    assert again.layer.units == 3
    assert again.power_iterations == 100


def test_spectral_normalization_of_an_embedding_and_of_zeros():
    layer = L.SpectralNormalization(L.Embedding(10, 4), power_iterations=50)
    layer(np.arange(10), training=True)
    assert np.linalg.svd(layer.layer.embeddings.numpy())[1][0] == pytest.approx(1.0, rel=1e-3)
    zeros = L.SpectralNormalization(keras.layers.Dense(2, kernel_initializer="zeros"))
    assert zeros(np.ones((1, 2)), training=True).numpy().tolist() == [[0.0, 0.0]]


# --- refused
# -------------------------------------------------------------------------------------------

WRONG = {
    "synchronized": (lambda: L.BatchNormalization(synchronized=True), "synchronized"),
    "renorm by another bound": (
        lambda: L.BatchNormalization(renorm=True, renorm_clipping={"max": 1.0}),
        "Received invalid keys",
    ),
    "renorm between nothing": (
        lambda: L.BatchNormalization(renorm=True, renorm_clipping={"rmax": 0.0, "rmin": 1.0}),
        "rmax should be greater",
    ),
    "renorm shifted backwards": (
        lambda: L.BatchNormalization(renorm=True, renorm_clipping={"dmax": -1.0}),
        "dmax should be non-negative",
    ),
    "no rounds": (lambda: L.SpectralNormalization(keras.layers.Dense(2), 0), "`power_iterations`"),
    "what is no layer": (lambda: L.SpectralNormalization("dense"), "`layer` must be a Layer"),
    "a layer without a kernel": (
        lambda: L.SpectralNormalization(L.ReLU())(np.ones((4, 2))),
        "object has no attribute 'kernel' nor 'embeddings'",
    ),
    "two axes of a batch": (lambda: L.BatchNormalization(axis=[1, 2]), "`axis`"),
    "momentum": (lambda: L.BatchNormalization(momentum=1.5), "`momentum`"),
    "epsilon": (lambda: L.LayerNormalization(epsilon=-1), "`epsilon`"),
    "epsilon as text": (lambda: L.BatchNormalization(epsilon="a"), "`epsilon`"),
    "epsilon NaN": (lambda: L.RMSNormalization(epsilon=float("nan")), "`epsilon`"),
    "axis that is none": (
        lambda: L.LayerNormalization(axis={"axis": -1}),
        "int or a list/tuple of ints .*'axis'",
    ),
    "unit axis": (lambda: L.UnitNormalization(axis={"axis": -1}), "Invalid value for `axis` argument"),
    "group axis": (lambda: L.GroupNormalization(axis=(1, 2)), "`axis`"),
    "normalization axis": (lambda: L.Normalization(axis="a"), "`axis`"),
    "axis that is not there": (lambda: L.LayerNormalization(axis=3)(X), "out of bounds"),
    "batch axis that is not there": (lambda: L.BatchNormalization(axis=-4)(X), "out of bounds"),
    "an open axis": (
        lambda: L.GroupNormalization()(keras.Input((2, None))),
        "should have a defined dimension",
    ),
    "an open feature axis": (lambda: L.BatchNormalization().build((None, None)), "defined dimension"),
    "groups": (
        lambda: L.GroupNormalization(5)(np.ones((2, 4))),
        "cannot be more than the number of channels",
    ),
    "groups that do not divide": (
        lambda: L.GroupNormalization(3)(np.ones((2, 4))),
        "must be a multiple of the number of channels",
    ),
    "another width": (lambda: built(L.BatchNormalization()), "axis -1"),
    "several tensors": (lambda: L.LayerNormalization()([X, X]), "takes one tensor"),
    "mask": (lambda: L.BatchNormalization()(X, mask=np.ones(4)), "mask"),
    "mean alone": (lambda: L.Normalization(mean=0.5), "both `mean` and `variance` must be set"),
    "variance alone": (lambda: L.Normalization(variance=0.5), "both `mean` and `variance` must be set"),
    "mean as text": (lambda: L.Normalization(mean="a", variance="b"), "numbers"),
    "other shapes": (lambda: L.Normalization(mean=[1.0], variance=1.0), "same shape"),
    "too many axes": (lambda: L.Normalization(mean=[[1.0]], variance=[[1.0]]), "rank of `mean`"),
    "negative variance": (lambda: L.Normalization(mean=1.0, variance=-1.0), "`variance`"),
    "mean that does not fit": (lambda: L.Normalization(mean=[1.0, 2, 3], variance=[1.0] * 3)(X), "`mean`"),
    "axis too high": (
        lambda: L.Normalization(axis=3).build((2, 2)),
        "All `axis` values must be in the range",
    ),
    "axis too low": (
        lambda: L.Normalization(axis=-4).build((2, 3, 4)),
        "All `axis` values must be in the range",
    ),
    "axis unknown": (lambda: L.Normalization(axis=1).build((None, None)), "All `axis` values to be kept"),
    "adapted to another width": (lambda: built(L.Normalization()), "got shape"),
    "given and adapted": (lambda: L.Normalization(mean=1.0, variance=1.0).adapt(X), "was given its mean"),
    "nothing": (lambda: L.Normalization().adapt([]), "empty iterable"),
    "no batches": (lambda: L.Normalization().adapt(iter(())), "empty iterable"),
    "no arrays": (lambda: L.Normalization().adapt(iter([42])), "`.shape`"),
}


def built(layer):
    layer(np.ones((2, 3)))
    return layer(np.ones((2, 4)))


@pytest.mark.parametrize("case", WRONG)
def test_what_a_layer_cannot_do_is_said(case):
    call, words = WRONG[case]
    with pytest.raises((ValueError, TypeError), match=words):
        call()


@pytest.mark.parametrize("groups", [0, -2, 1.5, "32", True])
def test_groups_are_a_positive_number_or_minus_1(groups):
    with pytest.raises(ValueError, match="argument `groups`"):
        L.GroupNormalization(groups=groups)
