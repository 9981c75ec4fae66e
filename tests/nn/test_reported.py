"""Faults that a strict reader reported, each with the test that failed before."""

import copy
import gc
import pickle
import warnings
import weakref

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.keras.layers import Dense

X = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
Y = np.array([[0], [1], [1], [0]])


def small(*layers, **compiled):
    model = keras.Sequential([keras.Input((2,)), *(layers or [Dense(1)])])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **compiled})
    return model


def test_a_layer_that_asks_for_training_is_told():
    told = []

    class Noise(keras.Layer):
        def call(self, inputs, training=None):
            told.append(training)
            return inputs

        def compute_output_shape(self, input_shape):
            return input_shape

    model = small(Noise(), Dense(1))
    model.compile("sgd", "mse", run_eagerly=True)  # else it is called to be captured, and then no more
    model.fit(X, Y, verbose=0)
    model.predict(X, verbose=0)
    model(X, training=True)
    assert told == [True, False, True]


@pytest.mark.parametrize("dtype", ["int64", "float32"])
def test_layers_and_variables_in_attributes_are_trained(dtype):
    class Residual(keras.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.inner = Dense(2)
            self.scale = mt.Variable(0.5, name="scale")

        def call(self, inputs):
            return inputs + self.inner(inputs) * self.scale

    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.body, self.head = Residual(), Dense(1)

        def call(self, inputs, training=None):
            return self.head(self.body(inputs))

        def compute_output_shape(self, input_shape):
            return (*input_shape[:-1], 1)

    model = Net()
    model.compile("sgd", "mse")
    losses = model.fit(X, np.asarray(Y, dtype), epochs=20, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert len(model.weights) == 5
    assert [layer.name for layer in model.layers] == [model.body.name, model.head.name]
    model.trainable = False
    assert model.trainable_weights == []

    class Forgetful(keras.Layer):
        def __init__(self):
            self.inner = Dense(1)

    with pytest.raises(RuntimeError, match=r"super\(\).__init__\(\)"):
        Forgetful()(X)


def test_a_function_as_loss_is_not_broadcast():
    def difference(y_true, y_pred):
        return (y_true - y_pred) ** 2

    by_function, by_name = small(loss=difference), small()
    by_function.set_weights(by_name.get_weights())
    flat = by_function.evaluate(X, Y[:, 0], verbose=0)
    assert flat == pytest.approx(by_name.evaluate(X, Y, verbose=0), rel=1e-6)
    with pytest.raises(ValueError, match=r"shape \(4, 3\)"):
        by_function.fit(X, np.ones((4, 3)), verbose=0)


def test_freezing_holds_in_every_order():
    model = keras.Sequential([Dense(2, input_shape=(2,)), Dense(1)], trainable=False)
    assert model.trainable_weights == []
    late = keras.Sequential([Dense(1)])
    late.trainable = False
    late.build((None, 2))
    assert late.trainable_weights == []
    assert late.layers[0].trainable is False

    class Counter(keras.Layer):
        def build(self, input_shape):
            self.count = self.add_weight((), "zeros", trainable=False, name="count")

        def call(self, inputs):
            return inputs

    layer = Counter()
    layer(np.ones((1, 1)))
    layer.trainable = False
    layer.trainable = True
    assert not layer.count.trainable


def test_input_shape_of_a_later_layer_builds_nothing():
    model = keras.Sequential([Dense(2), Dense(1, input_shape=(2,))])
    assert not model.built
    model.build((None, 3))
    assert [w.shape for w in model.weights] == [(3, 2), (2,), (2, 1), (1,)]


@pytest.mark.parametrize("dtype", ["int32", "foo", bool])
def test_a_layer_in_integers_is_refused(dtype):
    with pytest.raises(ValueError, match="floating dtype"):
        Dense(1, dtype=dtype)


def test_what_an_initializer_gives_is_checked_and_cast():
    with pytest.raises(ValueError, match=r"gave shape \(3, 3\), not \(2, 1\)"):
        small(Dense(1, kernel_initializer=lambda shape, dtype=None: np.ones((3, 3))))
    layer = Dense(1, kernel_initializer=lambda shape, dtype=None: np.ones(shape))
    layer.build((None, 2))
    assert layer.kernel.dtype == np.float32


def test_set_weights_changes_all_or_nothing():
    model = small()
    before = model.get_weights()
    for wrong in ([np.zeros((2, 1)), np.array(["a"])], [np.zeros((2, 1)), None], None, [[[1, 2]]]):
        with pytest.raises((ValueError, TypeError)):
            model.set_weights(wrong)
        for ours, kept in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(ours, kept)


def test_a_metric_that_cannot_compare_refuses_before_the_first_step():
    model = small(loss=lambda y, p: p * 0 + 1, metrics=["mse"])
    with pytest.raises(ValueError, match="shape"):
        model.fit(X, np.ones(3)[:, None].repeat(1, 1)[[0, 0, 0, 0]].repeat(3, 1), verbose=0)
    assert int(model.optimizer.iterations) == 0


def test_evaluate_in_the_middle_of_an_epoch_does_not_disturb_its_metrics():
    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.evaluate(X[:1], Y[:1], verbose=0)

    plain, watched = small(metrics=["mae"]), small(metrics=["mae"])
    watched.set_weights(plain.get_weights())
    quiet = {"batch_size": 1, "shuffle": False, "verbose": 0}
    assert plain.fit(X, Y, **quiet).history == watched.fit(X, Y, callbacks=[Look()], **quiet).history


def test_a_loss_that_is_no_number_is_shown_and_warned_of_once():
    model = small()
    with pytest.warns(RuntimeWarning, match="smaller learning rate") as caught:
        history = model.fit(np.full((4, 2), np.nan), Y, epochs=3, verbose=0)
    assert len(caught) == 1
    assert all(np.isnan(history.history["loss"]))


def test_a_trained_model_is_freed_by_reference_counting_alone():
    model = small()
    history = model.fit(X, Y, verbose=0)
    assert history.model is model
    gone = weakref.ref(model)
    gc.disable()
    try:
        del model
        assert gone() is None
        assert history.model is None
    finally:
        gc.enable()


def test_a_model_with_metric_objects_is_copied_and_pickled():
    model = small(metrics=[keras.metrics.BinaryAccuracy(threshold=0.3)])
    model.fit(X, Y, verbose=0)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert other.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)


def test_a_model_from_its_config():
    model = keras.Sequential([Dense(2, "tanh", input_shape=(2,), name="a"), Dense(1)], name="m")
    again = keras.Sequential.from_config(model.get_config())
    assert (again.name, [layer.name for layer in again.layers]) == (
        "m",
        [layer.name for layer in model.layers],
    )
    assert again.count_params() == model.count_params()
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again(X), model(X))


