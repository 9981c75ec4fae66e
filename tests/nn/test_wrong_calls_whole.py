"""Wrong calls of the whole surface: each is a ValueError or TypeError of ours that names what is wrong, and
leaves the weights, the optimizer's state, the history and the layers as they were.

The calls that the lecture makes are in test_wrong_calls.py.
"""

import numpy as np
import pytest

from microtensor import keras
from microtensor.keras import callbacks, constraints, initializers, losses, metrics, optimizers, regularizers
from microtensor.keras import layers as L  # noqa: N812
from microtensor.keras.optimizers import schedules

from .test_wrong_calls import is_a_sentence_of_ours

NAN, INF = float("nan"), float("inf")
X = np.array([[1, 1], [1, 0], [0, 1], [0, 0]], "float32")
Y = np.array([[0], [1], [1], [0]], "float32")
W = np.ones(4, "float32")


def trained(loss="mse", units=1):
    model = keras.Sequential([keras.Input((2,)), L.Dense(3, "tanh"), L.BatchNormalization(), L.Dense(units)])
    model.compile(optimizers.Adam(0.01), loss=loss, metrics=["mae"])
    model.fit(X, np.ones((4, units)), epochs=2, verbose=0)
    return model


def everything(model):
    return {
        "weights": [w.tobytes() for w in model.get_weights()],
        "optimizer": model.optimizer,
        "slots": [np.asarray(v).tobytes() for v in model.optimizer.variables],
        "loss": model.loss,
        "history": model.history,
        "logs": {key: list(values) for key, values in model.history.history.items()},
        "epochs": list(model.history.epoch),
        "layers": [layer.name for layer in model.layers],
        "trainable": [w.trainable for w in model.weights],
        "built": model.built,
        "metrics": list(model.metrics_names),
    }


def rows(*batches):
    yield from batches


class Sized(keras.utils.PyDataset):
    def __init__(self, batch, length=1):
        super().__init__()
        self.batch, self.length = batch, length

    def __len__(self):
        return self.length

    def __getitem__(self, k):
        return self.batch


def fit(*args, **kwargs):
    return lambda m: m.fit(*args, verbose=kwargs.pop("verbose", 0), **kwargs)


