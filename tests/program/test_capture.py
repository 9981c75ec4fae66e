"""What is captured is what ran: rows, states, constants, assignments; and what cannot be captured is said."""

from __future__ import annotations

import contextlib
import gc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor.core import Tensor, autograd
from microtensor.core.state import DEFAULT, current, scope
from microtensor.program import CaptureError, capture, interpret, typecheck

from .random_programs import ALL, Case, cases

X = Tensor([1.0, 2.0])


@given(cases(ALL, "float32"))
def test_a_program_computes_what_ran(case: Case) -> None:
    """Run again on the numbers that there were, it gives the bits that the captured run gave."""
    typecheck(case.program)
    inputs = [case.data[0][case.order[0]], np.asarray(0.25, "float32")]
    with np.errstate(all="ignore"):
        first = interpret(case.program, inputs, case.states)
        again = interpret(case.program, inputs, case.states)
    for one, other in zip([*first[0], *first[1]], [*again[0], *again[1]], strict=True):
        assert one.tobytes() == other.tobytes()


def test_the_run_that_is_captured_really_happens() -> None:
    w = Tensor([3.0, 4.0], name="w")

    def step(x: Tensor) -> Tensor:
        w.assign(w.detach() * x)
        return mt.exp(w.detach())

    found = capture(step, X, names=["x"])
    assert_array_equal(w.numpy(), [3.0, 8.0])
    assert_array_equal(found.outputs[0].numpy(), np.exp(np.array([3, 8], "f")))
    (y,), (new,) = interpret(found.program, [X.numpy()], [np.array([3, 4], "f")])
    assert_array_equal(y, found.outputs[0].numpy())
    assert_array_equal(new, w.numpy())
    assert found.states == (w,)
    assert found.updated == (w,)
    assert current() is DEFAULT


def test_backward_is_captured_with_the_layer_it_belongs_to() -> None:
    w = mt.Variable([0.5, -1.0], name="w")

    def step(x: Tensor) -> Tensor:
        with scope("dense"):
            y = mt.tanh(x * w)
        with scope("loss"):
            loss = mt.sum(y)
        (g,) = autograd.grad(loss, [w])
        with scope("sgd"):
            w.assign(w.detach() - 0.1 * g)
        return loss

    program = capture(step, X).program
    scopes = list(dict.fromkeys(row.scope for row in program.rows))
    assert scopes == ["dense", "loss", "loss'", "dense'", "sgd"]
    assert str(program.rows[-1]).split(" = ")[1].startswith("subtract(w, ")


def test_what_is_older_is_read_anew_and_what_is_younger_is_known() -> None:
    older = Tensor([5.0, 6.0], name="older")

    def step(x: Tensor) -> Tensor:
        return x * older + Tensor([7.0, 8.0])

    found = capture(step, X)
    assert [str(v) for v in found.program.states] == ["older"]
    assert [array.tolist() for array in found.program.constants.values()] == [[7.0, 8.0]]
    older.assign([0.0, 0.0])
    (y,), _ = interpret(found.program, [X.numpy()], [t.numpy() for t in found.states])
    assert_array_equal(y, [7.0, 8.0])


def test_detached_tensors_are_the_same_value() -> None:
    w = mt.Variable([1.0, 2.0], name="w")

    def step(x: Tensor) -> list[Tensor]:
        y = x * w
        return [y.detach() + w.detach(), y]

    program = capture(step, X).program
    assert [row.operation.name for row in program.rows] == ["multiply", "add"]
    assert program.rows[1].inputs == (program.rows[0].result, program.states[0])


def test_a_state_that_is_assigned_twice_becomes_the_last() -> None:
    w = Tensor([1.0, 1.0], name="w")

    def step(x: Tensor) -> Tensor:
        w.assign(x + 1)
        w.assign(w.detach() * 2)
        return w.detach()

    program = capture(step, X).program
    ((state, new),) = program.updates
    assert str(state) == "w"
    assert new == program.rows[-1].result == program.outputs[0]
    assert program.rows[-1].inputs == (program.rows[0].result, 2)


def test_an_assignment_casts_as_the_variable_does() -> None:
    w = Tensor([1.0, 1.0], name="w")

    def step(x: Tensor) -> Tensor:
        w.assign(x.astype("float64"))
        return w.detach()

    program = capture(step, X).program
    typecheck(program)
    assert program.rows[-1].operation.name == "astype"
    assert program.outputs[0].dtype == np.float32


