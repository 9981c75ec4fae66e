"""Every operation of the table, proven from its samples. An operation without samples fails.

Here each operation meets every sample: values, first and second derivatives, dtypes. `test_drawn` tries the
elementwise ones on shapes and memory layouts that hypothesis draws.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from microtensor.core import Tensor, registry
from microtensor.core.autograd import grad
from microtensor.core.operations.table import compositions
from microtensor.testing import Sample, check_grads, samples

from .references import NUMPY, called_as_ours, reference

ALL = [(name, sample) for name in registry for sample in samples.get(name, [])]
DIFFERENTIABLE = [(name, sample) for name, sample in ALL if registry[name].vjps]


def cases(pairs: list[tuple[str, Sample]]) -> Any:
    return pytest.mark.parametrize(
        ("name", "sample"), [pytest.param(*pair, id=f"{pair[0]}-{k}") for k, pair in enumerate(pairs)]
    )


def has_gradient(operation: Any, arrays: list[Any]) -> list[bool]:
    """Which inputs have a gradient: those of floats for which the table has a vjp."""
    vjps = operation.vjps_for(len(arrays))
    return [a.dtype.kind == "f" and vjp is not None for a, vjp in zip(arrays, vjps, strict=True)]


def gradients(operation: Any, arrays: list[Any], params: Any, symbolic: bool) -> tuple[Tensor, list[Any]]:
    """(value, the gradient of each input that has one), with random weights on the outputs."""
    pairs = zip(arrays, has_gradient(operation, arrays), strict=True)
    xs = [Tensor(a, requires_grad=wanted) for a, wanted in pairs]
    y = operation(*xs, **params)
    weights = np.random.default_rng(3).standard_normal(y.shape).astype(y.dtype)
    found = grad(y, [x for x in xs if x.requires_grad], weights, create_graph=symbolic)
    return y, found


@pytest.mark.parametrize("name", registry)
def test_every_operation_has_samples(name: str) -> None:
    assert samples.get(name), f"{name} has no samples: add them to microtensor/testing/samples.py"


def test_samples_are_of_operations_that_exist() -> None:
    assert set(samples) <= set(registry) | set(compositions)


@pytest.mark.parametrize("name", registry)
def test_every_operation_is_described(name: str) -> None:
    operation = registry[name]
    assert operation.__doc__
    assert operation.formula != f"{name}()"
    assert len(operation.local) in (0, len(operation.vjps))
    assert bool(operation.local) == bool(operation.vjps), (
        "a derivative is shown for each vjp, and for no other"
    )


@pytest.mark.parametrize("on_kinks", [False, True])
@cases([(name, sample) for name, sample in ALL if not registry[name].random])
def test_the_value_is_numpys(name: str, sample: Sample, on_kinks: bool) -> None:
    arrays = sample.draw(1, on_kinks=on_kinks)
    y = registry[name](*map(Tensor, arrays), **sample.params)
    expected = np.asarray(reference(name)(*arrays, **sample.params))
    assert y.shape == expected.shape
    assert y.dtype == expected.dtype
    assert_allclose(y.numpy(), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("name", "function"), NUMPY, ids=[f"{f.__name__}-{name}" for name, f in NUMPY])
def test_numpys_function_on_a_tensor_is_the_operation(name: str, function: Any) -> None:
    for sample in samples[name]:
        xs = [Tensor(a, requires_grad=a.dtype.kind == "f") for a in sample.draw(2)]
        y = called_as_ours(name, function)(*xs, **sample.params)
        assert isinstance(y, Tensor)
        assert y.operation is (registry[name] if registry[name].vjps else None)
        assert_array_equal(y.numpy(), registry[name](*xs, **sample.params).numpy())


@cases(DIFFERENTIABLE)
def test_first_and_second_derivatives_are_those_of_the_value(name: str, sample: Sample) -> None:
    check_grads(registry[name], *sample.draw(3), order=sample.order, **sample.params)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [n for n in registry if registry[n].vjps])
def test_a_vjp_computes_on_tensors_exactly_what_it_computes_on_arrays(name: str, dtype: Any) -> None:
    for sample in samples[name]:
        arrays = sample.draw(4, dtype)
        _, on_arrays = gradients(registry[name], arrays, sample.params, symbolic=False)
        _, on_tensors = gradients(registry[name], arrays, sample.params, symbolic=True)
        for a, t in zip(on_arrays, on_tensors, strict=True):
            assert a.dtype == t.dtype, sample
            assert a.numpy().tobytes() == t.numpy().tobytes(), sample


WIDER = ("astype", "float_power")  # these have another dtype on purpose


@pytest.mark.parametrize("symbolic", [False, True])
@pytest.mark.parametrize("name", [n for n in registry if registry[n].vjps and n not in WIDER])
def test_float32_stays_float32_and_a_gradient_has_its_tensors_shape(name: str, symbolic: bool) -> None:
    for sample in samples[name]:
        arrays = sample.draw(5, np.float32)
        y, found = gradients(registry[name], arrays, sample.params, symbolic)
        assert y.dtype == np.float32, sample
        wanted = has_gradient(registry[name], arrays)
        shapes = [a.shape for a, has in zip(arrays, wanted, strict=True) if has]
        assert [(g.dtype, g.shape) for g in found] == [(np.float32, shape) for shape in shapes], sample


@pytest.mark.parametrize(
    "name", [n for n in registry if registry[n].elementwise and registry[n].arity == 2 and registry[n].vjps]
)
def test_one_tensor_as_both_operands_gets_both_gradients(name: str) -> None:
    # maximum(x, x) has a tie everywhere, which central differences along one x see as no kink at all.
    sample = Sample(((3, 3),), domains=samples[name][0].domains[:1])
    check_grads(lambda x: registry[name](x, x), *sample.draw(6))


@pytest.mark.parametrize("name", [n for n in registry if registry[n].variadic])
def test_one_tensor_in_a_list_twice_gets_both_gradients(name: str) -> None:
    check_grads(lambda x: registry[name]([x, x, 2 * x]), *Sample(((2, 2),)).draw(7))


@pytest.mark.parametrize("name", [n for n in registry if not registry[n].vjps])
def test_what_has_no_derivative_has_no_graph(name: str) -> None:
    sample = samples[name][0]
    y = registry[name](*(Tensor(a, requires_grad=True) for a in sample.draw()), **sample.params)
    assert not y.requires_grad
    assert y.inputs == ()


@pytest.mark.parametrize("name", [n for n in registry if registry[n].random])
def test_random_numbers_depend_on_their_seed_alone(name: str) -> None:
    operation = registry[name]
    for sample in samples[name]:
        xs = sample.draw()
        first, again = operation(*xs, **sample.params), operation(*xs, **sample.params)
        shape = sample.params["shape"]
        assert first.shape == ((shape,) if isinstance(shape, int) else shape)
        assert_array_equal(first.numpy(), again.numpy())
        assert not first.requires_grad
    xs = [np.arange(50.0)] if operation.arity else []
    one, other = operation(*xs, shape=50, seed=1), operation(*xs, shape=50, seed=2)
    assert not np.array_equal(one.numpy(), other.numpy())
