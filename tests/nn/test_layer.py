"""Layer: what a layer of one's own can count on."""

import numpy as np
import pytest

import microtensor as tf
from microtensor import keras


class Scaled(keras.Layer):
    """A layer as a user writes it: no compute_output_shape, no get_config."""

    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.w = self.add_weight((input_shape[-1], 3), "ones", name="w")
        self.count = self.add_weight((), "zeros", trainable=False, name="count")

    def call(self, x, training=None):
        if training:
            self.count.assign_add(1.0)
        return x @ self.w * self.factor


def test_the_output_shape_is_found_by_running_where_it_is_not_said():
    layer = Scaled()
    assert layer.compute_output_shape((None, 2)) == (None, 3)
    assert layer.compute_output_shape((5, 2)) == (5, 3)
    model = keras.Sequential([keras.Input((2,)), Scaled(), keras.layers.Dense(1)])
    assert model.output_shape == (None, 1)


def test_a_layer_of_plain_arguments_describes_itself():
    config = Scaled(3.0, name="mine").get_config()
    assert config["factor"] == 3.0
    assert config["name"] == "mine"
    again = Scaled.from_config(config)
    assert again.factor == 3.0
    assert again.name == "mine"


def test_a_layer_that_cannot_describe_itself_says_so():
    with pytest.raises(NotImplementedError, match="get_config"):
        Scaled(object()).get_config()


def test_weights_that_are_never_trained_come_last_and_stay():
    layer = Scaled()
    layer(np.ones((1, 2)))
    assert [w.path.split("/")[-1] for w in layer.weights] == ["w", "count"]
    layer.trainable = False
    assert layer.trainable_weights == []
    layer.trainable = True
    assert [w.path.split("/")[-1] for w in layer.trainable_weights] == ["w"]


def test_layers_in_lists_and_dicts_of_attributes_belong_to_it():
    class Tower(keras.Layer):
        def __init__(self):
            super().__init__()
            self.steps = [keras.layers.Dense(2), keras.layers.Dense(3)]
            self.heads = {"a": keras.layers.Dense(1)}

        def call(self, x):
            for step in self.steps:
                x = step(x)
            return self.heads["a"](x)

    tower = Tower()
    tower(np.ones((1, 2)))
    assert [w.shape for w in tower.weights] == [(2, 2), (2,), (2, 3), (3,), (3, 1), (1,)]


