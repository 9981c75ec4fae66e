"""How often a step is captured: once where all code is the library's own, twice where somebody else's is."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import microtensor as mt
from microtensor.nn.captured import CapturedStep
from microtensor.nn.fingerprint import LARGEST, Fingerprint
from microtensor.program import Program

Dense, Sequential = mt.keras.layers.Dense, mt.keras.Sequential


class MyModel(Sequential):
    pass


class MyDense(Dense):
    pass


class MySGD(mt.keras.optimizers.SGD):
    pass


def penalty(w):
    return mt.sum(w * w)


def difference(y, p):
    return mt.mean((y - p) ** 2)


def net(*more, kind=Sequential, first=Dense, **how):
    return kind([first(3, input_shape=(2,), **how), *more, Dense(1)])


OURS = {
    "sigmoid": lambda: (net(activation="sigmoid"), "sgd", "mse"),
    "a function of the library": lambda: (net(activation=mt.tanh), "adam", "mae"),
    "regularized": lambda: (net(kernel_regularizer="l2", kernel_constraint="max_norm"), "sgd", "mse"),
    "batch normalization": lambda: (net(mt.keras.layers.BatchNormalization()), "sgd", "mse"),
}
doubled = mt.Operation("doubled", lambda x: 2 * x, lambda g, y, x: 2 * g)
THEIRS = {
    "a model": lambda: (net(kind=MyModel), "sgd", "mse"),
    "a layer": lambda: (net(first=MyDense), "sgd", "mse"),
    "a lambda": lambda: (net(activation=lambda x: x * 2), "sgd", "mse"),
    "a partial": lambda: (net(activation=partial(mt.leaky_relu, negative_slope=0.1)), "sgd", "mse"),
    "a function of NumPy": lambda: (net(activation=np.tanh), "sgd", "mse"),
    "an operation": lambda: (net(activation=doubled), "sgd", "mse"),
    "a loss": lambda: (net(), "sgd", difference),
    "a regularizer": lambda: (net(kernel_regularizer=penalty), "sgd", "mse"),
    "an optimizer": lambda: (net(), MySGD(0.1), "mse"),
    "a learning rate": lambda: (net(), mt.keras.optimizers.SGD(lambda: 0.1), "mse"),
    "draws": lambda: (net(mt.keras.layers.Dropout(0.5)), "sgd", "mse"),
}


@pytest.fixture
def captures(monkeypatch):
    """The captures that have been made."""
    made, capture = [], CapturedStep._capture

    def counted(*args, **how):
        made.append(capture(*args, **how))
        return made[-1]

    monkeypatch.setattr(CapturedStep, "_capture", counted)
    return made


def trained(model, optimizer, loss):
    model.compile(optimizer, loss)
    model.fit(np.eye(2), np.eye(2)[:, :1], batch_size=1, epochs=3, verbose=0)
    return model


@pytest.mark.parametrize("case", OURS)
def test_what_is_ours_is_captured_once(case, captures):
    model = trained(*OURS[case]())
    assert len(captures) == 1
    assert Fingerprint(model).is_our_own


@pytest.mark.parametrize("case", THEIRS)
def test_where_somebody_elses_code_runs_or_numbers_are_drawn_it_is_captured_twice(case, captures):
    trained(*THEIRS[case]())
    assert len(captures) == 2


def test_a_method_put_into_a_model_is_somebody_elses(captures):
    model = net()
    model.compute_loss = lambda x, y, y_pred, sample_weight=None, training=True: mt.mean((y - y_pred) ** 2)
    trained(model, "sgd", "mse")
    assert len(captures) == 2


def test_what_is_too_large_to_look_at_is_not_trusted():
    model = net()
    model.much = [object() for _ in range(LARGEST)]
    assert not Fingerprint(model).is_our_own


def test_a_net_of_the_same_form_is_not_compared_with_those_before(monkeypatch):
    """Ten nets in a loop, as whoever tries learning rates makes them: the tenth is as quick as the second.

    Programs that were improved are looked up by their hash; those of two nets differ in the names of weights,
    and comparing them costs more than improving one.
    """
    compared, form = [], Program._form
    monkeypatch.setattr(Program, "_form", lambda self, **how: compared.append(self) or form(self, **how))
    x, y = np.zeros((8, 2), "float32"), np.zeros((8, 1), "float32")
    for _ in range(4):
        model = net()
        model.compile("sgd", "mse")
        model.fit(x, y, batch_size=4, epochs=2, verbose=0)
    assert not compared