FIT = {  # what is called -> words that the sentence must contain
    "x and y swapped": (fit(Y, X), ["width 2", "(4, 1)"]),
    "x of rank 3": (fit(np.ones((4, 2, 2)), Y), ["(4, 2, 2)"]),
    "y of rank 3": (fit(X, np.ones((4, 1, 2))), ["y", "(4, 1, 2)", "(4, 1)"]),
    "y of complex numbers": (fit(X, Y + 1j), ["`y`", "numbers"]),
    "x of dates": (fit(np.array(["2024-01-01"] * 4, "datetime64[D]"), Y), ["`x`", "numbers"]),
    "None inside x": (fit([[1, None]] * 4, Y), ["`x`", "numbers"]),
    "ragged y": (fit(X, [[0], [1, 2], [1], [0]]), ["`y`", "equal length"]),
    "a set as x": (fit({1, 2, 3, 4}, Y), ["`x`"]),
    "a function as x": (fit(len, Y), ["`x`"]),
    "a class as x": (fit(Sized, Y), ["`x`"]),
    "x without features": (fit(np.ones((4, 0)), Y), ["width 2", "(4, 0)"]),
    "y without columns": (fit(X, np.ones((4, 0))), ["y", "(4, 0)", "(4, 1)"]),
    "two inputs for one": (fit([X, X], Y), ["x"]),
    "a dict of unknown inputs": (fit({"a": X, "b": X}, Y), ["x"]),
    "too few weights for samples": (fit(X, Y, sample_weight=W[:3]), ["sample_weight", "3", "4"]),
    "weights for samples as text": (fit(X, Y, sample_weight="balanced"), ["`sample_weight`", "balanced"]),
    "weights for samples of rank 3": (fit(X, Y, sample_weight=np.ones((4, 1, 1))), ["sample_weight"]),
    "weights for samples of two columns": (fit(X, Y, sample_weight=np.ones((4, 2))), ["sample_weight"]),
    "a number as sample_weight": (fit(X, Y, sample_weight=2.0), ["`sample_weight`"]),
    "class_weight as text": (fit(X, Y, class_weight="balanced"), ["`class_weight`", "dict"]),
    "class_weight as a list": (fit(X, Y, class_weight=[1, 2]), ["`class_weight`", "dict", "list"]),
    "class_weight by name": (fit(X, Y, class_weight={"cat": 1.0}), ["`class_weight`", "cat"]),
    "class_weight of text": (fit(X, Y, class_weight={0: "much"}), ["`class_weight`", "much"]),
    "class_weight and sample_weight": (
        fit(X, Y, class_weight={0: 1.0}, sample_weight=W),
        ["class_weight", "sample_weight"],
    ),
    "batch_size 2.0": (fit(X, Y, batch_size=2.0), ["batch_size", "2.0"]),
    "batch_size NaN": (fit(X, Y, batch_size=NAN), ["batch_size", "nan"]),
    "batch_size as text": (fit(X, Y, batch_size="32"), ["batch_size", "'32'"]),
    "batch_size as a list": (fit(X, Y, batch_size=[2]), ["batch_size", "[2]"]),
    "epochs None": (fit(X, Y, epochs=None), ["epochs", "None"]),
    "epochs True": (fit(X, Y, epochs=True), ["epochs", "True"]),
    "epochs infinite": (fit(X, Y, epochs=INF), ["epochs", "inf"]),
    "epochs NaN": (fit(X, Y, epochs=NAN), ["epochs", "nan"]),
    "initial_epoch -1": (fit(X, Y, initial_epoch=-1), ["initial_epoch", "-1"]),
    "initial_epoch half": (fit(X, Y, initial_epoch=0.5), ["initial_epoch", "0.5"]),
    "steps_per_epoch 0": (fit(X, Y, steps_per_epoch=0), ["steps_per_epoch", "0"]),
    "steps_per_epoch as text": (fit(X, Y, steps_per_epoch="all"), ["steps_per_epoch", "all"]),
    "validation_steps 0": (fit(X, Y, validation_steps=0, validation_data=(X, Y)), ["validation_steps", "0"]),
    "validation_freq 0": (fit(X, Y, validation_freq=0, validation_data=(X, Y)), ["validation_freq", "0"]),
    "validation_freq as text": (
        fit(X, Y, validation_freq="never", validation_data=(X, Y)),
        ["validation_freq", "never"],
    ),
    "validation_batch_size half": (
        fit(X, Y, validation_batch_size=0.5, validation_data=(X, Y)),
        ["validation_batch_size", "0.5"],
    ),
    "validation_split -0.1": (fit(X, Y, validation_split=-0.1), ["validation_split", "-0.1"]),
    "validation_split NaN": (fit(X, Y, validation_split=NAN), ["validation_split", "nan"]),
    "validation_split as text": (fit(X, Y, validation_split="0.2"), ["validation_split", "0.2"]),
    "validation_split 1": (fit(X, Y, validation_split=1.0), ["validation_split=1.0"]),
    "validation_split of a generator": (
        lambda m: m.fit(rows((X, Y)), validation_split=0.5, verbose=0),
        ["validation_split"],
    ),
    "validation_data of four": (fit(X, Y, validation_data=(X, Y, W, W)), ["validation_data"]),
    "validation_data as text": (fit(X, Y, validation_data="test"), ["validation_data"]),
    "validation_data of another width": (fit(X, Y, validation_data=(np.ones((4, 3)), Y)), ["(4, 3)"]),
    "validation_data with text": (fit(X, Y, validation_data=(X, ["a"] * 4)), ["validation y", "numbers"]),
    "validation_data of other columns": (fit(X, Y, validation_data=(X, np.ones((4, 2)))), ["y", "(4, 2)"]),
    "validation_data without rows": (fit(X, Y, validation_data=(X[:0], Y[:0])), ["validation x", "no rows"]),
    "validation weights too short": (
        fit(X, Y, validation_data=(X, Y, W[:2])),
        ["sample_weight", "2", "4"],
    ),
    "shuffle as text": (fit(X, Y, shuffle="yes"), ["shuffle", "yes"]),
    "shuffle None": (fit(X, Y, shuffle=None), ["shuffle", "None"]),
    "shuffle 2": (fit(X, Y, shuffle=2), ["shuffle", "2"]),
    "verbose None": (lambda m: m.fit(X, Y, verbose=None), ["verbose", "None"]),
    "verbose -1": (lambda m: m.fit(X, Y, verbose=-1), ["verbose", "-1"]),
    "verbose as text": (lambda m: m.fit(X, Y, verbose="silent"), ["verbose", "silent"]),
    "a callback's class": (fit(X, Y, callbacks=[callbacks.EarlyStopping]), ["callbacks"]),
    "a callback's name": (fit(X, Y, callbacks=["EarlyStopping"]), ["callbacks", "EarlyStopping"]),
    "callbacks as text": (fit(X, Y, callbacks="EarlyStopping"), ["callbacks"]),
    "callbacks 3": (fit(X, Y, callbacks=3), ["callbacks", "3"]),
    "a generator of nothing": (lambda m: m.fit(rows(), verbose=0), ["`x`", "no batch"]),
    "a generator with y beside": (lambda m: m.fit(rows((X, Y)), Y, verbose=0), ["`y`"]),
    "a generator with weights beside": (lambda m: m.fit(rows((X, Y)), sample_weight=W), ["sample_weight"]),
    "a generator of x alone": (lambda m: m.fit(rows(X, X), verbose=0), ["y"]),
    "a generator of four": (lambda m: m.fit(rows((X, Y, W, W)), verbose=0), ["tuple", "4"]),
    "a generator of text": (lambda m: m.fit(rows(("a", "b")), verbose=0), ["x"]),
    "a generator of other lengths": (lambda m: m.fit(rows((X, Y[:3])), verbose=0), ["'x' sizes: 4"]),
    "a generator of another width": (lambda m: m.fit(rows((np.ones((4, 3)), Y)), verbose=0), ["(4, 3)"]),
    "a generator of other columns": (lambda m: m.fit(rows((X, np.ones((4, 2)))), verbose=0), ["y", "(4, 2)"]),
    "a dataset of no batches": (lambda m: m.fit(Sized((X, Y), 0), verbose=0), ["`x`", "no batches"]),
    "a dataset of another width": (lambda m: m.fit(Sized((np.ones((4, 3)), Y)), verbose=0), ["(4, 3)"]),
    "three columns of weights": (lambda m: m.train_on_batch(X, Y, np.ones((4, 3))), ["sample_weight"]),
}

