"""The update: a real step of the real optimizer, shown and not taken."""

from __future__ import annotations

import numpy as np
import pytest

import microtensor as mt
from microtensor.graph import trace
from microtensor.graph.steps import Chip, steps
from microtensor.graph.update import update
from microtensor.optim import (
    SGD,
    Adam,
    AdamW,
    Ftrl,
    Lion,
    LossScaleOptimizer,
    Muon,
    Nadam,
    Optimizer,
    RMSprop,
)

from .samples import XOR_START, xor_loss

OPTIMIZERS = [
    lambda: SGD(0.3),
    lambda: SGD(0.3, momentum=0.9),
    lambda: SGD(0.3, momentum=0.9, nesterov=True, weight_decay=0.1),
    lambda: SGD(mt.optim.schedules.ExponentialDecay(0.3, 10, 0.5), clipnorm=0.01),
    lambda: SGD(lambda: 0.25, clipvalue=0.1),
    lambda: Adam(0.1, amsgrad=True),
    lambda: AdamW(0.1),
    lambda: RMSprop(0.1, use_ema=True, global_clipnorm=0.1),
    lambda: Muon(0.1),
    lambda: Nadam(0.1),
    lambda: Lion(0.1),
    lambda: Ftrl(0.1),
    lambda: LossScaleOptimizer(SGD(0.3)),
]


def leaves(output):
    found = {}
    for t in mt.autograd.ancestors([output]):
        if t.is_leaf:
            found[t.name.removesuffix(":0")] = t
    return {name: found[name] for name in XOR_START}  # in the order of the graph


def test_the_reference_step_of_xor():
    loss = xor_loss()
    made = update(loss, trace(loss), SGD(0.3))
    assert made.rate == pytest.approx(0.3)
    assert f"{float(loss):.4f} {float(made.values['mse']):.4f}" == "0.1597 0.1419"
    assert made.optimizer == "SGD(learning_rate=0.3)"


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("taken", [0, 2])
def test_it_is_the_step_that_the_optimizer_takes(make, taken):
    """Also in the middle of training, when there is a state."""
    optimizer, loss = make(), xor_loss()
    weights = leaves(loss)
    for _ in range(taken):
        optimizer.apply([np.full(w.shape, 0.1) for w in weights.values()], list(weights.values()))
    loss = again(weights)
    made = update(loss, trace(loss), optimizer)
    loss.backward()
    optimizer.step(weights.values())
    for name, w in weights.items():
        np.testing.assert_array_equal(made.changes[name].after, w.numpy())
        state = getattr(optimizer, "state_of")(w)  # noqa: B009
        assert [slot for slot, _, _ in made.changes[name].state] == list(state)
        for slot, _, new in made.changes[name].state:
            np.testing.assert_array_equal(new, state[slot].numpy())
    np.testing.assert_array_equal(made.values["mse"], again(weights).numpy())


def again(weights):
    """The XOR loss of these very parameters."""
    h = mt.Tensor(np.array([[1.0, 0.0]]), name="x")
    for layer in ("dense", "dense_1"):
        with mt.scope(layer):
            h = mt.sigmoid(mt.matmul(h, weights[f"{layer}/kernel"]) + weights[f"{layer}/bias"])
    return mt.mse(h, mt.Tensor(np.array([[1.0]]), name="y"))


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_nothing_is_changed(make):
    optimizer, loss = make(), xor_loss()
    weights = leaves(loss)
    optimizer.apply([np.full(w.shape, 0.1) for w in weights.values()], list(weights.values()))
    loss = again(weights)
    before = [w.numpy().copy() for w in [*weights.values(), *optimizer.variables]]
    for function in (None, lambda: again(weights)):
        update(loss, trace(loss), optimizer, function)
        for array, w in zip(before, [*weights.values(), *optimizer.variables], strict=True):
            np.testing.assert_array_equal(array, w.numpy())
        assert all(w.grad is None for w in weights.values())
    loss.backward()  # the graph is still of these numbers


def test_an_optimizer_that_was_not_built_is_not_built_by_looking():
    loss, optimizer = xor_loss(), Adam()
    update(loss, trace(loss), optimizer)
    assert not optimizer.built
    assert len(optimizer.variables) == 2


