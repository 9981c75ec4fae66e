"""Sequential: adding, building, looking, setting."""

import copy
import pickle

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.keras.layers import Activation, Dense


def test_it_is_built_at_once_with_an_input_and_late_without():
    for first in ([keras.Input((2,)), Dense(3)], [Dense(3, input_shape=(2,))], [Dense(3, input_dim=2)]):
        model = keras.Sequential(first)
        assert model.built
        assert model.input_shape == (None, 2)
        assert model.output_shape == (None, 3)
    late = keras.Sequential([Dense(3), Dense(1)])
    assert not late.built
    assert late.weights == []
    assert late.get_weights() == []
    with pytest.raises(AttributeError, match="no defined input shape"):
        _ = late.input_shape
    with pytest.raises(ValueError, match="isn't built"):
        late.count_params()
    with pytest.raises(AttributeError, match="build the layer before"):
        _ = late.layers[0].kernel
    late.build()
    assert not late.built
    late.build((None, 2))
    assert late.count_params() == 13
    called = keras.Sequential([Dense(1)])
    assert called(np.ones((4, 2))).shape == (4, 1)
    assert called.input_shape == (4, 2)
    assert called(np.ones((7, 2))).shape == (7, 1)


def test_add_and_pop():
    model = keras.Sequential()
    model.add(keras.layers.InputLayer(shape=(2,)))
    model.add(Dense(3, "relu"))
    model.add(Dense(1))
    assert [w.shape for w in model.weights] == [(2, 3), (3,), (3, 1), (1,)]
    last = model.pop()
    assert last.units == 1
    assert model.output_shape == (None, 3)
    assert len(model.weights) == 2
    with pytest.raises(ValueError, match="already been configured"):
        model.add(keras.Input((2,)))
    model.layers.append("not a layer")
    assert len(model.layers) == 1


def test_dense_is_the_neuron_of_the_lecture():
    layer = Dense(2, activation="sigmoid")
    x = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]])
    y = layer(x)
    expected = 1 / (1 + np.exp(-(x @ layer.kernel.numpy() + layer.bias.numpy())))
    np.testing.assert_allclose(y, expected, rtol=1e-6)
    assert layer(np.ones((2, 5, 2))).shape == (2, 5, 2)  # the last axis is the width
    assert Dense(2, use_bias=False)(x).shape == (3, 2)
    assert Dense(2, dtype="float64")(x).dtype == np.float64
    assert layer(np.ones((1, 2), dtype=int)).dtype == np.float32


def test_initializers_keep_to_their_distributions():
    kernel = Dense(400, kernel_initializer="glorot_uniform", input_shape=(200,))
    kernel.build((None, 200))
    values, limit = kernel.kernel.numpy(), np.sqrt(6 / 600)
    assert abs(values).max() <= limit
    assert values.std() == pytest.approx(limit / np.sqrt(3), rel=0.02)
    same = keras.initializers.GlorotUniform(seed=1)
    np.testing.assert_array_equal(same((2, 2)), same((2, 2)))
    unseeded = keras.initializers.GlorotUniform()
    np.testing.assert_array_equal(unseeded((2, 2)), unseeded((2, 2)))
    normal = keras.initializers.RandomNormal(mean=1.0, stddev=2.0, seed=0)((10_000,))
    assert float(normal.mean()) == pytest.approx(1, abs=0.1)
    assert float(normal.std()) == pytest.approx(2, rel=0.05)


def test_trainable_is_obeyed_at_once():
    model = keras.Sequential([Dense(2, input_shape=(2,)), Dense(1)])
    model.compile("sgd", "mse")
    model.layers[0].trainable = False
    assert len(model.trainable_weights) == 2
    assert len(model.non_trainable_weights) == 2
    before = model.get_weights()
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    assert (model.get_weights()[2] != before[2]).any()
    model.trainable = False
    assert model.trainable_weights == []


def test_get_layer():
    model = keras.Sequential([Dense(2, name="hidden", input_shape=(2,)), Dense(1, name="out")])
    assert model.get_layer("out") is model.get_layer(index=1) is model.layers[1]
    with pytest.raises(ValueError, match="No such layer: nope"):
        model.get_layer("nope")
    with pytest.raises(ValueError, match="Provide either"):
        model.get_layer()


def test_a_layer_of_ones_own():
    class Scale(keras.Layer):
        def build(self, input_shape):
            self.factor = self.add_weight((input_shape[-1],), "ones", name="factor")

        def call(self, inputs):
            return inputs * self.factor

    model = keras.Sequential([Scale(input_shape=(2,)), Activation("relu")])
    assert model.weights[0].path.endswith("scale/factor")
    model.compile("sgd", "mse")
    losses = model.fit(np.ones((4, 2)), np.zeros((4, 2)), epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_the_graph_carries_the_layers_names():
    model = keras.Sequential([Dense(2, "tanh", input_shape=(2,), name="hidden"), Dense(1, name="out")])
    y = model([[1.0, 0.0]])
    assert {t.scope for t in mt.autograd.ancestors([y]) if t.operation} == {"hidden", "out"}


def test_copies_are_whole_and_independent():
    model = keras.Sequential([Dense(2, "tanh", input_shape=(2,)), Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((4, 2)), np.ones((4, 1))
    model.fit(x, y, verbose=0)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(other.predict(x, verbose=0), model.predict(x, verbose=0))
        before = model.get_weights()
        other.fit(x, y, epochs=3, verbose=0)
        for ours, kept in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(ours, kept)


def test_samples_of_one_number_need_no_axis_of_their_own():
    model = keras.Sequential([keras.Input((1,)), Dense(1, kernel_initializer="ones")])
    np.testing.assert_array_equal(model([1.0, 2.0]), [[1.0], [2.0]])
    np.testing.assert_array_equal(model.predict([1.0, 2.0], verbose=0), [[1.0], [2.0]])
    model.compile("sgd", "mse")
    assert model.evaluate([1.0, 2.0], [1.0, 2.0], verbose=0) == 0.0
