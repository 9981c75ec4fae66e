"""Anything, in any order: a machine drawn by hypothesis, against a reference too naive to be wrong.

The reference is the definition of the derivative: each value is kept with its Jacobian with respect to every
leaf (forward mode, on vectors of two elements). It has no graph and no sweep.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from numpy.testing import assert_allclose

import microtensor as mt
from microtensor.core import StaleGraphError, Tensor
from microtensor.core.state import DEFAULT, current, switched

SEED = np.array([1.0, 2.0])
SUM = np.ones((2, 2))


class Leaf:
    """A leaf, and what it should hold."""

    def __init__(self, value: np.ndarray, tracked: bool) -> None:
        self.tensor = Tensor(value, requires_grad=tracked)
        self.value, self.tracked, self.version = value, tracked, 0
        self.gradient: np.ndarray | None = None


class Naive:
    """A value, d(value)/d(leaf) for each leaf, and which version of which leaves its graph has read."""

    def __init__(self, value: Any, jacobian: dict[Leaf, Any], read: set[tuple[Leaf, int]]) -> None:
        self.value, self.jacobian, self.read = value, jacobian, read

    def recorded(self) -> Naive:
        """As a result: what needs no gradient has no graph that could be stale."""
        return Naive(self.value, self.jacobian, self.read if self.jacobian else set())

    def times(self, matrix: np.ndarray) -> Naive:
        return Naive(matrix @ self.value, {k: matrix @ j for k, j in self.jacobian.items()}, self.read)

    def plus(self, other: Naive) -> Naive:
        both = {**self.jacobian, **other.jacobian}
        jacobian = {k: self.jacobian.get(k, 0.0) + other.jacobian.get(k, 0.0) for k in both}
        return Naive(self.value + other.value, jacobian, self.read | other.read)


class Machine(RuleBasedStateMachine):
    tensors = Bundle("tensors")  # leaves, and pairs (result, what it should be)

    def __init__(self) -> None:
        super().__init__()
        self.leaves: list[Leaf] = []

    def both(self, x: Any) -> tuple[Tensor, Naive]:
        if not isinstance(x, Leaf):
            return x  # type: ignore[no-any-return]
        # Data that are read count too, once they are in a graph.
        return x.tensor, Naive(x.value, {x: np.eye(2)} if x.tracked else {}, {(x, x.version)})

    @initialize(target=tensors)
    def begin(self) -> Any:
        self.leaves = [
            Leaf(np.array(v), t) for v, t in (([1.0, -2.0], True), ([3.0, 0.5], True), ([2.0, 1.0], False))
        ]
        return multiple(*self.leaves)

    @rule(target=tensors, x=tensors, y=tensors, name=st.sampled_from(["add", "subtract", "multiply"]))
    def combine(self, x: Any, y: Any, name: str) -> Any:
        (a, p), (b, q) = self.both(x), self.both(y)
        by_a = np.diag(q.value) if name == "multiply" else np.eye(2)
        by_b = np.diag(p.value) if name == "multiply" else np.eye(2) * (-1 if name == "subtract" else 1)
        right = p.times(by_a / 8).plus(q.times(by_b / 8))  # an eighth: numbers stay small
        right.value = getattr(np, name)(p.value, q.value) / 8
        right.read = p.read | q.read if right.jacobian else set()  # data that are read count as well
        return getattr(mt, name)(a, b) / 8, right.recorded()

    @rule(target=tensors, x=tensors)
    def subtract_the_sum(self, x: Any) -> Any:
        t, p = self.both(x)
        return (t - t.sum()) / 8, p.times((np.eye(2) - SUM) / 8).recorded()

    @rule(target=tensors, x=tensors, index=st.sampled_from([[1, 0], [0, 0], slice(None, None, -1)]))
    def index(self, x: Any, index: Any) -> Any:
        t, p = self.both(x)
        return t[index], p.times(np.eye(2)[index]).recorded()

    @rule(target=tensors, x=tensors, how=st.sampled_from(["detach", "no_grad"]))
    def without_a_graph(self, x: Any, how: str) -> Any:
        t, p = self.both(x)
        if how == "detach":
            return t.detach(), Naive(p.value, {}, set())
        with mt.no_grad():
            return t * 1, Naive(p.value, {}, set())

    @rule(x=tensors, times=st.integers(1, 2), create_graph=st.booleans())
    def backward(self, x: Any, times: int, create_graph: bool) -> None:
        t, p = self.both(x)
        if not p.jacobian or any(leaf.version != version for leaf, version in p.read):
            with pytest.raises(mt.GradientError) as caught:
                t.backward(SEED)
            assert isinstance(caught.value, StaleGraphError) == bool(p.jacobian)
            return
        for _ in range(times):
            t.backward(SEED)
            for leaf, j in p.jacobian.items():
                leaf.gradient = SEED @ j if leaf.gradient is None else leaf.gradient + SEED @ j
        inputs = [leaf.tensor for leaf in p.jacobian]
        found = mt.autograd.grad(t, inputs, SEED, create_graph=create_graph)
        for g, j in zip(found, p.jacobian.values(), strict=True):
            assert_allclose(g.numpy(), SEED @ j, atol=1e-12)
        held = [g._data for g in found] + [leaf.tensor.grad._data for leaf in p.jacobian]  # type: ignore[union-attr]
        assert not any(np.shares_memory(a, b) for i, a in enumerate(held) for b in held[:i])

    @rule(k=st.integers(0, 2), a=st.integers(-3, 3))
    def assign(self, k: int, a: int) -> None:
        leaf = self.leaves[k]
        snapshot, before = leaf.tensor.numpy(), leaf.value
        leaf.value = np.array([a, 1.0])
        leaf.tensor.assign(leaf.value)
        leaf.version += 1
        assert_allclose(snapshot, before)

    @rule(k=st.integers(0, 2))
    def zero_grad(self, k: int) -> None:
        self.leaves[k].tensor.zero_grad()
        self.leaves[k].gradient = None

    @rule(x=tensors)
    def fail(self, x: Any) -> None:
        t, _ = self.both(x)
        with pytest.raises(ValueError, match="add of"), mt.no_grad(), switched(scope="failing"):
            mt.add(t, np.ones(3))

    @invariant()
    def leaves_and_gradients_are_as_they_should_be(self) -> None:
        assert current() is DEFAULT
        for leaf in self.leaves:
            assert_allclose(leaf.tensor.numpy(), leaf.value)
            assert (leaf.tensor.grad is None) == (leaf.gradient is None)
            if leaf.gradient is not None:
                assert leaf.tensor.grad is not None
                assert_allclose(leaf.tensor.grad.numpy(), leaf.gradient, atol=1e-12)


TestAnyOrder = Machine.TestCase
TestAnyOrder.settings = settings(max_examples=2 * settings().max_examples, stateful_step_count=40)
