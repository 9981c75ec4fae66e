"""Elementwise operations, and matmul, on shapes and memory layouts that hypothesis draws."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from microtensor import matmul, multiply
from microtensor.core import Tensor, registry
from microtensor.testing import LAYOUTS, Sample, broadcastable_shapes, check_grads, laid_out, samples

from .references import reference

ELEMENTWISE = [name for name in registry if registry[name].elementwise and name != "astype"]
SMALL = [shape for rank in range(4) for shape in itertools.product((1, 2), repeat=rank)]


def drawn(data: Any, name: str, dtype: Any = np.float64) -> list[np.ndarray]:
    """Inputs of shapes that broadcast together, each in some memory layout."""
    domains = samples[name][0].domains
    shapes = data.draw(broadcastable_shapes(registry[name].arity))
    arrays = Sample(shapes, domains=domains).draw(data.draw(st.integers(0, 2**32 - 1)), dtype)
    return [laid_out(a, data.draw(st.sampled_from(LAYOUTS))) for a in arrays]


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(data=st.data())
def test_the_value_is_numpys_in_any_shape_and_layout(name: str, data: Any) -> None:
    arrays = drawn(data, name, data.draw(st.sampled_from([np.float32, np.float64])))
    y = registry[name](*map(Tensor, arrays))
    expected = np.asarray(reference(name)(*arrays))
    assert y.shape == expected.shape
    assert y.dtype == expected.dtype.newbyteorder("=")
    assert_allclose(y.numpy(), expected, rtol=1e-5 if expected.dtype.itemsize == 4 else 1e-12)


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if registry[name].vjps])
@given(data=st.data())
def test_derivatives_in_any_shape_and_layout(name: str, data: Any) -> None:
    arrays = drawn(data, name)
    if name in ("maximum", "minimum") and any(0 in a.strides for a in arrays):
        arrays = [np.array(a) + k * 0.013 for k, a in enumerate(arrays)]  # rows made equal could tie
    check_grads(registry[name], *arrays)


def test_every_pair_of_shapes_up_to_rank_3_that_broadcasts() -> None:
    for shapes in itertools.product(SMALL, repeat=2):
        check_grads(multiply, *Sample(shapes).draw(), order=1)


@pytest.mark.parametrize("layouts", list(itertools.product(LAYOUTS, repeat=2)))
def test_matmul_in_every_pair_of_layouts(layouts: tuple[str, str]) -> None:
    a, b = (laid_out(x, kind) for x, kind in zip(Sample(((3, 3), (3, 3))).draw(), layouts, strict=True))
    assert_allclose(matmul(a, b).numpy(), np.array(a, float) @ np.array(b, float), rtol=1e-12)
    check_grads(matmul, a, b)
