"""Initializers: the distributions and limits of Keras, its seeds, names and configs."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.keras import initializers
from microtensor.keras.random import SeedGenerator

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "keras_small_functions.json").read_text("utf-8"))
CASES = {
    name.split("/")[1]: case for name, case in RECORDED["cases"].items() if name.startswith("initializers/")
}
CLASSES = [
    *("Constant", "Zeros", "Ones", "Identity", "Orthogonal", "RandomUniform", "RandomNormal"),
    *("TruncatedNormal", "VarianceScaling", "GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal"),
    *("LecunUniform", "LecunNormal"),
]
FIXED = {
    "Zeros": lambda: initializers.Zeros(),
    "Constant(2.5)": lambda: initializers.Constant(2.5),
    "Identity(3x4)": lambda: initializers.Identity(),
}
SHAPE, CUT = (300, 200), 0.87962566103423978  # the standard deviation of a normal cut at 2


@pytest.mark.parametrize("name", FIXED)
def test_what_has_no_chance_gives_the_numbers_of_keras(name):
    recorded = CASES[name]["value"]
    value = FIXED[name]()(recorded["shape"])
    assert value.dtype == recorded["dtype"]
    assert value.tolist() == recorded["value"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "std" in case])
def test_what_is_random_has_the_distribution_of_keras(name):
    recorded = CASES[name]
    initializer = getattr(initializers, name)(seed=1)
    assert initializer.get_config() == recorded["config"]
    value = initializer(recorded["shape"])
    assert value.std() == pytest.approx(recorded["std"], rel=0.01)
    assert abs(value.mean()) < 3 * recorded["std"] / math.sqrt(value.size)
    if name != "RandomNormal":  # the others are cut: no number is beyond the limit, which some come near
        limit = 2 * recorded["std"] / CUT
        assert 0.98 * limit < np.abs(value).max() <= 1.01 * limit


@pytest.mark.parametrize(
    ("name", "variance", "uniform"),
    [
        ("GlorotUniform", 2 / 500, True),
        ("GlorotNormal", 2 / 500, False),
        ("HeUniform", 2 / 300, True),
        ("HeNormal", 2 / 300, False),
        ("LecunUniform", 1 / 300, True),
        ("LecunNormal", 1 / 300, False),
    ],
)
def test_variance_by_the_number_of_inputs_and_outputs(name, variance, uniform):
    value = getattr(initializers, name)(seed=0)(SHAPE)
    assert value.var() == pytest.approx(variance, rel=0.02)
    limit = math.sqrt(3 * variance) if uniform else 2 * math.sqrt(variance) / CUT
    assert 0.99 * limit < np.abs(value).max() <= limit * (1 + 1e-6)


def test_the_shape_of_a_kernel_says_how_many_inputs_it_has():
    fans = mt.nn.initializers.compute_fans
    assert fans(()) == (1, 1)
    assert fans((7,)) == (7, 7)
    assert fans((3, 4)) == (3, 4)
    assert fans((5, 5, 3, 4)) == (75, 100)
    assert fans((512, 8, 64), input_axes=[0], output_axes=[1, 2]) == (512, 512)
    assert fans((512, 8, 64), input_axes=[0, 1], output_axes=[2]) == (512 * 8, 64)
    value = initializers.VarianceScaling(2.0, seed=1, input_axes=[0], output_axes=[1, 2])((32, 40, 16))
    assert value.var() == pytest.approx(2 / 32, rel=0.05)


def test_an_orthogonal_matrix_has_orthonormal_columns_or_rows():
    tall = initializers.Orthogonal(gain=2.0, seed=1)((5, 3), dtype="float64")
    np.testing.assert_allclose(tall.T @ tall, 4 * np.eye(3), atol=1e-12)
    wide = initializers.Orthogonal(seed=1)((3, 5), dtype="float64")
    np.testing.assert_allclose(wide @ wide.T, np.eye(3), atol=1e-12)
    image = initializers.Orthogonal(seed=1)((2, 2, 3, 4)).reshape(12, 4)
    np.testing.assert_allclose(image.T @ image, np.eye(4), atol=1e-6)


@pytest.mark.parametrize("name", CLASSES)
def test_configs_names_and_clones(name):
    initializer = getattr(initializers, name)()
    config = initializers.serialize(initializer)
    assert config["module"] == "keras.initializers"
    assert config["class_name"] == name
    again = initializers.deserialize(json.loads(json.dumps(config)))
    assert type(again) is type(initializer)
    assert again.get_config() == initializer.get_config()
    assert type(initializers.get(config)) is type(initializers.get(name)) is type(initializer)
    assert type(initializers.get(type(initializer))) is type(initializer)
    assert type(initializer.clone()) is type(initializer)
    assert repr(initializer).startswith(f"{name}(")
    snake = mt.naming.snake_case(name)
    assert type(initializers.get(snake)) is getattr(initializers, snake) is type(initializer)
    assert initializer((3, 3)).dtype == "float32"
    assert initializer((3, 3), dtype="float64").dtype == "float64"


@pytest.mark.parametrize(
    "name", [name for name in CLASSES if name not in ("Constant", "Zeros", "Ones", "Identity")]
)
def test_seeds(name):
    make = getattr(initializers, name)

    def equal(a, b):
        return bool((a((4, 4)) == b((4, 4))).all())

    seeded, unseeded = make(seed=7), make()
    assert seeded.seed == 7
    assert equal(seeded, seeded)
    assert equal(seeded, seeded.clone())
    assert equal(unseeded, unseeded), "an unseeded one draws its seed when it is made"
    assert unseeded.get_config()["seed"] is None
    assert not equal(unseeded, unseeded.clone())
    stream = make(seed=SeedGenerator(7))
    assert not equal(stream, stream), "only a SeedGenerator gives other numbers at each call"
    again = initializers.deserialize(json.loads(json.dumps(initializers.serialize(stream))))
    assert equal(make(seed=SeedGenerator(7)), again)


def test_aliases():
    for alias, cls in {
        "zero": "Zeros",
        "one": "Ones",
        "normal": "RandomNormal",
        "uniform": "RandomUniform",
    }.items():
        assert type(initializers.get(alias)).__name__ == cls
    assert isinstance(initializers.get("IdentityInitializer"), initializers.Identity)
    assert isinstance(initializers.get("OrthogonalInitializer"), initializers.Orthogonal)
    assert initializers.get(None) is None


def test_an_array_is_an_initializer_for_its_own_shape():
    start = np.arange(4.0).reshape(2, 2)
    for given in (start, mt.Tensor(start)):
        made = initializers.get(given)
        assert made((2, 2)).tolist() == start.tolist()
        with pytest.raises(ValueError, match="Expected `shape` to be"):
            made((10, 10))
    layer = keras.layers.Dense(2, kernel_initializer=start, input_shape=(2,))
    layer.build((None, 2))
    assert layer.kernel.numpy().tolist() == start.tolist()


def test_an_array_as_constant_is_written_down():
    value = initializers.Constant(np.array([1.0, 2.0]))
    assert value((3, 2)).tolist() == [[1, 2]] * 3
    again = initializers.deserialize(json.loads(json.dumps(initializers.serialize(value))))
    assert again((3, 2)).tolist() == [[1, 2]] * 3


def test_a_function_is_one_too():
    def ones(shape, dtype=None):
        return np.ones(shape, dtype)

    assert initializers.get(ones) is ones


def test_configs_of_older_versions_are_read():
    old = {"class_name": "GlorotUniform", "config": {"seed": None}}
    assert isinstance(initializers.get(old), initializers.GlorotUniform)
    assert initializers.get({"class_name": "zeros", "config": {}})((2,)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: initializers.get("typo"), "Could not interpret initializer identifier: typo"),
        (lambda: initializers.VarianceScaling(scale=-1.0), "Argument `scale` must be positive float."),
        (lambda: initializers.VarianceScaling(mode="in"), "Invalid `mode` argument: in"),
        (lambda: initializers.VarianceScaling(distribution="flat"), "Invalid `distribution` argument: flat"),
        (lambda: initializers.RandomNormal(seed=1.5), "`seed` argument should be an instance of"),
        (lambda: initializers.Identity()((2, 2, 2)), "can only be used for 2D matrices"),
        (lambda: initializers.Orthogonal()((2,)), "at least two-dimensional"),
    ],
)
def test_what_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_the_base_says_what_to_define():
    with pytest.raises(NotImplementedError, match="must implement the `__call__"):
        initializers.Initializer()((2,))
    with pytest.raises(AttributeError, match="windows for sound"):
        initializers.STFT  # noqa: B018
