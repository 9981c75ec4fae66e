"""Capture: a listener in the state is told of every operation, those of backward included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor.core import Operation, Tensor, registry
from microtensor.core.state import DEFAULT, current, switched
from microtensor.testing import samples


class Listener:
    """Keeps what it is told: rows (operation, inputs, params, result), and what is assigned to what."""

    def __init__(self) -> None:
        self.rows: list[tuple[Operation, tuple[Any, ...], dict[str, Any], Tensor]] = []
        self.assigned: list[tuple[Tensor, Tensor]] = []

    def operation(
        self, op: Operation, inputs: tuple[Any, ...], params: dict[str, Any], result: Tensor
    ) -> None:
        self.rows.append((op, inputs, dict(params), result))

    def assign(self, tensor: Tensor, value: Tensor) -> None:
        self.assigned.append((tensor, value))

    def alias(self, new: Tensor, old: Tensor) -> None:
        self.rows.append((registry["identity"], (old,), {}, new))

    def replay(self, before: dict[Tensor, np.ndarray]) -> dict[Tensor, np.ndarray]:
        """Every row again, on arrays, from the numbers that the leaves had."""
        values = dict(before)
        for op, inputs, params, result in self.rows:
            xs = [values.get(x, x._data) if isinstance(x, Tensor) else x for x in inputs]
            values[result] = np.asarray(op.forward(*xs, **params))
        return values

    def check(self, before: dict[Tensor, np.ndarray]) -> None:
        """A replay gives the bits that eager gave."""
        values = self.replay(before)
        for op, _, _, result in self.rows:
            assert values[result].dtype == result.dtype, op
            assert values[result].tobytes() == result._data.tobytes(), op


def test_a_training_step_is_told_in_full_and_replays_bit_for_bit() -> None:
    rng = np.random.default_rng(0)
    x, target = Tensor(rng.random((4, 2)).astype("f")), Tensor(rng.random((4, 1)).astype("f"))
    w = Tensor(rng.random((2, 1)).astype("f"), requires_grad=True)
    b = Tensor([0.5], requires_grad=True)
    before = {t: t._data for t in (x, target, w, b)}
    listener = Listener()
    with switched(capture=listener):
        loss = mt.mse(mt.sigmoid(x @ w + b), target)
        loss.backward()
        with mt.no_grad():
            for p in (w, b):
                p.assign(p - 0.3 * p.grad)
    names = [op.name for op, *_ in listener.rows]
    assert names[:4] == ["matmul", "add", "sigmoid", "mse"]
    assert "matmul" in names[4:], "the operations of backward are told too"
    assert names[-2:] == ["multiply", "subtract"]
    assert [t for t, _ in listener.assigned] == [w, b]
    listener.check(before)
    values = listener.replay(before)
    for tensor, value in listener.assigned:
        assert values[value].tobytes() == tensor._data.tobytes()
    assert current() is DEFAULT


def test_a_captured_step_computes_what_an_eager_one_does() -> None:
    def step() -> list[bytes]:
        w = Tensor([[0.5, -1.0], [2.0, 0.25]], requires_grad=True)
        (mt.softmax(mt.tanh(w @ w)) * np.ones((2, 2), np.float32)).max().backward()
        return [w.grad._data.tobytes()]  # type: ignore[union-attr]

    eager = step()
    with switched(capture=Listener()):
        captured = step()
    assert eager == captured


DIFFERENTIABLE = [name for name in registry if registry[name].vjps]


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_every_operation_and_its_backward_replay(name: str) -> None:
    for sample in samples[name]:
        xs = [Tensor(a, requires_grad=a.dtype.kind == "f") for a in sample.draw(8, np.float32)]
        before = {x: x._data for x in xs}
        listener = Listener()
        with switched(capture=listener):
            y = registry[name](*xs, **sample.params)
            y.backward(Tensor(np.ones(y.shape, y.dtype)))
        assert listener.rows[0][0] is registry[name]
        listener.check(before)


@pytest.mark.parametrize("name", [name for name in registry if not registry[name].vjps])
def test_what_has_no_derivative_is_told_too(name: str) -> None:
    sample = samples[name][0]
    listener = Listener()
    with switched(capture=listener):
        registry[name](*map(Tensor, sample.draw()), **sample.params)
    assert [op.name for op, *_ in listener.rows] == [name]


READS = {
    "float(t)": float,
    "int(t)": int,
    "bool(t)": bool,
    "if t > 0": lambda t: bool(t > 0),
    "t.item()": lambda t: t.item(),
    "t.numpy()": lambda t: t.numpy(),
    "t.data": lambda t: t.data,
    "t.tolist()": lambda t: t.tolist(),
    "np.asarray(t)": np.asarray,
    "f'{t:.2f}'": lambda t: f"{t:.2f}",
    "Tensor(t)": Tensor,
    "range(t)": lambda t: range(t),
}


@pytest.mark.parametrize("words", READS)
def test_reading_a_number_while_capturing_raises_with_advice(words: str) -> None:
    t = Tensor(2 if words == "range(t)" else 2.0, name="t")
    with (
        switched(capture=Listener()),
        pytest.raises(RuntimeError, match=r"is read while a step is captured.*mt.where for `if`"),
    ):
        READS[words](t)
    READS[words](t)  # and may be read again afterwards
    assert current() is DEFAULT


def test_shapes_may_be_read_and_rows_iterated_while_capturing() -> None:
    listener = Listener()
    with switched(capture=listener):
        x = Tensor([[1.0, 2.0], [3.0, 4.0]])
        assert (x.shape, x.ndim, x.size, len(x), x.dtype) == ((2, 2), 2, 4, 2, np.float32)
        assert len(list(x)) == 2
        assert "shape=(2, 2)" in repr(x)
    assert [op.name for op, *_ in listener.rows] == ["getitem", "getitem"]


def test_the_layer_that_runs_is_on_each_row() -> None:
    listener = Listener()
    x = Tensor([1.0], requires_grad=True)
    with switched(capture=listener):
        with mt.scope("dense"):
            y = x * 2
        mt.exp(y)
    assert [result.scope for *_, result in listener.rows] == ["dense", ""]


CHOICES = ["add", "multiply", "tanh", "sigmoid", "maximum", "mean", "transpose"]


@given(
    choices=st.lists(st.tuples(st.sampled_from(CHOICES), st.integers(0, 99), st.integers(0, 99)), max_size=12)
)
def test_random_programs_replay(choices: list[tuple[str, int, int]]) -> None:
    rng = np.random.default_rng(0)
    leaves = [Tensor(rng.standard_normal((3, 3)), requires_grad=True) for _ in range(2)]
    before = {x: x._data for x in leaves}
    listener = Listener()
    with switched(capture=listener):
        tensors = list(leaves)
        for name, i, j in choices:
            args = [tensors[k % len(tensors)] for k in (i, j)][: registry[name].arity]
            tensors.append(registry[name](*args, **({"axis": 0, "keepdims": True} if name == "mean" else {})))
        mt.sum(tensors[-1]).backward()
    listener.check(before)
    assert_array_equal(listener.replay(before)[listener.rows[-1][-1]], listener.rows[-1][-1]._data)
