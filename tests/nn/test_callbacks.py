"""Callbacks: what each does, says and writes, as Keras does; and that one without hooks costs nothing."""

import csv
import gc
import json
import os
import pickle

import numpy as np
import pytest

from microtensor import keras
from microtensor.nn.callbacks import HOOKS

C = keras.callbacks
X = np.random.default_rng(0).normal(size=(10, 3)).astype("float32")
Y = X @ np.array([[1.0], [-2.0], [0.5]], "float32") + 1


def linear(optimizer="sgd", metrics=("mae",)):
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(3,), kernel_initializer="ones")])
    model.compile(optimizer, "mse", metrics=list(metrics))
    return model


def fit(model, *callbacks, **options):
    return model.fit(X, Y, **{"epochs": 3, "batch_size": 4, "verbose": 0, **options}, callbacks=callbacks)


class Model:
    """As much of a model as callbacks use."""

    def __init__(self, rate=0.1):
        self.weights, self.stop_training, self.saved = -1, False, []
        self.optimizer = type("Optimizer", (), {"learning_rate": rate})()

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights

    def save(self, path, overwrite):
        self.saved.append(path)

    save_weights = save


def train(callback, logs, model=None):
    """Drive a callback through epochs with these logs; how many there were."""
    model = model or Model()
    calls = C.CallbackList(callback, model=model, epochs=len(logs))
    calls.call("on_train_begin", {})
    for epoch, each in enumerate(logs):
        calls.call("on_epoch_begin", epoch, {})
        model.weights = epoch
        calls.call("on_epoch_end", epoch, each)
        if model.stop_training:
            break
    calls.call("on_train_end", {})
    return epoch + 1


def losses(*values, name="loss"):
    return [{name: value} for value in values]


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


# --- the base and the list ---------------------------------------------------------------------------------


def test_each_hook_of_the_list_reaches_each_callback_in_order():
    seen = []
    both = [
        C.LambdaCallback(**{hook: lambda *args, k=k, hook=hook: seen.append((hook, k)) for hook in HOOKS})
        for k in range(2)
    ]
    calls = C.CallbackList(both)
    for hook in HOOKS:
        getattr(calls, hook)(*([] if hook.split("_")[1:-1] in (["train"], ["test"], ["predict"]) else [0]))
    assert seen == [(hook, k) for hook in HOOKS for k in range(2)]


def test_hooks_that_nobody_has_are_not_called():
    class Quiet(C.Callback):
        def on_epoch_end(self, epoch, logs=None): ...

    calls = C.CallbackList([C.Callback(), Quiet(), C.EarlyStopping()])
    assert not calls.listens("on_train_batch_end")
    assert calls.listens("on_epoch_end")
    assert [len(calls._listeners[hook]) for hook in ("on_epoch_end", "on_train_end")] == [2, 1]
    calls.append(C.TerminateOnNaN())
    assert calls.listens("on_train_batch_end"), "its on_batch_end is the older name of on_train_batch_end"


def test_the_older_names_are_called_once_and_through_super():
    seen = []

    class Old(C.Callback):
        def on_batch_begin(self, batch, logs=None):
            seen.append(("begin", batch))

        def on_batch_end(self, batch, logs):
            seen.append(("end", batch))

    class Both(Old):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)

    fit(linear(), Old(), epochs=1)
    assert seen == [(when, batch) for batch in range(3) for when in ("begin", "end")]
    seen.clear()
    fit(linear(), Both(), epochs=1)
    assert seen.count(("end", 2)) == 1


def test_a_callback_needs_no_init_of_its_base():
    class Careless(C.Callback):
        def __init__(self):
            self.mine = 1

    careless = Careless()
    assert careless.model is None
    assert careless.params is None
    model = linear()
    fit(model, careless, epochs=1)
    assert careless.model is model
    assert careless.params == {"verbose": 0, "epochs": 1, "steps": 3}


def test_the_list_adds_a_history_and_a_bar_unless_they_are_there():
    mine, model = C.History(), Model()
    calls = C.CallbackList(
        [mine], add_history=True, add_progbar=True, model=model, verbose=0, epochs=1, steps=1
    )
    assert [type(each) for each in calls.callbacks] == [C.History, C.ProgbarLogger]
    assert model.history is mine
    assert calls.model is model
    assert mine.params == {"verbose": 0, "epochs": 1, "steps": 1}
    assert C.CallbackList().callbacks == []


