"""A reshape shows numbers where they stand, or is a copy: the step knows which, at each call."""

from __future__ import annotations

import numpy as np
import pytest

import microtensor as mt
from microtensor.program.native.places import views_of
from microtensor.program.runner import Runner

from .test_native_training import pytestmark as pytestmark  # skips where there is no compiler

COPIES = {
    "a reshape of what was transposed": lambda x: mt.reshape(mt.transpose(x), (6,)),
    "and that transposed again": lambda x: mt.transpose(mt.reshape(mt.transpose(x), (2, 3))),
    "of a part": lambda x: mt.reshape(x[:, 1:], (4,)),
    "of what is backwards": lambda x: mt.reshape(mt.flip(x, 0), (3, 2)),
}
VIEWS = {
    "a reshape": lambda x: mt.reshape(x, (3, 2)),
    "of what was transposed twice": lambda x: mt.reshape(mt.transpose(mt.transpose(x)), (6,)),
}
EITHER = {**COPIES, **VIEWS}
either = pytest.mark.parametrize("move", EITHER.values(), ids=EITHER)


def captured(function):
    return mt.program.capture(function, mt.Tensor(np.zeros((2, 3), "float32")))


@either
def test_only_numbers_that_stand_there_are_a_view(move) -> None:
    rows = captured(move).program.rows
    views = views_of(rows)
    assert (len(views) == len(rows)) == (move in VIEWS.values())


@either
@pytest.mark.parametrize(
    "use",
    [
        lambda y: y,
        mt.tanh,
        lambda y: mt.cumsum(y, axis=0),
        lambda y: mt.sum(mt.cumsum(y, axis=0)),
    ],
    ids=["as it is", "in C", "in NumPy", "in both"],
)
@pytest.mark.parametrize("before", [lambda x: x, lambda x: mt.tanh(x), lambda x: mt.cumsum(x, axis=1)])
def test_data_that_change_in_place_are_read_anew(move, use, before) -> None:
    def function(x):
        return use(move(before(x)))

    step = Runner(captured(function), "native")
    x = np.random.default_rng(0).normal(size=(2, 3)).astype("float32")
    for _ in range(3):
        (y,) = step([x])
        np.testing.assert_allclose(y, function(mt.Tensor(x)).numpy(), rtol=1e-5, atol=1e-6)
        x += 1.0


@either
def test_states_that_are_written_over_are_read_anew(move) -> None:
    v = mt.Variable(np.arange(6, dtype="float32").reshape(2, 3))

    def function(a):
        y = mt.cumsum(move(v), axis=0) * 1.0
        v.assign(v + a)
        return y

    step = mt.jit(function, source="native")
    for k in range(4):
        now = mt.Tensor(np.arange(6, dtype="float32").reshape(2, 3) + 10 * k)
        want = mt.cumsum(move(now), axis=0)
        np.testing.assert_array_equal(np.asarray(step(np.float32(10))), want.numpy())


def test_a_net_that_turns_its_numbers_trains_as_it_does_eagerly() -> None:
    """The smaller last batch, metrics, and a layer that C cannot say."""

    class Running(mt.keras.layers.Layer):
        def call(self, x):
            return mt.cumsum(x, axis=1)

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(11, 4)).astype("float32"), rng.normal(size=(11, 3)).astype("float32")
    losses = []
    for how in ({"run_eagerly": True}, {"jit_compile": True}):
        layers = mt.keras.layers
        start = [mt.keras.initializers.GlorotUniform(seed=k) for k in range(2)]
        model = mt.keras.Sequential(
            [
                layers.Input((4,)),
                layers.Dense(6, "tanh", kernel_initializer=start[0]),
                *(layers.Reshape((2, 3)), layers.Permute((2, 1)), layers.Flatten(), Running()),
                layers.Dense(3, kernel_initializer=start[1]),
            ]
        )
        model.compile(mt.keras.optimizers.SGD(0.05), "mse", metrics=["mae"], **how)
        history = model.fit(x, y, batch_size=4, epochs=4, shuffle=False, verbose=0).history
        single = [model.train_on_batch(x, y) for _ in range(4)]
        losses.append([*history["loss"], *history["mae"], *np.ravel(single)])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-5)
