"""Wrong calls, as a newcomer makes them: each is one sentence, raised by us, and changes nothing."""

import re
import traceback
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras

X = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
Y = np.array([[0], [1], [1], [0]])


def xor(compiled=True):
    model = keras.Sequential(
        [keras.layers.Dense(2, "sigmoid", input_shape=(2,)), keras.layers.Dense(1, "sigmoid")]
    )
    if compiled:
        model.compile(keras.optimizers.SGD(0.3), loss="mse")
    return model


def lazy():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


# what is called -> words that the sentence must contain
FIT = {
    "y too short": (lambda m: m.fit(X, Y[:3]), ["'x' sizes: 4", "'y' sizes: 3"]),
    "three columns against one output": (lambda m: m.fit(X, np.ones((4, 3))), ["y", "(4, 3)", "(4, 1)"]),
    "text as x": (lambda m: m.fit([["a", "b"]] * 4, Y), ["`x`", "numbers"]),
    "text as y": (lambda m: m.fit(X, ["yes", "no", "no", "yes"]), ["`y`", "numbers"]),
    "no y": (lambda m: m.fit(X), ["`y`", "None"]),
    "no x": (lambda m: m.fit(None, Y), ["`x`", "None"]),
    "objects": (lambda m: m.fit([object()] * 4, Y), ["`x`", "numbers"]),
    "ragged x": (lambda m: m.fit([[1, 2], [3]], Y[:2]), ["`x`", "equal length"]),
    "a number as x": (lambda m: m.fit(3, 4), ["`x`", "row"]),
    "no rows": (lambda m: m.fit(np.ones((0, 2)), np.ones((0, 1))), ["`x`", "no rows"]),
    "x of the wrong width": (lambda m: m.fit(np.ones((4, 3)), Y), ["dense", "width 2", "(4, 3)"]),
    "one sample without brackets": (lambda m: m.fit([1, 0], [1, 0]), ["(2,)"]),
    "half an epoch": (lambda m: m.fit(X, Y, epochs=0.5), ["epochs", "0.5"]),
    "negative epochs": (lambda m: m.fit(X, Y, epochs=-1), ["epochs", "-1"]),
    "epochs as text": (lambda m: m.fit(X, Y, epochs="10"), ["epochs", "'10'"]),
    "batch_size -1": (lambda m: m.fit(X, Y, batch_size=-1), ["batch_size", "-1"]),
    "batch_size 0": (lambda m: m.fit(X, Y, batch_size=0), ["batch_size", "0"]),
    "batch_size True": (lambda m: m.fit(X, Y, batch_size=True), ["batch_size", "True"]),
    "unknown verbose": (lambda m: m.fit(X, Y, verbose=3), ["verbose", "3"]),
    "validation_data without y": (lambda m: m.fit(X, Y, validation_data=X), ["validation_data", "pair"]),
    "validation y too long": (lambda m: m.fit(X, Y, validation_data=(X[:2], Y)), ["validation x", "4"]),
    "validation_split 1.5": (lambda m: m.fit(X, Y, validation_split=1.5), ["validation_split", "1.5"]),
    "validation_split too large": (lambda m: m.fit(X, Y, validation_split=0.9), ["validation_split=0.9"]),
    "callback that is none": (lambda m: m.fit(X, Y, callbacks=[print]), ["callbacks", "Callback"]),
    "predict the wrong width": (lambda m: m.predict([[1, 2, 3]]), ["dense", "width 2", "(1, 3)"]),
    "predict nothing": (lambda m: m.predict(None), ["`x`", "None"]),
    "evaluate without y": (lambda m: m.evaluate(X), ["`y`", "None"]),
    "call with the wrong width": (lambda m: m(np.ones((1, 5))), ["dense", "width 2", "(1, 5)"]),
    "too few weights": (lambda m: m.set_weights([np.ones((2, 2))]), ["length 1", "expecting 4"]),
    "weights of the wrong shape": (
        lambda m: m.set_weights([np.ones((3, 2)), *m.get_weights()[1:]]),
        ["(2, 2)", "(3, 2)"],
    ),
    "unknown layer name": (lambda m: m.get_layer("nope"), ["nope", "dense"]),
    "layer 5 of 2": (lambda m: m.get_layer(index=5), ["index 5", "2 layers"]),
    "add what is no layer": (lambda m: m.add(3), ["Only instances of keras.Layer", "3"]),
    "recompile with an unknown loss": (lambda m: m.compile("sgd", "msee"), ["loss", "msee", "'mse'"]),
    "recompile with an unknown optimizer": (lambda m: m.compile("sdg", "mse"), ["optimizer", "sdg", "'sgd'"]),
    "recompile with an unknown metric": (
        lambda m: m.compile("sgd", "mse", metrics=["acuracy"]),
        ["metric", "acuracy", "'accuracy'"],
    ),
    "metrics as text": (lambda m: m.compile("sgd", "mse", metrics="accuracy"), ["metrics", "list"]),
}