def test_the_list_makes_plain_numbers_sorted_by_name_in_one_dict_for_all():
    seen = []
    calls = C.CallbackList([C.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(logs))] * 2)
    calls.on_epoch_end(0, {"loss": np.float32(0.5), "a": {"b": np.ones(())}, "v": [1, 2]})
    assert list(seen[0].items()) == [("b", 1.0), ("loss", 0.5), ("v", [1, 2])]
    assert [type(value) for value in seen[0].values()] == [float, float, list]
    assert seen[0] is seen[1]


def test_an_end_without_a_beginning():
    for what in ("train", "test", "predict"):
        with pytest.raises(ValueError, match="called without corresponding `on_xxx_begin`"):
            getattr(C.CallbackList(), f"on_{what}_end")()


@pytest.mark.parametrize(
    ("given", "words"), [([print], "print"), ("early", "'early'"), ([C.History], r"write History\(")]
)
def test_what_is_no_callback_is_refused(given, words):
    with pytest.raises(TypeError, match=f"`callbacks` must be a list of Callback objects.*{words}"):
        C.CallbackList(given)


def test_callbacks_may_be_nested():
    a, b, c = C.Callback(), C.Callback(), C.Callback()
    assert C.CallbackList([a, (b, [c])]).callbacks == [a, b, c]
    assert C.CallbackList(a).callbacks == [a]


# --- the history -------------------------------------------------------------------------------------------


def test_a_history_holds_no_model_and_can_be_copied():
    model = linear()
    history = fit(model, validation_split=0.2)
    assert model.history is history
    assert history.model is model
    assert history.epoch == [0, 1, 2]
    assert set(history.history) == {"loss", "mae", "val_loss", "val_mae"}
    assert repr(history).startswith("<History of 3 epochs: ")
    copy = pickle.loads(pickle.dumps(history))
    assert copy.history == history.history
    assert copy.model is None
    del model
    gc.collect()
    assert history.model is None


def test_a_history_that_is_used_again_counts_epochs_anew_and_keeps_its_numbers():
    history = C.History()
    for _ in range(2):
        train(history, losses(2.0, 1.0))
    assert history.epoch == [0, 1]
    assert history.history == {"loss": [2.0, 1.0, 2.0, 1.0]}


# --- monitors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "monitor", "wanted"),
    [
        ("max", "val_mse", "max"),
        ("min", "val_loss", "min"),
        ("auto", "val_mse", "min"),
        ("auto", "loss", "min"),
        ("auto", "acc", "max"),
        ("auto", "val_accuracy", "max"),
        ("auto", "hinge", "min"),
        ("auto", "val_f1_score", "max"),
        ("auto", "sparse_top_k_categorical_accuracy", "max"),
        ("auto", "precision_2", "max"),
        ("auto", "val_auc", "max"),
        ("auto", "root_mean_squared_error", "min"),
        ("auto", "output_1_loss", "min"),
    ],
)
def test_which_direction_is_better(mode, monitor, wanted):
    callback = C.MonitorCallback(monitor, mode)
    callback._set_monitor_op()
    assert bool(callback.monitor_op(2.0, 1.0)) == (wanted == "max")


def test_a_metric_may_say_its_direction():
    class Score(keras.metrics.Mean):
        _direction = "down"

    callback = C.MonitorCallback("val_accuracy")
    callback.set_model(linear(metrics=[Score(name="accuracy")]))
    callback._set_monitor_op()
    assert callback.monitor_op(1.0, 2.0)


@pytest.mark.parametrize("kind", [C.EarlyStopping, C.ReduceLROnPlateau])
def test_an_unknown_direction_is_an_error_before_the_first_step(kind):
    model = linear()
    with pytest.raises(ValueError, match=rf"{kind.__name__} .*monitor=goodness.*mode='max'.*mode='min'"):
        fit(model, kind(monitor="goodness"))
    assert int(model.optimizer.iterations) == 0


def test_an_unknown_mode_is_a_warning():
    with pytest.warns(
        UserWarning, match="EarlyStopping mode 'up' is unknown, fallback to auto mode"
    ) as caught:
        assert C.EarlyStopping(mode="up").mode == "auto"
    assert caught[0].filename == __file__