def test_the_formula_is_shown_only_where_it_is_what_happened():
    loss = xor_loss()
    graph = trace(loss)
    for optimizer in (
        SGD(0.3, weight_decay=0.1),
        SGD(0.3, clipvalue=0.01),
        Adam(0.1),
        SGD(0.3, momentum=0.9),
    ):
        assert update(loss, graph, optimizer).rate is None
    step = next(s for s in steps(graph, update(loss, graph, Adam(0.1))) if s.phase == "update")
    assert step.rule.startswith("m ← m + (g − m)(1 − β₁); v ←")
    assert [part.formula for part in step.beside if isinstance(part, Chip)] == [
        "momentum", "momentum′", "velocity", "velocity′",
    ]  # fmt: skip


def test_rules_of_ones_own():
    class SignDescent(Optimizer):
        def update(self, w, g, slots, lr, t):
            return w - lr * np.sign(g), slots

    w = mt.Variable([3.0, -4.0], name="w")
    loss = (w * w).sum()
    made = update(loss, trace(loss), SignDescent(0.5))
    assert made.changes["w"].after.tolist() == [2.5, -3.5]
    assert made.rule == "w ← SignDescent(w, g)"
    assert made.values["sum"] == pytest.approx(18.5)


def test_the_steps_of_an_update_end_with_the_loss():
    loss = xor_loss()
    graph = trace(loss)
    told = [s for s in steps(graph, update(loss, graph, SGD(0.3))) if s.phase == "update"]
    assert [s.node for s in told] == ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias", "mse"]
    assert told[0].rule == "W′ = W − lr · ∂L/∂W"
    assert [p if isinstance(p, str) else p.role for p in told[0].line] == [
        "before", "−", "rate", "×", "gradient", "=", "after",
    ]  # fmt: skip
    assert told[-1].says[0][0].endswith("the loss is 11.1 % lower.")


def test_a_function_runs_again_where_a_graph_cannot():
    w = mt.Variable([1.0, -0.05], name="w")

    def loss():
        return mt.where(w > 0, w * w, -3.0 * w).sum()

    y = loss()
    graph = trace(y)
    by_graph = update(y, graph, SGD(0.1)).values[graph.root]
    by_function = update(y, graph, SGD(0.1), loss).values[graph.root]
    assert float(by_function) == pytest.approx(0.8**2 + 0.25**2)  # the second number has become positive
    assert float(by_graph) == pytest.approx(0.8**2 - 3 * 0.25)  # the condition was no part of the graph


def test_a_function_that_fails_leaves_the_numbers():
    w = mt.Variable(2.0, name="w")
    y = w * w

    def loss():
        raise RuntimeError("no more data")

    with pytest.raises(RuntimeError, match="no more data"):
        update(y, trace(y), SGD(0.1), loss)
    assert float(w) == 2.0


def test_checkpointed_functions_need_the_function():
    w = mt.Variable([1.0, 2.0], name="w")
    piece = mt.checkpoint(lambda x: (x * x).sum())
    y = piece(w)
    with pytest.raises(ValueError, match=r"pass step\(\) the function that computes the loss"):
        update(y, trace(y), SGD(0.1))
    made = update(y, trace(y), SGD(0.1), lambda: piece(w))
    assert float(made.values[trace(y).root]) == pytest.approx(5 * 0.64)


def test_wrong_calls_are_answered_in_sentences():
    loss = xor_loss()
    with pytest.raises(TypeError, match=r"optimizer must have `apply\(grads, variables\)`.* got 0\.3"):
        update(loss, trace(loss), 0.3)
    data = mt.Tensor([1.0], name="x").sum()
    with pytest.raises(ValueError, match=r"no parameter has a gradient of .*nothing to update"):
        update(data, trace(data), SGD(0.3))


def test_not_a_number_is_shown_and_stops_nothing():
    w = mt.Variable([0.0], name="w")
    loss = (w * float("nan")).sum()
    made = update(loss, trace(loss), SGD(0.3))
    assert np.isnan(made.values["sum"])
    assert steps(trace(loss), made)[-1].says[0][0] == "The same computation with the new parameters."
