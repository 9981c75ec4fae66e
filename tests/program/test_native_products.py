"""Products of matrices in C: through the BLAS that NumPy brings, or plain loops; however the operands lie."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microtensor.program.ir import Program, Value
from microtensor.program.loop import Plan, UnsupportedError, reference
from microtensor.program.native import NativeStep, blas, native_loop, native_step, products
from microtensor.program.native import step as step_of
from microtensor.program.native.c_source import nests

from .native_cases import Builder, as_if_large, assert_close, few, interpreted, needs_compiler

FLOAT = np.dtype(np.float32)


def test_numpys_blas_is_found() -> None:
    """The wheels of NumPy bring one. (Where there is none, all runs through `np.matmul`.)"""
    if "openblas" not in str(np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]):
        pytest.skip("this NumPy was built with another BLAS")
    single, double = blas.gemm(FLOAT), blas.gemm(np.dtype(float))
    assert (single is not None and single.name, double is not None and double.name) == ("sgemm", "dgemm")
    assert blas.gemm(np.dtype(int)) is None


def test_a_function_that_does_not_multiply_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library may have a function of that name that does something else."""

    class Library:
        def __getitem__(self, name: str) -> Any:
            asked.append(name)
            if name.startswith("scipy"):
                raise AttributeError(name)
            return nothing

    asked: list[str] = []
    nothing = ctypes.CFUNCTYPE(None)(lambda *numbers: None)
    monkeypatch.setattr(blas, "_libraries", lambda: iter([Library()]))
    assert blas.gemm.__wrapped__(FLOAT) is None
    assert len(asked) >= 3
    monkeypatch.setattr(blas, "_libraries", lambda: iter([]))
    assert blas.gemm.__wrapped__(FLOAT) is None


Lying = Callable[[Builder, np.ndarray], Value]
LYING: dict[str, Lying] = {  # how an operand may lie in memory
    "as it is": lambda b, x: b.input(x),
    "transposed": lambda b, x: b.row("swapaxes", b.input(np.swapaxes(x, -1, -2).copy()), axis1=-1, axis2=-2),
    "columns of a wider one": lambda b, x: b.row(
        "getitem", b.input(np.concatenate([x, x], axis=-1)), index=(..., slice(0, x.shape[-1]))
    ),
    "every second row": lambda b, x: b.row(
        "getitem", b.input(np.repeat(x, 2, axis=-2)), index=(..., slice(None, None, 2), slice(None))
    ),
    "every second number": lambda b, x: b.row(
        "getitem", b.input(np.repeat(x, 2, axis=-1)), index=(..., slice(None, None, 2))
    ),
    "from behind": lambda b, x: b.row("flip", b.input(x[..., ::-1].copy()), axis=-1),
    "one row repeated": lambda b, x: b.row("broadcast_to", b.input(x[..., :1, :].copy()), shape=x.shape),
    "computed": lambda b, x: b.row("multiply", b.input(x), 2.0),
}


@needs_compiler
@few
@given(
    shape=st.tuples(*[st.integers(1, 5)] * 3),
    outer=st.sampled_from([((), ()), ((2,), ()), ((), (3,)), ((2, 1), (3,)), ((2,), (2,))]),
    lies=st.tuples(*[st.sampled_from(sorted(LYING))] * 2),
    dtype=st.sampled_from(["float32", "float64"]),
    small=st.sampled_from([0, 1 << 20]),
    data=st.data(),
)
def test_products_however_the_operands_lie(
    shape: tuple[int, int, int],
    outer: Any,
    lies: tuple[str, str],
    dtype: str,
    small: int,
    data: st.DataObject,
) -> None:
    m, k, n = shape
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    b = Builder()
    left, right = (
        LYING[how](b, draw.normal(size=(*before, *size)).astype(dtype))
        for how, before, size in zip(lies, outer, ((m, k), (k, n)), strict=True)
    )
    if data.draw(st.booleans()) and not outer[1]:
        right = b.row("getitem", right, index=(slice(None), 0))  # a vector
    program = b.program(b.row("matmul", left, right))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "SMALL", small)
        step = native_step(program)
        assert_close(
            step(b.arrays(program.inputs), [])[0], interpreted(program, b.arrays(program.inputs), [])
        )
        assert ("gemm(" in step.source.split("restore_mode(")[-2]) == (small == 0)