def test_what_an_improvement_is():
    callback = C.MonitorCallback(mode="max", min_delta=0.5)
    callback._set_monitor_op()
    answers = [callback._is_improvement(*pair) for pair in ((0.75, 0), (0.5, None), (0.5, 0), (0.2, 0.5))]
    assert answers == [True, True, False, False]
    smaller = C.MonitorCallback(mode="min", min_delta=-0.1)
    assert not smaller._is_improvement(0.7, 0.8), "just min_delta is no progress, whatever rounding says"
    smaller._set_monitor_op()
    assert smaller.min_delta == -0.1
    assert not smaller._is_improvement(float("nan"), 1.0)
    assert smaller._is_improvement(1e300, float("inf")) is False


# --- early stopping ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
def test_early_stopping_waits(patience):
    stopper = C.EarlyStopping(monitor="loss", patience=patience)
    train(stopper, losses(10.0, 9.0, 8.0, 9.0, 8.9, 8.8, 8.7, 8.6, 8.5))
    assert stopper.stopped_epoch == max(patience, 1) + 2


def test_early_stopping_says_so_and_restores_the_best_weights(capsys):
    model = Model()
    stopper = C.EarlyStopping(patience=2, restore_best_weights=True, verbose=1)
    assert train(stopper, losses(0.2, 0.15, 0.1, 0.11, 0.12, name="val_loss"), model) == 5
    assert model.weights == 2
    assert capsys.readouterr().out == (
        "Epoch 5: early stopping\nRestoring model weights from the end of the best epoch: 3.\n"
    )


def test_a_baseline_must_be_beaten_and_the_best_epoch_is_restored_anyway():
    model, logs = Model(), losses(0.9, 0.8, 0.7, 0.71, 0.72, 0.73)
    stopper = C.EarlyStopping(monitor="loss", patience=5, baseline=0.5, restore_best_weights=True)
    assert train(stopper, logs, model) == 5
    assert model.weights == 2
    assert train(C.EarlyStopping(monitor="loss", patience=2, baseline=0.85), losses(0.9, 0.8, 0.7, 0.9)) == 4


def test_weights_are_restored_when_training_was_not_stopped():
    model = Model()
    train(C.EarlyStopping("loss", patience=9, restore_best_weights=True), losses(2.0, 1.0, 3.0), model)
    assert model.weights == 1


def test_early_stopping_begins_at_an_epoch():
    stopper = C.EarlyStopping(monitor="loss", start_from_epoch=2)
    assert train(stopper, losses(1.0, 2.0, 3.0, 4.0, 5.0)) == 4


def test_early_stopping_can_be_used_again():
    stopper = C.EarlyStopping(monitor="loss", patience=3)
    assert train(stopper, losses(1.0, 2.0, 2.0, 2.0, 2.0)) == 4
    stopper.on_train_begin()
    assert (stopper.best, stopper.wait, stopper.stopped_epoch, stopper.best_epoch) == (None, 0, 0, 0)
    assert stopper.best_weights is None
    assert train(stopper, losses(5.0, 4.0, 3.0)) == 3


def test_early_stopping_without_its_number_warns_and_goes_on():
    words = "conditioned on metric `val_loss` which is not available. Available metrics are: loss,mae"
    with pytest.warns(UserWarning, match=words):
        assert train(C.EarlyStopping(), [{"loss": 1.0, "mae": 1.0}]) == 1


def test_the_weights_in_fit_are_those_of_the_best_epoch():
    model, kept = linear("adam"), []
    look = C.LambdaCallback(on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()))
    model.optimizer.learning_rate = 5.0
    stopper = C.EarlyStopping(monitor="loss", patience=1, restore_best_weights=True)
    history = fit(model, look, stopper, epochs=30)
    best = int(np.argmin(history.history["loss"]))
    assert len(history.epoch) == best + 2
    for ours, w in zip(model.get_weights(), kept[best], strict=True):
        np.testing.assert_array_equal(ours, w)


# --- learning rates ----------------------------------------------------------------------------------------


def test_a_schedule_of_the_epoch_or_of_the_rate_too(capsys):
    model = linear()
    history = fit(model, C.LearningRateScheduler(lambda epoch: 1 / (2.0 + epoch), verbose=1), epochs=1)
    assert float(model.optimizer.learning_rate) == 0.5
    assert history.history["learning_rate"] == [0.5]
    assert capsys.readouterr().out == "\nEpoch 1: LearningRateScheduler setting learning rate to 0.5.\n"
    model = linear(keras.optimizers.SGD(0.01))
    fit(model, C.LearningRateScheduler(lambda epoch, rate: rate / 2, verbose=1), epochs=2)
    assert (
        "Epoch 1: LearningRateScheduler setting learning rate to 0.004999999888241291."
        in capsys.readouterr().out
    )
    assert float(model.optimizer.learning_rate) == pytest.approx(0.0025)


