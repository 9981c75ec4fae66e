"""Models of one's own, and models made again: subclasses, clones, JSON, copies, pickles, the summary."""

import copy
import io
import pickle
from contextlib import redirect_stdout

import numpy as np
import pytest

import microtensor as tf
from microtensor import keras
from microtensor.program.choice import using

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])


@keras.saving.register_keras_serializable("tests")
class Two(keras.Model):
    """Layers in attributes, a call; nothing else."""

    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.hidden = keras.layers.Dense(units, "tanh")
        self.out = keras.layers.Dense(1)

    def call(self, inputs):
        return self.out(self.hidden(inputs))


def xor():
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(2, "sigmoid"), keras.layers.Dense(1, "sigmoid")]
    )


def test_a_model_of_layers_in_attributes_trains():
    model = Two()
    model.compile(keras.optimizers.Adam(0.1), "mse", metrics=["mae"])
    history = model.fit(X, Y, epochs=60, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert [layer.name for layer in model.layers] == [model.hidden.name, model.out.name]
    assert model.predict(X, verbose=0).shape == (4, 1)


def test_a_train_step_of_ones_own_is_used():
    class Mine(keras.Sequential):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=y, y_pred=self(x, training=True))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply(gradients, self.trainable_variables)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, self(x))
            return {metric.name: metric.result() for metric in self.metrics} | {"mine": 1.0}

    mine, standard = Mine(xor().layers), xor()
    standard.set_weights(mine.get_weights())
    for model in (mine, standard):
        model.compile(keras.optimizers.SGD(0.5), "mse")
    ours = mine.fit(X, Y, epochs=3, shuffle=False, verbose=0).history
    assert ours["mine"] == [1.0] * 3
    with using("numpy"):  # Python's own numbers would differ in the last digit
        standard.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    for a, b in zip(mine.get_weights(), standard.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_a_loss_that_a_layer_adds_is_enough():
    class Shrink(keras.Layer):
        def call(self, x):
            self.add_loss(tf.reduce_mean(x * x))
            return x

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), Shrink()])
    model.compile(keras.optimizers.SGD(0.1))
    losses = model.fit(X, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_several_outputs_have_several_losses():
    class Fork(keras.Model):
        def __init__(self):
            super().__init__()
            self.a, self.b = keras.layers.Dense(1), keras.layers.Dense(2)

        def call(self, x):
            return {"a": self.a(x), "b": self.b(x)}

    model = Fork()
    model.compile("sgd", {"a": "mse", "b": "mae"}, loss_weights={"a": 2.0, "b": 0.5}, metrics={"a": ["mae"]})
    logs = model.evaluate(X, {"a": Y, "b": X}, verbose=0, return_dict=True)
    given = model.predict(X, verbose=0)
    expected = 2 * np.mean((given["a"] - Y) ** 2) + 0.5 * np.mean(np.abs(given["b"] - X))
    assert logs["loss"] == pytest.approx(expected, rel=1e-5)
    assert logs["a_mae"] == pytest.approx(np.mean(np.abs(given["a"] - Y)), rel=1e-5)


def test_several_inputs_come_in_a_list_or_a_dict():
    class Join(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, inputs):
            a, b = inputs.values() if isinstance(inputs, dict) else inputs
            return self.dense(a + b)

    for inputs in ([X, X], {"a": X, "b": X}):
        model = Join()
        model.compile("sgd", "mse")
        model.fit(inputs, Y, epochs=2, verbose=0)
        assert model.predict(inputs, verbose=0).shape == (4, 1)


def test_a_clone_has_the_names_and_other_weights():
    model = xor()
    clone = keras.models.clone_model(model)
    assert clone.name == model.name
    assert [layer.name for layer in clone.layers] == [layer.name for layer in model.layers]
    assert clone.output_shape == (None, 1)
    assert not np.array_equal(clone.get_weights()[0], model.get_weights()[0])
    assert all(a is not b for a, b in zip(clone.layers, model.layers, strict=True))


def test_a_clone_function_makes_each_layer():
    def wider(layer):
        return type(layer).from_config({**layer.get_config(), "activation": "tanh"})

    clone = keras.models.clone_model(xor(), clone_function=wider)
    assert {layer.activation.name for layer in clone.layers} == {"tanh"}


def test_json_makes_the_model_again():
    model = xor()
    again = keras.models.model_from_json(model.to_json())
    assert again.get_config() == model.get_config()
    assert again.built
    assert again.count_params() == 9
    mine = keras.models.model_from_json(Two(5, name="mine").to_json())
    assert type(mine) is Two
    assert mine.hidden.units == 5


@pytest.mark.parametrize(
    "again", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["copy", "pickle"]
)
def test_a_copy_goes_on_as_the_model_would(again):
    model = keras.Sequential([keras.layers.Dense(3, "relu", input_shape=(2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.05), "mse", metrics=["mae"])
    model.fit(X, Y, batch_size=1, epochs=2, verbose=0)
    other = again(model)
    for each in (model, other):
        each.fit(X, Y, batch_size=1, epochs=2, verbose=0)
    for a, b in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_summary_shows_nested_models_and_what_learns():
    inner = keras.Sequential(
        [keras.layers.Dense(2, name="first"), keras.layers.Dense(3, name="second")], name="inner"
    )
    model = keras.Sequential([keras.Input((4,)), inner, keras.layers.Dense(1, name="last")], name="outer")
    inner.trainable = False
    out = io.StringIO()
    with redirect_stdout(out):
        model.summary(expand_nested=True, show_trainable=True)
    assert out.getvalue().splitlines() == [
        'Model: "outer"',
        "_" * 76,
        "Layer (type)                 Output Shape              Param #   Trainable  ",
        "=" * 76,
        "inner (Sequential)           (None, 3)                 19        N          ",
        "|" + "¯" * 74 + "|",
        "| first (Dense)              (None, 2)                 10        N         |",
        "| second (Dense)             (None, 3)                 9         N         |",
        "¯" * 76,
        "_" * 76,
        "last (Dense)                 (None, 1)                 4         Y          ",
        "=" * 76,
        "Total params: 23",
        "Trainable params: 4",
        "Non-trainable params: 19",
        "_" * 76,
    ]


def test_the_summary_of_what_is_not_built_says_so():
    lines = []
    keras.Sequential([keras.layers.Dense(2)], name="later").summary(print_fn=lines.append)
    assert "? " in lines[4]
    assert "0 (unbuilt)" in lines[4]
    assert lines[6] == "Total params: 0"


def test_the_summary_of_some_layers():
    lines = []
    model = keras.Sequential([keras.Input((1,)), *(keras.layers.Dense(1, name=f"d{k}") for k in range(5))])
    model.summary(print_fn=lines.append, layer_range=["d1", "d3"])
    assert [line[:2] for line in lines if line.startswith("d")] == ["d1", "d2", "d3"]
    with pytest.raises(ValueError, match="do not match"):
        model.summary(layer_range=["d1", "nope"])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: keras.Model(inputs=keras.Input((2,)), outputs=None), "functional API"),
        (lambda: keras.models.clone_model(3), "takes a Model"),
        (lambda: xor().export("there"), "export"),
        (lambda: xor().summary(positions=[1, 2]), "positions"),
        (lambda: xor().summary(line_length="wide"), "line_length"),
        (lambda: Two().build(None), "shape of a batch"),
    ],
)
def test_what_is_not_here_says_so(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_json_has_lists_for_tuples_at_every_depth():
    inner = keras.Sequential([keras.layers.Reshape((2, 1)), keras.layers.Permute((2, 1))])
    model = keras.Sequential([keras.Input((2,)), inner, keras.layers.Flatten()])
    text = model.to_json()
    assert "__tuple__" not in text
    again = keras.models.model_from_json(text)
    assert again.output_shape == (None, 2)


def test_a_model_whose_weights_come_later_trains():
    """Nothing to train at the first fit: the optimizer waits, as it does step by step."""
    x, y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.trainable = False
    model.fit(x, y, verbose=0)
    model.trainable = True
    before = model.get_weights()[0]
    model.fit(x, y, verbose=0)
    assert not np.array_equal(model.get_weights()[0], before)


def test_losses_and_metrics_said_as_classes_are_made_once():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", keras.losses.Huber, metrics=[keras.metrics.MeanSquaredError])
    config = model.get_compile_config()
    assert config["loss"]["class_name"] == "Huber"
    again = copy.deepcopy(model)
    assert again.evaluate(np.ones((2, 2)), np.ones((2, 1)), verbose=0) == pytest.approx(
        model.evaluate(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
    )
