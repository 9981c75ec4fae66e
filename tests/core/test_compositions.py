"""Functions made of operations: NumPy's values, and derivatives that their parts give them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from microtensor.core import Tensor
from microtensor.core.operations.table import by_numpy, compositions
from microtensor.testing import Sample, check_grads, samples
from microtensor.tree import leaves_of

from .references import COMPOSED

ALL = [(name, sample) for name in compositions for sample in samples.get(name, [])]
NUMPYS = {
    function.__name__: numpys for numpys, function in by_numpy.items() if function in compositions.values()
}


def cases(pairs: list[tuple[str, Sample]]) -> Any:
    return pytest.mark.parametrize(
        ("name", "sample"), [pytest.param(*pair, id=f"{pair[0]}-{k}") for k, pair in enumerate(pairs)]
    )


LISTED = ("hstack", "vstack")  # these take their tensors in a list


def called(name: str, function: Any) -> Any:
    return (lambda *xs, **params: function(xs, **params)) if name in LISTED else function


def joined(outputs: Any) -> Any:
    """Everything that a function gives, as one vector."""
    return np.concatenate([np.reshape(y, (-1,)) for y in leaves_of(outputs)])


@pytest.mark.parametrize("name", compositions)
def test_every_composition_has_samples_and_words(name: str) -> None:
    assert samples.get(name), f"{name} has no samples: add them to microtensor/testing/samples/"
    assert compositions[name].__doc__


@cases(ALL)
def test_the_value_is_numpys(name: str, sample: Sample) -> None:
    arrays = sample.draw(1)
    expected = leaves_of(COMPOSED.get(name, NUMPYS.get(name))(*arrays, **sample.params))
    ours = leaves_of(called(name, compositions[name])(*map(Tensor, arrays), **sample.params))
    assert len(ours) == len(expected)
    for y, value in zip(ours, expected, strict=True):
        assert np.shape(y.numpy() if isinstance(y, Tensor) else y) == np.shape(value)
        assert_allclose(y, value, rtol=1e-10, atol=1e-12)


@cases([(name, sample) for name, sample in ALL if name in NUMPYS])
def test_numpys_function_on_a_tensor_is_the_composition(name: str, sample: Sample) -> None:
    xs = [Tensor(a) for a in sample.draw(2)]
    theirs = leaves_of(called(name, NUMPYS[name])(*xs, **sample.params))
    assert any(isinstance(y, Tensor) for y in theirs)
    for y, ours in zip(
        theirs, leaves_of(called(name, compositions[name])(*xs, **sample.params)), strict=True
    ):
        assert_allclose(y, ours)


@cases([(name, sample) for name, sample in ALL if sample.order])
def test_first_and_second_derivatives_are_those_of_the_value(name: str, sample: Sample) -> None:
    check_grads(
        lambda *xs: joined(called(name, compositions[name])(*xs, **sample.params)),
        *sample.draw(3),
        order=sample.order,
    )