def test_a_type_error_inside_a_schedule_reaches_the_caller():
    with pytest.raises(TypeError, match="unsupported operand"):
        train(C.LearningRateScheduler(lambda epoch, rate: rate + "1"), losses(1.0))


@pytest.mark.parametrize("output", ["a", None, 1, np.ones(2)])
def test_a_schedule_that_gives_no_float(output):
    with pytest.raises(ValueError, match="output of the `schedule` function should be a float"):
        train(C.LearningRateScheduler(lambda epoch: output), losses(1.0))


def test_arguments_of_learning_rates():
    with pytest.raises(TypeError, match="`schedule` must be a function"):
        C.LearningRateScheduler(0.1)
    with pytest.raises(ValueError, match=r"does not support a factor >= 1.0. Received factor=1.5"):
        C.ReduceLROnPlateau(factor=1.5)
    with pytest.raises(ValueError, match="`patience` must be a number of at least 0; got patience=-1"):
        C.ReduceLROnPlateau(patience=-1)


@pytest.mark.parametrize(
    "callback",
    [
        C.LearningRateScheduler(lambda epoch, rate: rate / 2),
        C.ReduceLROnPlateau("loss", patience=1, min_delta=100),
    ],
)
def test_an_optimizer_with_a_schedule_of_its_own(callback):
    decay = keras.optimizers.schedules.PolynomialDecay(0.0, 10, end_learning_rate=0.1)
    with pytest.raises(TypeError, match="This optimizer was created with a `LearningRateSchedule`"):
        fit(linear(keras.optimizers.SGD(decay)), callback)


def test_the_rate_is_reduced_where_nothing_gets_better(capsys):
    reduce = C.ReduceLROnPlateau("loss", factor=0.5, patience=2, verbose=1)
    logs, model = losses(1.0, 1.0, 1.0, 0.5, 0.5), Model()
    train(reduce, logs, model)
    assert capsys.readouterr().out == "\nEpoch 3: ReduceLROnPlateau reducing learning rate to 0.05.\n"
    assert [each["learning_rate"] for each in logs] == [0.1, 0.1, 0.1, 0.05, 0.05]


def test_cooldown_and_the_least_rate():
    logs = losses(*[1.0] * 9)
    train(C.ReduceLROnPlateau("loss", factor=0.5, patience=1, cooldown=2, min_lr=0.03), logs)
    rates = [each["learning_rate"] for each in logs]
    assert rates == [0.1, 0.1, 0.05, 0.05, 0.03, 0.03, 0.03, 0.03, 0.03]


def test_reduce_lr_can_be_used_again_and_misses_its_number():
    reduce = C.ReduceLROnPlateau(monitor="loss")
    reduce.set_model(Model())
    reduce.best, reduce.wait, reduce.cooldown_counter = 0.5, 3, 2
    reduce.on_train_begin()
    assert (reduce.best, reduce.wait, reduce.cooldown_counter) == (None, 0, 0)
    with pytest.warns(UserWarning, match="conditioned on metric `loss` .*metrics are: mae,learning_rate."):
        reduce.on_epoch_end(0, {"mae": 1.0})


# --- nan, functions, tables --------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_training_ends_at_a_loss_that_is_no_number(capsys, tmp_path):
    bad, path = np.full_like(Y, np.inf), tmp_path / "log.csv"
    history = linear().fit(X, bad, epochs=9, verbose=0, callbacks=[C.TerminateOnNaN(), C.CSVLogger(path)])
    assert len(history.epoch) == 1
    assert capsys.readouterr().out == "Batch 0: Invalid loss, terminating training\n"
    assert not np.isfinite(float(rows(path)[0]["loss"]))
    ended = []
    with pytest.raises(RuntimeError, match=r"NaN or Inf loss encountered at batch 0\. Loss value: inf"):
        linear().fit(
            X,
            bad,
            verbose=0,
            callbacks=[C.LambdaCallback(on_train_end=ended.append), C.TerminateOnNaN(raise_error=True)],
        )
    assert not ended


