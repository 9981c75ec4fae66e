"""Random programs of 30 operations: the gradient of the whole, against central differences and a complex
step.

A program is data, [(operation, which earlier values)], and runs through NumPy's functions: on tensors these
record, on arrays of floats or complex numbers they compute.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import microtensor as mt

ONE = {  # smooth, and never far from 1 in size
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "logistic": lambda a: 1 / (1 + np.exp(-a)),
    "bell": lambda a: np.exp(-(a * a)),
    "square root": lambda a: np.sqrt(a * a + 1),
    "logarithm": lambda a: np.log(a * a + 2),
    "transpose": np.transpose,
    "first row": lambda a: a[:1],
    "rows again": lambda a: a[np.array([1, 0, 1])][:2] if len(a) > 1 else a,
    "column sums": lambda a: np.sum(a, axis=0, keepdims=True) / 2,
    "mean": lambda a: np.mean(a) + 0 * a,
    "reversed": lambda a: a[::-1],
    "negative": np.negative,
}
TWO = {
    "add": lambda a, b: (a + b) / 2,
    "subtract": lambda a, b: (a - b) / 2,
    "multiply": lambda a, b: np.tanh(a * b),
    "divide": lambda a, b: a / (b * b + 1),
    "matmul": lambda a, b: a @ b if a.shape[-1] == b.shape[0] else a * b.sum() / 4,
    "power": lambda a, b: (a * a + 1) ** (b / (b * b + 1)),
    "stack": lambda a, b: np.concatenate([a, b], axis=0)[:2] if a.shape[1] == b.shape[1] else a,
}
SEEDS = st.integers(0, 2**32 - 1)


def program(seed: int) -> list[tuple[Any, ...]]:
    """Thirty steps, from one number: drawing each by hypothesis would take longer than running them."""
    rng = np.random.default_rng(seed)
    names = [*ONE, *TWO, *TWO]
    return [(names[k], *rng.integers(0, 100, 2).tolist()) for k in rng.integers(0, len(names), 30)]


def run(steps: Any, inputs: list[Any]) -> Any:
    """Each step uses earlier values, the newer the more often; the last 5 are summed."""
    values = list(inputs)
    for name, *places in steps:
        operands = [values[-1 - place % min(len(values), 6)] for place in places]
        try:
            value = ONE[name](operands[0]) if name in ONE else TWO[name](*operands)
        except ValueError:  # shapes that do not broadcast
            value = operands[0] * 1
        values.append(value)
    return sum((value.sum() for value in values[-5:]), start=values[0].sum())


def numbers(seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.uniform(-1, 1, shape) for shape in ((2, 2), (2, 2), (1, 2))]


@given(seed=SEEDS)
def test_a_random_program_has_the_gradient_that_differences_and_a_complex_step_give(seed: int) -> None:
    arrays, steps = numbers(seed), program(seed)
    tensors = [mt.Tensor(a, requires_grad=True) for a in arrays]
    y = run(steps, tensors)
    assert float(y) == float(run(steps, arrays))  # recording changes no bit
    y.backward()
    rng = np.random.default_rng(seed)
    directions = [rng.standard_normal(a.shape) for a in arrays]
    gradients = [np.zeros(t.shape) if t.grad is None else t.grad.numpy() for t in tensors]
    ours = sum(float((g * d).sum()) for g, d in zip(gradients, directions, strict=True))

    def along(h: complex) -> Any:
        return run(steps, [a + h * d for a, d in zip(arrays, directions, strict=True)])

    assert_allclose(ours, along(1e-30j).imag / 1e-30, rtol=1e-9, atol=1e-9)
    assert_allclose(ours, (along(1e-6) - along(-1e-6)) / 2e-6, rtol=1e-5, atol=1e-6)


@given(seed=SEEDS)
def test_the_gradient_of_a_random_programs_gradient(seed: int) -> None:
    arrays, steps = numbers(seed), program(seed)

    def slope(xs: list[Any]) -> Any:
        return mt.grad(lambda x: run(steps, [x, *xs[1:]]))(xs[0])

    direction = np.random.default_rng(seed).standard_normal((2, 2))
    ours = mt.hvp(lambda x: run(steps, [x, *arrays[1:]]), arrays[0], direction)
    h = 1e-5
    plus, minus = (slope([arrays[0] + s * h * direction, *arrays[1:]]) for s in (1, -1))
    assert_allclose(ours, (plus - minus) / (2 * h), rtol=1e-4, atol=1e-5)
