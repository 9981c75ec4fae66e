"""What we promise of gradients and state, one test a promise. Each has many more behind it, in tests/core."""

import asyncio
import gc
import os
import random
import subprocess
import sys
import threading
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor.core import registry
from microtensor.testing import check_grads, samples

ROOT = Path(__file__).parents[1]


def test_promise_1_right_or_refused():
    """First and second derivatives of every operation, on its first samples; what is unknown is refused."""
    for name, operation in registry.items():
        if operation.vjps:
            for sample in samples[name][:3]:
                check_grads(operation, *sample.draw(11), order=sample.order, **sample.params)
    with pytest.raises(TypeError, match=r"np\.fft\.fft"):
        np.fft.fft(mt.Tensor([1.0], requires_grad=True))


def test_promise_2_any_depth():
    x = mt.Tensor(1.0, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y + x
    y.backward()
    assert float(x.grad) == 100_001.0
    assert sys.getrecursionlimit() <= 10_000


def test_promise_3_no_silent_staleness():
    data = np.array([1.0, 2.0])
    w = mt.Variable(data, name="w")
    y = (w * w).sum()
    data[:] = 7.0  # the array that it was made of
    assert w.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        w.numpy()[0] = 7.0
    w.assign([3.0, 4.0])
    with pytest.raises(mt.StaleGraphError, match="'w:0'"):
        y.backward()


def test_promise_4_one_backward_one_meaning():
    x = mt.Tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    with pytest.raises(mt.GradientError, match="no single number"):
        y.backward()
    with pytest.raises(mt.GradientError, match="seed has shape"):
        y.backward([1.0, 1.0, 1.0])
    with pytest.raises(mt.GradientError, match="depends on nothing"):
        mt.constant(1.0).backward()
    for times in (1, 2):
        y.sum().backward()
        assert x.grad.tolist() == [2.0 * times, 4.0 * times]


def test_promise_5_stated_conventions():
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for name, operation in registry.items():
        if operation.convention:
            assert operation.convention.replace("|", "\\|") in page, name
    assert float(mt.grad(mt.relu)(0.0)) == 0.0
    assert np.isnan(mt.relu(float("nan")).numpy())


def test_promise_6_your_dtype_stays():
    x = mt.Tensor(np.float32([1, 2]), requires_grad=True)
    y = (2 * x + 1.5) ** 2 / 3 - True
    assert y.dtype == np.float32
    (y * np.float64(1.0)).sum().backward()
    assert (x.grad.dtype, x.grad.shape) == (np.float32, (2,))
    with pytest.raises(TypeError, match="floating"):
        mt.Tensor([1, 2], requires_grad=True)


def test_promise_7_nothing_global_leaks():
    w = mt.Variable(1.0)
    found = []

    async def task(hold):
        if hold:
            with mt.no_grad():
                await asyncio.sleep(0.01)
                found.append((w * 2).requires_grad)
        else:
            found.append((w * 2).requires_grad)

    async def both():
        await asyncio.gather(task(True), task(False))

    def interrupted():
        with mt.no_grad():
            thread = threading.Thread(target=lambda: found.append((w * 2).requires_grad))
            thread.start()
            thread.join()
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    asyncio.run(both())
    assert found == [True, True, False]
    assert (w * 2).requires_grad
    before = np.geterr(), random.getstate(), np.random.get_state()[1].tobytes(), list(warnings.filters)
    mt.sigmoid(mt.constant(-1e4))
    after = np.geterr(), random.getstate(), np.random.get_state()[1].tobytes(), list(warnings.filters)
    assert before == after


def test_promise_8_memory_is_flat():
    model = mt.keras.Sequential([mt.nn.Dense(4, "tanh", input_shape=(3,)), mt.nn.Dense(1)])
    x, y = mt.constant(np.ones((8, 3), np.float32)), mt.constant(np.ones((8, 1), np.float32))
    optimizer = mt.optim.SGD(0.01, momentum=0.9)

    def steps(n):
        for _ in range(n):
            mt.mse(model(x), y).backward()
            optimizer.step(model.trainable_weights)

    steps(100)
    gc.collect()
    gc.disable()
    try:
        tracemalloc.start()
        steps(2_000)
        grown = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert grown < 400_000
    assert gc.collect() < 100  # no cycles were left behind


TRAIN = """
import microtensor as tf, hashlib, sys, threading
def train():
    tf.random.seed(3)
    dense = tf.keras.layers.Dense
    model = tf.keras.Sequential([dense(4, 'tanh', input_shape=(2,)), dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.3), 'mse')
    model.fit([[1, 1], [1, 0], [0, 1], [0, 0]], [[0], [1], [1], [0]], epochs=20, batch_size=1, verbose=0)
    out.append(hashlib.sha256(b''.join(w.tobytes() for w in model.get_weights())).hexdigest())
out = []
thread = threading.Thread(target=train); thread.start(); thread.join()
train()
assert out[0] == out[1]
print(out[0])
"""


def test_promise_9_same_seed_same_bits():
    prints = set()
    for hash_seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", TRAIN],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        prints.add(done.stdout)
    assert len(prints) == 1