def test_functions_as_hooks():
    seen = []
    hooks = ("on_train_batch_begin", "on_train_batch_end", "on_epoch_begin", "on_epoch_end")
    callback = C.LambdaCallback(
        **{hook: lambda k, logs, hook=hook: seen.append(hook) for hook in hooks},
        on_predict_begin=lambda logs: seen.append("predict"),
        on_test_begin=None,
        note="kept",
    )
    model = linear()
    fit(model, callback, epochs=1, batch_size=10)
    assert seen == ["on_epoch_begin", "on_train_batch_begin", "on_train_batch_end", "on_epoch_end"]
    model.predict(X, verbose=0, callbacks=[callback])
    assert seen[4:] == ["predict"]
    assert callback.note == "kept"
    C.LambdaCallback()


def test_functions_that_are_none():
    with pytest.raises(ValueError, match=r"'on_epoch_ends' is no hook .* did you mean 'on_epoch_end'\?"):
        C.LambdaCallback(on_epoch_ends=print)
    with pytest.raises(TypeError, match="`on_epoch_end` must be a function; got 3"):
        C.LambdaCallback(on_epoch_end=3)


def test_the_bytes_of_a_table(tmp_path):
    path = tmp_path / "log.csv"
    train(C.CSVLogger(path), [{"mae": 0.5, "loss": 0.25}, {"mae": 0.5, "loss": 0.125, "val_loss": 1.0}])
    assert path.read_bytes() == (
        b"epoch,loss,mae,val_loss,val_mae\r\n0,0.25,0.5,NA,NA\r\n1,0.125,0.5,1.0,NA\r\n"
    )


def test_a_table_is_gone_on_with(tmp_path):
    path = str(tmp_path / "log.tsv")
    train(C.CSVLogger(path, separator="\t"), [{"loss": 1.0, "val_loss": 2.0}])
    logger = C.CSVLogger(path, separator="\t", append=True)
    train(logger, [{"loss": 3.0, "val_loss": np.array([1, 2])}])
    train(logger, [{"loss": 3.0, "val_loss": np.array(1.5)}])
    with open(path, newline="") as file:
        lines = file.read().split("\r\n")
    assert lines == ["epoch\tloss\tval_loss", "0\t1.0\t2.0", '0\t3.0\t"""[1, 2]"""', "0\t3.0\t1.5", ""]
    train(C.CSVLogger(path), losses(1.0))
    assert list(rows(path)[0]) == ["epoch", "loss", "val_loss"]


