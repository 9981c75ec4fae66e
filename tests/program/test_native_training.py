"""Nets that train: the same weights and losses as row by row, for all steps and for a step at a time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import microtensor as mt
from microtensor.core import Tensor, autograd
from microtensor.core.state import scope
from microtensor.program.capture import Captured
from microtensor.program.ir import Program
from microtensor.program.loop import Plan, reference
from microtensor.program.native import native_loop, native_step
from microtensor.program.passes import improved

from .native_cases import assert_close, captured, interpreted, needs_compiler

pytestmark = needs_compiler


class Net:
    """Dense layers, their weights, and Adam's moments, as variables."""

    def __init__(self, *sizes: int, seed: int = 0) -> None:
        draw = np.random.default_rng(seed)
        self.weights = []
        for k, (m, n) in enumerate(itertools.pairwise(sizes)):
            kernel = draw.normal(size=(m, n)).astype(np.float32) / np.sqrt(m).astype(np.float32)
            self.weights.append(mt.Variable(kernel, name=f"dense_{k}/kernel"))
            self.weights.append(mt.Variable(np.zeros(n, np.float32), name=f"dense_{k}/bias"))
        self.first = [mt.Variable(np.zeros(w.shape, np.float32)) for w in self.weights]
        self.second = [mt.Variable(np.zeros(w.shape, np.float32)) for w in self.weights]

    def __call__(self, x: Tensor, activation: Any, last: Any) -> Tensor:
        for k in range(0, len(self.weights), 2):
            with scope(f"dense_{k // 2}"):
                x = x @ self.weights[k] + self.weights[k + 1]
                x = (activation if k + 2 < len(self.weights) else last)(x)
        return x

    def adam(self, loss: Tensor, rate: Tensor) -> None:
        gradients = autograd.grad(loss, self.weights)
        with scope("adam"):
            for w, g, m, v in zip(self.weights, gradients, self.first, self.second, strict=True):
                m.assign(m.detach() + (g - m.detach()) * 0.1)
                v.assign(v.detach() + (g * g - v.detach()) * 0.001)
                w.assign(w.detach() - rate * m.detach() / (mt.sqrt(v.detach()) + 1e-7))

    def sgd(self, loss: Tensor, rate: Tensor) -> None:
        gradients = autograd.grad(loss, self.weights)
        with scope("sgd"):
            for w, g in zip(self.weights, gradients, strict=True):
                w.assign(w.detach() - rate * g)


def _states(found: Captured) -> list[np.ndarray]:
    return [np.array(t.numpy()) for t in found.states]


def _together(found: Captured, program: Program, data: Sequence[np.ndarray], steps: int, rate: float) -> None:
    """The loop in C, the step in C, and the rows one by one."""
    batch = program.inputs[0].shape[0]
    order = np.random.default_rng(1).integers(0, len(data[0]), (steps, batch))
    rates = np.full(steps, rate, np.float32)
    plan = Plan(program, tuple(range(len(data))), (len(data),))
    wanted = reference(plan)(data, order, [rates], _states(found))
    run = native_loop(plan)(data, order, [rates], _states(found))
    assert run.done == steps
    assert_close([*run.outputs, *run.updates], [*wanted.outputs, *wanted.updates])
    step, states = native_step(program), _states(found)
    own = [states[program.states.index(state)] for state, _ in program.updates]
    losses = [step([*(each[rows] for each in data), rates[0]], states, own)[0][0] for rows in order]
    assert_close([np.array(losses), *own], [wanted.outputs[0], *wanted.updates])


def test_xor_with_sigmoids() -> None:
    net = Net(2, 2, 1, seed=3)
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    y = np.array([[0], [1], [1], [0]], np.float32)

    def step(x: Tensor, y: Tensor, rate: Tensor) -> tuple[Tensor, Tensor]:
        p = net(x, mt.sigmoid, mt.sigmoid)
        loss = mt.mse(p, y)
        net.sgd(loss, rate)
        return loss, p

    found, program = captured(step, x[:1], y[:1], np.float32(0.3))
    _together(found, program, [x, y], 1000, 0.3)


