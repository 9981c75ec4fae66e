"""keras.random: distributions, seeds, and streams; the settings of keras.config."""

import copy
import pickle

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.core.operations.random import uniform
from microtensor.keras import config, random
from microtensor.keras.random import SeedGenerator

N = (200, 100)
DRAWN = {  # the function with its arguments, the mean, the standard deviation
    "normal": (lambda **k: random.normal(N, 1.0, 2.0, **k), 1.0, 2.0),
    "uniform": (lambda **k: random.uniform(N, -1.0, 3.0, **k), 1.0, 4 / 12**0.5),
    "truncated_normal": (lambda **k: random.truncated_normal(N, 1.0, 2.0, **k), 1.0, 2 * 0.8796),
    "gamma": (lambda **k: random.gamma(N, 4.0, **k), 4.0, 2.0),
    "beta": (lambda **k: random.beta(N, 2.0, 3.0, **k), 0.4, 0.2),
    "binomial": (lambda **k: random.binomial(N, 100, 0.2, **k), 20.0, 4.0),
}


@pytest.mark.parametrize("name", DRAWN)
def test_distributions(name):
    draw, mean, deviation = DRAWN[name]
    x = draw(seed=0)
    assert x.shape == N
    assert x.dtype == "float32"
    assert float(x.numpy().mean()) == pytest.approx(mean, abs=0.05 * deviation)
    assert float(x.numpy().std()) == pytest.approx(deviation, rel=0.02)
    assert draw(seed=0, dtype="float16").dtype == "float16"
    with pytest.raises(ValueError, match=f"`keras.random.{name}` requires a floating point `dtype`"):
        draw(dtype="int64")


@pytest.mark.parametrize("name", DRAWN)
def test_an_integer_repeats_a_stream_goes_on_and_none_is_the_librarys(name):
    draw = DRAWN[name][0]
    assert (draw(seed=3) == draw(seed=3)).all()
    stream = SeedGenerator(3)
    assert not (draw(seed=stream) == draw(seed=stream)).all()
    mt.random.seed(5)
    first, second = draw(), draw()
    mt.random.seed(5)
    assert (draw() == first).all()
    assert not (first == second).all()


def test_bounds():
    cut = random.truncated_normal([100, 100], mean=10.0, stddev=3.0, seed=10).numpy()
    assert np.abs(cut - 10).max() <= 6
    whole = random.randint((1000,), -1, 2, seed=1)
    assert set(whole.tolist()) == {-1, 0, 1}
    assert whole.dtype == "int32"
    assert random.randint((2,), 0, 9, dtype="uint8").dtype == "uint8"
    with pytest.raises(ValueError, match=r"`keras.random.randint` requires an integer `dtype`"):
        random.randint((2,), 0, 9, dtype="float32")
    flat = random.uniform((1000,), 1.0, 3.0).numpy()
    assert flat.min() >= 1
    assert flat.max() < 3


def test_parameters_broadcast():
    counts = np.array([[1e5, 2e5], [4e5, 5e5]])
    chances = np.array([[0.1, 0.2], [0.4, 0.5]])
    drawn = random.binomial((2, 2), counts, chances, seed=1).numpy()
    np.testing.assert_allclose(drawn / counts, chances, atol=0.01)
    assert random.beta((100, 2), [[7.0, 0.5]], [[15.0, 0.9]], seed=1).shape == (100, 2)


def test_categorical_draws_by_the_logits():
    logits = np.eye(4) * 1e5 + 1e6
    drawn = random.categorical(logits, 10, seed=1)
    assert drawn.numpy().tolist() == [[k] * 10 for k in range(4)]
    often = random.categorical(np.log([[0.2, 0.8]]), 10_000, seed=1).numpy().mean()
    assert often == pytest.approx(0.8, abs=0.02)
    assert random.categorical(logits, 3, dtype="int64").dtype == "int64"
    with pytest.raises(ValueError, match="2-D tensor"):
        random.categorical(np.ones(5), 5)


def test_dropout_zeroes_scales_and_shares():
    x = keras.ops.ones((10, 10))
    assert (random.dropout(x, 0.0, seed=0) == x).all()
    assert set(np.unique(random.dropout(x, 0.5, seed=0).numpy())) == {0.0, 2.0}
    assert not random.dropout(x, 1.0, seed=0).numpy().any()
    shared = random.dropout(keras.ops.ones((2, 3, 5)), 0.5, noise_shape=[None, 3, 1], seed=0).numpy()
    assert (shared == shared[:, :, :1]).all()
    with pytest.raises(ValueError, match="between 0 and 1"):
        random.dropout(x, 1.5)


def test_the_gradient_of_dropout_is_masked_alike():
    x = mt.Variable(np.ones((4, 4)))
    y = random.dropout(x, 0.5, seed=0)
    y.sum().backward()
    assert (x.grad == y).all()