def test_a_table_holds_each_epoch_as_soon_as_it_is_over(tmp_path):
    path = tmp_path / "log.csv"

    class Interrupt(C.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(linear(), C.CSVLogger(path), Interrupt())
    assert [row["epoch"] for row in rows(path)] == ["0", "1"]


def test_a_table_that_cannot_be():
    with pytest.raises(ValueError, match="`separator` must be one character"):
        C.CSVLogger("log.csv", separator=", ")
    with pytest.raises(FileNotFoundError):
        fit(linear(), C.CSVLogger("no such folder/log.csv"))


# --- files of models ---------------------------------------------------------------------------------------


def checkpoint(tmp_path, logs, path="{epoch:02d}.mt", batches=0, **options):
    model = Model()
    callback = C.ModelCheckpoint(tmp_path / path, **options)
    calls = C.CallbackList([callback], model=model, epochs=len(logs))
    calls.call("on_train_begin", {})
    for epoch, each in enumerate(logs):
        calls.call("on_epoch_begin", epoch, {})
        for batch in range(batches):
            calls.call("on_train_batch_end", batch, each)
        calls.call("on_epoch_end", epoch, each)
    return [os.path.relpath(saved, tmp_path) for saved in model.saved]


def test_each_epoch_or_each_so_many_batches_is_saved(tmp_path):
    logs = losses(1.0, 2.0, 3.0, 4.0)
    assert checkpoint(tmp_path, logs) == ["01.mt", "02.mt", "03.mt", "04.mt"]
    assert checkpoint(tmp_path, logs, "{epoch}/{batch}.keras", batches=5, save_freq=7) == [
        "2/2.keras",
        "3/4.keras",
    ]
    assert checkpoint(tmp_path, logs[:1], "{epoch}-{loss:.1f}.weights.h5", save_weights_only=True) == [
        "1-1.0.weights.h5"
    ]


def test_only_the_best_is_saved(tmp_path, capsys):
    logs = losses(0.3, 0.251584, 0.26, name="val_loss")
    assert checkpoint(tmp_path, logs, "m.mt", save_best_only=True, verbose=1) == ["m.mt", "m.mt"]
    path = tmp_path / "m.mt"
    assert capsys.readouterr().out == (
        f"\nEpoch 1: val_loss improved from None to 0.30000, saving model to {path}\n"
        f"\nEpoch 1: finished saving model to {path}\n"
        f"\nEpoch 2: val_loss improved from 0.30000 to 0.25158, saving model to {path}\n"
        f"\nEpoch 2: finished saving model to {path}\n"
        "\nEpoch 3: val_loss did not improve from 0.25158\n"
    )
    assert checkpoint(tmp_path, logs, save_best_only=True, initial_value_threshold=0.26) == ["02.mt"]
    assert checkpoint(tmp_path, losses(0.5, name="val_auc"), monitor="val_auc", save_best_only=True,
                      initial_value_threshold=1) == []  # fmt: skip


def test_what_is_said_when_all_are_saved(tmp_path, capsys):
    checkpoint(tmp_path, losses(1.0), "m.h5", verbose=1)
    path = tmp_path / "m.h5"
    assert capsys.readouterr().out == (
        f"\nEpoch 1: saving model to {path}\n\nEpoch 1: finished saving model to {path}\n"
    )


def test_a_number_to_watch_that_is_missing_or_several(tmp_path):
    with pytest.warns(UserWarning, match="Can save best model only with val_loss available"):
        assert checkpoint(tmp_path, losses(1.0), save_best_only=True) == ["01.mt"]
    with pytest.warns(UserWarning, match="a scalar value. Received: .* Falling back"):
        assert checkpoint(tmp_path, [{"val_loss": np.ones(2)}], save_best_only=True) == ["01.mt"]


def test_the_monitor_matters_only_where_the_best_is_looked_for(tmp_path):
    assert checkpoint(tmp_path, losses(1.0), monitor="goodness") == ["01.mt"]
    with pytest.raises(ValueError, match="ModelCheckpoint callback received monitor=goodness"):
        checkpoint(tmp_path, losses(1.0), monitor="goodness", save_best_only=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("m.txt",), "must end in `.keras`"),
        (("m.weights.mt",), "must end in `.keras`"),
        (("m.h5", "val_loss", 0, False, True), "must end in `.weights.h5`"),
        (("m{}.keras",), "without a name"),
        (("m{epoch.keras",), "cannot be filled in"),
    ],
)
def test_paths_that_cannot_be(arguments, words):
    with pytest.raises(ValueError, match=words):
        C.ModelCheckpoint(*arguments)


@pytest.mark.parametrize("save_freq", ["batch", 0.15, 0, True, None])
def test_times_to_save_that_cannot_be(save_freq):
    with pytest.raises(ValueError, match="Unrecognized save_freq"):
        C.ModelCheckpoint("m.keras", save_freq=save_freq)
    with pytest.raises(ValueError, match="Invalid value for argument `save_freq`"):
        C.BackupAndRestore("folder", save_freq=save_freq)


def test_a_path_that_names_what_is_not_in_the_logs(tmp_path):
    with pytest.raises(KeyError, match=r"Failed to format this callback filepath.*val_loss.*epoch, loss"):
        checkpoint(tmp_path, losses(1.0), "{val_loss}.keras")


@pytest.mark.parametrize("name", ["m.mt", "m.keras"])
def test_a_folder_is_no_file_for_a_model(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(OSError, match="Please specify a non-directory filepath"):
        fit(linear(), C.ModelCheckpoint(tmp_path / name))


@pytest.mark.parametrize("name", ["deep/m.mt", "deep/m.keras", "m.weights.mt", "m.weights.h5"])
def test_what_was_saved_is_the_model(tmp_path, name):
    path, model = tmp_path / name, linear()
    fit(model, C.ModelCheckpoint(path, save_weights_only=".weights." in name))
    if ".weights." in name:
        other = linear()
        other.load_weights(path)
    else:
        other = keras.models.load_model(path)
    for ours, w in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, w)


# --- going on after an interruption ------------------------------------------------------------------------


class PluggedOutError(Exception):
    """Somebody pulled the plug."""


class Interrupt(C.Callback):
    """Pulls the plug at an epoch's end, or after so many batches."""

    def __init__(self, epoch=None, batches=None):
        self.epoch, self.batches = epoch, batches

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            raise PluggedOutError

    def on_batch_end(self, batch, logs=None):
        if self.batches is not None:
            self.batches -= 1
            if self.batches == 0:
                raise PluggedOutError