USE = {
    "evaluate too few y": (lambda m: m.evaluate(X, Y[:2], verbose=0), ["'x' sizes: 4", "'y' sizes: 2"]),
    "evaluate other columns": (lambda m: m.evaluate(X, np.ones((4, 3)), verbose=0), ["y", "(4, 3)"]),
    "evaluate steps 0": (lambda m: m.evaluate(X, Y, steps=0, verbose=0), ["steps", "0"]),
    "evaluate batch_size": (lambda m: m.evaluate(X, Y, batch_size=0, verbose=0), ["batch_size", "0"]),
    "evaluate verbose": (lambda m: m.evaluate(X, Y, verbose="x"), ["verbose", "'x'"]),
    "evaluate callbacks": (lambda m: m.evaluate(X, Y, callbacks=[3], verbose=0), ["callbacks", "3"]),
    "evaluate sample_weight": (lambda m: m.evaluate(X, Y, sample_weight=W[:1], verbose=0), ["sample_weight"]),
    "evaluate nothing": (lambda m: m.evaluate(verbose=0), ["`x`", "None"]),
    "predict text": (lambda m: m.predict([["a", "b"]], verbose=0), ["`x`", "numbers"]),
    "predict no rows": (lambda m: m.predict(X[:0], verbose=0), ["`x`", "no rows"]),
    "predict one sample": (lambda m: m.predict(X[0], verbose=0), ["(2,)"]),
    "predict a number": (lambda m: m.predict(3, verbose=0), ["`x`", "3"]),
    "predict batch_size": (lambda m: m.predict(X, batch_size="2", verbose=0), ["batch_size", "'2'"]),
    "predict steps": (lambda m: m.predict(X, steps=-1, verbose=0), ["steps", "-1"]),
    "predict callbacks": (lambda m: m.predict(X, callbacks=["x"], verbose=0), ["callbacks", "x"]),
    "predict an empty generator": (lambda m: m.predict(rows(), verbose=0), ["`x`", "no batch"]),
    "predict_on_batch text": (lambda m: m.predict_on_batch(["a"]), ["`x`", "numbers"]),
    "predict_on_batch nothing": (lambda m: m.predict_on_batch(None), ["`x`", "None"]),
    "train_on_batch lengths": (lambda m: m.train_on_batch(X, Y[:3]), ["'x' sizes: 4", "'y' sizes: 3"]),
    "train_on_batch without y": (lambda m: m.train_on_batch(X), ["`y`", "None"]),
    "train_on_batch other columns": (lambda m: m.train_on_batch(X, np.ones((4, 2))), ["y", "(4, 2)"]),
    "train_on_batch class_weight": (lambda m: m.train_on_batch(X, Y, class_weight=3), ["`class_weight`"]),
    "test_on_batch width": (lambda m: m.test_on_batch(np.ones((4, 3)), Y), ["(4, 3)"]),
    "test_on_batch text": (lambda m: m.test_on_batch(X, ["a"] * 4), ["`y`", "numbers"]),
    "call with text": (lambda m: m("abc"), ["numbers"]),
    "call with nothing": (lambda m: m(None), ["None"]),
    "call with rank 1": (lambda m: m(X[0]), ["(2,)"]),
    "set_weights None": (lambda m: m.set_weights(None), ["weights"]),
    "set_weights of text": (lambda m: m.set_weights(["a"] * len(m.weights)), ["numbers"]),
    "set_weights too many": (lambda m: m.set_weights([*m.get_weights(), W]), ["9", "8"]),
    "set_weights last shape": (
        lambda m: m.set_weights([*m.get_weights()[:-1], np.ones(7)]),
        ["(1,)", "(7,)"],
    ),
    "set_weights of a layer": (lambda m: m.layers[0].set_weights([np.ones((2, 3))]), ["length 1", "2"]),
    "a weight's shape": (lambda m: m.weights[0].assign(np.ones((3, 2))), ["(2, 3)", "(3, 2)"]),
    "get_layer of nothing": (lambda m: m.get_layer(), ["name", "index"]),
    "get_layer of both": (lambda m: m.get_layer("dense", 0), ["name", "index"]),
    "get_layer by text as index": (lambda m: m.get_layer(index="0"), ["index"]),
    "add a class": (lambda m: m.add(L.Dense), ["keras.Layer"]),
    "add nothing": (lambda m: m.add(None), ["keras.Layer", "None"]),
    "add a layer that does not fit": (
        lambda m: m.add(L.Dense(2, input_shape=(5,))),
        ["width 5", "(None, 1)"],
    ),
    "add a reshape that does not fit": (lambda m: m.add(L.Reshape((7,))), ["7"]),
    "add a layer twice": (lambda m: m.add(m.layers[0]), ["unique"]),
    "compile optimizer None": (lambda m: m.compile(None, "mse"), ["optimizer", "None"]),
    "compile optimizer 3": (lambda m: m.compile(3, "mse"), ["optimizer", "3"]),
    "compile a layer as optimizer": (lambda m: m.compile(L.Dense(1), "mse"), ["optimizer", "Dense"]),
    "compile loss 3": (lambda m: m.compile("sgd", 3), ["loss", "3"]),
    "compile loss a layer's class": (lambda m: m.compile("sgd", {"class_name": "Dense"}), ["loss"]),
    "compile loss_weights as text": (lambda m: m.compile("sgd", "mse", loss_weights="a"), ["loss_weights"]),
    "compile loss_weights too many": (
        lambda m: m.compile("sgd", "mse", loss_weights=[1.0, 2.0]),
        ["loss_weights"],
    ),
    "compile metrics 3": (lambda m: m.compile("sgd", "mse", metrics=3), ["metrics", "3"]),
    "compile metrics of numbers": (lambda m: m.compile("sgd", "mse", metrics=[3]), ["metric", "3"]),
    "compile weighted_metrics as text": (
        lambda m: m.compile("sgd", "mse", weighted_metrics="mae"),
        ["weighted_metrics", "list"],
    ),
    "compile steps_per_execution 0": (
        lambda m: m.compile("sgd", "mse", steps_per_execution=0),
        ["steps_per_execution", "0"],
    ),
    "learning_rate as text": (lambda m: setattr(m.optimizer, "learning_rate", "fast"), ["learning_rate"]),
    "learning_rate negative": (
        lambda m: setattr(m.optimizer, "learning_rate", -1.0),
        ["learning_rate", "-1"],
    ),
    "learning_rate NaN": (lambda m: setattr(m.optimizer, "learning_rate", NAN), ["learning_rate", "nan"]),
    "apply too few gradients": (
        lambda m: m.optimizer.apply([W], m.trainable_weights),
        ["gradient", "1", "6"],
    ),
    "apply gradients of another shape": (
        lambda m: m.optimizer.apply([np.ones(7)] * 6, m.trainable_weights),
        ["(7,)", "(2, 3)"],
    ),
    "apply no gradients": (lambda m: m.optimizer.apply([None] * 6, m.trainable_weights), ["No gradients"]),
    "apply to a stranger": (lambda m: m.optimizer.apply([W], [keras.Variable(W)]), ["Unknown variable"]),
    "load another kind of file": (lambda m: m.load_weights(__file__), ["filepath"]),
    "save under no name": (lambda m: m.save(None), ["filepath"]),
    "save under another ending": (lambda m: m.save("model.docx"), ["docx"]),
    "summary of text": (lambda m: m.summary(line_length="wide"), ["line_length"]),
}

