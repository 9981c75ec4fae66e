"""The steps: complete, in order, and with the numbers of the operations' own vjps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

import microtensor as mt
from microtensor.graph import trace
from microtensor.graph.steps import Chip, steps

from .samples import chain, dags, diamond, fan_out, xor_loss

FOUR = {"x": ((1, 1), (1, 0), (0, 1), (0, 0)), "y": ((0,), (1,), (1,), (0,))}


def chips(step, role):
    return [part for part in step.line if isinstance(part, Chip) and part.role == role]


def signs(step):
    return [part if isinstance(part, str) else part.role for part in step.line]


def test_xor_forward_then_backward():
    told = steps(trace(xor_loss()))
    assert [step.phase for step in told] == ["forward"] * 7 + ["backward"] * 11
    assert [step.rule for step in told] == [
        "h₁ = x W",
        "h₂ = h₁ + b",
        "h₃ = 1 / (1 + e^(−h₂))",
        "h₄ = h₃ W",
        "h₅ = h₄ + b",
        "h₆ = 1 / (1 + e^(−h₅))",
        "L = mean((h₆ − y)²)",
        "∂L/∂L = 1",
        "∂L/∂h₆ = ∂L/∂L × 2·(h₆ − y) / N",
        "∂L/∂h₅ = ∂L/∂h₆ × h₆·(1 − h₆)",
        "∂L/∂h₄ = ∂L/∂h₅ × 1",
        "∂L/∂b = ∂L/∂h₅ × 1",
        "∂L/∂h₃ = ∂L/∂h₄ · Wᵀ",
        "∂L/∂W = h₃ᵀ · ∂L/∂h₄",
        "∂L/∂h₂ = ∂L/∂h₃ × h₃·(1 − h₃)",
        "∂L/∂h₁ = ∂L/∂h₂ × 1",
        "∂L/∂b = ∂L/∂h₂ × 1",
        "∂L/∂W = xᵀ · ∂L/∂h₁",
    ]


def test_a_matrix_multiplies_from_its_own_side():
    told = {step.node: step for step in steps(trace(xor_loss())) if step.phase == "backward"}
    kernel, hidden = told["dense_1/kernel"], told["dense/sigmoid"]
    assert signs(kernel) == ["local", "·", "upstream", "=", "gradient"]
    assert signs(hidden) == ["upstream", "·", "local", "=", "gradient"]
    for step in (kernel, hidden):
        left, right = (part.array for part in step.line if isinstance(part, Chip) and part.role != "gradient")
        np.testing.assert_allclose(left @ right, chips(step, "gradient")[0].array, rtol=1e-14)


@pytest.mark.parametrize("make", [xor_loss, lambda: xor_loss(**FOUR), diamond])
def test_upstream_times_local_derivative_is_the_gradient(make):
    found = 0
    for step in steps(trace(make())):
        if "×" in step.line and step.phase == "backward":
            (up,), (local,) = chips(step, "upstream"), chips(step, "local")
            result = next(part for part in reversed(step.line) if isinstance(part, Chip))
            factor = float(local.formula) if local.array is None else local.array
            product = up.array * factor
            if step.line[0] == "Σ axis 0":
                product = product.sum(axis=0)
            np.testing.assert_allclose(product.reshape(result.array.shape), result.array, rtol=1e-6)
            found += 1
    assert found >= 5


@given(dags())
def test_every_gradient_is_that_of_autograd_and_comes_once(output):
    leaves = [t for t in mt.autograd.ancestors([output]) if t.is_leaf]
    expected = [np.asarray(g) for g in mt.autograd.grad(output, leaves)] if leaves else []
    graph = trace(output)
    told = steps(graph)
    done = {}
    for step in told:
        if step.shows == "gradient":
            assert step.node not in done
            done[step.node] = next(p for p in reversed(step.line) if isinstance(p, Chip)).array
    assert set(done) == {node.id for node in graph.nodes if node.gradient is not None}
    shown = [done[node.id] for node in graph.nodes if node.kind == "parameter" and node.gradient is not None]
    key = lambda g: g.tolist()  # noqa: E731
    assert sorted(map(key, shown)) == sorted(map(key, expected))


@given(dags())
def test_what_a_step_uses_was_shown_before(output):
    """No number is read before it is there: neither a value forward nor a gradient backward."""
    graph = trace(output)
    there = {node.id for node in graph.nodes if not node.number}
    arrived = set()
    for step in steps(graph):
        sources = {edge.split()[0] for edge in step.edges}
        if step.phase == "forward":
            assert sources <= there
            there.add(step.node)
        else:
            assert {edge.split()[1] for edge in step.edges} <= arrived
            if step.shows:
                arrived.add(step.node)


def test_fan_out_is_added_up_term_by_term():
    graph = trace(diamond())
    told = [step for step in steps(graph) if step.phase == "backward" and step.node == "multiply"]
    assert [step.shows for step in told] == ["", "", "", "gradient"]
    total = told[-1]
    assert total.rule == "∂L/∂h₂ = (∂L/∂h₂)₁ + (∂L/∂h₂)₂ + (∂L/∂h₂)₃"
    assert signs(total) == ["part", "+", "part", "+", "part", "=", "sum"]
    assert sum(float(chip.array) for chip in chips(total, "part")) == float(chips(total, "sum")[0].array)
    assert [float(chips(step, "part")[0].array) for step in told[:-1]] == [
        float(chip.array) for chip in chips(total, "part")
    ]


def test_broadcasting_is_told_forward_and_undone_backward():
    told = steps(trace(xor_loss(**FOUR)))
    forward = next(step for step in told if step.node == "dense/add")
    assert ("b is broadcast, (2,) → (4, 2).") in [english for english, _ in forward.says]
    back = next(step for step in told if step.node == "dense/bias")
    assert back.line[0] == "Σ axis 0"
    assert any("sum over axis 0" in english and "(2,) → (4, 2)" in english for english, _ in back.says)


def test_a_derivative_that_is_no_factor_is_a_function_of_the_gradient():
    z = mt.Variable([1.0, 2.0], name="z")
    back = next(s for s in steps(trace((mt.softmax(z) * [3.0, 1.0]).sum())) if s.node == "z")
    assert back.rule.endswith("g = ∂L/∂h₁")
    assert signs(back) == ["upstream", "→", "local", "=", "gradient"]


def test_an_output_of_many_numbers_begins_at_its_sum():
    told = steps(trace(mt.Variable([1.0, 2.0], name="w") * 2.0))
    assert told[1].rule == "∂Σh₁/∂h₁ = 1"
    assert "sum of the elements" in told[1].says[0][0]


@pytest.mark.parametrize("length", [1, 400, 1200])
def test_long_chains(length):
    assert len(steps(trace(chain(length)))) == 2 * length + 1


def test_many_branches():
    told = steps(trace(fan_out(12)))
    total = next(step for step in told if step.node == "tanh" and step.shows == "gradient")
    assert len(chips(total, "part")) == 13


def test_a_leaf_has_no_steps():
    assert steps(trace(mt.Variable(1.0, name="w"))) == ()


def test_everything_is_said_in_both_languages():
    for step in steps(trace(xor_loss(**FOUR))):
        assert step.says
        for english, korean in step.says:
            assert not any("가" <= c <= "힣" for c in english)
            assert any("가" <= c <= "힣" for c in korean)
