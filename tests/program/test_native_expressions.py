"""Every elementwise operation that has a form in C gives what NumPy gives, for strange numbers too."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from microtensor.core import registry
from microtensor.program.ir import Row, Value
from microtensor.program.native.c_source import is_loop
from microtensor.program.native.expressions import FLOATS, NUMBERS, TRUTHS, literal
from microtensor.program.native.step import native_step

from .native_cases import Builder, interpreted, needs_compiler

DTYPES = [np.dtype(name) for name in ("float32", "float64", "int32", "int64", "bool")]
STRANGE = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    np.inf,
    -np.inf,
    np.nan,
    0.5,
    -0.5,
    2.5,
    3.5,
    1e-30,
    88.5,
    -87.5,
    -103.0,
    200.0,
    1e30,
]


def numbers(dtype: np.dtype) -> np.ndarray:
    """Pairs of all strange numbers, and a few hundred ordinary ones."""
    draw = np.random.default_rng(0)
    if dtype.kind == "f":
        plain = np.concatenate([draw.normal(size=400) * 3, draw.random(200)])
        first, second = np.array(list(itertools.product(STRANGE, STRANGE))).T
        return np.stack([np.concatenate([plain, first]), np.concatenate([plain[::-1], second])]).astype(dtype)
    whole = draw.integers(-9, 10, (2, 300))
    return whole.astype(dtype)


def test_each_formula_is_of_an_operation() -> None:
    assert {*FLOATS, *NUMBERS, *TRUTHS} <= set(registry)


def _program(dtype: np.dtype, other: np.dtype) -> tuple[Builder, list[Value], set[str]]:
    """All operations on these types that have a form in C, also with numbers of Python's on either side."""
    b = Builder()
    x, y = b.input(numbers(dtype)[0]), b.input(numbers(other)[1])
    rows: list[Value] = []
    seen = set()
    if x.shape != y.shape:
        x, y = b.input(b.known[x][:300], "x"), b.input(b.known[y][:300], "y")
    for name, operation in registry.items():
        if not operation.elementwise or name == "clip":
            continue
        calls: list[tuple[Any, ...]] = {
            1: [(x,)],
            2: [(x, y), (x, 2), (0.5, x), (x, -1), (x, 3.0)],
            3: [(y, x, 0.0), (y, x, y)],
        }.get(operation.arity, [])
        for call in calls:
            given = [b.known[v] if isinstance(v, Value) else v for v in call]
            try:
                with np.errstate(all="ignore"):
                    result = np.asarray(operation.forward(*given))
            except (TypeError, ValueError):
                continue
            row = Row(Value(0, result.shape, result.dtype), operation, call, {})
            if is_loop(row):
                rows.append(b.row(name, *call))
                seen.add(name)
    return b, rows, seen


TINY = np.finfo(np.float32).tiny  # the smallest normal number: what is smaller becomes 0 in machine code
PAIRS = [
    (a, b)
    for a, b in itertools.product(DTYPES, DTYPES)
    if a == b or {a.name, b.name} <= {"float32", "int32", "bool"}
]


@needs_compiler
@pytest.mark.parametrize(("dtype", "other"), PAIRS, ids=lambda d: d.name)
def test_operations_agree_with_numpy(dtype: np.dtype, other: np.dtype) -> None:
    b, outputs, seen = _program(dtype, other)
    assert dtype.kind != "f" or len(seen) >= 40
    program = b.program(*outputs)
    inputs = b.arrays(program.inputs)
    got, _ = native_step(program)(inputs, [])
    for row, a, wanted in zip(program.rows, got, interpreted(program, inputs, []), strict=True):
        tolerance = {"float32": 3e-6, "float64": 1e-14}.get(wanted.dtype.name, 0)
        np.testing.assert_allclose(a, wanted, rtol=tolerance, atol=tolerance * 1e-30, err_msg=str(row))


@needs_compiler
def test_clip_and_astype() -> None:
    b = Builder()
    x = b.input(numbers(np.dtype("float32"))[0])
    outputs = [
        b.row("clip", x, a_min=-0.5, a_max=2),
        b.row("clip", x, a_min=None, a_max=1e-7),
        b.row("astype", x, dtype="float64"),
        b.row("astype", x, dtype="bool"),
        b.row("astype", b.row("greater", x, 0), dtype="float32"),
    ]
    program = b.program(*outputs)
    assert all(is_loop(row) for row in program.rows)
    got, _ = native_step(program)(b.arrays([x]), [])
    for a, wanted in zip(got, interpreted(program, b.arrays([x]), []), strict=True):
        np.testing.assert_array_equal(a, wanted)


@needs_compiler
def test_exp_and_tanh_are_within_two_units_in_the_last_place() -> None:
    b = Builder()
    x = b.input(np.linspace(-103.9, 88.7, 200_001).astype(np.float32))
    small = b.input((np.linspace(-9, 9, 200_001)).astype(np.float32))
    program = b.program(b.row("exp", x), b.row("tanh", small))
    (exp, tanh), _ = native_step(program)(b.arrays([x, small]), [])
    for got, function, at in ((exp, np.exp, x), (tanh, np.tanh, small)):
        true = function(b.known[at].astype(np.float64))
        unit = np.spacing(np.abs(true).astype(np.float32)).astype(np.float64)
        assert (np.abs(got - true) <= np.maximum(2 * unit, TINY)).all()


def test_what_c_cannot_promise_has_no_form() -> None:
    b = Builder()
    x = b.input(np.ones(3, np.float32))
    n = b.input(np.ones(3, np.int32))
    b.row("astype", x, dtype="int32")  # NaN has no integer
    b.row("power", n, n)
    b.row("floor_divide", n, n)
    assert not any(is_loop(row) for row in b.rows)


@pytest.mark.parametrize(
    ("number", "dtype", "text"),
    [
        (0.1, "float32", "0.1f"),
        (0.1, "float64", "0.1"),
        (2, "float32", "2.0f"),
        (-1e-7, "float32", "(-1e-07f)"),
        (float("nan"), "float32", "NAN"),
        (-float("inf"), "float64", "(-INFINITY)"),
        (1e300, "float32", "INFINITY"),
        (-(2**31), "int32", "(-2147483647 - 1)"),
        (2**31, "int32", None),
        (True, "bool", "true"),
    ],
)
def test_literals(number: Any, dtype: str, text: str | None) -> None:
    assert literal(number, np.dtype(dtype)) == text