MAKE = {
    "dropout 1.5": (lambda: L.Dropout(1.5), ["rate", "1.5"]),
    "dropout NaN": (lambda: L.Dropout(NAN), ["rate", "nan"]),
    "dropout as text": (lambda: L.Dropout("half"), ["rate", "half"]),
    "noise -1": (lambda: L.GaussianNoise(-1), ["stddev", "-1"]),
    "leaky relu -1": (lambda: L.LeakyReLU(-1), ["negative_slope", "-1"]),
    "relu -1": (lambda: L.ReLU(max_value=-1), ["max_value", "-1"]),
    "reshape to text": (lambda: L.Reshape("ab"), ["target_shape"]),
    "permute of nothing": (lambda: L.Permute((0, 1)), ["dims"]),
    "repeat half": (lambda: L.RepeatVector(2.5), ["n", "2.5"]),
    "lambda of no function": (lambda: L.Lambda(3), ["function", "3"]),
    "units NaN": (lambda: L.Dense(NAN), ["units", "nan"]),
    "units None": (lambda: L.Dense(None), ["units", "None"]),
    "units True": (lambda: L.Dense(True), ["units", "True"]),
    "activation 3": (lambda: L.Dense(2, activation=3), ["activation", "3"]),
    "regularizer unknown": (lambda: L.Dense(2, kernel_regularizer="l3"), ["regularizer", "l3"]),
    "constraint unknown": (lambda: L.Dense(2, kernel_constraint="small"), ["constraint", "small"]),
    "dtype unknown": (lambda: L.Dense(2, dtype="float31"), ["dtype", "float31"]),
    "dtype of integers": (lambda: L.Dense(2, dtype="int32"), ["dtype", "int32"]),
    "trainable as text": (lambda: L.Dense(2, trainable="no"), ["trainable", "no"]),
    "input_shape NaN": (lambda: L.Dense(2, input_shape=(NAN,)), ["nan"]),
    "input_shape -2": (lambda: L.Dense(2, input_shape=(-2,)), ["-2"]),
    "name 3": (lambda: L.Dense(2, name=3), ["name", "3"]),
    "Input of text": (lambda: keras.Input("ab"), ["ab", "shape"]),
    "InputSpec axes": (lambda: L.InputSpec(axes={"a": 2}), ["axes"]),
    "learning rate NaN": (lambda: optimizers.SGD(NAN), ["learning_rate", "nan"]),
    "learning rate None": (lambda: optimizers.Adam(None), ["learning_rate", "None"]),
    "learning rate infinite": (lambda: optimizers.Adam(INF), ["learning_rate", "inf"]),
    "beta_1 of 2": (lambda: optimizers.Adam(beta_1=2), ["beta_1", "2"]),
    "rho as text": (lambda: optimizers.RMSprop(rho="a"), ["rho", "'a'"]),
    "epsilon -1": (lambda: optimizers.Adagrad(epsilon=-1), ["epsilon", "-1"]),
    "clipnorm -1": (lambda: optimizers.SGD(clipnorm=-1), ["clipnorm", "-1"]),
    "clipvalue as text": (lambda: optimizers.SGD(clipvalue="a"), ["clipvalue", "'a'"]),
    "ema_momentum 2": (lambda: optimizers.SGD(use_ema=True, ema_momentum=2.0), ["ema_momentum", "2"]),
    "ema_momentum as text": (lambda: optimizers.SGD(use_ema=True, ema_momentum="a"), ["ema_momentum"]),
    "accumulation 1": (
        lambda: optimizers.SGD(gradient_accumulation_steps=1),
        ["gradient_accumulation_steps", "1"],
    ),
    "weight_decay as text": (lambda: optimizers.AdamW(weight_decay="a"), ["weight_decay"]),
    "boundaries and values": (lambda: schedules.PiecewiseConstantDecay([1, 2], [0.1, 0.2]), ["boundaries"]),
    "decay_steps 0": (lambda: schedules.ExponentialDecay(0.1, 0, 0.9), ["decay_steps", "0"]),
    "cosine decay_steps as text": (lambda: schedules.CosineDecay(0.1, "a"), ["decay_steps"]),
    "reduction unknown": (lambda: losses.MeanSquaredError(reduction="total"), ["reduction", "total"]),
    "label_smoothing 2": (lambda: losses.BinaryCrossentropy(label_smoothing=2), ["label_smoothing", "2"]),
    "huber delta as text": (lambda: losses.Huber(delta="a"), ["delta"]),
    "a loss of other shapes": (lambda: losses.MeanSquaredError()(Y, np.ones((4, 3))), ["(4, 1)", "(4, 3)"]),
    "a loss of text": (lambda: losses.MeanSquaredError()(["a"], [1.0]), ["numbers"]),
    "loss unknown": (lambda: losses.get("msee"), ["loss", "msee", "mse"]),
    "loss 3": (lambda: losses.get(3), ["loss", "3"]),
    "metric unknown": (lambda: metrics.get("acuracy"), ["metric", "acuracy", "accuracy"]),
    "threshold 2": (lambda: metrics.Precision(thresholds=2), ["Threshold", "2"]),
    "AUC num_thresholds 1": (lambda: metrics.AUC(num_thresholds=1), ["num_thresholds", "1"]),
    "AUC curve": (lambda: metrics.AUC(curve="PQ"), ["curve", "PQ"]),
    "mean iou classes as text": (lambda: metrics.MeanIoU(num_classes="a"), ["num_classes"]),
    "a metric of other lengths": (lambda: metrics.MeanAbsoluteError()(Y, Y[:2]), ["(4, 1)", "(2, 1)"]),
    "l1 negative": (lambda: regularizers.L1(-0.1), ["l1", "-0.1"]),
    "l2 NaN": (lambda: regularizers.L2(NAN), ["l2", "nan"]),
    "max_value as text": (lambda: constraints.MaxNorm("a"), ["max_value"]),
    "rate 2": (lambda: constraints.MinMaxNorm(rate=2.0), ["rate", "2"]),
    "scale 0": (lambda: initializers.VarianceScaling(scale=0), ["scale", "0"]),
    "mode unknown": (lambda: initializers.VarianceScaling(mode="fan"), ["mode", "fan"]),
    "seed as text": (lambda: initializers.GlorotUniform(seed="a"), ["seed"]),
    "patience as text": (lambda: callbacks.EarlyStopping(patience="a"), ["patience"]),
    "patience NaN": (lambda: callbacks.EarlyStopping(patience=NAN), ["patience", "nan"]),
    "monitor 3": (lambda: callbacks.EarlyStopping(monitor=3), ["monitor", "3"]),
    "factor 2": (lambda: callbacks.ReduceLROnPlateau(factor=2), ["factor", "2"]),
    "schedule of no function": (lambda: callbacks.LearningRateScheduler(0.1), ["schedule", "0.1"]),
    "checkpoint without an ending": (lambda: callbacks.ModelCheckpoint("model"), ["filepath"]),
    "checkpoint save_freq": (lambda: callbacks.ModelCheckpoint("m.keras", save_freq="day"), ["save_freq"]),
    "backup_dir of nothing": (lambda: callbacks.BackupAndRestore(""), ["backup_dir"]),
    "a misspelt hook": (lambda: callbacks.LambdaCallback(on_epoch_stop=print), ["on_epoch_stop"]),
    "to_categorical of text": (lambda: keras.utils.to_categorical(["a"]), ["a"]),
    "floatx unknown": (lambda: keras.config.set_floatx("float31"), ["float31"]),
    "a variable of nothing": (lambda: keras.Variable(None), ["None"]),
    "deserialize text": (lambda: L.deserialize("Dense"), ["config"]),
    "deserialize a stranger": (lambda: L.deserialize({"class_name": "Nope", "config": {}}), ["Nope"]),
    "from_config of another": (lambda: L.Dense.from_config({"unit": 3}), ["Dense", "unit"]),
    "load_model of no file": (lambda: keras.models.load_model("nope.keras"), ["nope.keras"]),
}


