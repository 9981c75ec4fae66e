"""A program is data: it prints, compares, is pickled, counts itself, and says when it is no program."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from microtensor.core import registry
from microtensor.program import Program, ProgramError, Row, Value, interpret, typecheck
from microtensor.program.ir import flops_of, key_of

F4 = np.dtype("float32")
ADD, MATMUL, EXP, SUM = (registry[name] for name in ("add", "matmul", "exp", "sum"))


def varied(row: Row, **changes: Any) -> Row:
    """The row with other parts."""
    parts = ("result", "operation", "inputs", "params", "scope", "group")
    return Row(**{name: getattr(row, name) for name in parts} | changes)


def program(first: int = 1, **changes: Any) -> Program:
    """y = sum(exp(x @ w + 2)); w becomes w + c."""
    x, w, c, a, b, e, y, new = (
        Value(first + k, shape, F4, name)
        for k, (shape, name) in enumerate(
            [
                *(((1, 2), "x"), ((2, 3), "w"), ((3,), ""), ((1, 3), ""), ((1, 3), "")),
                *(((1, 3), ""), ((), ""), ((2, 3), "")),
            ]
        )
    )
    rows = [
        Row(a, MATMUL, (x, w), {}, "dense"),
        Row(b, ADD, (a, 2), {}, "dense", 1),
        Row(e, EXP, (b,), {}, "dense", 1),
        Row(y, SUM, (e,), {"axis": None}),
        Row(new, ADD, (w, c), {}),
    ]
    parts: dict[str, Any] = {
        "inputs": [x],
        "states": [w],
        "constants": {c: np.array([1, 2, 3], F4)},
        "rows": rows,
        "outputs": [y],
        "updates": [(w, new)],
    }
    return Program(**{**parts, **changes})


def test_it_prints_as_what_it_does() -> None:
    assert (
        str(program())
        == """\
step(x: float32[1, 2])
  state w: float32[2, 3]
  const %3: float32[3] = [1. 2. 3.]
  # dense
  %4 = matmul(x, w)        float32[1, 3]
| %5 = add(%4, 2)          float32[1, 3]
| %6 = exp(%5)             float32[1, 3]
  # outside of layers
  %7 = sum(%6, axis=None)  float32[]
  %8 = add(w, %3)          float32[2, 3]
  update w <- %8
  return %7"""
    )
    assert repr(program()) == "<Program step: 5 operations>"
    assert str(program(outputs=[])).endswith("return nothing")


def test_large_constants_print_short() -> None:
    v = Value(1, (1000,), F4)
    text = str(Program([], [], {v: np.arange(1000, dtype="f")}, [], [v]))
    assert max(map(len, text.splitlines())) < 80


def test_equal_is_equal_whatever_the_numbers() -> None:
    assert program() == program(first=100)
    assert hash(program()) == hash(program(first=100))
    assert program() != program(name="other")
    assert program() != program(outputs=[])
    assert program() != program(updates=[])
    rows = program().rows
    assert program() != program(rows=[rows[0], rows[1].reading((rows[0].result, 2.0)), *rows[2:]])
    assert program() != program(rows=[varied(rows[0], scope="dense_1"), *rows[1:]])
    assert program() != program(rows=[*rows[:3], varied(rows[3], params={"axis": 0}), rows[4]])
    other = {v: array + 1 for v, array in program().constants.items()}
    assert program() != program(constants=other)
    assert program() != str(program())


def test_it_is_pickled() -> None:
    again = pickle.loads(pickle.dumps(program()))
    assert again == program()
    assert again.rows[0].operation is MATMUL
    assert str(again) == str(program())


def test_replace_changes_one_part() -> None:
    changed = program().replace(name="other")
    assert changed.name == "other"
    assert changed == program().replace(name="other")
    assert changed != program()


def test_it_counts_itself() -> None:
    found = program().statistics()
    assert found == (5, 2 * 3 * 2 + 3 + 3 + 3 + 6, 4 * (3 + 3 + 3 + 1 + 6), 4 * (3 + 6))
    assert str(found) == "5 operations, 27 flops, 64 bytes made, 36 bytes held"
    v, w = Value(1, (2, 3), F4), Value(2, (3, 2), F4)
    assert flops_of(Row(w, registry["swapaxes"], (v,), {})) == 0


def test_it_runs() -> None:
    x, w = np.ones((1, 2), F4), np.full((2, 3), 0.5, F4)
    (y,), (new,) = interpret(program(), [x], [w])
    assert_array_equal(y, np.sum(np.exp(x @ w + 2)))
    assert_array_equal(new, w + np.array([1, 2, 3], F4))
    with pytest.raises(ValueError, match="zip"):
        interpret(program(), [x, x], [w])


def test_a_program_that_is_right_is_let_through() -> None:
    typecheck(program())


def _rows(*changed: tuple[int, dict[str, Any]]) -> list[Row]:
    rows = list(program().rows)
    for k, changes in changed:
        rows[k] = varied(rows[k], **changes)
    return rows


GHOST = Value(50, (1, 3), F4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": [*program().rows[1:], program().rows[0]]}, "uses %4, which is not made before it"),
        ({"rows": [*program().rows, program().rows[0]]}, "makes %4 a second time"),
        (
            {"rows": _rows((2, {"result": Value(50, (3,), F4)}))},
            r"gives float32\[1, 3\], not float32\[3\]",
        ),
        ({"rows": _rows((2, {"result": Value(50, (1, 3), np.dtype("f8"))}))}, r"not float64\[1, 3\]"),
        ({"outputs": [GHOST]}, "%50 is an end of the program, and nothing makes it"),
        ({"updates": [(program().states[0], GHOST)]}, "nothing makes it"),
        ({"updates": [(program().states[0], program().inputs[0])]}, r"w \(float32\[2, 3\]\) cannot become x"),
        ({"updates": [(program().inputs[0], program().inputs[0])]}, "x .* cannot become x"),
        (
            {"constants": {Value(3, (3,), F4): np.zeros(2, F4)}},
            r"constant %3 is float32\[2\], not float32\[3\]",
        ),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        typecheck(program(**changes))


def test_keys_tell_apart_what_computes_differently() -> None:
    different = [0, 0.0, -0.0, False, None, "0", (0,), [0], {"a": 0}, slice(0), np.zeros(1), np.zeros(1, "f")]
    different += [np.zeros((1, 1)), np.float32(0), ..., float, {"a": 1}, slice(0, 1), slice(0, None, 1)]
    keys = [key_of(x) for x in different]
    assert len(set(keys)) == len(keys)
    assert key_of({"b": [1, (2.0,)], "a": np.arange(3)}) == key_of({"a": np.arange(3), "b": [1, (2.0,)]})
    one, other = object(), object()
    assert key_of(one) == key_of(one) != key_of(other)
