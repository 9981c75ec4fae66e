"""Small promises of Keras' training loop: limits of a process, datasets without an end, clones, data as it
is.
"""

import itertools

import numpy as np
import pytest

from microtensor import keras

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], "float32")
Y = X[:, :1]


def compiled():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("adam", "mse", metrics=[keras.metrics.MeanAbsoluteError()], loss_weights=[2.0])
    return model


class Counting(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.batches = self.epochs = self.tests = self.predictions = 0

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1

    def on_epoch_end(self, epoch, logs=None):
        self.epochs += 1

    def on_test_batch_end(self, batch, logs=None):
        self.tests += 1

    def on_predict_batch_end(self, batch, logs=None):
        self.predictions += 1


@pytest.fixture
def no_limits():
    yield
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)


@pytest.mark.usefixtures("no_limits")
def test_limits_hold_whatever_is_asked_for():
    keras.config.set_max_epochs(2)
    keras.config.set_max_steps_per_epoch(3)
    assert (keras.config.max_epochs(), keras.config.max_steps_per_epoch()) == (2, 3)
    model, count = compiled(), Counting()
    with pytest.warns(UserWarning, match="Limiting (epochs to 2|steps_per_epoch to 3)"):
        model.fit(
            np.tile(X, (2, 1)), np.tile(Y, (2, 1)), batch_size=1, epochs=5, callbacks=[count], verbose=0
        )
    with pytest.warns(UserWarning, match="Limiting steps_per_epoch to 3"):
        model.evaluate(X, Y, batch_size=1, callbacks=[count], verbose=0)
    with pytest.warns(UserWarning, match="Limiting steps_per_epoch to 3"):
        model.predict(X, batch_size=1, callbacks=[count], verbose=0)
    assert (count.epochs, count.batches, count.tests, count.predictions) == (2, 6, 3, 3)


@pytest.mark.usefixtures("no_limits")
def test_what_is_within_the_limits_is_not_warned_of():
    keras.config.set_max_epochs(2)
    keras.config.set_max_steps_per_epoch(3)
    count = Counting()
    compiled().fit(X, Y, batch_size=2, epochs=1, callbacks=[count], verbose=0)
    assert (count.epochs, count.batches) == (1, 2)


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "2"])
def test_a_limit_is_a_whole_number(limit):
    for name in ("max_epochs", "max_steps_per_epoch"):
        with pytest.raises(ValueError, match=f"`{name}` must be None or a whole number"):
            getattr(keras.config, f"set_{name}")(limit)


class Told(keras.utils.PyDataset):
    """Says when it is told of an epoch; without an end if `count` is None."""

    def __init__(self, count):
        super().__init__()
        self.count, self.told = count, []

    @property
    def num_batches(self):
        return self.count

    def __getitem__(self, index):
        if self.count is not None and index >= self.count:
            raise AssertionError(f"asked for batch {index} of {self.count}")
        return X, Y

    def on_epoch_begin(self):
        self.told.append("begin")

    def on_epoch_end(self):
        self.told.append("end")


def test_a_dataset_is_gone_through_once():
    assert sum(1 for _ in Told(3)) == 3
    assert sum(1 for _ in itertools.islice(Told(None), 7)) == 7

    class Bare(keras.utils.PyDataset):
        def __getitem__(self, index):
            return index

    assert list(itertools.islice(Bare(), 4)) == [0, 1, 2, 3]


@pytest.mark.parametrize(("count", "steps"), [(2, None), (None, 2)])
def test_a_dataset_is_told_of_each_epoch(count, steps):
    told = Told(count)
    compiled().fit(told, epochs=3, steps_per_epoch=steps, verbose=0)
    assert told.told == ["begin", "end"] * 3


def test_a_generator_without_a_batch_is_told():
    with pytest.raises(ValueError, match="the generator must yield at least one batch"):
        compiled().fit(iter(()), verbose=0)


def test_a_step_of_ones_own_sees_integers_as_they_are():
    seen = []

    class Mine(keras.Model):
        def call(self, x):
            return x

        def train_step(self, data):
            seen.extend(part.dtype.name for part in data)
            return {}

    model = Mine()
    model.compile("sgd")
    model.fit(X.astype("float64"), Y.astype("int32"), verbose=0)
    assert seen == ["float32", "int32"]


def test_a_clone_is_compiled_likewise_and_apart():
    model = compiled()
    model.fit(X, Y, verbose=0)
    clone = keras.models.clone_model(model)
    assert clone.compiled
    assert type(clone.optimizer) is type(model.optimizer)
    assert clone.optimizer is not model.optimizer
    assert clone.metrics[1] is not model.metrics[1]
    clone.set_weights(model.get_weights())
    assert clone.evaluate(X, Y, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0))
    assert not keras.models.clone_model(keras.Sequential([keras.layers.Dense(1)])).compiled


@pytest.mark.parametrize("words", ["text", b"bytes"])
def test_text_is_no_data(words):
    with pytest.raises(ValueError, match=r"Unrecognized data type: x=.*`x` must hold numbers"):
        compiled().fit(words, Y, verbose=0)


def test_a_callback_compares_with_the_operations_of_keras():
    for mode, operation in (("max", keras.ops.greater), ("min", keras.ops.less)):
        callback = keras.callbacks.EarlyStopping(monitor="loss", mode=mode)
        callback.on_train_begin()
        assert callback.monitor_op == operation


def test_an_activation_with_a_build_of_its_own_is_built_by_it():
    class Mine(keras.layers.Activation):
        def build(self, input_shape):
            self.seen = input_shape
            super().build(input_shape)

    layer = Mine("relu")
    assert not layer.built
    layer(X)
    assert layer.built
    assert layer.seen == (4, 2)
