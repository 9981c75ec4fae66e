"""Nothing recurses, time is linear, memory is flat: the laws about large graphs and long runs."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import sys
import weakref
from typing import Any

import numpy as np
import pytest

import microtensor as mt
from microtensor.core import Operation, Tensor
from microtensor.core.autograd import grad

MILLION = 1_000_000


def test_a_million_operations_forward_backward_copied_and_freed() -> None:
    assert sys.getrecursionlimit() <= 1000 + 4 * 1000  # nobody raised it by much
    x = Tensor(1.0, requires_grad=True)
    y: Tensor | None = x
    for _ in range(MILLION):
        y = -y  # type: ignore[operator]
    assert y is not None
    y.backward()
    assert float(x.grad) == 1.0  # type: ignore[arg-type]
    for copied in (copy.deepcopy(y), copy.copy(y), pickle.loads(pickle.dumps(y))):
        assert float(copied) == float(y)
        assert copied.is_leaf
    first = weakref.ref(y.inputs[0])
    y = None  # a million tensors, one freeing the next
    assert first() is None
    del copied


def counting() -> tuple[Operation, list[int]]:
    """An addition that counts how often its vjps run."""
    calls = [0]

    def vjp(g: Any, y: Any, a: Any, b: Any) -> Any:
        calls[0] += 1
        return g

    return Operation("counted", np.add, vjp, vjp), calls


def test_a_diamond_of_2_to_the_40_paths_takes_80_vjps() -> None:
    add, calls = counting()
    x = y = Tensor(1.0, requires_grad=True, dtype="float64")
    for _ in range(40):
        y = add(y, y)
    y.backward()
    assert float(x.grad) == 2.0**40  # type: ignore[arg-type]
    assert calls[0] == 80


def test_one_tensor_used_a_hundred_thousand_times() -> None:
    add, calls = counting()
    x = Tensor(1.0, requires_grad=True, dtype="float64")
    y = Tensor(0.0, dtype="float64")
    for _ in range(100_000):
        y = add(y, x)
    y.backward()
    assert float(x.grad) == 100_000.0  # type: ignore[arg-type]
    assert calls[0] == 2 * 100_000 - 1  # the 0 that it began with is data: nothing is computed for it


@pytest.fixture
def collector_off() -> Any:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("collector_off")
def test_a_graph_is_freed_by_reference_counting_alone() -> None:
    w = Tensor([[1.0, 2.0]], requires_grad=True)
    h = mt.tanh(w @ np.ones((2, 1), np.float32))
    y = mt.concatenate([h, h[0:1]]).sum()
    y.backward()
    parts = [weakref.ref(t) for t in (h, y, *y.inputs, w.grad)]
    w.zero_grad()
    del h, y
    assert [part() for part in parts] == [None] * len(parts)


@pytest.mark.usefixtures("collector_off")
def test_a_gradient_of_a_gradient_is_freed_by_reference_counting_alone() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = (x**3).sum()
    g = grad(y, x, create_graph=True)
    h = grad(g.sum(), x)
    parts = [weakref.ref(t) for t in (y, g, h)]
    del y, g, h
    assert [part() for part in parts] == [None] * 3


@pytest.mark.usefixtures("collector_off")
def test_a_refused_step_is_freed_too() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    part = weakref.ref(y)
    with pytest.raises(mt.GradientError):
        y.backward()
    del y
    assert part() is None


@pytest.mark.usefixtures("collector_off")
def test_ten_thousand_training_steps_keep_memory_flat() -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    w = Tensor(np.full((2, 1), 0.1, np.float32), requires_grad=True)
    b = Tensor([0.0], requires_grad=True)

    def step() -> None:
        loss = mt.mse(mt.sigmoid(x @ w + b), np.ones((4, 1), np.float32))
        w.zero_grad(), b.zero_grad()
        loss.backward()
        with mt.no_grad():
            w.assign(w - 0.1 * w.grad)
            b.assign(b - 0.1 * b.grad)

    def resident() -> int:
        """The process's own pages, in bytes."""
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    for _ in range(3_000):  # Python keeps up to 2,000 freed tuples of each size for later
        step()
    blocks, size = sys.getallocatedblocks(), resident() if os.path.exists("/proc/self/statm") else 0
    for _ in range(10_000):
        step()
    left = sys.getallocatedblocks() - blocks
    assert left < 5_000, f"{left} objects are left over from 10,000 steps"
    assert not size or resident() - size < 4 * 2**20
