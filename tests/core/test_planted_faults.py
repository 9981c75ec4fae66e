"""Are the tests any good? Faults are planted, one at a time, and a test of the suite must notice each.

A fault is a wrong vjp in the table, or a wrong line in the engine; beside it stands the test that must fail.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from microtensor.core import autograd, registry
from microtensor.core.operation import Operation
from microtensor.core.operations import indexing, joining, reduction
from microtensor.testing import samples

from . import test_backward, test_clock, test_conventions, test_dtypes, test_size, test_table

Plant = Callable[[pytest.MonkeyPatch], None]


def vjp(name: str, k: int, wrong: Callable[..., Any]) -> Plant:
    """Another vjp for input k of an operation."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        vjps = list(registry[name].vjps)
        vjps[k] = wrong
        patch.setattr(registry[name], "vjps", tuple(vjps))

    return plant


def line(module: Any, function: str, right: str, wrong: str) -> Plant:
    """Another line in a function of the engine: its source is changed, and run again."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        source = inspect.getsource(getattr(module, function))
        assert source.count(right) == 1, f"{function} has no line {right!r} any more"
        names = dict(vars(module))
        exec("from __future__ import annotations\n" + source.replace(right, wrong), names)
        patch.setattr(module, function, names[function])

    return plant


def derivatives(name: str) -> Callable[[], None]:
    """The derivative test of the table, over all samples of an operation."""

    def run() -> None:
        for sample in samples[name]:
            test_table.test_first_and_second_derivatives_are_those_of_the_value(name, sample)

    return run


def swapped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(registry["multiply"], "vjps", registry["multiply"].vjps[::-1])


def without_a_graph(g: Any, y: Any, x: Any) -> Any:
    return g * (y.numpy() if hasattr(y, "numpy") else y)


FAULTS: dict[str, tuple[Plant, Callable[[], Any]]] = {
    "a sign flipped in subtract": (vjp("subtract", 1, lambda g, y, a, b: g), derivatives("subtract")),
    "a factor forgotten in square": (vjp("square", 0, lambda g, y, x: g * x), derivatives("square")),
    "the two vjps of multiply swapped": (swapped, derivatives("multiply")),
    "matmul without a transpose": (
        vjp("matmul", 1, lambda g, y, a, b: a @ g),
        derivatives("matmul"),
    ),
    "sigmoid with y (1 + y)": (vjp("sigmoid", 0, lambda g, y, x: g * y * (1 + y)), derivatives("sigmoid")),
    "tanh with 1 - y": (vjp("tanh", 0, lambda g, y, x: g * (1 - y)), derivatives("tanh")),
    "softmax without the sum": (vjp("softmax", 0, lambda g, y, x, axis=-1: y * g), derivatives("softmax")),
    "exp right once, but cut off from the graph": (vjp("exp", 0, without_a_graph), derivatives("exp")),
    "where with the condition upside down": (
        vjp("where", 1, lambda g, y, c, a, b: np.where(c, 0, g)),
        derivatives("where"),
    ),
    "power with the logarithm of the exponent": (
        vjp("power", 1, lambda g, y, a, b: g * y * np.log(b * b)),
        derivatives("power"),
    ),
    "mean that forgets to divide": (
        vjp("mean", 0, lambda g, y, x, axis=None, keepdims=False: reduction._spread(g, x, axis, keepdims)),
        derivatives("mean"),
    ),
    "sum that puts the axes back in the wrong place": (
        vjp("sum", 0, lambda g, y, x, axis=None, keepdims=False: np.broadcast_to(g, x.shape)),
        derivatives("sum"),
    ),
    "transpose by the same axes, not the inverse": (
        vjp("transpose", 0, lambda g, y, x, axes=None: g.transpose(axes)),
        derivatives("transpose"),
    ),
    "concatenate that hands out the first part each time": (
        vjp("concatenate", 0, lambda k, g, y, *xs, axis=0: joining._piece(0, g, xs, axis)),
        derivatives("concatenate"),
    ),
    "getitem that overwrites where an index repeats": (
        line(indexing, "_scatter", "np.add.at(out, index, x)", "out[index] = x"),
        derivatives("getitem"),
    ),
    "relu'(0) = 1": (
        vjp("relu", 0, lambda g, y, x: g * (x >= 0)),
        lambda: test_conventions.test_subgradients("relu'(0) = 0", 1.0),
    ),
    "max that gives each of several that tie everything": (
        vjp("max", 0, lambda g, y, x, axis=None, keepdims=False: g * (x == y)),
        test_conventions.test_three_of_five_tie_and_their_shares_sum_to_one,
    ),
    "broadcasting not undone: the first copy's gradient only": (
        line(autograd, "unbroadcast", "return g.sum(axis=0)", "return g[0]"),
        derivatives("add"),
    ),
    "stretched axes not summed": (
        line(
            autograd,
            "unbroadcast",
            "g.sum(axis=(*range(added), *stretched))",
            "g.mean(axis=(*range(added), *stretched))",
        ),
        derivatives("add"),
    ),
    "gradients that replace each other where paths meet": (
        line(autograd, "sweep", "gx if before is None else before + gx", "gx"),
        test_backward.test_where_paths_meet_gradients_add_in_every_order_of_creation,
    ),
    "gradients that keep the result's dtype": (
        line(autograd, "sweep", "gx = gx.astype(array.dtype)", "pass"),
        test_dtypes.test_a_gradient_through_a_cast_comes_back_in_the_tensors_dtype,
    ),
    "gradients that share memory": (
        line(autograd, "_gradients", "g = g.copy()", "pass"),
        lambda: test_clock.test_gradients_share_no_memory_with_each_other_the_seed_or_a_value(False),
    ),
    "a second backward that forgets the first": (
        line(autograd, "_gradients", "g = g + (t.grad if symbolic else t.grad._data)", "pass"),
        test_backward.test_a_second_backward_adds,
    ),
    "a stale graph that goes backward all the same": (
        line(autograd, "ancestors", "if x.time > t.time:", "if False:"),
        test_clock.test_assigned_data_make_a_graph_stale_too,
    ),
    "a tensor visited once for each path": (
        line(autograd, "ancestors", "if x._requires_grad and x not in found:", "if False:"),
        test_size.test_a_diamond_of_2_to_the_40_paths_takes_80_vjps,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, detector = FAULTS[fault]
    detector()  # sound before
    with monkeypatch.context() as patch:
        plant(patch)
        with pytest.raises((Exception, pytest.fail.Exception)):  # whatever notices it
            detector()
    detector()  # and after


def test_there_are_twenty_faults_and_more() -> None:
    assert len(FAULTS) >= 20
    assert all(isinstance(operation, Operation) for operation in registry.values())
