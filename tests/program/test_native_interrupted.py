"""A native step writes over the states: interrupted anywhere, it leaves all of them new, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from microtensor import keras
from microtensor.core import Tensor, autograd
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
