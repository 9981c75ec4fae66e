"""A captured step is used only for what it was captured of: whatever decides something is seen to change."""

from __future__ import annotations

import functools
from collections import deque
from unittest import mock

import numpy as np
import pytest

import microtensor as mt
from microtensor.nn.fingerprint import LARGEST_ARRAY

layers, keras = mt.keras.layers, mt.keras
X = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")
Y = X[:, :2].copy()
WAYS = {"eager": {"run_eagerly": True}, "captured": {}, "native": {"jit_compile": True}}


class Mine(layers.Layer):
    """Multiplies by what an attribute says, in one way or another."""

    factor = 1.0

    def __init__(self, says, **attributes):
        super().__init__()
        self.says = says
        for name, value in attributes.items():
            setattr(self, name, value)

    def call(self, x):
        return x * float(self.says(self))


class Slotted:
    __slots__ = ("v",)


class Judge:
    strictness = 1.0

    def loss(self, y, p):
        return mt.mean((y - p) ** 2) * self.strictness


def scaled(y, p, by):
    return mt.mean((y - p) ** 2) * by["a"]


def attribute(name, value=1.0, new=5.0):
    layer = Mine(lambda self: getattr(self, name), **{name: value})
    return layer, "mse", lambda model: setattr(layer, name, new)


def contents(start, says, change):
    layer = Mine(lambda self: says(self.held), held=start)
    return layer, "mse", lambda model: change(layer.held)


def of_a_class():
    class Yours(Mine):
        pass

    return Yours(lambda self: self.factor), "mse", lambda model: setattr(Yours, "factor", 5.0)


def of_a_method_of_a_class():
    class Yours(Mine):
        def call(self, x):
            return x * 1.0

    def change(model):
        Yours.call = lambda self, x: x * 5.0

    return Yours(None), "mse", change


def of_a_private_slot():
    class Closed:
        __slots__ = ("__v",)

        def __init__(self):
            self.__v = 1.0

        def set(self):
            self.__v = 5.0

        def get(self):
            return self.__v

    return contents(Closed(), Closed.get, Closed.set)


def of_a_slot():
    held = Slotted()
    held.v = 1.0
    return contents(held, lambda it: it.v, lambda it: setattr(it, "v", 5.0))


def of_a_method():
    judge = Judge()
    return layers.Dense(4), judge.loss, lambda model: setattr(judge, "strictness", 5.0)


def of_a_partial():
    by = {"a": 1.0}
    return layers.Dense(4), functools.partial(scaled, by=by), lambda model: by.update(a=5.0)


def of_a_function_around():
    strictness = 1.0

    def change(model):
        nonlocal strictness
        strictness = 5.0

    return layers.Dense(4), lambda y, p: mt.mean((y - p) ** 2) * strictness, change


def of_a_rule():
    def change(model):
        model.layers[0].kernel.overwrite_with_gradient = True

    return layers.Dense(4), "mse", change


CHANGES = {
    "an attribute": lambda: attribute("mine"),
    "of the name that one of ours has": lambda: attribute("values"),
    "and another": lambda: attribute("history"),
    "a list": lambda: contents([1.0], sum, lambda it: it.append(4.0)),
    "a set": lambda: contents({1.0}, sum, lambda it: it.add(4.0)),
    "a deque": lambda: contents(deque([1.0]), sum, lambda it: it.append(4.0)),
    "an array": lambda: contents(
        np.full(LARGEST_ARRAY, 1 / LARGEST_ARRAY), np.sum, lambda it: np.multiply(it, 5, out=it)
    ),
    "a slot": of_a_slot,
    "a class": of_a_class,
    "what has a method": of_a_method,
    "what a partial is given": of_a_partial,
    "the function around": of_a_function_around,
    "a method of a class": of_a_method_of_a_class,
    "a private slot": of_a_private_slot,
    "the rule of a weight": of_a_rule,
}


def losses_with(made, how):
    first, loss, change = made()
    model = keras.Sequential([keras.Input((4,)), first, layers.Dense(2, kernel_initializer="ones")])
    for weight in model.weights:
        weight.assign(np.linspace(-1, 1, weight.size).reshape(weight.shape))
    model.compile(keras.optimizers.SGD(0.01), loss, **how)

    def train():
        single = [model.train_on_batch(X, Y) for _ in range(3)]
        return single + model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0).history["loss"]

    before = train()
    change(model)
    return before, train()


@pytest.mark.parametrize("how", ["captured", "native"])
@pytest.mark.parametrize("made", CHANGES.values(), ids=CHANGES)
def test_what_decides_something_is_seen_to_change(made, how):
    want_before, want = losses_with(made, WAYS["eager"])
    before, found = losses_with(made, WAYS[how])
    np.testing.assert_allclose(before, want_before, rtol=1e-5)
    np.testing.assert_allclose(found, want, rtol=1e-5)


def test_what_changes_nothing_is_captured_once():
    """A class and functions of one's own are looked into, and are what they were."""
    loss, hits = of_a_function_around()[1], []
    model = keras.Sequential([keras.Input((4,)), Mine(lambda self: 2.0), layers.Dense(2)])
    model.compile("sgd", loss)
    for _ in range(5):
        model.train_on_batch(X, Y)
        hits.append(model.train_function)
    assert all(step is hits[1] for step in hits[1:])
    assert hits[1].program is not None