def test_training_reaches_the_layers_inside():
    told = []

    class Inner(keras.Layer):
        def call(self, x, training=False):
            told.append(training)
            return x

    class Outer(keras.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def call(self, x):
            return self.inner(x)

    outer = Outer()
    outer(np.ones((1, 1)), training=True)
    outer(np.ones((1, 1)))
    assert told == [True, False]


def test_losses_are_those_of_the_last_call_and_of_the_weights():
    class Watched(keras.Layer):
        def build(self, input_shape):
            self.w = self.add_weight((2,), "ones", regularizer="l2", name="w")

        def call(self, x):
            self.add_loss(tf.reduce_sum(x))
            return x * self.w

    layer = Watched()
    for _ in range(2):
        layer(np.ones((1, 2)))
        assert [float(loss) for loss in layer.losses] == [2.0, pytest.approx(0.02)]


def test_several_inputs_are_a_list_and_build_gets_their_shapes():
    class Both(keras.Layer):
        def build(self, shapes):
            self.seen = shapes

        def call(self, inputs):
            a, b = inputs
            return a + b

    layer = Both()
    assert layer([np.ones((1, 2)), np.ones((1, 2))]).tolist() == [[2.0, 2.0]]
    assert layer.seen == [(1, 2), (1, 2)]


def test_a_layer_called_on_a_promise_gives_a_promise_and_is_built():
    layer = keras.layers.Dense(3)
    promised = layer(keras.Input((2,)))
    assert promised.shape == (None, 3)
    assert layer.built


@pytest.mark.parametrize(
    ("spec", "shape", "words"),
    [
        ({"ndim": 2}, (2, 3, 4), "expected ndim=2, found ndim=3"),
        ({"min_ndim": 3}, (2, 3), "expected min_ndim=3, found ndim=2"),
        ({"max_ndim": 1}, (2, 3), "expected max_ndim=1, found ndim=2"),
        ({"axes": {-1: 4}}, (2, 3), "axis -1 of input shape to have value 4"),
        ({"shape": (None, 4)}, (2, 3), "expected shape=(None, 4), found shape=(2, 3)"),
    ],
)
def test_an_input_spec_refuses_in_words(spec, shape, words):
    class Picky(keras.Layer):
        def __init__(self):
            super().__init__()
            self.input_spec = keras.layers.InputSpec(**spec)

        def call(self, x):
            return x

    with pytest.raises(ValueError) as error:
        Picky()(np.ones(shape))
    assert words in str(error.value)


def test_a_layer_can_put_its_dtype_in_words_of_keras():
    layer = keras.layers.Dense(1, dtype="float64")
    assert layer(np.ones((1, 2))).dtype == "float64"
    assert layer.dtype_policy.name == layer.compute_dtype == layer.variable_dtype == "float64"
    assert keras.layers.Dense.from_config(layer.get_config()).dtype == "float64"
    with pytest.raises(ValueError, match="floating"):
        keras.layers.Dense(1, dtype="mixed_float16")


# --- what a layer holds, and what may be said of it ---------------------------------------------------------


def test_random_states_in_lists_and_dicts_are_variables():
    class Noisy(keras.Layer):
        def __init__(self):
            super().__init__()
            self.several = []
            self.several.append(keras.random.SeedGenerator(1))
            self.named = {"last": [keras.random.SeedGenerator(10)]}

    layer = Noisy()
    assert [v.numpy()[0] for v in layer.variables] == [1, 10]
    assert layer.weights == []


def test_metrics_variables_are_those_of_all_metrics_inside():
    class Measured(keras.Layer):
        def __init__(self, inner=None):
            super().__init__()
            self.inner, self.error = inner, keras.metrics.MeanSquaredError()

    layer = Measured(Measured())
    assert len(layer.metrics_variables) == 4
    assert layer.metrics_variables == [v for metric in layer.metrics for v in metric.variables]
    assert layer.variables == []


def test_what_is_put_into_a_frozen_layer_is_frozen():
    class Outer(keras.Layer):
        def build(self, input_shape):
            self.inner = keras.layers.Dense(2)
            self.more = [keras.layers.Dense(3)]
            for layer in (self.inner, *self.more):
                layer.build(input_shape)

    layer = Outer(trainable=False)
    layer.build((None, 2))
    assert (len(layer.trainable_weights), len(layer.non_trainable_weights)) == (0, 4)
    layer.trainable = True
    assert (len(layer.trainable_weights), len(layer.non_trainable_weights)) == (4, 0)


def test_arguments_of_add_weight():
    layer = keras.Layer()
    with pytest.raises(ValueError, match="`name` must be passed as a keyword argument"):
        layer.add_weight("matrix")
    with pytest.raises(ValueError, match="`name` must be passed as a keyword argument"):
        layer.add_weight("matrix", shape=(3, 4))
    with pytest.raises(ValueError, match="`shape` was passed both positionally and as a keyword argument"):
        layer.add_weight((3, 4), shape=(3, 4))
    with pytest.raises(TypeError, match="takes at most 3 positional arguments"):
        layer.add_weight((3, 4), "zeros", "float32", "name")
    assert layer.weights == []
    w = layer.add_weight((3, 4), "ones", dtype="float16", overwrite_with_gradient=True)
    assert (w.shape, w.dtype, w.overwrite_with_gradient) == ((3, 4), "float16", True)


def test_tuples_of_inputs_stay_tuples():
    class Kind(keras.Layer):
        def call(self, x):
            self.got = x
            return x[0]

    layer = Kind()
    for inputs in ((np.zeros((1, 2)), np.zeros((1, 2))), [np.zeros((1, 2)), np.zeros((1, 2))]):
        layer(inputs)
        assert type(layer.got) is type(inputs)


def test_an_activation_with_a_build_of_its_own_is_not_built_yet():
    class Mine(keras.layers.Activation):
        def build(self, input_shape):
            self.seen = input_shape

    assert keras.layers.Activation("relu").built
    layer = Mine("relu")
    assert not layer.built
    layer(np.zeros((1, 2)))
    assert layer.built
    assert layer.seen == (1, 2)


def test_an_input_layer_of_a_tensor_takes_nothing_that_differs():
    tensor = keras.KerasTensor((2, 3))
    wrong = {"shape": (4,), "batch_shape": (2, 4), "batch_size": 5, "dtype": "float16", "sparse": True}
    for key, value in wrong.items():
        with pytest.raises(ValueError, match=f"cannot provide an incompatible `{key}`"):
            keras.layers.InputLayer(input_tensor=tensor, **{key: value})
    layer = keras.layers.InputLayer((3,), 2, "float32", batch_shape=[2, 3], input_tensor=tensor)
    assert layer.output is tensor
    with pytest.warns(UserWarning, match="`input_shape` is deprecated. Use `shape` instead"):
        assert keras.layers.InputLayer(input_shape=(3,), batch_size=2).batch_shape == (2, 3)
