"""Random programs give in C what they give row by row: a step, and a loop over steps."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microtensor.program.ir import Program, Value
from microtensor.program.loop import Plan, UnsupportedError, reference
from microtensor.program.native import Kernel, group_kernel, native_loop, native_step
from microtensor.program.native.c_source import joined, supported
from microtensor.program.native.cache import library
from microtensor.program.passes import improved, lower

from .native_cases import Builder, as_if_large, assert_close, few, interpreted, needs_compiler

pytestmark = needs_compiler

TAME = ("add", "subtract", "multiply", "maximum", "minimum", "where_greater")
UNARY = ("negative", "tanh", "square", "abs", "exp", "sqrt", "sigmoid")


@st.composite
def programs(draw: st.DrawFn) -> tuple[Builder, Program, list[np.ndarray]]:
    """A few inputs of one batch, some states, and rows of every kind that C has a form for."""
    b = Builder()
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    batch = draw(st.integers(1, 4))
    dtype = draw(st.sampled_from(["float32", "float32", "float64"]))

    def numbers(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(dtype)

    inputs = [
        b.input(numbers(batch, draw(st.integers(1, 40))), f"x{k}") for k in range(draw(st.integers(1, 2)))
    ]
    inputs.append(b.input(numbers(), "rate"))
    shapes = draw(st.lists(st.sampled_from([(3,), (40, 2), (1, 5), (2, 3, 4)]), max_size=2))
    states = [b.new(numbers(*shape), f"w{k}") for k, shape in enumerate(shapes)]
    values: list[Value] = [*inputs, *states]
    for _ in range(draw(st.integers(3, 14))):
        made = _row(draw, b, values)
        if made is not None:
            values.append(made)
    outputs = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
    updates = []
    for state in states:
        alike = [v for v in values if (v.shape, v.dtype) == (state.shape, state.dtype)]
        updates.append((state, draw(st.sampled_from(alike))))
    return b, Program(inputs, states, {}, b.rows, outputs, updates), b.arrays(inputs)


def _row(draw: st.DrawFn, b: Builder, values: list[Value]) -> Value | None:
    x = draw(st.sampled_from(values))
    rank = len(x.shape)
    kind = draw(
        st.sampled_from(["unary", "binary", "binary", "number", "reduce", "move", "matmul", "search"])
    )
    if kind == "unary":
        name = draw(st.sampled_from(UNARY))
        x = b.row("minimum", x, 2.0) if name in ("exp", "square") else x
        x = b.row("abs", x) if name == "sqrt" else x
        return b.row(name, x)
    if kind == "number":
        return b.row(
            draw(st.sampled_from(["add", "multiply", "subtract"])), draw(st.floats(-2, 2, width=32)), x
        )
    if kind == "binary":
        fitting = [y for y in values if _broadcasts(x.shape, y.shape)]
        y, name = draw(st.sampled_from(fitting)), draw(st.sampled_from(TAME))
        return b.row("where", b.row("greater", x, y), x, y) if name == "where_greater" else b.row(name, x, y)
    if kind in ("reduce", "search") and rank:
        axis = draw(st.one_of(st.none(), st.integers(-rank, rank - 1)))
        keepdims = draw(st.booleans())
        if kind == "search":
            y = b.row(draw(st.sampled_from(["argmax", "argmin"])), x, axis=axis, keepdims=keepdims)
            return b.row("astype", y, dtype=x.dtype)
        y = b.row(draw(st.sampled_from(["sum", "max", "min"])), x, axis=axis, keepdims=keepdims)
        return b.row("tanh", y)
    if kind == "move" and rank:
        which = draw(st.integers(0, 6))
        if which == 0:
            return b.row("reshape", x, shape=(-1,))
        if which == 1:
            return b.row("transpose", x, axes=tuple(draw(st.permutations(range(rank)))))
        if which == 2:
            return b.row("getitem", x, index=(slice(None, None, -1),))
        if which == 3:
            return b.row("getitem", x, index=(0, ...))
        if which == 4:
            return b.row("expand_dims", x, axis=draw(st.integers(0, rank)))
        if which == 5:
            return b.row("getitem", x, index=np.array([x.shape[0] - 1, 0, 0]))
        return b.row("broadcast_to", x, shape=(2, *x.shape))
    if kind == "matmul":
        fitting = [y for y in values if _multiply(x.shape, y.shape)]
        if fitting:
            return b.row("tanh", b.row("matmul", x, draw(st.sampled_from(fitting))))
    return None


def _broadcasts(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    try:
        return len(np.broadcast_shapes(a, b)) <= 4
    except ValueError:
        return False


def _multiply(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return bool(a and b) and a[-1] == b[-2 if len(b) > 1 else 0] and _broadcasts(a[:-2], b[:-2])


@few
@given(programs(), st.booleans(), st.booleans())
def test_a_step_agrees_with_the_interpreter(case: Any, fused: bool, large: bool) -> None:
    b, program, inputs = case
    program = improved(program) if fused else lower(program)
    states = b.arrays(program.states)
    before = [state.copy() for state in states]
    with as_if_large(large):
        step = native_step(program)
    for _ in range(2):  # the second run finds the addresses as the first one left them
        outputs, updates = step(inputs, states)
        assert_close([*outputs, *updates], interpreted(program, inputs, states))
        assert_close(states, before, 0)
    own = [state.copy() for state in states]
    outputs, updates = step(inputs, own, own)  # in place
    assert all(a is b for a, b in zip(updates, own, strict=True))
    assert_close([*outputs, *own], interpreted(program, inputs, before))


@few
@given(programs(), st.integers(0, 5), st.booleans(), st.sampled_from([None, 0, 1 << 20]))
def test_a_loop_agrees_with_the_reference(case: Any, steps: int, fused: bool, large: int | None) -> None:
    b, program, inputs = case
    program = improved(program) if fused else lower(program)
    plan = Plan(program, tuple(range(len(inputs) - 1)), (len(inputs) - 1,))
    batch = inputs[0].shape[0]
    random = np.random.default_rng(steps)
    data = [random.normal(size=(7, *x.shape[1:])).astype(x.dtype) for x in inputs[:-1]]
    order = random.integers(0, 7, (steps, batch))
    rates = random.random(steps).astype(inputs[0].dtype)
    states = b.arrays(program.states)
    before = [state.copy() for state in states]
    with as_if_large(large is not None, large or 0):
        loop = native_loop(plan)
    run = loop(data, order, [rates], states)
    assert_close(states, before, 0)
    assert run.done == steps
    for k in range(len(program.outputs)):
        assert run.outputs[k].shape == (steps, *program.outputs[k].shape)
    if steps:
        with np.errstate(all="ignore"):
            wanted = reference(plan)(data, order, [rates], states)
        # what is fed back can grow: each step is judged by the size of what it computes
        scale = max([1.0, *(float(np.abs(a).max()) for a in (*wanted.outputs, *wanted.updates) if a.size)])
        if np.isfinite(scale) and scale < 1e4:
            assert_close([a / scale for a in run.outputs], [a / scale for a in wanted.outputs], 1e-4)


@few
@given(programs())
def test_rows_of_a_group_are_one_kernel(case: Any) -> None:
    b, program, _ = case
    rows = [row for row in program.rows if supported(row) and row.operation.elementwise][:1]
    if not rows:
        return
    kernel = group_kernel(rows, program)
    arrays = {v: b.known[v].copy() for v in kernel.inputs}
    arrays |= {v: np.zeros(v.shape, v.dtype) for v in kernel.outputs}
    kernel.bind(library(joined([kernel.function])), arrays)()
    assert_close([arrays[v] for v in kernel.outputs], b.arrays(kernel.outputs))


def test_a_long_sum_of_float32_is_taken_in_double() -> None:
    b = Builder()
    x = b.input(np.full((3, 100_003), 0.1, np.float32))
    program = b.program(b.row("sum", x, axis=1), b.row("sum", x), b.row("max", x, axis=1))
    outputs, _ = native_step(program)(b.arrays([x]), [])
    true = b.known[x].astype(np.float64)
    np.testing.assert_allclose(outputs[0], true.sum(axis=1), rtol=1e-7)
    np.testing.assert_allclose(outputs[1], true.sum(), rtol=1e-7)
    np.testing.assert_array_equal(outputs[2], np.float32(0.1))


@pytest.mark.parametrize("place", [0, 15, 16, 31, 37])
@pytest.mark.parametrize("name", ["max", "min", "sum", "argmax", "argmin"])
def test_a_nan_shows_wherever_it_stands(name: str, place: int) -> None:
    numbers = np.linspace(-1, 1, 38).astype(np.float32)
    numbers[place] = np.nan
    b = Builder()
    x = b.input(np.stack([numbers, numbers[::-1]]))
    program = b.program(b.row(name, x, axis=1), b.row(name, x, axis=0), b.row(name, x, axis=None))
    outputs, _ = native_step(program)(b.arrays([x]), [])
    for got, wanted in zip(outputs, interpreted(program, b.arrays([x]), []), strict=True):
        np.testing.assert_array_equal(got, wanted)


def test_two_states_change_places() -> None:
    b = Builder()
    x, w, v = (
        b.input(np.ones((1, 2), np.float32)),
        b.new(np.zeros(2, np.float32)),
        b.new(np.ones(2, np.float32)),
    )
    row = b.row("add", x, w)
    program = Program([x], [w, v], {}, b.rows, [row], [(w, v), (v, w)])
    states = b.arrays([w, v])
    _, updates = native_step(program)(b.arrays([x]), states, [s.copy() for s in states])
    assert_close(updates, states[::-1])
    own = [s.copy() for s in states]
    native_step(program)(b.arrays([x]), own, own)
    assert_close(own, states[::-1])
    loop = native_loop(Plan(program, (0,), ()))
    data = [np.ones((1, 2), np.float32)]
    assert_close(loop(data, np.zeros((3, 1), int), [], states).updates, states[::-1])
    assert_close(loop(data, np.zeros((2, 1), int), [], states).updates, states)


def test_labels_that_are_no_class_end_the_loop_before_their_step() -> None:
    b = Builder()
    x, w = b.input(np.zeros((2,), np.int32)), b.new(np.zeros(3, np.float32))
    hot = b.row("one_hot", x, num_classes=3, dtype="float32")
    new = b.row("add", w, b.row("sum", hot, axis=0))
    program = Program([x], [w], {}, b.rows, [hot], [(w, new)])
    labels = np.array([0, 1, 2, 3], np.int32)
    run = native_loop(Plan(program, (0,), ()))(
        [labels], np.array([[0, 1], [2, 1], [0, 3], [1, 1]]), [], b.arrays([w])
    )
    assert run.done == 2
    assert run.outputs[0].shape == (2, 2, 3)
    np.testing.assert_array_equal(run.updates[0], [1, 2, 1])
    with pytest.raises(ValueError, match="labels are whole numbers"):
        native_step(program)([labels[2:]], b.arrays([w]))


def test_arrays_are_checked_before_an_address_is_taken() -> None:
    b = Builder()
    x, w = b.input(np.ones((1, 2), np.float32), "x"), b.new(np.zeros(2, np.float32), "w")
    y = b.row("add", x, w)
    new = b.row("negative", b.row("sum", y, axis=0))
    program = Program([x], [w], {}, b.rows, [y], [(w, new)])
    loop, step = native_loop(Plan(program, (0,), ())), native_step(program)
    data, order, states = np.ones((4, 2), np.float32), np.zeros((1, 1), int), [np.zeros(2, np.float32)]
    for bad in (np.array([[4]]), np.array([[-1]])):
        with pytest.raises(IndexError, match="beyond the 4"):
            loop([data], bad, [], states)
    for wrong, at in ((data[:, :1], "rows of"), (data[0], "rows of")):
        with pytest.raises(ValueError, match=at):
            loop([wrong], order, [], states)
    with pytest.raises(ValueError, match="a step takes 1 rows"):
        loop([data], np.zeros((1, 2), int), [], states)
    with pytest.raises(TypeError, match="float32; got float64"):
        loop([data.astype(np.float64)], order, [], states)
    with pytest.raises(ValueError, match=r"w takes \[2\]; got \[3\]"):
        loop([data], order, [], [np.zeros(3, np.float32)])
    with pytest.raises(ValueError, match="shape"):
        step([data], states)
    with pytest.raises(TypeError, match="float64"):
        step([data[:1]], [np.zeros(2)])
    frozen = np.zeros(2, np.float32)
    frozen.flags.writeable = False
    for wrong in (np.zeros(4, np.float32)[::2], frozen):
        with pytest.raises(ValueError):
            step([data[:1]], states, [wrong])
    wide = np.asfortranarray(np.arange(8, dtype=np.float32).reshape(4, 2))
    assert_close(loop([wide], np.array([[3]]), [], states).outputs, [wide[3:, None]])
    assert_close(step([wide[3:]], states)[0], [wide[3:]])


def test_what_has_no_form_in_c() -> None:
    b = Builder()
    x = b.input(np.ones((2, 3), np.float32))
    y = b.row("cumsum", b.row("exp", x), axis=0)
    program = b.program(b.row("negative", y))
    with pytest.raises(UnsupportedError, match="cumsum"):
        native_loop(Plan(program, (0,), ()))
    with pytest.raises(UnsupportedError, match="cumsum"):
        group_kernel(program.rows, program)
    outputs, _ = native_step(program)(b.arrays([x]), [])  # NumPy runs it, between two kernels
    assert_close(outputs, interpreted(program, b.arrays([x]), []))
    with pytest.raises(UnsupportedError, match="each input"):
        native_loop(Plan(program, (), ()))


def test_a_view_of_what_a_state_has_become() -> None:
    b = Builder()
    x, w = b.input(np.arange(6, dtype=np.float32).reshape(2, 3)), b.new(np.ones((2, 3), np.float32))
    new = b.row("add", w, x)
    square = b.row("matmul", new, b.row("swapaxes", new, axis1=0, axis2=1))
    program = Program([x], [w], {}, b.rows, [square], [(w, new)])
    states = b.arrays([w])
    wanted = interpreted(program, b.arrays([x]), states)
    step = native_step(program)
    for out in ([np.zeros((2, 3), np.float32)], [np.ones((2, 3), np.float32)], None):
        outputs, updates = step(b.arrays([x]), states, out)
        assert_close([*outputs, *updates], wanted)
    own = [states[0].copy()]
    assert_close([*step(b.arrays([x]), own, own)[0], *own], wanted)


def test_memory_that_is_written_is_nobody_elses() -> None:
    b = Builder()
    v, w = b.new(np.ones(3, np.float32), "v"), b.new(np.ones(3, np.float32), "w")
    x = b.input(np.ones(3, np.float32), "x")
    rows = [b.row("add", v, x), b.row("multiply", w, x)]
    step = native_step(Program([x], [v, w], {}, b.rows, [], list(zip((v, w), rows, strict=True))))
    one, two, data = (np.ones(3, np.float32) for _ in range(3))
    for out, what in (([two, one], "with w"), ([data, two], "with x"), ([one, one], "with w")):
        with pytest.raises(ValueError, match=what.replace("with w", "with [vw]")):
            step([data], [one, two], out)
    three = np.ones(3, np.float32)
    with pytest.raises(ValueError, match="with another state"):
        step([data], [one, two], [three, three])
    _, updates = step([data], [one, two], [one, two])
    assert_close(updates, [np.full(3, 2, np.float32), np.ones(3, np.float32)])


def test_one_value_for_two_states() -> None:
    b = Builder()
    x, v, w = (b.input(np.full(3, k, np.float32)) for k in range(3))
    new = b.row("add", v, x)
    program = Program([x], [v, w], {}, b.rows, [new], [(v, new), (w, new)])
    own = [array.copy() for array in b.arrays([v, w])]
    (output,), _ = native_step(program)(b.arrays([x]), own, own)
    assert_close([output, *own], [np.ones(3, np.float32)] * 3)


def test_tables_of_addresses_live_as_long_as_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: list[weakref.ref[Any]] = []
    bind = Kernel.bind

    def watched(*args: Any) -> Any:
        bound = bind(*args)
        tables.append(weakref.ref(bound.pointers))
        return bound

    monkeypatch.setattr(Kernel, "bind", watched)
    b = Builder()
    x = b.input(np.ones((3, 3), np.float32))
    y = b.row("tanh", b.row("matmul", x, x))  # a kernel between two products reads nothing that is given
    step = native_step(b.program(b.row("matmul", y, y)))
    gc.collect()
    assert len(tables) == len(step.kernels) == 1
    assert tables[0]() is not None


def test_a_view_of_a_view_that_is_read_as_well() -> None:
    b = Builder()
    x = b.input(np.arange(6, dtype=np.float32).reshape(2, 3))
    flat = b.row("reshape", x, shape=(-1,))
    reverse = b.row("getitem", flat, index=slice(None, None, -1))
    rows = [b.row("negative", each) for each in (x, flat, reverse)]
    program = b.program(*rows)
    assert_close(native_step(program)(b.arrays([x]), [])[0], interpreted(program, b.arrays([x]), []))
