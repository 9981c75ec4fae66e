"""The layers that draw: what they do in training, that they do nothing else, and that a seed decides them."""

import json
from functools import partial

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.keras import layers as L  # noqa: N812

ONES = np.ones((50, 400), "float32")
EACH = [
    partial(L.Dropout, 0.4),
    partial(L.GaussianNoise, 0.4),
    partial(L.GaussianDropout, 0.4),
    partial(L.AlphaDropout, 0.4),
]
IDS = [make.func.__name__ for make in EACH]


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_nothing_is_disturbed_outside_training(make):
    layer = make()
    np.testing.assert_array_equal(layer(ONES).numpy(), ONES)
    np.testing.assert_array_equal(layer(ONES, training=False).numpy(), ONES)
    assert not np.array_equal(layer(ONES, training=True).numpy(), ONES)
    assert layer.supports_masking
    assert layer.compute_output_shape((None, 3)) == (None, 3)


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_a_seed_decides_every_draw(make):
    one, other = make(seed=5), make(seed=5)
    for _ in range(2):
        np.testing.assert_array_equal(one(ONES, training=True).numpy(), other(ONES, training=True).numpy())
    assert not np.array_equal(one(ONES, training=True).numpy(), one(ONES, training=True).numpy())
    assert not np.array_equal(
        make(seed=6)(ONES, training=True).numpy(), make(seed=5)(ONES, training=True).numpy()
    )


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_without_a_seed_the_library_s_own_decides(make):
    def drawn():
        mt.random.seed(9)
        return make()(ONES, training=True).numpy()

    np.testing.assert_array_equal(drawn(), drawn())


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_the_state_is_a_variable_and_no_weight(make):
    layer = make()
    assert layer.weights == []
    assert len(layer.variables) == len(layer.non_trainable_variables) == 1
    model = keras.Sequential([keras.Input((3,)), layer, L.Dense(1)])
    assert len(model.variables) == len(model.weights) + 1


@pytest.mark.parametrize("make", EACH, ids=IDS)
def test_a_random_layer_is_made_again_from_plain_values(make):
    layer = make(seed=5)
    again = L.deserialize(json.loads(json.dumps(L.serialize(layer))))
    assert again.get_config() == layer.get_config()
    np.testing.assert_array_equal(again(ONES, training=True).numpy(), layer(ONES, training=True).numpy())


@pytest.mark.parametrize("layer", [L.Dropout, L.GaussianNoise, L.GaussianDropout, L.AlphaDropout])
def test_no_noise_is_no_noise_and_needs_no_stream(layer):
    quiet = layer(0.0)
    np.testing.assert_array_equal(quiet(ONES, training=True).numpy(), ONES)
    assert quiet.variables == []


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (L.Dropout, "rate"),
        (L.GaussianNoise, "stddev"),
        (L.GaussianDropout, "rate"),
        (L.AlphaDropout, "rate"),
        (L.SpatialDropout1D, "rate"),
    ],
)
@pytest.mark.parametrize("wrong", [-0.5, 1.5, None, "half", float("nan")])
def test_how_much_noise_is_a_number_from_0_to_1(layer, name, wrong):
    with pytest.raises(ValueError, match=f"argument `{name}`. Expected a float value between 0 and 1"):
        layer(wrong)


def test_the_gradient_goes_where_the_values_went():
    x = keras.Variable(ONES)
    y = L.Dropout(0.25)(x, training=True)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), y.numpy())  # the mask, 0 or 4/3
    assert set(np.unique(y.numpy())) == {np.float32(0), np.float32(4 / 3)}


def test_dropout_keeps_the_mean():
    y = L.Dropout(0.5, seed=1)(ONES, training=True).numpy()
    assert y.mean() == pytest.approx(1, abs=0.02)
    assert y.max() == 2
    assert not L.Dropout(1.0)(ONES, training=True).numpy().any()


def test_noise_has_the_width_that_was_asked_for():
    assert L.GaussianNoise(0.3, seed=1)(ONES, training=True).numpy().std() == pytest.approx(0.3, rel=0.03)
    y = L.GaussianDropout(0.3, seed=1)(ONES, training=True).numpy()
    assert y.mean() == pytest.approx(1, abs=0.02)
    assert y.std() == pytest.approx(np.sqrt(0.3 / 0.7), rel=0.03)