@pytest.mark.parametrize(
    "activation", [mt.tanh, mt.relu, mt.softplus, mt.elu, mt.silu], ids=lambda f: f.__name__
)
def test_classes_with_adam(activation: Any) -> None:
    net = Net(5, 8, 3)
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(40, 5)).astype(np.float32), np.eye(3, dtype=np.float32)[draw.integers(0, 3, 40)]

    def step(x: Tensor, y: Tensor, rate: Tensor) -> tuple[Tensor, Tensor]:
        z = net(x, activation, lambda x: x)
        loss = mt.categorical_crossentropy(z, y, from_logits=True)
        net.adam(loss, rate)
        return loss, z

    found, program = captured(step, x[:8], y[:8], np.float32(0.01))
    _together(found, program, [x, y], 30, 0.01)


def test_labels_that_are_numbers() -> None:
    net = Net(5, 4, 3)
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(40, 5)).astype(np.float32), draw.integers(0, 3, 40).astype(np.int32)

    def step(x: Tensor, y: Tensor, rate: Tensor) -> Tensor:
        loss = mt.sparse_categorical_crossentropy(net(x, mt.tanh, mt.softmax), y)
        net.sgd(loss, rate)
        return loss

    found, program = captured(step, x[:8], y[:8], np.float32(0.1))
    _together(found, program, [x, y], 100, 0.1)


def test_a_net_too_large_for_loops_in_place_and_not() -> None:
    net = Net(100, 300, 10)
    draw = np.random.default_rng(0)
    x, y = draw.random((64, 100)).astype(np.float32), np.eye(10, dtype=np.float32)[draw.integers(0, 10, 64)]

    def step(x: Tensor, y: Tensor, rate: Tensor) -> tuple[Tensor, Tensor]:
        z = net(x, mt.relu, lambda x: x)
        loss = mt.categorical_crossentropy(z, y, from_logits=True)
        net.adam(loss, rate)
        return loss, z

    found, program = captured(step, x, y, np.float32(0.001))
    run = native_step(program)
    assert len(run.kernels) <= 5  # one between each two products of matrices
    assert len(run._direct) == len(program.updates)  # nothing is copied at the end
    states, rate = _states(found), np.float32(0.001)
    places = [program.states.index(state) for state, _ in program.updates]
    wanted = [each.copy() for each in states]
    own = [states[k] for k in places]
    for _ in range(5):
        outputs, _ = run([x, y, rate], states, own)
        expected = interpreted(program, [x, y, rate], wanted)
        assert_close(outputs, expected[:2])
        for k, new in zip(places, expected[2:], strict=True):
            wanted[k] = new
        assert_close(own, expected[2:])


def test_a_step_does_not_depend_on_its_passes() -> None:
    net = Net(3, 4, 2)

    def step(x: Tensor, rate: Tensor) -> Tensor:
        loss = mt.mean(net(x, mt.tanh, mt.sigmoid))
        net.sgd(loss, rate)
        return loss

    x = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    found, _ = captured(step, x, np.float32(0.1))
    a = native_step(found.program)([x, 0.1], _states(found))
    b = native_step(improved(found.program))([x, 0.1], _states(found))
    assert_close([*a[0], *a[1]], [*b[0], *b[1]])


def test_a_step_with_a_constant_array_runs():
    """A kernel's parameters may hold one, which was once compared with values; NumPy refuses to."""
    keras, layers = mt.keras, mt.keras.layers
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(128, 64)).astype(np.float32), draw.integers(0, 10, 128)
    model = keras.Sequential([layers.Dense(64, activation="relu", input_shape=(64,)), layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, jit_compile=True)
    model.fit(x, y, batch_size=128, verbose=0)
    assert "step runs as native source" in model.train_function.explain()
    before = model.evaluate(x, y, verbose=0)
    assert model.train_function((Tensor(x), Tensor(y)))["loss"] == pytest.approx(before, rel=1e-5)
