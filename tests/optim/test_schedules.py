"""Learning rates that change: schedules, functions, and numbers that are assigned."""

import json
from pathlib import Path

import numpy as np
import pytest

from microtensor import keras

schedules = keras.optimizers.schedules
SGD = keras.optimizers.SGD
TRAINING = json.loads((Path(__file__).parents[1] / "data" / "keras_training.json").read_text("utf-8"))


def test_piecewise_values_hold_up_to_and_including_their_boundary():
    schedule = schedules.PiecewiseConstantDecay([100, 110, 120], [1.0, 0.1, 0.01, 0.001])
    found = [float(schedule(step)) for step in (-999, 100, 105, 110, 120, 999)]
    np.testing.assert_allclose(found, [1.0, 1.0, 0.1, 0.1, 0.01, 0.001], rtol=1e-6)
    with pytest.raises(ValueError, match="1 less than the length of values"):
        schedules.PiecewiseConstantDecay([1], [1.0])


def test_schedules_keep_the_precision_of_their_first_rate():
    assert schedules.CosineDecay(1.0, 10)(3).dtype == "float32"
    assert schedules.CosineDecay(np.float64(1.0), 10)(3).dtype == "float64"


@pytest.mark.parametrize("kind", ["ExponentialDecay", "InverseTimeDecay", "PolynomialDecay", "CosineDecay"])
def test_no_schedule_takes_no_time(kind):
    with pytest.raises(ValueError, match="`decay_steps` must be > 0"):
        getattr(schedules, kind)(0.1, 0, 0.5)


def test_an_optimizer_with_a_schedule():
    schedule = schedules.InverseTimeDecay(1.0, decay_steps=1, decay_rate=1.0)
    optimizer = SGD(schedule)
    assert [v.path.split("/")[1] for v in optimizer.variables] == ["iteration"]
    w = keras.Variable([0.0])
    for _ in range(3):
        optimizer.apply([[1.0]], [w])
    np.testing.assert_allclose(w, [-(1 + 1 / 2 + 1 / 3)], rtol=1e-6)
    assert float(optimizer.learning_rate) == 0.25
    with pytest.raises(TypeError, match="created with a `LearningRateSchedule`"):
        optimizer.learning_rate = 0.5
    config = json.loads(json.dumps(optimizer.get_config()))
    assert config["learning_rate"]["module"] == "keras.optimizers.schedules"
    assert SGD.from_config(config).get_config() == optimizer.get_config()


def test_a_number_may_give_way_to_a_schedule():
    optimizer = SGD(0.5)
    optimizer.learning_rate = schedules.PolynomialDecay(optimizer.learning_rate, 4)
    assert (len(optimizer.variables), float(optimizer.learning_rate)) == (1, 0.5)
    assert optimizer.get_config()["learning_rate"]["config"]["initial_learning_rate"] == 0.5


def test_a_function_without_arguments():
    optimizer = SGD(lambda: 0.1)
    w = keras.Variable([1.0])
    optimizer.apply([[1.0]], [w])
    np.testing.assert_allclose(w, [0.9], rtol=1e-6)
    with pytest.raises(TypeError, match="created with a function"):
        optimizer.learning_rate = 0.5


def test_a_schedule_of_your_own():
    class Half(schedules.LearningRateSchedule):
        def __call__(self, step):
            return 1.0 / 2.0 ** int(step)

    optimizer = SGD(Half(), gradient_accumulation_steps=2)
    w = keras.Variable([0.0])
    for _ in range(4):
        optimizer.apply([[1.0]], [w])
    np.testing.assert_allclose(w, [-(1 / 2 + 1 / 8)])  # a schedule counts gradients, not steps
    with pytest.raises(NotImplementedError, match="get_config"):
        optimizer.get_config()
    with pytest.raises(NotImplementedError, match="must override `__call__"):
        schedules.LearningRateSchedule()(0)


def test_schedules_survive_dicts():
    schedule = schedules.CosineDecay(0.1, 10, alpha=0.1, warmup_target=0.2, warmup_steps=2, name="mine")
    entry = json.loads(json.dumps(schedules.serialize(schedule)))
    assert schedules.deserialize(entry).get_config() == schedule.get_config()


def test_xor_with_a_falling_rate_gives_the_numbers_of_keras():
    recorded, meta = TRAINING["cases"]["xor_2_2_1_sgd_exponential_decay"], TRAINING["meta"]
    dense = keras.layers.Dense
    model = keras.Sequential([dense(2, "sigmoid", input_shape=(2,)), dense(1, "sigmoid")])
    model.set_weights([np.array(w, "float32") for w in meta["xor_weights"]])
    model.compile(SGD(schedules.ExponentialDecay(0.3, decay_steps=4, decay_rate=0.5)), "mse")
    history = model.fit(
        np.array(meta["x"], "float32"),
        np.array(meta["gates"]["xor"], "float32"),
        epochs=len(recorded["epoch"]),
        batch_size=1,
        shuffle=False,
        verbose=0,
    )
    np.testing.assert_allclose(history.history["loss"], recorded["history"]["loss"], rtol=1e-6)