def mlp(inputs: int = 40, units: int = 30, batch: int = 16) -> tuple[Builder, Program]:
    """A layer, its gradient and a rule with a momentum, as rows."""
    draw = np.random.default_rng(0)
    b = Builder()
    x, w, v = (
        b.input(draw.normal(size=size).astype(np.float32), name)
        for name, size in (("x", (batch, inputs)), ("w", (inputs, units)), ("v", (inputs, units)))
    )
    y = b.row("tanh", b.row("matmul", x, w), scope="dense")
    g = b.row("matmul", b.row("swapaxes", x, axis1=0, axis2=1), y)
    new_v = b.row("add", b.row("multiply", v, 0.9), g)
    new_w = b.row("subtract", w, b.row("multiply", new_v, 0.01))
    return b, b.program(b.row("sum", y), updates=[(w, new_w), (v, new_v)])


def assert_runs_in_place(step: NativeStep, b: Builder) -> None:
    inputs, states = b.arrays(step.program.inputs), b.arrays(step.program.states)
    own = [array.copy() for array in states]
    outputs, _ = step(inputs, own, own)
    assert_close([*outputs, *own], interpreted(step.program, inputs, states))


@needs_compiler
def test_a_step_with_its_products_is_one_function() -> None:
    b, program = mlp()
    step = native_step(program)
    assert step.in_place
    assert len(step.kernels) == 1
    assert "sgemm(" in step.source
    states = [array.copy() for array in b.arrays(program.states)]
    outputs, _ = step(b.arrays(program.inputs), states, states)
    assert_close(
        [*outputs, *states], interpreted(program, b.arrays(program.inputs), b.arrays(program.states))
    )


@needs_compiler
def test_steps_and_loops_of_a_large_net_give_the_same_bits() -> None:
    """So it makes no difference which of them runs, and states are not written into by a loop."""
    b, program = mlp()
    states, batch = b.arrays(program.states), program.inputs[0].shape[0]
    assert sum(array.nbytes for array in states) > 8192
    before = [array.copy() for array in states]
    rows = np.random.default_rng(1).normal(size=(50, 40)).astype(np.float32)
    order = np.random.default_rng(2).integers(0, 50, (5, batch))
    plan = Plan(program, (0,), ())
    run = native_loop(plan)([rows], order, [], states)
    for array, old in zip(states, before, strict=True):
        np.testing.assert_array_equal(array, old)
    wanted = reference(plan)([rows], order, [], states)
    assert_close([*run.outputs, *run.updates], [*wanted.outputs, *wanted.updates])
    step = native_step(program)
    losses = [step([rows[each]], before, before)[0][0] for each in order]
    for a, c in zip([*run.outputs, *run.updates], [np.array(losses), *before], strict=True):
        np.testing.assert_array_equal(a, c)


def deep(layers: int) -> tuple[Builder, Program]:
    """So many layers of one size, their gradients, and a rule with a momentum."""
    draw = np.random.default_rng(0)
    b = Builder()
    x = b.input(draw.normal(size=(32, 48)).astype(np.float32), "x")
    weights = [
        b.input(draw.normal(0, 48**-0.5, size=(48, 48)).astype(np.float32), f"w{k}") for k in range(layers)
    ]
    momenta = [b.input(np.zeros((48, 48), np.float32), f"v{k}") for k in range(layers)]
    ys = [x]
    for k, w in enumerate(weights):
        ys.append(b.row("tanh", b.row("matmul", ys[-1], w), scope=f"dense_{k}"))
    g, updates = ys[-1], []
    for x_, y, w, v in reversed(list(zip(ys, ys[1:], weights, momenta, strict=False))):
        g = b.row("multiply", g, b.row("subtract", 1.0, b.row("multiply", y, y)))
        new = b.row(
            "add", b.row("multiply", v, 0.9), b.row("matmul", b.row("swapaxes", x_, axis1=0, axis2=1), g)
        )
        g = b.row("matmul", g, b.row("swapaxes", w, axis1=0, axis2=1))
        updates += [(w, b.row("subtract", w, b.row("multiply", new, 0.01))), (v, new)]
    return b, b.program(b.row("sum", ys[-1]), updates=updates)


@needs_compiler
@pytest.mark.parametrize("layers", [20, 40])
def test_layers_of_one_size_are_compiled_once(layers: int) -> None:
    """Of forty layers the source grows by their calls alone; what they no longer need is used again."""
    b, program = deep(layers)
    step = native_step(program)
    assert_runs_in_place(step, b)
    text = step.source.split("static inline double fast_tanh")[1]
    assert text.count("SEPARATE void kernel0_part") == 3  # tanh; its derivative; w from the velocity
    assert text.count("for (") == 3 + 6  # the last tanh with its derivative; the sum of all
    assert text.count("part1(") == layers + 1
    memory = [name for name in step.kernels[0].parameters if isinstance(name, Value)]
    assert sum(v.shape == (32, 48) for v in memory) <= layers + 4  # one that stays for each layer
    assert "#define v" in text
    plan = Plan(program, (0,), ())
    loop, order = native_loop(plan), np.arange(32)[None]
    run = loop(b.arrays(program.inputs), order, [], b.arrays(program.states))
    wanted = reference(plan)(b.arrays(program.inputs), order, [], b.arrays(program.states))
    assert_close([*run.outputs, *run.updates], [*wanted.outputs, *wanted.updates])
    assert loop.source.count("SEPARATE void part") == 3