loss, calls = 0.0, 0


class Talkative(keras.Model):
    """Has names that a script may use for something else."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(x)

    def note(self):
        return self.loss, calls


def test_the_names_of_a_script_are_no_part_of_its_model():
    global loss, calls
    model = Talkative()
    model.compile("sgd", "mse")
    steps = []
    for _ in range(6):
        loss = model.train_on_batch(X, Y)
        calls += 1
        steps.append(model.train_function)
    assert all(step is steps[1] for step in steps[2:])
    assert steps[1].program is not None


class Unbound:
    """As what stands for the request of a web server: it says that it is something else, or raises."""

    def __init__(self, stands_for):
        object.__setattr__(self, "_stands_for", stands_for)

    @property
    def __class__(self):
        return type(object.__getattribute__(self, "_stands_for")())

    def __getattr__(self, name):
        return getattr(object.__getattribute__(self, "_stands_for")(), name)


def nothing():
    raise RuntimeError("outside of a request")


class Broken(list):
    def __iter__(self):
        raise RuntimeError("not now")


ODD = {
    "unbound": lambda: Unbound(nothing),
    "as a dict": lambda: Unbound(dict),
    "as a list": lambda: Unbound(list),
    "broken": Broken,
    "a mock": lambda: mock.Mock(spec=list),
}


@pytest.mark.parametrize("made", ODD.values(), ids=ODD)
def test_what_does_not_let_itself_be_looked_into_is_taken_as_it_is(made):
    thing = made()

    def loss(y, p):
        return thing is None or mt.mean((y - p) ** 2)

    model = keras.Sequential([layers.Dense(2)])
    model.compile("sgd", loss)
    assert all(model.train_on_batch(X, Y) > 0 for _ in range(4))
    model.fit(X, Y, epochs=2, verbose=0)


# --- methods that are put into an instance ---------------------------------------------------------------


def compiled(**how):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.0), "mse", **how)
    return model


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("name", "method", "shown"),
    [
        ("train_step", lambda data: {"loss": 7.0}, {"loss": 7.0}),
        ("compute_metrics", lambda *given: {"mine": 1.0}, {"mine": 1.0}),
        ("get_metrics_result", lambda: {"mine": 2.0}, {"mine": 2.0}),
    ],
)
def test_a_method_of_the_instance_is_asked_each_time(name, method, shown, how):
    model = compiled(**how)
    setattr(model, name, method)
    assert [model.train_on_batch(X, Y, return_dict=True) for _ in range(4)] == [shown] * 4
    assert model.fit(X, Y, verbose=0).history == {key: [value] for key, value in shown.items()}


# --- the form of a batch ---------------------------------------------------------------------------------

A, B = np.ones((8, 2), "float32"), np.full((8, 2), 10.0, "float32")


class OfTwo(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2, kernel_initializer="ones")

    def call(self, given):
        a, b = (given["a"], given["b"]) if isinstance(given, dict) else given
        return self.dense(a) + 0.0 * b


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_a_dict_in_another_order_is_another_batch(how):
    model, zeros = OfTwo(), np.zeros((8, 2), "float32")
    model.compile(keras.optimizers.SGD(0.0), "mse", **how)
    for given in ({"a": A, "b": B}, {"b": B, "a": A}, [A, B]):
        assert [model.train_on_batch(given, zeros) for _ in range(3)] == [4.0] * 3
        assert model.fit(given, zeros, epochs=2, verbose=0).history["loss"] == [4.0] * 2


class OneOrTwo(keras.Model):
    """A batch of one tensor and two targets has as many leaves as one of two tensors and a target."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2, kernel_initializer="ones")

    def call(self, given):
        return self.dense(given[0]) * given[1] if isinstance(given, list | tuple) else self.dense(given)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return mt.mean((sum(y) if isinstance(y, list | tuple) else y) - y_pred)


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_so_is_one_that_is_nested_otherwise(how):
    model = OneOrTwo()
    model.compile(keras.optimizers.SGD(0.0), "mse", **how)
    for _ in range(3):
        assert model.train_on_batch([A, B], A) == 1.0 - 20.0
        assert model.train_on_batch(A, [B, A]) == 11.0 - 2.0


# --- a training within a training ------------------------------------------------------------------------


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("rows", [12, 2])
def test_a_fit_within_a_fit_leaves_the_outer_one_its_data(rows, how):
    model = compiled(**how)

    class Within(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.model.fit(X[:rows] * 100, -Y[:rows] * 100, batch_size=4, verbose=0)

    history = model.fit(X, Y, batch_size=4, epochs=4, verbose=0, callbacks=[Within()])
    np.testing.assert_allclose(history.history["loss"], np.mean(Y**2), rtol=1e-5)


# --- without recording -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_where_nothing_is_recorded_nothing_is_learnt(how):
    """A step that was captured before says what eager says."""
    model = compiled(**how)
    for _ in range(3):
        model.train_on_batch(X, Y)
    with mt.no_grad():
        with pytest.raises(mt.core.autograd.GradientError, match="outside no_grad"):
            model.train_on_batch(X, Y)
        with pytest.raises(mt.core.autograd.GradientError, match="outside no_grad"):
            model.fit(X, Y, verbose=0)
    model.train_on_batch(X, Y)