def raised(call):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    return caught


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("case", [*FIT, *USE])
def test_a_wrong_call_leaves_the_model_as_it_was(case, tmp_path):
    call, words = (FIT | USE)[case]
    model = trained()
    before = everything(model)
    is_a_sentence_of_ours(raised(lambda: call(model)), words)
    assert everything(model) == before
    assert not list(tmp_path.iterdir())
    model.fit(X, Y, epochs=1, verbose=0)  # and it still trains
    assert everything(model)["weights"] != before["weights"]


@pytest.mark.parametrize("case", MAKE)
def test_a_wrong_argument_is_a_sentence(case):
    call, words = MAKE[case]
    is_a_sentence_of_ours(raised(call), words)


LABELS = {
    "labels that are too large": (np.array([0, 1, 2, 3]), ["3"]),
    "labels below zero": (np.array([0, 1, 2, -1]), ["-1"]),
    "labels that are no whole numbers": (np.array([0, 1, 1.5, 2]), ["1.5"]),
    "labels of two columns": (np.ones((4, 2)), ["(4, 2)", "(4, 3)"]),
}


@pytest.mark.parametrize("case", LABELS)
def test_labels_that_no_output_answers_to_are_refused(case):
    y, words = LABELS[case]
    model = keras.Sequential([keras.Input((2,)), L.Dense(3, "softmax")])
    model.compile(optimizers.Adam(), "sparse_categorical_crossentropy")
    model.fit(X, np.array([0, 1, 2, 0]), verbose=0)
    before = everything(model)
    is_a_sentence_of_ours(raised(lambda: model.fit(X, y, verbose=0)), words)
    assert everything(model) == before