def rule_of_adam(size: int) -> tuple[Builder, Program]:
    """Of one weight; it reads four arrays and writes three."""
    draw, b = np.random.default_rng(0), Builder()
    w, m, v, g = (b.input(draw.random(size).astype(np.float32), name) for name in "wmvg")
    first = b.row("add", b.row("multiply", m, 0.9), b.row("multiply", g, 0.1))
    second = b.row("add", b.row("multiply", v, 0.99), b.row("multiply", b.row("square", g), 0.01))
    new = b.row("subtract", w, b.row("divide", first, b.row("add", b.row("sqrt", second), 1e-3)))
    return b, b.program(updates=[(w, new), (m, first), (v, second)])


@needs_compiler
@pytest.mark.parametrize("size", [8, 4096])
def test_a_long_loop_over_many_arrays_has_all_registers(size: int) -> None:
    """It is a function of its own; a short one is not worth a call."""
    b, program = rule_of_adam(size)
    step = native_step(program)
    assert step.source.count("SEPARATE void kernel0_part") == (size > 8)
    assert_runs_in_place(step, b)


@needs_compiler
def test_a_constant_that_one_number_stands_for() -> None:
    """A broadcast array has one number in memory; C reads as many as the shape says."""
    b = Builder()
    x = b.input(np.arange(160, dtype=np.float32).reshape(2, 80), "x")
    half = b.new(np.broadcast_to(np.float32(0.5), (2, 80)), "half")
    y = b.row("multiply", x, half)
    program = Program([x], [], {half: b.known[half]}, b.rows, [y])
    data, order = np.random.default_rng(0).normal(size=(6, 80)).astype(np.float32), np.arange(6).reshape(3, 2)
    run = native_loop(Plan(program, (0,), ()))([data], order, [], [])
    np.testing.assert_array_equal(run.outputs[0].reshape(6, 80), data * 0.5)
    np.testing.assert_array_equal(native_step(program)([data[:2]], [])[0][0], data[:2] * 0.5)


@needs_compiler
def test_two_functions_of_one_file_may_both_have_parts() -> None:
    b = Builder()
    draw = np.random.default_rng(0)
    xs = [b.input(draw.normal(size=(4, 8)).astype(np.float32)) for _ in range(2)]
    ys: list[Value] = []
    for _ in range(2):
        ys += [b.row("exp", b.row("multiply", x, 0.5)) for x in xs]
        xs = [b.row("cumsum", x, axis=1) for x in xs]  # NumPy's, between two functions
    program = b.program(*ys)
    with as_if_large():
        step = native_step(program)
    assert len(step.kernels) == 2
    assert all(f"kernel{k}_part0(" in step.source for k in range(2))
    assert_close(step(b.arrays(program.inputs), [])[0], interpreted(program, b.arrays(program.inputs), []))


@needs_compiler
def test_the_memory_of_a_state_is_nobody_elses() -> None:
    """A state in an array of the loop's own, which nobody reads after its first row, stays there."""
    b = Builder()
    x, w = b.input(np.ones((2, 32), np.float32), "x"), b.new(np.full((2, 32), 3, np.float32), "w")
    new = b.row("add", w, 1.0)
    late = b.row("sum", b.row("exp", b.row("negative", x)))
    program = Program([x], [w], {}, b.rows, [late], [(w, new)])
    plan, order = Plan(program, (0,), ()), np.zeros((3, 2), int)
    with as_if_large(in_registers=1 << 20):
        loop = native_loop(plan)
    given = [np.ones((1, 32), np.float32)], order, [], b.arrays([w])
    run, wanted = loop(*given), reference(plan)(*given)
    assert_close([*run.outputs, *run.updates], [*wanted.outputs, *wanted.updates])