MAKE = {
    "unknown activation": (lambda: keras.layers.Dense(2, activation="sigmoyd"), ["sigmoyd", "'sigmoid'"]),
    "no units": (lambda: keras.layers.Dense(0), ["units", "0"]),
    "half a unit": (lambda: keras.layers.Dense(2.5), ["units", "2.5"]),
    "units as text": (lambda: keras.layers.Dense("2"), ["units", "'2'"]),
    "unknown keyword": (lambda: keras.layers.Dense(2, activaton="relu"), ["activaton", "Dense"]),
    "unknown initializer": (
        lambda: keras.layers.Dense(2, kernel_initializer="glorot"),
        ["initializer", "glorot"],
    ),
    "input_shape as a number": (lambda: keras.layers.Dense(2, input_shape=2), ["'2'", "shape"]),
    "Input without a shape": (lambda: keras.Input(), ["shape"]),
    "Input(2)": (lambda: keras.Input(2), ["'2'", "shape"]),
    "a name with a slash": (lambda: keras.layers.Dense(2, name="a/b"), ["name", "a/b"]),
    "the same name twice": (
        lambda: keras.Sequential([keras.layers.Dense(1, name="a"), keras.layers.Dense(1, name="a")]),
        ["unique names", "'a'"],
    ),
    "layers not in a list": (lambda: keras.Sequential(keras.layers.Dense(1)), ["list of layers"]),
    "negative learning rate": (lambda: keras.optimizers.SGD(-0.3), ["learning_rate", "-0.3"]),
    "learning rate as text": (lambda: keras.optimizers.SGD("0.3"), ["learning_rate", "'0.3'"]),
    "momentum 2": (lambda: keras.optimizers.SGD(0.3, momentum=2), ["momentum", "2"]),
    "two clips": (lambda: keras.optimizers.SGD(clipnorm=1, clipvalue=1), ["clipnorm", "clipvalue"]),
    "unknown optimizer keyword": (lambda: keras.optimizers.SGD(learningrate=1), ["learningrate"]),
    "fit before compile": (lambda: xor(compiled=False).fit(X, Y), ["compile"]),
    "an empty model": (lambda: keras.Sequential()(X), ["no layers", "add"]),
    "pop from an empty model": (lambda: keras.Sequential().pop(), ["no layers"]),
    "layers that do not fit": (
        lambda: keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, input_shape=(3,))]),
        ["width 3", "(None, 2)"],
    ),
    "seed as text": (lambda: keras.utils.set_random_seed("1"), ["seed", "'1'"]),
    "seed -1": (lambda: keras.utils.set_random_seed(-1), ["between 0 and"]),
    "mse of other shapes": (lambda: mt.mse(mt.ones((4, 1)), mt.ones((4, 3))), ["mse", "(4, 1)", "(4, 3)"]),
    "a matrix product that does not fit": (
        lambda: mt.matmul([[1, 2]], [[1, 2]]),
        ["matmul", "(1, 2)", "(n, k) times (k, m)"],
    ),
}


def raised(call):
    with pytest.raises((ValueError, TypeError, IndexError)) as caught:
        call()
    return caught


def is_a_sentence_of_ours(caught, words):
    message = str(caught.value)
    for word in words:
        assert word in message, f"{word!r} is missing in: {message}"
    assert len(message) > 15
    package = str(Path(mt.__file__).parent)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.filename.startswith(package), f"raised in {last.filename}, not by us"
    assert caught.value.__cause__ is None or caught.value.__suppress_context__
    assert not re.search(r"<lambda>|0x[0-9a-f]{6}", message)


def everything(model):
    return {
        "weights": [w.tobytes() for w in model.get_weights()],
        "built": model.built,
        "layers": [layer.name for layer in model.layers],
        "optimizer": model.optimizer,
        "iterations": int(model.optimizer.iterations),
        "loss": model.loss,
        "history": model.history,
        "metrics": model.metrics_names,
    }


@pytest.mark.parametrize("case", FIT)
def test_a_wrong_call_is_a_sentence_and_leaves_the_model_as_it_was(case):
    call, words = FIT[case]
    model = xor()
    model.fit(X, Y, epochs=1, verbose=0)
    before = everything(model)
    is_a_sentence_of_ours(raised(lambda: call(model)), words)
    assert everything(model) == before
    model.fit(X, Y, epochs=1, verbose=0)  # and it still trains


@pytest.mark.parametrize("case", MAKE)
def test_a_wrong_argument_is_a_sentence(case):
    call, words = MAKE[case]
    is_a_sentence_of_ours(raised(call), words)


@pytest.mark.parametrize("y", [np.ones((4, 3)), np.ones(3), ["a"] * 4])
def test_a_model_that_is_not_built_stays_so_when_fit_is_refused(y):
    model = lazy()
    raised(lambda: model.fit(X, y))
    assert not model.built
    assert model.weights == []


def test_fit_before_compile_is_both_keras_error_types():
    for kind in (ValueError, RuntimeError):
        with pytest.raises(kind, match="compile"):
            xor(compiled=False).fit(X, Y)


def test_the_caller_s_arrays_are_not_touched():
    x, y = X.copy(), Y.copy()
    x.flags.writeable = y.flags.writeable = False
    xor().fit(x, y, epochs=2, verbose=0)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(y, Y)
