"""A gradient that only changes its weights goes into them inside of the BLAS."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import microtensor as mt
from microtensor.program.ir import Program, Value
from microtensor.program.loop import Plan, reference
from microtensor.program.native import blas, native_loop, native_step
from microtensor.program.native.accumulate import ACCUMULATE, accumulated

from .native_cases import Builder, assert_close, interpreted, needs_compiler

Rule = Callable[[Builder, Value, Value, Value], Value]  # of the product, the state and the learning rate

RULES: dict[str, Rule] = {
    "sgd": lambda b, g, w, lr: b.row("subtract", w, b.row("multiply", lr, g)),
    "the other way round": lambda b, g, w, lr: b.row("add", b.row("multiply", g, lr), w),
    "with a known rate": lambda b, g, w, lr: b.row("subtract", w, b.row("multiply", 0.125, g)),
    "without a rate": lambda b, g, w, lr: b.row("add", w, g),
    "a velocity": lambda b, g, w, lr: b.row("subtract", b.row("multiply", 0.9, w), b.row("multiply", lr, g)),
}
OTHER_RULES: dict[str, Rule] = {
    "the product less the state": lambda b, g, w, lr: b.row("subtract", b.row("multiply", lr, g), w),
    "a gradient that is read twice": lambda b, g, w, lr: b.row("subtract", w, b.row("multiply", g, g)),
    "a gradient that is clipped": lambda b, g, w, lr: b.row("subtract", w, b.row("maximum", g, 0.0)),
    "a velocity that a number given keeps": lambda b, g, w, lr: b.row("add", b.row("multiply", w, lr), g),
    "a factor that is 0": lambda b, g, w, lr: b.row("subtract", w, b.row("multiply", 0.0, g)),
    "a product with the state": lambda b, g, w, lr: b.row("multiply", w, g),
}


def step(rule: Rule, dtype: str = "float32", read_later: bool = False) -> tuple[Builder, Program]:
    """One layer of 24 by 20 on a batch of 16: y = x w, and w changes by xᵀ y."""
    draw, b = np.random.default_rng(3), Builder()
    x = b.input(draw.normal(size=(16, 24)).astype(dtype), "x")
    lr = b.input(np.asarray(0.01, dtype), "lr")
    w = b.input(draw.normal(size=(24, 20)).astype(dtype), "w")
    y = b.row("matmul", x, w)
    new = rule(b, b.row("matmul", b.row("swapaxes", x, axis1=0, axis2=1), y), w, lr)
    loss = b.row("sum", b.row("multiply", w, w) if read_later else y)
    return b, b.program(loss, updates=[(w, new)])


def rows_of(program: Program) -> list[str]:
    return [row.operation.name for row in accumulated(program).rows]


@pytest.mark.skipif(blas.gemm(np.dtype("float32")) is None, reason="NumPy has no BLAS that can be called")
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_becomes_one_row(rule: Rule) -> None:
    b, program = step(rule)
    assert rows_of(program) == ["matmul", "swapaxes", "accumulate", "sum"]
    given = b.arrays(program.inputs), b.arrays(program.states)
    assert_close(interpreted(accumulated(program), *given), interpreted(program, *given))


@pytest.mark.parametrize("rule", OTHER_RULES.values(), ids=OTHER_RULES)
def test_other_rules_stay_as_they_are(rule: Rule) -> None:
    _, program = step(rule)
    assert accumulated(program) is program


def test_small_products_and_those_that_others_read_stay() -> None:
    b = Builder()
    x, w = (b.input(np.ones((4, 4), np.float32), name) for name in "xw")
    small = b.program(updates=[(w, b.row("add", w, b.row("matmul", x, x)))])
    assert accumulated(small) is small
    b, program = step(RULES["sgd"])
    shown = program.replace(outputs=[row.result for row in program.rows if row.operation.name == "matmul"])
    assert accumulated(shown) is shown


@needs_compiler
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("read_later", [False, True], ids=["in place", "beside"])
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_as_the_rows_say(rule: Rule, dtype: str, read_later: bool) -> None:
    """Into new memory, over the state, and many times as one call."""
    b, program = step(rule, dtype, read_later)
    inputs, states = b.arrays(program.inputs), b.arrays(program.states)
    wanted = interpreted(program, inputs, states)
    runs = native_step(program)
    for over in (None, [array.copy() for array in states]):
        outputs, updates = runs(inputs, states if over is None else over, over)
        assert_close([*outputs, *updates], wanted)
        assert (states[0] == b.known[program.states[0]]).all()

    plan, order = Plan(program, (0,), (1,)), np.arange(48).reshape(3, 16) % 20
    given = [np.random.default_rng(4).normal(size=(20, 24)).astype(dtype)], order, [np.full(3, 0.01, dtype)]
    run, by_rows = native_loop(plan)(*given, states), reference(plan)(*given, states)
    assert_close([*run.outputs, *run.updates], [*by_rows.outputs, *by_rows.updates])


@needs_compiler
@pytest.mark.parametrize("rule", [RULES["sgd"], RULES["a velocity"]], ids=["sgd", "a velocity"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_a_rate_of_0_hides_nothing(rule: Rule, bad: float) -> None:
    """0 times what is not finite is NaN, though a BLAS does not look at what is multiplied by 0."""
    b, program = step(rule)
    x, _ = b.arrays(program.inputs)
    x[3, 5] = bad
    given, states = [x, np.float32(0)], b.arrays(program.states)
    wanted = interpreted(program, given, states)
    outputs, updates = native_step(program)(given, states)
    assert_close([*outputs, *updates], wanted)
    assert np.isnan(updates[0]).any() == (bad != 0)
    run = native_loop(Plan(program, (0,), (1,)))([x], np.arange(16)[None], [np.zeros(1, "f")], states)
    assert_close(run.updates, wanted[1:])


@needs_compiler
@pytest.mark.parametrize(
    "optimizer", [mt.optim.SGD(0.01), mt.optim.SGD(0.01, momentum=0.9)], ids=["sgd", "momentum"]
)
def test_a_net_learns_the_same(optimizer: mt.optim.Optimizer) -> None:
    draw = np.random.default_rng(5)
    x, y = draw.normal(size=(96, 30)).astype("float32"), draw.integers(0, 4, 96)
    first = [draw.normal(0, 0.2, shape) for shape in ((30, 24), (24,), (24, 4), (4,))]
    weights = []
    for compiled in (False, True):
        layers = mt.keras.layers
        model = mt.keras.Sequential([layers.Input((30,)), layers.Dense(24, "relu"), layers.Dense(4)])
        model.set_weights(first)
        rule = type(optimizer).from_config(optimizer.get_config())
        loss = mt.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(rule, loss, jit_compile=compiled)
        model.fit(x, y, epochs=3, batch_size=32, shuffle=False, verbose=0)
        model.train_on_batch(x[:32], y[:32])
        weights.append(model.get_weights())
        program = model._captured_as[0][1].program
        assert rows_of(program).count("accumulate") == 2
    assert_close(weights[1], weights[0])


def test_what_the_row_means() -> None:
    a, b, c = (np.full((2, 2), k, np.float32) for k in (1, 2, 3))
    np.testing.assert_array_equal(ACCUMULATE.forward(a, b, 0.5, c, 2, sign=-1), 2 * c - 0.5 * (a @ b))
