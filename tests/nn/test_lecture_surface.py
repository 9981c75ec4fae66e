"""What the lecture's students type and see: names, texts, prints, in tf.keras' form."""

import re

import numpy as np
import pytest

import microtensor as tf
from microtensor import keras

X = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
Y = np.array([[0], [1], [1], [0]])


@pytest.fixture(autouse=True)
def fresh_names():
    tf.keras.backend.clear_session()


def xor(**kwargs):
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Dense(units=2, activation="sigmoid", input_shape=(2,)),
            tf.keras.layers.Dense(units=1, activation="sigmoid"),
        ],
        **kwargs,
    )
    model.compile(optimizer=tf.keras.optimizers.SGD(0.3), loss="mse")
    return model


SUMMARY = """\
Model: "sequential"
_________________________________________________________________
Layer (type)                 Output Shape              Param #   
=================================================================
dense (Dense)                (None, 2)                 6         
_________________________________________________________________
dense_1 (Dense)              (None, 1)                 3         
=================================================================
Total params: 9
Trainable params: 9
Non-trainable params: 0
_________________________________________________________________
"""


def test_summary_is_printed_as_the_lecture_shows_it(capsys):
    assert xor().summary() is None
    assert capsys.readouterr().out == SUMMARY


def test_summary_counts_what_is_not_trained_and_writes_to_print_fn():
    model, lines = xor(), []
    model.layers[0].trainable = False
    model.summary(print_fn=lines.append)
    assert lines[-3:-1] == ["Trainable params: 3", "Non-trainable params: 6"]


def test_the_bar_of_fit_predict_and_evaluate(capsys):
    model = xor()
    model.fit(X, Y, epochs=2, batch_size=1)
    bar = r"4/4 \[={30}\] - 0s \d+[mu]s/step - loss: 0\.\d{4}\n"
    assert re.fullmatch(rf"Epoch 1/2\n{bar}Epoch 2/2\n{bar}", capsys.readouterr().out)
    model.predict(X)
    assert re.fullmatch(r"1/1 \[={30}\] - 0s \d+[mu]s/step\n", capsys.readouterr().out)
    model.evaluate(X, Y)
    assert re.fullmatch(r"1/1 \[={30}\] - 0s \d+[mu]s/step - loss: 0\.\d{4}\n", capsys.readouterr().out)


def test_the_other_verbosities(capsys):
    model = xor()
    model.fit(X, Y, epochs=2, verbose=0)
    assert capsys.readouterr().out == ""
    model.fit(X, Y, epochs=2, batch_size=1, verbose=2, validation_data=(X, Y))
    line = r"4/4 - 0s - loss: 0\.\d{4} - val_loss: 0\.\d{4} - \d+[mu]s/epoch - \d+[mu]s/step\n"
    assert re.fullmatch(rf"Epoch 1/2\n{line}Epoch 2/2\n{line}", capsys.readouterr().out)
    model.fit(X, Y)  # a single epoch has no "Epoch" line
    assert capsys.readouterr().out.startswith("1/1 [")


def test_on_a_terminal_the_bar_is_redrawn_in_place(capsys, monkeypatch):
    from microtensor.nn import progress

    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    model = xor()
    model.compile("sgd", "mse", run_eagerly=True)  # else four steps of a gate are one call
    model.fit(X, Y, batch_size=1)
    out = capsys.readouterr().out
    assert "\r1/4 [======>.......................] - ETA: 0s - loss: " in out
    assert out.count("\n") == 1
    assert out.count("\r") == 4


def test_small_and_infinite_losses_are_shown():
    from microtensor.nn.progress import shown

    assert [shown(0.0123456), shown(0.0001234)] == ["0.0123", "1.2340e-04"]
    assert [shown(float("nan")), shown(0.0)] == ["nan", "0.0000e+00"]


def test_predictions_are_float32_and_the_callers_own():
    model = xor()
    predicted = model.predict([[1, 0], [0, 0]], verbose=0)
    assert predicted.dtype == np.float32
    assert predicted.shape == (2, 1)
    predicted[...] = 7
    np.testing.assert_array_equal(model.predict(X, batch_size=3, verbose=0), model(X).numpy())


