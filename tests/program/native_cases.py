"""What the tests of native code share: is there a compiler, programs made by hand, and how close is close."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from microtensor.core import Tensor, registry
from microtensor.program import Program, Row, Value, interpret
from microtensor.program.capture import Captured, capture
from microtensor.program.native import compiler, long_functions, loop, memory, products
from microtensor.program.passes import improved

CLOSE = 2e-5
# Each example asks a compiler, which takes a quarter of a second.
few = settings(max_examples=max(5, settings.default.max_examples // 4))


def there_is_a_compiler() -> bool:
    try:
        compiler.find()
    except compiler.CompilerError:
        return False
    return True


# Where the suite is a gate, a missing compiler is no excuse: the tests run, and fail.
needs_compiler = pytest.mark.skipif(
    not os.environ.get("CI") and not there_is_a_compiler(), reason="no C compiler: cc, gcc, clang or ziglang"
)


class Builder:
    """Rows, one by one: `b.row("add", x, 1)`; what a row gives is found by running it."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.inputs: list[Value] = []
        self.known: dict[Value, Any] = {}

    def input(self, array: np.ndarray, name: str = "") -> Value:
        v = self.new(np.asarray(array), name)
        self.inputs.append(v)
        return v

    def new(self, array: np.ndarray, name: str = "") -> Value:
        v = Value(len(self.known) + 1, array.shape, array.dtype, name)
        self.known[v] = array
        return v

    def row(self, name: str, *inputs: Any, scope: str = "", **params: Any) -> Value:
        operation = registry[name]
        with np.errstate(all="ignore"):
            y = operation.forward(*(self.known[x] if isinstance(x, Value) else x for x in inputs), **params)
        self.rows.append(Row(self.new(np.asarray(y)), operation, inputs, params, scope))
        return self.rows[-1].result

    def program(self, *outputs: Value, updates: Sequence[tuple[Value, Value]] = ()) -> Program:
        states = [state for state, _ in updates]
        inputs = [v for v in self.inputs if v not in states]
        return Program(inputs, states, {}, self.rows, outputs, updates)

    def arrays(self, values: Sequence[Value]) -> list[np.ndarray]:
        return [self.known[v] for v in values]


def captured(
    function: Callable[..., Any], *arrays: Any, names: Sequence[str] = ()
) -> tuple[Captured, Program]:
    """A function of tensors, captured, and the program after all passes."""
    found = capture(function, *map(Tensor, arrays), names=names)
    return found, improved(found.program)


@contextlib.contextmanager
def as_if_large(large: bool = True, in_registers: int = 0) -> Iterator[None]:
    """Small programs are written as large ones are: memory is used again, products go to the BLAS, what is
    repeated becomes a function, and addresses are looked up. States of so many bytes are in registers.
    """
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr(memory, "LARGE", 0)
            patch.setattr(loop, "IN_REGISTERS", in_registers)
            patch.setattr(products, "SMALL", 0)
            patch.setattr(long_functions, "MANY", 0)
            patch.setattr(long_functions, "SHORTEST", 1)
            patch.setattr(long_functions, "LONG", 0)
        yield


def assert_close(got: Sequence[np.ndarray], wanted: Sequence[np.ndarray], tolerance: float = CLOSE) -> None:
    assert len(got) == len(wanted)
    for a, b in zip(got, wanted, strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        if a.dtype.kind == "f":
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)
        else:
            np.testing.assert_array_equal(a, b)


def interpreted(program: Program, inputs: Sequence[Any], states: Sequence[Any]) -> list[np.ndarray]:
    with np.errstate(all="ignore"):
        outputs, updates = interpret(program, inputs, states)
    return [*outputs, *updates]
