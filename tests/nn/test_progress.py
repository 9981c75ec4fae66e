"""What is printed while training: Keras 2's bar, moving on a terminal, whole lines elsewhere."""

import logging
import re

import numpy as np
import pytest

from microtensor import keras, settings
from microtensor.nn import progress
from microtensor.nn.callbacks import CallbackList, ProgbarLogger
from microtensor.nn.progress import Progbar


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(progress.time, "perf_counter", clock)
    return clock


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(progress, "_is_live", lambda: True)


def test_the_life_of_a_bar_on_a_terminal(capsys, clock, terminal):
    bar = Progbar(10, width=10)
    for step in range(1, 11):
        clock.now += 0.3
        bar.update(step, [("loss", 0.5)])
    drawn = capsys.readouterr().out.split("\r")[1:]
    assert [text.rstrip(" ") for text in drawn] == [
        " 1/10 [>.........] - ETA: 2s - loss: 0.5000",
        " 2/10 [=>........] - ETA: 2s - loss: 0.5000",
        " 3/10 [==>.......] - ETA: 2s - loss: 0.5000",
        " 4/10 [===>......] - ETA: 1s - loss: 0.5000",
        " 5/10 [====>.....] - ETA: 1s - loss: 0.5000",
        " 6/10 [=====>....] - ETA: 1s - loss: 0.5000",
        " 7/10 [======>...] - ETA: 0s - loss: 0.5000",
        " 8/10 [=======>..] - ETA: 0s - loss: 0.5000",
        " 9/10 [========>.] - ETA: 0s - loss: 0.5000",
        "10/10 [==========] - 3s 300ms/step - loss: 0.5000\n",
    ]


def test_at_most_ten_updates_a_second_are_drawn(capsys, clock, terminal):
    bar = Progbar(1001)
    for step in range(1, 1001):
        clock.now += 0.001
        bar.update(step)
    assert 9 <= capsys.readouterr().out.count("\r") <= 11
    assert Progbar(1).interval == 0.1
    assert Progbar(1).width == 30


def test_a_shorter_line_wipes_out_a_longer_one(capsys, clock, terminal):
    bar = Progbar(2, width=4)
    bar.update(1, [("a", 1.0)])
    long = len(capsys.readouterr().out) - 1
    bar._values.clear()
    bar.update(2)
    assert len(capsys.readouterr().out) == long + 2  # "\r" and "\n"


def test_the_first_step_is_left_out_of_the_time_per_step(capsys, clock):
    bar = Progbar(3)
    for seconds in (5.0, 0.25, 0.25):
        clock.now += seconds
        bar.update(int(bar._seen) + 1)
    assert "- 6s 250ms/step\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.5, "0s"), (59.9, "59s"), (61, "1:01"), (3599, "59:59"), (3600 + 62, "1:01:02")],
)
def test_the_time_that_is_left(seconds, text):
    assert progress._clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (2.4, "2s"), (0.0124, "12ms"), (0.0009, "900us"), (1e-6, "1us")]
)
def test_the_time_of_a_step(seconds, text):
    assert progress._duration(seconds) == text


def test_elsewhere_each_drawing_is_a_line_of_its_own(capsys, clock):
    bar = Progbar(2, width=2, interval=0.0, unit_name="sample")
    bar.add(1, [("x", 1.0)])
    bar.add(1, [("x", 0.0)])
    assert capsys.readouterr().out == (
        "1/2 [>.] - ETA: 0s - x: 1.0000\n2/2 [==] - 0s 0s/sample - x: 0.0000e+00\n"
    )


def test_nobody_knows_how_many_steps_there_are(capsys, clock):
    bar = Progbar(None, interval=0.0)
    bar.update(7, [("loss", 1.0)])
    assert capsys.readouterr().out == "      7/Unknown - 0s 0s/step - loss: 1.0000"
    bar.target = 7
    bar.update(7, finalize=True)
    assert capsys.readouterr().out == f"\n7/7 [{'=' * 30}] - 0s 0s/step - loss: 1.0000\n"


@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_no_steps_at_all(capsys, verbose):
    Progbar(0, verbose=verbose).update(0, finalize=True)
    assert bool(capsys.readouterr().out) == (verbose == 1)


@pytest.mark.parametrize("value", [1.0, np.array(1.0), [0.0, 1.0, 2.0], np.float32(1)])
def test_values_may_be_arrays_and_lists(capsys, value):
    Progbar(1).update(1, [("v", value)], finalize=True)
    assert " - v: 1.0000\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("stateful", "stateless", "shown"),
    [(None, None, "1."), ([], None, "1."), (["v"], None, "2."), (None, [], "2."), (None, ["v"], "1.")],
)
def test_values_are_averaged_or_shown_as_they_are(capsys, stateful, stateless, shown):
    bar = Progbar(3, interval=0.0, stateful_metrics=stateful, stateless_metrics=stateless)
    bar.update(1, [("v", 0.0)])
    capsys.readouterr()
    bar.update(2, [("v", 2.0)])
    assert f"v: {shown}" in capsys.readouterr().out