def test_names_are_free() -> None:
    a, b, c = (Tensor([1.0], name=name) for name in ("x", "x", "w:0"))
    program = capture(lambda x, y: x + y + a + b + c, X, X + 1, names=["x"]).program
    assert [str(v) for v in (*program.inputs, *program.states)] == ["x", "x1", "x_1", "x_2", "w"]
    assert capture(lambda x: x, Tensor([1.0], name="mine"), name="it").program.name == "it"


def test_two_draws_are_two_rows() -> None:
    def step(x: Tensor) -> Tensor:
        return x + mt.random.normal((2,), seed=1) + mt.random.normal((2,), seed=1)

    program = capture(step, X).program
    assert sum(row.operation.random for row in program.rows) == 2


def test_truth_values_are_captured() -> None:
    def step(x: Tensor) -> Tensor:
        return mt.where(((x > 1) & (x < 3)) | ~(x > 0) ^ (x > 5), x, 0)

    program = capture(step, X).program
    names = [row.operation.name for row in program.rows]
    assert {"logical_and", "logical_or", "logical_xor", "logical_not"} <= set(names)


# --- what cannot be captured -----------------------------------------------------------------------------


def looks(x: Tensor) -> Tensor:
    return x if float(mt.sum(x)) > 0 else -x


@pytest.mark.parametrize(
    "read",
    [
        looks,
        lambda x: x * x.numpy(),
        lambda x: x * x.tolist()[0],
        lambda x: x if x[0] > 0 else -x,
        lambda x: x * int(x[0]),
        lambda x: x * np.asarray(x),
    ],
)
def test_a_number_that_is_looked_at_is_refused_and_everything_is_as_before(read: Any) -> None:
    w, v = Tensor([3.0, 4.0], name="w"), Tensor(1.0, name="v")
    before = w._data, v._data

    def step(x: Tensor) -> Tensor:
        w.assign(w.detach() + x)
        w.assign(w.detach() * 2)
        v.assign(v.detach() + 1)
        return read(x)  # type: ignore[no-any-return]

    with pytest.raises(CaptureError, match="is read while a step is captured") as caught:
        capture(step, X)
    assert f"of {__file__}" in str(caught.value)
    assert "It was line " in str(caught.value)
    assert w._data is before[0]
    assert v._data is before[1]
    assert current() is DEFAULT
    mt.sum(w + v)  # as usable as before


def test_the_line_is_the_one_that_looked() -> None:
    line = looks.__code__.co_firstlineno + 1
    with pytest.raises(CaptureError, match=f"line {line} of .*test_capture.py: `return x if float"):
        capture(looks, X)


def test_another_error_is_that_error_and_takes_back_as_well() -> None:
    w = Tensor([3.0, 4.0], name="w")

    def step(x: Tensor) -> Tensor:
        w.assign(w.detach() + x)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        capture(step, X)
    assert_array_equal(w.numpy(), [3.0, 4.0])


def test_what_is_no_tensor_is_refused() -> None:
    with pytest.raises(CaptureError, match=r"a captured function gives tensors; .* gave 3"):
        capture(lambda x: [x, 3], X)  # type: ignore[list-item, return-value]


def test_graphs_from_before_an_assignment_that_was_taken_back_stay_closed() -> None:
    """The numbers are back, and yet a graph that read them before may not go backward on trust."""
    w = mt.Variable([3.0, 4.0], name="w")
    loss = mt.sum(w * w)
    with pytest.raises(CaptureError):
        capture(lambda x: looks(w.assign(w.detach() + x) * 1), X)
    assert_array_equal(w.numpy(), [3.0, 4.0])
    with pytest.raises(autograd.GradientError, match=r"changed|assigned"):
        loss.backward()


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_the_cyclic_collector_waits_and_is_as_it_was(on: bool, fails: bool) -> None:
    def step(x: Tensor) -> Tensor:
        seen.append(gc.isenabled())
        if fails:
            raise KeyboardInterrupt
        return x * 2

    seen: list[bool] = []
    before = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with pytest.raises(KeyboardInterrupt) if fails else contextlib.nullcontext():
            capture(step, X)
        assert seen == [False]
        assert gc.isenabled() == on
    finally:
        (gc.enable if before else gc.disable)()