@pytest.mark.parametrize("y", [np.ones((3, 1)), np.ones((4, 2)), ["a"] * 4, None])
def test_a_model_that_is_not_built_stays_so(y):
    model = keras.Sequential([L.Dense(2), L.BatchNormalization(), L.Dense(1)])
    model.compile(optimizers.Adam(), "mse")
    raised(lambda: model.fit(X, y, verbose=0))
    assert not model.built
    assert model.weights == []
    assert model.history is None
    model.fit(X, Y, verbose=0)


def test_as_many_losses_as_outputs():
    model = trained()
    before = everything(model)
    model.compile(model.optimizer, ["mse", "mae"])
    is_a_sentence_of_ours(raised(lambda: model.fit(X, Y, verbose=0)), ["2", "`loss`", "1 output"])
    assert everything(model)["weights"] == before["weights"]


def test_a_layer_that_does_not_fit_is_not_added():
    wrong = [L.GroupNormalization(5), L.Dot(1), L.Add(), L.LayerNormalization(3), L.UnitNormalization(2)]
    wrong += [L.Normalization(mean=[1.0, 2.0], variance=[1.0, 1.0]), L.BatchNormalization(axis=2)]
    for layer in wrong:
        model = trained()
        before = everything(model)
        is_a_sentence_of_ours(raised(lambda m=model, a=layer: m.add(a)), [])
        assert everything(model) == before