@needs_compiler
def test_the_rules_of_two_weights_are_two_loops() -> None:
    """And not one that reads and writes a dozen arrays at once."""
    b = Builder()
    g, h, v, w = (b.input(np.full((8, 8), k, np.float32)) for k in range(4))
    rate = b.input(np.float32(0.5))
    for weight, gradient in ((v, g), (w, h)):
        b.row("subtract", weight, b.row("multiply", gradient, rate))
    b.row("exp", b.row("multiply", b.row("negative", w), rate))
    assert [stop - start for start, stop in nests(b.rows)] == [2, 5]


@needs_compiler
def test_without_a_blas_numpy_multiplies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "gemm", lambda dtype: None)
    b, program = mlp()
    step = native_step(program)
    assert len(step.kernels) == 2  # what follows each product
    assert "gemm(" not in "".join(kernel.source for kernel in step.kernels)
    states = [array.copy() for array in b.arrays(program.states)]
    outputs, _ = step(b.arrays(program.inputs), states, states)
    assert_close(
        [*outputs, *states], interpreted(program, b.arrays(program.inputs), b.arrays(program.states))
    )
    b, program = mlp(400, 200, 64)
    with pytest.raises(UnsupportedError, match=r"needs a BLAS: for `.*matmul"):
        native_loop(Plan(program, (0,), ()))


@needs_compiler
def test_a_label_that_is_no_class_leaves_the_states(monkeypatch: pytest.MonkeyPatch) -> None:
    """C stops before anything is written, and NumPy says what is wrong."""
    b = Builder()
    labels, w = b.input(np.array([0, 2], np.int32), "labels"), b.new(np.zeros((2, 3), np.float32), "w")
    hot = b.row("one_hot", labels, num_classes=3, dtype="float32")
    program = Program([labels], [w], {}, b.rows, [hot], [(w, b.row("add", w, hot))])
    step, states = native_step(program), [np.zeros((2, 3), np.float32)]
    assert len(step.kernels) == 1
    assert step.in_place
    step([np.array([1, 1], np.int32)], states, states)
    with pytest.raises(ValueError, match="labels are whole numbers from 0 to 2; one is 3"):
        step([np.array([1, 3], np.int32)], states, states)
    np.testing.assert_array_equal(states[0], [[0, 1, 0]] * 2)
    step([np.array([0, 1], np.int32)], states, states)
    np.testing.assert_array_equal(states[0], [[1, 1, 0], [0, 2, 0]])
    monkeypatch.setattr(step_of, "interpret", lambda program, *given: ([states[0]], [states[0] + 1]))
    step([np.array([9, 9], np.int32)], states, states)  # if NumPy can do it after all, it is done
    np.testing.assert_array_equal(states[0], [[2, 2, 1], [1, 3, 1]])


@needs_compiler
def test_a_label_after_a_state_was_written_is_not_written_over() -> None:
    b = Builder()
    x, labels = b.input(np.ones(3, np.float32), "x"), b.input(np.array([5], np.int32), "labels")
    w = b.new(np.zeros(3, np.float32), "w")
    new = b.row("add", w, x)
    with pytest.raises(ValueError, match="labels"):
        b.row("one_hot", labels, num_classes=3, dtype="float32")
    b.known[labels] = np.array([1], np.int32)
    hot = b.row("one_hot", labels, num_classes=3, dtype="float32")
    program = Program([x, labels], [w], {}, b.rows, [hot], [(w, new)])
    step, states = native_step(program), [np.zeros(3, np.float32)]
    assert not step.in_place
    with pytest.raises(ValueError, match="labels are whole numbers from 0 to 2; one is 5"):
        step([np.ones(3, np.float32), np.array([5], np.int32)], states, states)
    np.testing.assert_array_equal(states[0], [0, 0, 0])


@needs_compiler
def test_what_is_tiny_becomes_zero_there_and_only_there() -> None:
    """A momentum that gets no gradient shrinks to 0, where NumPy's stays at the smallest numbers for ever."""
    b = Builder()
    x, v = b.input(np.ones((1, 1), np.float32)), b.new(np.full((1, 64), 1e-30, np.float32), "v")
    new = b.row("multiply", v, 0.9)
    program = Program([x], [v], {}, b.rows, [x], [(v, new)])
    plan, order = Plan(program, (0,), ()), np.zeros((1000, 1), int)
    given = [np.ones((1, 1), np.float32)], order, [], b.arrays([v])
    assert reference(plan)(*given).updates[0].max() > 0
    assert native_loop(plan)(*given).updates[0].max() == 0
    state = [np.full((1, 64), 1e-38, np.float32)]
    native_step(program)([np.ones((1, 1), np.float32)], state, state)
    assert state[0].max() == 0
    assert (np.full(64, 1e-38, np.float32) * np.float32(0.9)).min() > 0  # NumPy is as it was