def noisy(seed=5):
    """A model whose training draws random numbers in each step."""
    layers = [
        keras.Input((3,)),
        keras.layers.Dense(8, "relu", kernel_initializer=keras.initializers.GlorotUniform(seed)),
        keras.layers.Dropout(0.5, seed=seed),
        keras.layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(seed)),
    ]
    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Adam(0.05), "mse")
    return model


def interrupt(folder, model=None, **options):
    model = model or noisy()
    with pytest.raises(PluggedOutError):
        fit(model, C.BackupAndRestore(folder, **options), Interrupt(epoch=1), epochs=5, shuffle=False)
    return model


@pytest.fixture(params=["h5", "mt"])
def ending(request, monkeypatch):
    """With h5py, and as if it were not installed."""
    if request.param == "mt":
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    return request.param


def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(tmp_path, ending):
    whole = noisy()
    expected = fit(whole, epochs=5, shuffle=False).history["loss"]
    folder = tmp_path / "backup"
    interrupt(folder)
    assert (folder / f"latest.weights.{ending}").exists()
    assert json.loads((folder / "training_metadata.json").read_text()) == {"epoch": 2, "batch": 0}
    resumed = noisy(seed=99)
    resumed.get_layer(index=1).seed = 5
    history = fit(resumed, C.BackupAndRestore(folder), epochs=5, shuffle=False)
    assert history.epoch == [2, 3, 4]
    assert history.history["loss"] == expected[2:]
    for ours, w in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        assert ours.tobytes() == w.tobytes()
    assert not folder.exists(), "what is no longer needed is deleted"


def test_the_order_of_the_samples_goes_on_too(tmp_path):
    def model(seed):
        made = linear()
        made.set_training_state({"order": np.random.default_rng(seed).bit_generator.state, "seeds": []})
        return made

    expected = fit(model(3), epochs=5).history["loss"]
    with pytest.raises(PluggedOutError):
        fit(model(3), C.BackupAndRestore(tmp_path), Interrupt(epoch=1), epochs=5)
    resumed = fit(model(4), C.BackupAndRestore(tmp_path), epochs=5)
    assert resumed.history["loss"] == expected[2:]


def test_a_backup_in_the_middle_of_an_epoch_begins_the_epoch_again(tmp_path):
    model, backup = linear(), C.BackupAndRestore(tmp_path / "b", save_freq=1)
    with pytest.raises(PluggedOutError):
        fit(model, backup, Interrupt(batches=2))
    assert (backup._current_epoch, backup._last_batch_seen) == (0, 1)
    assert json.loads((tmp_path / "b" / "training_metadata.json").read_text()) == {"epoch": 0, "batch": 1}
    history = fit(model, backup, epochs=5)
    assert history.epoch == [0, 1, 2, 3, 4]
    assert backup._current_epoch == 5
    assert int(model.optimizer.iterations) == 2 + 5 * 3


def test_a_damaged_backup_falls_back_on_the_one_before(tmp_path, ending):
    model = interrupt(tmp_path, double_checkpoint=True)
    backup = C.BackupAndRestore(tmp_path, double_checkpoint=True)
    for path in (backup._weights_path, backup._prev_weights_path, backup._prev_training_metadata_path):
        assert os.path.exists(path)
    with open(backup._weights_path, "w") as file:
        file.write("0")
    history = fit(model, backup, epochs=5)
    assert history.epoch == [1, 2, 3, 4]
    assert int(model.optimizer.iterations) == 5 * 3


def test_a_damaged_backup_without_another_is_an_error(tmp_path):
    model = interrupt(tmp_path)
    with open(C.BackupAndRestore(tmp_path)._weights_path, "w") as file:
        file.write("0")
    with pytest.raises((OSError, ValueError)):
        fit(model, C.BackupAndRestore(tmp_path))


@pytest.mark.parametrize(("moment", "first"), [("latest.weights", 1), ("training_metadata.json", 2)])
def test_weights_are_always_found_with_their_epoch(tmp_path, monkeypatch, moment, first):
    """The plug is pulled in the middle of the second save: before the weights, or behind them."""
    replace, saves = os.replace, []

    def stop(source, path):
        if os.path.basename(path).startswith(moment):
            saves.append(path)
            if len(saves) == 2:
                raise PluggedOutError
        replace(source, path)

    expected = fit(noisy(), epochs=5, shuffle=False).history["loss"]
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", stop)
        with pytest.raises(PluggedOutError):
            fit(noisy(), C.BackupAndRestore(tmp_path), epochs=5, shuffle=False)
    history = fit(noisy(), C.BackupAndRestore(tmp_path), epochs=5, shuffle=False)
    assert history.epoch == list(range(first, 5))
    assert history.history["loss"] == expected[first:]
    assert not list(tmp_path.glob("*"))


