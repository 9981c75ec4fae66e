"""The words in the table are true: what stands as `formula` and `local` gives the numbers when evaluated."""

from __future__ import annotations

import inspect
import math
import re
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from microtensor.core import registry
from microtensor.testing import Sample, samples

SCALAR: dict[str, Any] = {
    name: getattr(np, name)
    for name in (
        *("exp", "log", "sqrt", "cbrt", "sign", "floor", "ceil", "trunc", "round", "pi", "inf"),
        *("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "arctan2"),
        *("arcsinh", "arccosh", "arctanh"),
    )
}
SCALAR |= {"erf": math.erf, "erfc": math.erfc, "bool": bool}
NO_BOUND = {"a_min": -np.inf, "a_max": np.inf}  # what None stands for
ARRAYS = {**SCALAR, "sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min, "argmax": np.argmax}
ARRAYS |= {"argmin": np.argmin, "all": np.all, "any": np.any}
ELEMENTWISE = [name for name in registry if registry[name].elementwise]


def evaluated(formula: str, names: dict[str, Any], functions: dict[str, Any]) -> Any:
    return eval(formula, {"__builtins__": {"max": max, "min": min, "abs": abs}, **functions}, names)


def parameters(name: str, sample: Sample) -> dict[str, Any]:
    """The defaults of an operation, and what the sample says otherwise."""
    forward = registry[name].forward
    if isinstance(forward, np.ufunc):
        return {}
    known = inspect.signature(forward).parameters.values()
    given = {**{p.name: p.default for p in known if p.default is not p.empty}, **sample.params}
    return {key: NO_BOUND[key] if value is None else value for key, value in given.items()}


def elements(name: str, sample: Sample) -> Any:
    """(the inputs and parameters by name, y) for each element of a drawn input."""
    operation = registry[name]
    for seed in range(20):
        xs = Sample(((),) * operation.arity, sample.params, sample.domains).draw(seed)
        y = operation.forward(*xs, **sample.params)
        names = dict(zip(operation.data_names, (x[()] for x in xs), strict=True))
        yield xs, {**names, **parameters(name, sample)}, np.asarray(y)


def variants(name: str) -> list[Sample]:
    return list({repr(sample.params): sample for sample in samples[name]}.values())


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_formula_is_the_value(name: str) -> None:
    for sample in variants(name):
        for _, names, y in elements(name, sample):
            assert_allclose(evaluated(registry[name].formula, names, SCALAR), y, rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if registry[name].vjps])
def test_the_local_derivative_is_the_vjp_of_1(name: str) -> None:
    operation = registry[name]
    for sample in variants(name):
        for xs, names, y in elements(name, sample):
            for formula, vjp in zip(operation.local, operation.vjps, strict=True):
                assert bool(formula) == (vjp is not None)
                if vjp is not None:
                    expected = vjp(np.float64(1.0), y[()], *xs, **sample.params)
                    assert_allclose(evaluated(formula, {**names, "y": y}, SCALAR), expected, rtol=1e-12)


MORE: dict[str, tuple[Sample, str]] = {  # the others that can be evaluated, and what n or N is
    "matmul": (Sample(((2, 3), (3, 4))), ""),
    "transpose": (Sample(((2, 3),)), ""),
    "swapaxes": (Sample(((2, 3),)), ""),
    "softmax": (Sample(((5,),)), ""),
    "sum": (Sample(((5,),)), ""),
    "mean": (Sample(((5,),)), "n"),
    "max": (Sample(((5,),)), ""),
    "min": (Sample(((5,),)), ""),
    "mse": (Sample(((5,), (5,))), "N"),
}


@pytest.mark.parametrize("name", MORE)
def test_the_formula_and_local_derivative_of_arrays(name: str) -> None:
    operation, (sample, count) = registry[name], MORE[name]
    xs = sample.draw()
    y = operation.forward(*xs)
    g = np.random.default_rng(0).standard_normal(y.shape)
    names = {**dict(zip(operation.data_names, xs, strict=True)), "y": y, "g": g, count: xs[0].size}
    numpy_functions = {"max": np.max, "min": np.min}
    assert_allclose(evaluated(operation.formula, names, {**ARRAYS, **numpy_functions}), y, rtol=1e-12)
    for formula, vjp in zip(operation.local, operation.vjps, strict=True):
        words = evaluated(formula, names, ARRAYS)
        expected = np.array(vjp(g, y, *xs), float)
        # A local derivative that does not mention g is a plain factor of it.
        assert_allclose(
            words if re.search(r"\bg\b", formula) else g * words + 0 * expected, expected, rtol=1e-12
        )


@pytest.mark.parametrize("name", ["all", "any", "argmax", "argmin"])
def test_the_formula_of_what_has_no_derivative(name: str) -> None:
    (x,) = Sample(((5,),)).draw()
    operation = registry[name]
    assert evaluated(operation.formula, {"x": x}, ARRAYS) == operation.forward(x)


@pytest.mark.parametrize("name", registry)
def test_every_formula_prints_in_three_forms(name: str) -> None:
    for formula in (registry[name].formula, *registry[name].local):
        for text in (formula, formula.unicode, formula.latex):
            assert bool(text) == bool(formula)
            assert "<ast" not in text
            assert text.count("(") == text.count(")")
            assert text.count("{") == text.count("}")
