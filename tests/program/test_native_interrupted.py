"""A native step writes over the states: interrupted anywhere, it leaves all of them new, or none."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from microtensor import Variable, keras
from microtensor.core import Tensor, autograd
from microtensor.core.state import lent
from microtensor.optim import Adam
from microtensor.optim.stepping import Moment
from microtensor.program import capture
from microtensor.program.native import NativeStep
from microtensor.program.runner import Runner

from .test_native_training import pytestmark as pytestmark  # skips where there is no compiler

X = np.random.default_rng(0).random((32, 20)).astype("float32")
LABELS = np.random.default_rng(1).integers(0, 5, 32)
Y = np.eye(5, dtype="float32")[LABELS]


def runner(labels: bool = False) -> Runner:
    start = [keras.initializers.GlorotUniform(seed=k) for k in range(2)]
    hidden = keras.layers.Dense(16, activation="relu", kernel_initializer=start[0])
    output = keras.layers.Dense(5, activation="softmax", kernel_initializer=start[1])
    model = keras.Sequential([keras.Input((20,)), hidden, output])
    optimizer = Adam(0.01)
    loss_of = keras.losses.get(f"{'sparse_' if labels else ''}categorical_crossentropy")
    rate = Tensor(np.float32(0.01))
    optimizer.build(model.trainable_weights)

    def step(x: Tensor, y: Tensor) -> Tensor:
        loss = loss_of(y, model(x)).mean()
        weights = model.trainable_weights
        optimizer.apply(autograd.grad(loss, weights), weights, Moment(0, rate, rate * 0 + 1))
        return loss

    return Runner(capture(step, Tensor(X), Tensor(LABELS if labels else Y)), "native")


def numbers(run: Runner) -> list[bytes]:
    return [tensor.numpy().tobytes() for tensor in run.updated]


def test_a_step_runs_in_place_and_a_snapshot_stays_as_it_was() -> None:
    run = runner()
    run([X, Y])
    assert run.step.in_place
    kept = [tensor.numpy() for tensor in run.updated]
    before = [array.copy() for array in kept]
    places = [tensor._data.ctypes.data for tensor in run.updated]
    run([X, Y])
    for array, same in zip(kept, before, strict=True):
        np.testing.assert_array_equal(array, same)
    assert all(tensor._data.ctypes.data != place for tensor, place in zip(run.updated, places, strict=True))
    del kept
    places = [tensor._data.ctypes.data for tensor in run.updated]
    run([X, Y])
    assert [tensor._data.ctypes.data for tensor in run.updated] == places, "nobody looked: no new memory"


@pytest.mark.parametrize("labels", [False, True])
@pytest.mark.parametrize("after", [False, True])
def test_ctrl_c_at_each_call_leaves_whole_steps(after: bool, labels: bool) -> None:
    run, whole, given = runner(labels), runner(labels), [X, LABELS if labels else Y]
    run(given)
    whole(given)
    step: Any = run.step
    assert step.in_place
    calls = list(step._calls)
    for k, call in enumerate(calls):

        def interrupted(call: Callable[[], Any] = call) -> None:
            if after:
                call()
            step._calls = calls
            raise KeyboardInterrupt

        before = numbers(run)
        step._calls = [*calls[:k], interrupted, *calls[k + 1 :]]
        with pytest.raises(KeyboardInterrupt):
            run(given)
        whole(given)
        assert numbers(run) == numbers(whole), "the step was finished"
        assert numbers(run) != before


def test_a_label_that_is_no_class_leaves_the_states_as_they_were() -> None:
    run = runner(labels=True)
    run([X, LABELS])
    before = numbers(run)
    with pytest.raises(ValueError, match="labels are whole numbers from 0 to 4; one is 7"):
        run([X, np.where(LABELS == 2, 7, LABELS)])
    assert numbers(run) == before


def test_what_another_thread_reads_while_a_step_runs_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be of the moment before; the steps that follow do not write over it."""
    run = runner()
    run([X, Y])
    held = run.updated[0].numpy()  # so that the next step runs on copies
    kept: list[np.ndarray] = []
    step = NativeStep.__call__

    def read(self: NativeStep, *arguments: Any) -> Any:
        kept.append(run.updated[0].numpy())
        return step(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(NativeStep, "__call__", read)
        run([X, Y])
    del held
    before = kept[0].copy()
    for _ in range(3):
        run([X, Y])
    np.testing.assert_array_equal(kept[0], before)


def test_ctrl_c_before_a_step_has_begun_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    run, count = runner(), Variable(np.int64(0), dtype="int64")
    for k in range(2):
        run([X, Y], [(count, np.array(k + 1))])
    before = numbers(run)
    monkeypatch.setattr(NativeStep, "_refuse_shared_memory", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run([X.copy(), Y], [(count, np.array(3))])
    assert (numbers(run), int(count), lent) == (before, 2, {})


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def test_whoever_interrupts_the_finishing_waits_for_it() -> None:
    run, whole = runner(), runner()
    for each in (run, whole):
        each([X, Y])
    step: Any = run.step
    calls, left = list(step._calls), [3]

    def twice() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise KeyboardInterrupt
        calls[-1]()

    step._calls = [*calls[:-1], twice]
    with pytest.raises(KeyboardInterrupt):
        run([X, Y])
    whole([X, Y])
    assert left[0] < 0
    assert numbers(run) == numbers(whole)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals come by themselves on POSIX only")
def test_a_storm_of_signals_leaves_weights_and_count_together() -> None:
    """As Ctrl-C comes: at any moment, in C and in Python."""
    v, count = Variable(np.zeros(1000, "float32")), Variable(np.int64(0), dtype="int64")

    def step(x: Tensor) -> Tensor:
        v.assign(v + x)
        return x * 1.0

    one = np.ones((), "float32")
    run = Runner(capture(step, Tensor(one), for_real=False), "native")
    assert run.step.in_place

    def on_and_on(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        while True:
            run([one], [(count, np.array(int(count._data) + 1))])

    chance, heard, until = random.Random(0), 0, time.monotonic() + 0.5
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with np.errstate():  # NumPy's own switch may be interrupted half-way
            while time.monotonic() < until or heard < 100:
                with pytest.raises(KeyboardInterrupt):
                    on_and_on(chance.uniform(1e-6, 6e-5))
                heard += 1
                assert (v.numpy() == int(count)).all()
                assert not lent
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert int(count) > 0


def test_another_thread_waits_for_a_step_that_writes_over_what_it_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = runner()
    for _ in range(2):
        run([X, Y])
    place = run.updated[0]._data.ctypes.data
    read: list[np.ndarray] = []
    reader = threading.Thread(target=lambda: read.append(run.updated[0].numpy()))
    step = NativeStep.__call__

    def while_it_is_read(self: NativeStep, *arguments: Any) -> Any:
        reader.start()
        reader.join(0.1)
        assert not read, "it would change while it is looked at"
        return step(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(NativeStep, "__call__", while_it_is_read)
        run([X, Y])
    reader.join()
    assert read[0].ctypes.data == place, "it was written over"
    np.testing.assert_array_equal(read[0], run.updated[0].numpy())
    after = read[0].copy()
    run([X, Y])
    np.testing.assert_array_equal(read[0], after)


def test_weights_in_fortran_order_are_taken() -> None:
    run, other = runner(), runner()
    for each in (run, other):
        each([X, Y])
    for weight in run.states:
        if weight._data.ndim == 2:
            weight.assign(Tensor.wrap(np.asfortranarray(weight.numpy())))
            assert not weight._data.flags.c_contiguous
    for _ in range(2):
        run([X, Y])
        other([X, Y])
    assert numbers(run) == numbers(other)