def test_a_backup_that_keras_wrote_is_gone_on_with(tmp_path):
    model = linear()
    fit(model, epochs=2)
    model.save_weights(tmp_path / "latest.weights.h5")
    (tmp_path / "training_metadata.json").write_text('{"epoch": 2, "batch": 0}')
    other = linear()
    assert fit(other, C.BackupAndRestore(tmp_path), epochs=3).epoch == [2]
    assert int(other.optimizer.iterations) == 9


def test_a_backup_can_be_read_after_h5py_was_installed(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    interrupt(tmp_path)
    monkeypatch.undo()
    assert fit(noisy(), C.BackupAndRestore(tmp_path), epochs=3).epoch == [2]
    assert not list(tmp_path.glob("*"))


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    fit(linear(), C.BackupAndRestore(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    fit(linear(), C.BackupAndRestore(tmp_path, delete_checkpoint=False))
    assert len(list(tmp_path.iterdir())) == 4
    fit(linear(), C.BackupAndRestore(tmp_path / "never", save_freq=False))
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("folder", ["", None])
def test_a_backup_needs_a_folder(folder):
    with pytest.raises(ValueError, match="Empty `backup_dir` argument passed"):
        C.BackupAndRestore(folder)


def test_a_backup_needs_weights(tmp_path):
    backup = C.BackupAndRestore(tmp_path)
    backup.set_model(keras.Sequential([keras.layers.Dense(1)]))
    with pytest.raises(ValueError, match="must be built before you call `fit"):
        backup.on_train_begin()


# --- averages of weights -----------------------------------------------------------------------------------


def averaging(**options):
    return linear(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9, **options), metrics=["mse"])


def evaluated(model):
    """In the batches of `fit`: the same sums, to the last bit."""
    return model.evaluate(X, Y, batch_size=4, verbose=0, return_dict=True)


def test_validation_with_averages_is_what_the_model_gives_in_the_end():
    model = averaging()
    history = fit(model, C.SwapEMAWeights(), validation_data=(X, Y))
    assert history.history["val_mse"][-1] == evaluated(model)["mse"]
    plain = averaging()
    history = fit(plain, validation_data=(X, Y))
    assert history.history["val_mse"][-1] != evaluated(plain)["mse"]


def test_training_itself_does_not_see_the_averages():
    plain = fit(averaging(), validation_data=(X, Y), shuffle=False).history
    for callback in (C.SwapEMAWeights(), C.SwapEMAWeights(swap_on_epoch=True)):
        swapped = fit(averaging(), callback, validation_data=(X, Y), shuffle=False).history
        assert swapped["loss"] == plain["loss"]


def test_callbacks_behind_it_meet_the_averages(tmp_path):
    model = averaging()
    fit(model, C.SwapEMAWeights(swap_on_epoch=True), C.ModelCheckpoint(tmp_path / "{epoch}.mt"), epochs=2)
    saved = keras.models.load_model(tmp_path / "2.mt")
    assert saved.evaluate(X, Y, verbose=0) == model.evaluate(X, Y, verbose=0)


def test_prediction_swaps_and_swaps_back():
    model = averaging()
    model.train_on_batch(X, Y)
    model.train_on_batch(X, Y)
    weights = model.get_weights()
    average = [v.numpy() for v in model.optimizer._model_variables_moving_average]
    given = model.predict(X, verbose=0, callbacks=[C.SwapEMAWeights()])
    np.testing.assert_allclose(given, X @ average[0] + average[1], rtol=1e-6)
    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_without_averages_there_is_nothing_to_swap():
    model = linear()
    with pytest.raises(ValueError, match=r"SwapEMAWeights must be used when `use_ema=True` is set.*=False"):
        fit(model, C.SwapEMAWeights())
    assert int(model.optimizer.iterations) == 0
    with pytest.raises(ValueError, match="no averages to swap yet"):
        averaging().evaluate(X, Y, verbose=0, callbacks=[C.SwapEMAWeights()])


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["TensorBoard", "RemoteMonitor", "OrbaxCheckpoint"])
def test_callbacks_that_are_not_here_say_so(name):
    with pytest.raises(AttributeError, match=f"keras.callbacks has no {name} here: "):
        getattr(C, name)
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        C.Nothing  # noqa: B018
