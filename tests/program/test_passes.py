"""Each pass makes of a program what its first lines say, and no pass changes a bit of any result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal

import microtensor as mt
from microtensor.core import Operation, Tensor, registry
from microtensor.core.state import scope
from microtensor.program import Program, Row, Value, capture, improved, interpret, stages, typecheck
from microtensor.program.passes import PASSES, fuse, lower, merge, prune, simplify
from microtensor.testing.samples import samples
from microtensor.testing.sampling import Sample

from .random_programs import ALL, Case, cases

F4 = np.dtype("float32")


def of(function: Callable[..., Any], *arrays: Any) -> Program:
    """What a function does with inputs a, b, c."""
    xs = [Tensor(np.asarray(x, F4)) for x in arrays]
    return capture(function, *xs, names=["a", "b", "c"]).program


def names(program: Program) -> list[str]:
    return [row.operation.name for row in program.rows]


def same(before: Program, after: Program, inputs: list[Any], states: list[Any]) -> None:
    """Every bit, those of nan included."""
    with np.errstate(all="ignore"):
        want, got = interpret(before, inputs, states), interpret(after, inputs, states)
    for wanted, found in zip([*want[0], *want[1]], [*got[0], *got[1]], strict=True):
        assert (wanted.shape, wanted.dtype) == (found.shape, found.dtype)
        assert wanted.tobytes() == found.tobytes()


@given(cases(ALL, "float32"))
def test_no_pass_changes_a_bit(case: Case) -> None:
    program = case.program
    inputs = [case.data[0][case.order[0]], np.asarray(case.numbers[0][0])]
    typecheck(program)
    for _, after in stages(program):
        typecheck(after)
        assert after.inputs == program.inputs
        assert after.states == program.states
        same(program, after, inputs, case.states)


@given(cases(ALL, "float32"))
def test_the_passes_agree_with_themselves(case: Case) -> None:
    """The same program twice gives the same; and once more there is nothing to lower and nothing to prune."""
    once = improved(case.program)
    assert once == improved(case.program)
    assert names(lower(once)) == names(once)
    assert prune(once) == once
    assert fuse(once) == once


def test_improved_is_all_of_them_in_order() -> None:
    program = of(lambda a: mt.sigmoid(a) * 1, [1.0, 2.0])
    found = list(stages(program))
    assert [name for name, _ in found] == [each.__name__ for each in PASSES]
    assert found[-1][1] == improved(program)


# --- lower -----------------------------------------------------------------------------------------------


def test_lower_as_it_says() -> None:
    program = lower(of(mt.sigmoid, [0.5, -1.0]))
    assert [str(row).split(" = ")[1].split("(")[0] for row in program.rows] == [
        "negative",
        "exp",
        "add",
        "divide",
    ]
    assert program.rows[2].inputs[0] == 1
    assert program.rows[-1].result == program.outputs[0]


def test_lower_keeps_the_layer_of_a_row() -> None:
    def step(a: Tensor) -> Tensor:
        with scope("dense"):
            return mt.sigmoid(a)

    assert {row.scope for row in lower(of(step, [1.0])).rows} == {"dense"}


def test_lower_goes_through_operations_in_operations() -> None:
    inner = Operation("inner", lambda x: np.exp(x) + 1, elementwise=True)
    outer = Operation("outer", lambda x: inner.on(x) * 2, elementwise=True)
    assert names(lower(of(outer, [1.0]))) == ["exp", "add", "multiply"]


def test_lower_leaves_what_looks_at_numbers() -> None:
    looks = Operation("looks", lambda x: np.exp(x) if float(np.sum(x)) > 0 else x)
    assert names(lower(of(looks, [1.0]))) == ["looks"]


def test_lower_an_operation_that_gives_its_input() -> None:
    nothing = Operation("nothing", lambda x: x)
    program = of(lambda a: mt.exp(nothing(a)), [1.0, 2.0])
    assert names(lower(program)) == ["exp"]
    same(program, lower(program), [np.ones(2, F4)], [])


def test_mean_var_and_std_are_sums() -> None:
    for name in ("mean", "var", "std"):
        program = lower(of(lambda a, name=name: registry[name](a, axis=0), [[1.0, 2.0], [3.0, 5.0]]))
        assert name not in names(program)
        assert {"sum", "divide"} <= set(names(program))


@pytest.mark.parametrize("name", ["qr_factors", "cholesky", "logabsdet", "det_sign", "eigvalsh"])
def test_an_operation_that_uses_itself_is_not_taken_apart_for_ever(name: str) -> None:
    program = of(lambda a: registry[name](a), [[2.0, 0.0], [0.0, 3.0]])
    assert name in names(lower(program))
    assert len(lower(program).rows) == 1
    typecheck(program)


def test_gelu_is_made_of_others() -> None:
    assert "gelu" not in names(lower(of(mt.gelu, [1.0])))


ENTRIES = [
    pytest.param(name, sample, id=f"{name} {sample}")
    for name in registry
    for sample in samples[name]
    if not registry[name].random and name != "unique"  # whose shape depends on numbers
]


@pytest.mark.parametrize(("name", "sample"), ENTRIES)
def test_every_operation_of_the_table_is_lowered_bit_for_bit(name: str, sample: Sample) -> None:
    operation = registry[name]
    arrays = sample.draw(seed=3, dtype=np.float32)
    values = [Value(k, x.shape, x.dtype, f"x{k}") for k, x in enumerate(arrays)]
    with np.errstate(all="ignore"):
        y = np.asarray(operation.forward(*arrays, **sample.params))
    result = Value(len(values), y.shape, y.dtype)
    program = Program(values, [], {}, [Row(result, operation, tuple(values), sample.params)], [result])
    typecheck(program)
    for _, after in stages(program):
        typecheck(after)
        same(program, after, arrays, [])


# --- simplify --------------------------------------------------------------------------------------------


def test_simplify_as_it_says() -> None:
    program = simplify(of(lambda a: (2 * (a / 1)).reshape(2), [3.0, 4.0]))
    assert [str(row)[-14:] for row in program.rows] == [" multiply(2, a)"[-14:]]
    known = Tensor([1.0, 2.0])

    def step(a: Tensor) -> Tensor:
        return a + mt.exp(Tensor([1.0, 2.0]))

    program = simplify(of(step, [3.0, 4.0]))
    assert names(program) == ["add"]
    assert_array_equal(list(program.constants.values())[-1], mt.exp(known).numpy())


@pytest.mark.parametrize(
    "neutral",
    [
        lambda a: a * 1,
        lambda a: 1 * a,
        lambda a: a / 1.0,
        lambda a: a**1,
        lambda a: a - 0,
        lambda a: mt.negative(mt.negative(a)),
        lambda a: a.reshape(2, 2),
        lambda a: mt.broadcast_to(a, (2, 2)),
        lambda a: a.astype("float32"),
        lambda a: a.swapaxes(0, 1).swapaxes(0, 1),
        lambda a: registry["identity"](a),
    ],
)
def test_what_changes_nothing_goes(neutral: Any) -> None:
    program = of(lambda a: mt.exp(neutral(a)), [[1.0, 2.0], [3.0, 4.0]])
    assert names(prune(simplify(program))) == ["exp"]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a + 0,  # -0.0 becomes 0.0
        lambda a: 0 - a,
        lambda a: a * -1,
        lambda a: 1 / a,
        lambda a: a - -0.0,
        lambda a: 1 - a,
        lambda a: a.astype("float64"),
        lambda a: a.transpose(),
        lambda a: a * np.float64(1),
        lambda a: a.swapaxes(0, 1).swapaxes(0, -2),
    ],
)
def test_what_changes_a_bit_stays(change: Any) -> None:
    with np.errstate(all="ignore"):
        program = of(lambda a: mt.exp(change(a)), [[-0.0, 2.0], [3.0, 4.0]])
    after = simplify(program)
    same(program, after, [np.array([[-0.0, 2.0], [3.0, 4.0]], F4)], [])
    assert len(after.rows) > 1


def test_large_constants_are_not_made() -> None:
    program = of(lambda a: a + mt.broadcast_to(mt.exp(Tensor([1.0])), (300, 300)), 0.0)
    assert names(simplify(program)) == ["broadcast_to", "add"]


# --- merge and prune -------------------------------------------------------------------------------------


def test_merge_as_it_says() -> None:
    program = merge(of(lambda a, b: (b * (1 - a)) + (1 - a), [2.0], [3.0]))
    assert names(program) == ["subtract", "multiply", "add"]


def test_merge_sees_params_constants_and_types_of_numbers() -> None:
    assert len(merge(of(lambda a: a.sum(axis=0) + a.sum(axis=1), [[1.0]])).rows) == 3
    assert len(merge(of(lambda a: (a + 1) * (a + 1.0), [1.0])).rows) == 3
    assert len(merge(of(lambda a: (a * 0.0) + (a * -0.0), [1.0])).rows) == 3
    two = of(lambda a: (a + Tensor([1.0])) * (a + Tensor([1.0])), [1.0])
    assert len(two.constants) == 2
    assert names(merge(two)) == ["add", "multiply"]
    assert len(merge(two).constants) == 1


def test_two_draws_are_two_draws_and_all_are_made() -> None:
    def step(a: Tensor) -> Tensor:
        unused = mt.random.normal((2,), seed=7)
        assert unused.shape == (2,)
        return a + mt.random.normal((2,), seed=7) + mt.random.normal((2,), seed=7)

    rows = [row for row in improved(of(step, [1.0, 2.0])).rows if row.operation.random]
    assert len(rows) == 3


def test_prune_as_it_says() -> None:
    def step(a: Tensor, b: Tensor) -> Tensor:
        mt.exp(a) + Tensor([1.0])
        return a * b

    program = of(step, [1.0], [2.0])
    assert len(program.constants) == 1
    after = prune(program)
    assert names(after) == ["multiply"]
    assert after.constants == {}
    assert after.inputs == program.inputs


def test_prune_keeps_what_leads_to_an_update() -> None:
    w = Tensor([1.0], name="w")

    def step(a: Tensor) -> Tensor:
        w.assign(w.detach() + a)
        return a

    program = prune(of(step, [1.0]))
    assert names(program) == ["add"]
    assert [str(state) for state, _ in program.updates] == ["w"]


# --- fuse ------------------------------------------------------------------------------------------------


def test_fuse_as_it_says() -> None:
    def step(a: Tensor, b: Tensor) -> list[Tensor]:
        product = a * b
        return [product @ b, -product]

    program = fuse(of(step, [[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [0.0, 2.0]]))
    assert names(program) == ["multiply", "negative", "matmul"]
    assert [row.group for row in program.rows] == [1, 1, 0]


def test_groups_have_one_shape_and_are_neighbours() -> None:
    def step(a: Tensor, b: Tensor) -> list[Tensor]:
        return [mt.exp(a) + 1, mt.exp(b) + 1, mt.sum(mt.tanh(a)), mt.tanh(b), mt.exp(mt.sum(b))]

    rows = fuse(of(step, [1.0, 2.0], [1.0, 2.0, 3.0])).rows
    groups: dict[int, list[int]] = {}
    for k, row in enumerate(rows):
        if row.group:
            groups.setdefault(row.group, []).append(k)
    assert len(groups) == 2
    for places in groups.values():
        assert places == list(range(places[0], places[0] + len(places)))
        assert len({rows[k].result.shape for k in places}) == 1


def test_draws_keep_their_order() -> None:
    def step(a: Tensor) -> list[Tensor]:
        return [mt.random.normal((2,), seed=1), mt.exp(a), mt.random.uniform((3,), seed=1), a + 1]

    rows = fuse(of(step, [1.0, 2.0])).rows
    assert [row.operation.name for row in rows if row.operation.random] == ["normal", "uniform"]
