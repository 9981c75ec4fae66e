"""`train_on_batch`: a step for whoever writes the loop; captured as in `fit`, with the bits of eager."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from microtensor import keras
from microtensor.nn import captured
from microtensor.nn.captured import CapturedStep

L = keras.layers
X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
Y = np.random.default_rng(1).integers(0, 3, 6)


def model(**how: Any) -> Any:
    first, last = (keras.initializers.GlorotUniform(seed=k) for k in (1, 2))
    hidden = [L.Dense(8, "relu", kernel_initializer=first), L.Dropout(0.25, seed=3)]
    made = keras.Sequential([keras.Input((4,)), *hidden, L.Dense(3, "softmax", kernel_initializer=last)])
    made.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], **how)
    return made


def numbers(made: Any) -> list[bytes]:
    return [np.asarray(v).tobytes() for v in [*made.weights, *made.optimizer.variables]]


@pytest.fixture
def captures(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each capture that is made."""
    made: list[Any] = []
    capture = captured.capture

    def counted(*arguments: Any, **options: Any) -> Any:
        made.append(options)
        return capture(*arguments, **options)

    monkeypatch.setattr(captured, "capture", counted)
    return made


def test_single_steps_are_captured_and_give_the_bits_of_eager(captures: list[Any]) -> None:
    one, other = model(), model(run_eagerly=True)
    for k in range(8):
        rows = slice(0, 6 - k % 2)
        assert one.train_on_batch(X[rows], Y[rows]) == other.train_on_batch(X[rows], Y[rows])
    assert numbers(one) == numbers(other)
    assert len(captures) == 4  # for each of the two sizes of a batch, twice
    assert len(one.train_function._runners) == 2
    assert one.metrics_names == ["loss", "accuracy"]
    assert one.test_on_batch(X, Y) == other.test_on_batch(X, Y)


def test_a_layer_that_is_frozen_every_other_time(captures: list[Any]) -> None:
    """As the two halves of an adversarial net are: each state of the model keeps its program."""
    one, other = model(), model(run_eagerly=True)
    for _ in range(6):
        for trainable in (True, False):
            for each in (one, other):
                each.layers[0].trainable = trainable
            assert one.train_on_batch(X, Y) == other.train_on_batch(X, Y)
    assert numbers(one) == numbers(other)
    assert len(captures) == 4


def test_what_is_different_each_time_is_not_captured(captures: list[Any]) -> None:
    one, other = model(), model(run_eagerly=True)
    for k in range(6):
        one.layers[1].rate = other.layers[1].rate = k / 10
        assert one.train_on_batch(X, Y) == other.train_on_batch(X, Y)
    assert numbers(one) == numbers(other)
    assert not captures
    assert len(one._captured_as) == captured.STEPS


@pytest.mark.parametrize(
    "change",
    [
        lambda made: setattr(made.layers[0], "trainable", False),
        lambda made: setattr(made.layers[1], "rate", 0.5),
        lambda made: setattr(made.optimizer, "beta_1", 0.5),
        lambda made: setattr(made, "added", L.Dense(2)),
        lambda made: setattr(made.layers[0].kernel, "constraint", keras.constraints.NonNeg()),
        lambda made: made.layers[0].__dict__.update(use_something_else=True),
        lambda made: setattr(made.layers[0], "__dict__", dict(vars(made.layers[0]), more=1)),
        lambda made: made.compile("adam", "sparse_categorical_crossentropy"),
    ],
)
def test_a_change_is_noticed(change: Callable[[Any], Any]) -> None:
    made = model()
    for _ in range(3):
        made.train_on_batch(X, Y)
    before = made.train_function
    made.train_on_batch(X, Y)
    assert made.train_function is before
    change(made)
    made.train_on_batch(X, Y)
    assert made.train_function is not before


def test_an_attribute_that_is_assigned_anew_with_an_equal_value_is_no_change() -> None:
    made = model()
    made.layers[1].sizes = [1000.5, (2, 3)]
    made.fit(X, Y, verbose=0)
    before = made.train_function
    made.layers[1].sizes = [float("1000.5"), (2, int("3"))]
    made.layers[1].rate = float("0.25")
    made.fit(X, Y, verbose=0)
    assert made.train_function is before


def test_programs_for_batches_of_many_sizes_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captured, "KEPT", 2)
    made = model()
    for size in (2, 3, 4, 5):
        for _ in range(3):
            made.train_on_batch(X[:size], Y[:size])
    assert [key[0][0] for key in made.train_function._runners] == [(4, 4), (5, 4)]


def test_a_model_goes_away_with_its_captured_steps() -> None:
    """Nobody holds it in a circle."""
    made = model()
    for _ in range(4):
        made.train_on_batch(X, Y)
    assert isinstance(made.train_function, CapturedStep)
    gone = weakref.ref(made)
    gc.disable()
    try:
        del made
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("method", ["get_metrics_result", "compute_metrics"])
@pytest.mark.parametrize("batch_size", [2, 6])
def test_what_is_shown_is_what_the_models_own_method_gives(method: str, batch_size: int) -> None:
    class Own(keras.Sequential):
        pass

    def more(self: Any, *given: Any) -> dict[str, Any]:
        return {**getattr(keras.Sequential, method)(self, *given), "more": 7.0}

    setattr(Own, method, more)
    made = Own([keras.Input((4,)), L.Dense(3)])
    made.compile("sgd", "mse")
    history = made.fit(X, X[:, :3], batch_size=batch_size, epochs=4, verbose=0).history
    assert history["more"] == [7.0] * 4
    shown = [made.train_on_batch(X, X[:, :3], return_dict=True) for _ in range(4)]
    assert [sorted(each) for each in shown] == [["loss", "more"]] * 4