def test_an_optimizer_refuses_a_variable_twice_and_integers():
    w, n = mt.Variable([1.0, 2.0]), mt.Variable([1, 2])
    with pytest.raises(ValueError, match="twice"):
        mt.optim.SGD(1.0).apply([[1.0, 0.0], [0.0, 1.0]], [w, w])
    with pytest.raises(ValueError, match="int32"):
        mt.optim.SGD(1.0).apply([[1.0, 1.0]], [n])


def test_none_and_text_are_no_numbers_even_with_a_dtype():
    for wrong in ([1.0, None], "5", None, [["a"]]):
        with pytest.raises((TypeError, ValueError), match="numbers"):
            mt.Tensor(wrong, dtype="float32")
    with pytest.raises(TypeError, match="complex"):
        mt.Tensor([1j], dtype="float32")
    with pytest.raises(TypeError, match="dtype"):
        mt.Tensor([1.0], dtype="foo")


def test_own_operations_with_mistakes_say_so():
    x = mt.Tensor([1.0], requires_grad=True)
    for vjp in (lambda g, y, x: None, lambda g, y, x: "a", lambda g: g):
        with pytest.raises(mt.GradientError, match="vjp of 'f'"):
            mt.Operation("f", lambda x: x * 2, vjp)(x).backward()
    with pytest.raises(TypeError, match="f must give numbers"):
        mt.Operation("f", lambda x: None, lambda g, y, x: g)(x)
    y = mt.Operation("f", lambda x: x * 2, lambda g, y, x: x)(x)
    y.backward()
    assert not np.shares_memory(x.grad.numpy(), x.numpy())


def test_an_own_operation_that_works_in_place_is_stopped():
    def doubled(x):
        x *= 2
        return x

    x = mt.Tensor([1.0], requires_grad=True)
    with pytest.raises(ValueError, match="read-only"):
        mt.Operation("f", doubled, lambda g, y, x: g * 2)(x)
    assert x.tolist() == [1.0]


def test_seeds_of_numpy_are_seeds():
    import random

    states = random.getstate(), np.random.get_state()
    keras.utils.set_random_seed(np.int64(3))
    random.setstate(states[0])
    np.random.set_state(states[1])


def test_nothing_warns_at_infinity():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert float(mt.step(np.inf)) == 1.0
        assert float(mt.step(-np.inf)) == 0.0
        assert mt.sigmoid(np.array([1, 200], np.uint8)).tolist() == pytest.approx([0.7310586, 1.0])