def test_an_average_counts_the_steps_between_two_updates(capsys):
    bar = Progbar(9, interval=0.0)
    bar.update(3, [("v", 1.0)])
    bar.update(4, [("v", 5.0)])
    assert capsys.readouterr().out.endswith("v: 2.0000")


def test_stateful_and_stateless_exclude_each_other():
    with pytest.raises(ValueError, match="Only one of `stateful_metrics` or `stateless_metrics`"):
        Progbar(1, stateful_metrics=[], stateless_metrics=[])


def test_the_line_of_verbose_2(capsys, clock):
    bar = Progbar(4, verbose=2)
    for step in range(1, 5):
        clock.now += 0.005
        bar.update(step, [("loss", 0.2698)])
    assert capsys.readouterr().out == "4/4 - 0s - loss: 0.2698 - 20ms/epoch - 5ms/step\n"


def test_what_is_printed_can_be_sent_to_logging(caplog, capsys):
    settings.disable_interactive_logging()
    try:
        with caplog.at_level(logging.INFO):
            progress.say("Epoch 1/2")
    finally:
        settings.enable_interactive_logging()
    assert [record.message for record in caplog.records] == ["Epoch 1/2"]
    assert capsys.readouterr().out == ""


# --- the logger in fit, evaluate and predict ---------------------------------------------------------------


class Model:
    metrics_names = ("loss", "mae")


def run(steps, verbose="auto", epochs=1, batches=3, validate=False):
    calls = CallbackList(add_progbar=True, model=Model(), verbose=verbose, epochs=epochs, steps=steps)
    calls.on_train_begin()
    for epoch in range(epochs):
        calls.on_epoch_begin(epoch)
        for batch in range(batches):
            calls.on_train_batch_begin(batch)
            calls.on_train_batch_end(batch, {"mae": 1.0, "loss": 0.5})
        logs = {"mae": 1.0, "loss": 0.5}
        if validate:
            calls.on_test_begin()
            calls.on_test_batch_end(0, {"loss": 0.25})
            calls.on_test_end({"loss": 0.25})
            logs |= {"val_loss": 0.25}
        calls.on_epoch_end(epoch, logs)
    calls.on_train_end(logs)


BAR = r"3/3 \[={30}\] - 0s \d+[um]?s/step"


def test_fit_in_a_pipe_prints_finished_lines_alone_and_validation_is_silent(capsys):
    run(3, epochs=2, validate=True)
    line = BAR + r" - loss: 0\.5000 - mae: 1\.0000 - val_loss: 0\.2500\n"
    assert re.fullmatch(rf"Epoch 1/2\n{line}Epoch 2/2\n{line}", capsys.readouterr().out)


def test_fit_with_an_unknown_number_of_steps_knows_it_in_the_second_epoch(capsys, terminal, monkeypatch):
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    run(None, epochs=2)
    first, second = capsys.readouterr().out.split("Epoch 2/2\n")
    assert first.count("/Unknown") == 3
    assert "3/3 [====" in first
    assert "/Unknown" not in second
    assert "\r1/3 [" in second


def test_verbose_0_is_silent(capsys):
    run(3, verbose=0, epochs=2)
    assert capsys.readouterr().out == ""


def test_an_epoch_that_is_stopped_shows_how_far_it_came(capsys):
    run(8, verbose=2)
    assert capsys.readouterr().out.startswith("3/8 - 0s - loss: 0.5000 - mae: 1.0000")


def test_prediction_shows_steps_and_no_numbers(capsys):
    calls = CallbackList(add_progbar=True, verbose=1, epochs=1, steps=3)
    calls.on_predict_begin()
    for batch in range(3):
        calls.on_predict_batch_end(batch, {"outputs": np.zeros((2, 2))})
    calls.on_predict_end()
    assert re.fullmatch(BAR + "\n", capsys.readouterr().out)


def test_evaluation_shows_its_numbers(capsys):
    calls = CallbackList(add_progbar=True, model=Model(), verbose=1, epochs=1, steps=3)
    calls.on_test_begin()
    for batch in range(3):
        calls.on_test_batch_end(batch, {"loss": 0.5})
    calls.on_test_end({"loss": 0.5})
    assert re.fullmatch(BAR + r" - loss: 0\.5000\n", capsys.readouterr().out)


def test_a_step_that_is_not_drawn_formats_nothing(monkeypatch):
    logger = ProgbarLogger()
    logger.set_params({"verbose": 1, "epochs": 1, "steps": 1000})
    logger.on_epoch_begin(0)
    monkeypatch.setattr(Progbar, "_draw", None)
    monkeypatch.setattr(ProgbarLogger, "_ordered", None)
    for batch in range(999):
        logger.on_train_batch_end(batch, {"loss": 0.5})  # no terminal: nothing is due
    assert logger.seen == 999


def test_the_names_in_keras():
    assert keras.callbacks.ProgbarLogger is ProgbarLogger