def test_alpha_dropout_keeps_mean_0_and_variance_1():
    x = np.random.default_rng(0).normal(size=(200, 500)).astype("float32")
    y = L.AlphaDropout(0.3, seed=1)(x, training=True).numpy()
    assert y.mean() == pytest.approx(0, abs=0.02)
    assert y.std() == pytest.approx(1, rel=0.02)
    with pytest.raises(ValueError, match="With rate=1 nothing is left"):
        L.AlphaDropout(1.0)


@pytest.mark.parametrize("layer", [L.Dropout, L.AlphaDropout])
@pytest.mark.parametrize("shape", [(None, 1, None), (20, 1, 10)])
def test_a_noise_shape_of_1_drops_an_axis_together(layer, shape):
    y = layer(0.5, noise_shape=shape)(np.ones((20, 5, 10)), training=True).numpy()
    np.testing.assert_array_equal(y, np.broadcast_to(y[:, :1], y.shape))
    assert len(np.unique(y)) == 2
    with pytest.raises(ValueError, match="as many dimensions as the input"):
        layer(0.5, noise_shape=(1,))(np.ones((2, 2)), training=True)


def test_a_noise_shape_is_a_tuple_of_positive_integers():
    assert L.Dropout(0.5, noise_shape=[20, 1, None]).noise_shape == (20, 1, None)
    for wrong, said in [
        ("Invalid", "a tuple or list of integers"),
        (3, "an iterable of integers"),
        ((20, 1.5), "all elements to be integers or None"),
        ((20, -1), "all dimensions to be positive integers or None"),
        ((20, 0), "all dimensions to be positive integers or None"),
    ]:
        with pytest.raises(ValueError, match=f"argument `noise_shape`. Expected {said}"):
            L.Dropout(0.5, noise_shape=wrong)


@pytest.mark.parametrize(
    ("layer", "options", "shape", "together"),
    [
        (L.SpatialDropout1D, {}, (10, 3, 8), (1,)),
        (L.SpatialDropout2D, {}, (10, 3, 3, 8), (1, 2)),
        (L.SpatialDropout2D, {"data_format": "channels_first"}, (10, 8, 3, 3), (2, 3)),
        (L.SpatialDropout3D, {}, (10, 3, 3, 3, 8), (1, 2, 3)),
        (L.SpatialDropout3D, {"data_format": "channels_first"}, (10, 8, 3, 3, 3), (2, 3, 4)),
    ],
)
def test_spatial_dropout_drops_whole_channels(layer, options, shape, together):
    made = layer(0.5, seed=3, **options)
    y = made(np.ones(shape), training=True).numpy()
    np.testing.assert_array_equal(y, np.broadcast_to(y.max(together, keepdims=True), shape))
    assert set(np.unique(y)) == {0.0, 2.0}
    again = layer.from_config(made.get_config())
    assert again.get_config() == made.get_config()
    assert set(made.get_config()) == {
        "rate",
        "seed",
        "name",
        "dtype",
        *(["data_format"] if len(shape) > 3 else []),
    }
    with pytest.raises(ValueError, match=f"expected ndim={len(shape)}, found ndim=2"):
        made(np.ones((2, 2)))


def test_fit_drops_and_predict_does_not():
    model = keras.Sequential([keras.Input((4,)), L.Dropout(0.5, seed=1), L.Flatten()])
    model.compile("sgd", "mse")
    x = np.ones((6, 4), "float32")
    np.testing.assert_array_equal(model.predict(x, verbose=0), x)
    assert not np.array_equal(model(x, training=True).numpy(), x)


def test_two_trainings_from_one_seed_are_the_same():
    def weights():
        mt.random.seed(7)
        model = keras.Sequential([keras.Input((4,)), L.Dropout(0.5), L.GaussianNoise(0.1), L.Dense(2)])
        model.compile("sgd", "mse")
        x = np.linspace(0, 1, 24).reshape(6, 4)
        model.fit(x, x[:, :2], epochs=3, batch_size=2, verbose=0)
        return model.get_weights()

    for one, other in zip(weights(), weights(), strict=True):
        np.testing.assert_array_equal(one, other)