def test_weights_print_as_variables():
    model = xor()
    model.set_weights([[[5.378626, -5.299518], [-5.518024, 5.0764313]], [1, 2], [[3], [4]], [5]])
    assert str(model.weights[0]) == (
        "<tf.Variable 'dense/kernel:0' shape=(2, 2) dtype=float32, numpy=\n"
        "array([[ 5.378626 , -5.299518 ],\n       [-5.518024 ,  5.0764313]], dtype=float32)>"
    )
    assert repr(model.weights[3]) == (
        "<tf.Variable 'dense_1/bias:0' shape=(1,) dtype=float32, numpy=array([5.], dtype=float32)>"
    )
    assert model.weights[0].path == "sequential/dense/kernel"


def test_matmul_prints_as_in_the_lecture():
    product = tf.matmul([[1, 2]], [[1, 2, 3], [4, 5, 6]])
    assert repr(product) == "<tf.Tensor: shape=(1, 3), dtype=int32, numpy=array([[ 9, 12, 15]], dtype=int32)>"
    assert str(product) == "tf.Tensor([[ 9 12 15]], shape=(1, 3), dtype=int32)"
    assert str(tf.constant([[1.0, 2.0], [3.0, 4.0]])) == (
        "tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32)"
    )
    transposed = tf.matmul([[1, 4], [2, 5], [3, 6]], [[1], [2]])
    np.testing.assert_array_equal(transposed, product.T)
    np.testing.assert_array_equal(
        tf.matmul([[1], [2]], [[1, 4], [2, 5], [3, 6]], transpose_a=True, transpose_b=True), product
    )


def test_names_count_up_and_clear_session_begins_again():
    assert [layer.name for layer in xor().layers] == ["dense", "dense_1"]
    second = xor()
    assert second.name == "sequential_1"
    assert [layer.name for layer in second.layers] == ["dense_2", "dense_3"]
    tf.keras.utils.clear_session()
    assert xor().name == "sequential"


def test_the_older_name_of_the_learning_rate():
    with pytest.warns(DeprecationWarning, match="learning_rate"):
        optimizer = tf.keras.optimizers.SGD(lr=0.3)
    assert float(optimizer.learning_rate) == np.float32(0.3)
    optimizer.lr = 1  # an integer is a number too
    assert float(optimizer.learning_rate) == 1.0


def test_history_is_returned_and_kept():
    model = xor()
    history = model.fit(X, Y, epochs=3, batch_size=1, verbose=0)
    assert history is model.history
    assert history.epoch == [0, 1, 2]
    assert history.params == {"verbose": 0, "epochs": 3, "steps": 4}
    assert len(history.history["loss"]) == 3
    assert all(type(loss) is float for loss in history.history["loss"])
    assert model.fit(X, Y, epochs=0, verbose=0).history == {}
    assert model.fit(X, Y, epochs=5, initial_epoch=3, verbose=0).epoch == [3, 4]


def test_the_three_ways_to_name_things_are_one():
    assert keras is tf.keras
    assert tf.nn.Dense is keras.layers.Dense
    assert tf.nn.Sequential is keras.Sequential is keras.models.Sequential
    assert tf.optim.SGD is keras.optimizers.SGD
    assert tf.Variable is keras.Variable is tf.Parameter


def test_default_slopes_of_leaky_relu():
    assert float(tf.nn.functional.leaky_relu(-1.0)) == pytest.approx(-0.1)  # the slide
    assert float(keras.activations.leaky_relu(-1.0)) == pytest.approx(-0.2)  # Keras' function
    assert float(keras.activations.get("leaky_relu")(-1.0)) == pytest.approx(-0.2)


def test_activations_plot_with_matplotlib():
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    z = np.linspace(-3, 3, 7)
    for x in (z, tf.constant(z)):
        figure, axis = plt.subplots()
        (line,) = axis.plot(x, tf.nn.relu(x))
        np.testing.assert_allclose(line.get_ydata(), np.maximum(z, 0))
        axis.plot(tf.nn.sigmoid(x))
        axis.scatter(x, tf.nn.tanh(x))
        figure.canvas.draw()
        plt.close(figure)
