"""The picture of the XOR step, byte for byte; and what is drawn is what is computed, for every operation."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import numpy as np
import pytest

from microtensor.core import Tensor, registry
from microtensor.core.autograd import unbroadcast
from microtensor.graph import draw, trace
from microtensor.testing import Sample, samples

from .samples import XOR_START, xor_loss

GOLDEN = Path(__file__).parents[1] / "data" / "xor_step.svg"


def test_the_picture_of_the_xor_step():
    """After a change that is meant: `PYTHONPATH=. python -m tests.graph.test_golden` writes it anew."""
    assert draw(xor_loss()).svg == GOLDEN.read_text("utf-8")


def test_another_weight_changes_its_own_lines_only():
    """x is [1, 0], so the second row of the kernel is multiplied with 0: nothing else may move."""
    kernel = [XOR_START["dense/kernel"][0], [-0.54, 0.91]]
    before, after = draw(xor_loss()).svg, draw(xor_loss({"dense/kernel": kernel})).svg
    changed = [
        line[2:] for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line.startswith("+ ")
    ]
    changed = [
        line for line in changed if "aria-labelledby" not in line and not line.startswith("<title id=")
    ]
    assert len(changed) == 2
    assert changed[0].startswith("<title>dense/kernel, weight, ")
    assert re.fullmatch(r"<text x=[^>]*>−0.540</text>", changed[1])


DIFFERENTIABLE = sorted(name for name, operation in registry.items() if operation.vjps)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_upstream_times_local_derivative_is_the_gradient(name):
    for k, sample in enumerate(samples[name][:6]):
        check(name, sample, k)


def check(name: str, sample: Sample, seed: int) -> None:
    """The drawn contribution of every edge is the vjp's result, and the drawn factor gives it too."""
    operation, arrays = registry[name], sample.draw(seed)
    xs = [Tensor(a, requires_grad=a.dtype.kind == "f", name=f"x{k}") for k, a in enumerate(arrays)]
    y = operation(*xs, **sample.params)
    if not y.requires_grad or not y.size:
        return
    weights = np.random.default_rng(seed).standard_normal(y.shape)
    graph = trace((y * weights).sum())
    target = next(node for node in graph.nodes if node.number == 1)
    upstream = target.gradient
    np.testing.assert_allclose(upstream, weights)
    flowing = [edge for edge in graph.edges if edge.target == target.id and edge.flows]
    assert flowing
    vjps = operation.vjps_for(len(xs))
    for edge in flowing:
        x = y.inputs[edge.argument]
        inputs = [t.data for t in y.inputs]
        expected = vjps[edge.argument](upstream, y.data, *inputs, **y.params)
        expected = expected if expected.shape == x.shape else unbroadcast(expected, x.shape, name)
        np.testing.assert_allclose(edge.contribution, expected, rtol=1e-12, atol=1e-12)
        factor = edge.local_value
        if (
            factor is None
            and (operation.elementwise or not y.ndim)
            and re.fullmatch(r"×\(?−?[\d.]+\)?", edge.local)
        ):
            factor = np.asarray(float(edge.local.strip("×()").replace("−", "-")))
        if factor is not None:
            drawn = np.broadcast_to(upstream * factor, np.broadcast_shapes(y.shape, factor.shape, x.shape))
            drawn = drawn if drawn.shape == x.shape else unbroadcast(drawn, x.shape, name)
            np.testing.assert_allclose(drawn, expected, rtol=1e-6, atol=1e-9)


def test_most_elementwise_derivatives_are_drawn_in_numbers():
    """So that the test above says something."""
    factors = 0
    for name in DIFFERENTIABLE:
        if registry[name].elementwise:
            sample = samples[name][0]
            xs = [Tensor(a, requires_grad=a.dtype.kind == "f") for a in sample.draw()]
            graph = trace(registry[name](*xs, **sample.params))
            factors += any(e.local_value is not None or e.local.startswith("×") for e in graph.edges)
    assert factors == sum(registry[name].elementwise for name in DIFFERENTIABLE)


if __name__ == "__main__":
    GOLDEN.write_text(draw(xor_loss()).svg, encoding="utf-8", newline="\n")