def test_shuffle_keeps_the_slices():
    x = np.arange(100).reshape(10, 10)
    rows, columns = random.shuffle(x, seed=0).numpy(), random.shuffle(x, axis=1, seed=0).numpy()
    assert sorted(rows[:, 0]) == sorted(x[:, 0])
    assert (np.sort(rows, axis=0) == x).all()
    assert not (rows == x).all()
    assert (np.sort(columns, axis=1) == x).all()


def test_a_seed_generator_counts_its_draws():
    stream = SeedGenerator(12345)
    assert stream.state.numpy().tolist() == [12345, 0]
    assert stream.state.dtype == "uint32"
    assert not stream.state.trainable
    first, second = stream.next(), stream.next()
    assert first != second
    assert first.dtype == "uint32"
    assert stream.state.numpy().tolist() == [12345, 2]
    stream.state.assign(np.array([12345, 1], "uint32"))
    assert stream.next() == second, "the state is all there is"
    assert SeedGenerator(7).generator().random() == SeedGenerator(7).bits.numpy.random()


def test_a_seed_generator_is_taken_by_the_operations():
    a, b = SeedGenerator(1), SeedGenerator(1)
    assert (uniform((3,), generator=a) == uniform((3,), generator=b)).all()
    assert not (uniform((3,), generator=a) == uniform((3,), generator=a)).all()


def test_copies_of_a_seed_generator_go_on_alike():
    stream = SeedGenerator(1)
    stream.next()
    for other in (copy.deepcopy(stream), pickle.loads(pickle.dumps(stream))):
        assert other.next() == copy.deepcopy(stream).next()
        assert stream.state.numpy().tolist() == [1, 1]


def test_seed_generators_are_configs_too():
    stream = SeedGenerator(42, name="sg")
    assert stream.get_config() == {"seed": 42, "name": "sg"}
    again = keras.utils.deserialize_keras_object(keras.utils.serialize_keras_object(stream))
    assert again.next() == SeedGenerator(42).next()
    assert SeedGenerator().get_config()["seed"] is None
    assert SeedGenerator().next() != SeedGenerator().next()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"seed": "invalid"}, "Argument `seed` must be an integer"),
        ({"seed": 1.5}, "Argument `seed` must be an integer"),
        ({"seed": -1}, "between 0 and"),
        ({"seed": 2**32}, "between 0 and"),
        ({"foo": 1}, "Unrecognized keyword arguments"),
        ({"name": "a/b"}, "cannot contain character"),
    ],
)
def test_what_a_seed_generator_refuses(arguments, said):
    with pytest.raises(ValueError, match=said):
        SeedGenerator(**arguments)


def test_a_wrong_seed_is_refused():
    with pytest.raises(ValueError, match="Argument `seed` must be either an integer"):
        random.normal((2,), seed="invalid")
    for seed in (2**31, 2**32 - 1, np.int64(3)):
        assert random.uniform((2, 2), seed=seed).shape == (2, 2)


# --- settings ---------------------------------------------------------------------------------------------


@pytest.fixture
def settings_are_put_back():
    before = config.floatx(), config.epsilon(), config.image_data_format()
    yield
    config.set_floatx(before[0])
    config.set_epsilon(before[1])
    config.set_image_data_format(before[2])
    config.enable_interactive_logging()


def test_settings_begin_as_in_keras():
    assert (config.floatx(), config.epsilon(), config.image_data_format()) == (
        "float32",
        1e-7,
        "channels_last",
    )
    assert config.backend() == keras.backend.backend() == "numpy"
    assert config.is_interactive_logging_enabled()
    assert config.dtype_policy().name == "float32"


@pytest.mark.usefixtures("settings_are_put_back")
def test_settings_are_changed():
    config.set_floatx("float64")
    assert keras.backend.floatx() == "float64"
    assert keras.ops.zeros((2,)).dtype == "float64"
    assert keras.ops.convert_to_tensor([1.5]).dtype == "float64"
    assert keras.initializers.Ones()((2,)).dtype == "float64"
    assert random.normal((2,)).dtype == "float64"
    assert config.dtype_policy().name == "float64"
    config.set_epsilon(1e-3)
    assert keras.backend.epsilon() == 1e-3
    config.set_image_data_format("channels_first")
    assert config.image_data_format() == "channels_first"
    config.disable_interactive_logging()
    assert not keras.utils.is_interactive_logging_enabled()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: config.set_floatx("int32"), "Unknown `floatx` value: int32"),
        (lambda: config.set_epsilon(0), "small positive number"),
        (lambda: config.set_epsilon("a"), "small positive number"),
        (lambda: config.set_image_data_format("last"), "The `data_format` argument must be one of"),
    ],
)
def test_wrong_settings_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_absent_settings_say_why():
    with pytest.raises(AttributeError, match="loading a file never runs code"):
        config.enable_unsafe_deserialization  # noqa: B018
    with pytest.raises(AttributeError, match="shown whole"):
        config.disable_traceback_filtering()
