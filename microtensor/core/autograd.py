"""Reverse mode: the chain rule, from the newest tensor to the oldest.

The one idea: creation order is a topological order. Every result is younger than what it was made of, so a
walk from the newest tensor to the oldest meets each one only after everything that uses it, when its gradient
is complete. One loop, `sweep`, serves `backward`, `grad` and the pictures. Nothing recurses, and a tensor
that is used twice is visited once: a diamond of 40 levels has 2^40 paths and 80 steps.

Here, and nowhere else, broadcasting is undone: `matrix + bias` reads each bias element many times, so its
gradient is the sum over the copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from .operations.gradient_names import named
from .state import current, switched
from .tensor import Tensor


class GradientError(RuntimeError):
    """A gradient that cannot be computed: the message says why and what to do."""


class StaleGraphError(GradientError):
    """A tensor was assigned after the graph had read it: the graph belongs to numbers that are gone."""


def ancestors(outputs: Sequence[Tensor]) -> list[Tensor]:
    """The tensors that gradients of `outputs` pass through, newest first. StaleGraphError if one was
    assigned.
    """
    found, stack = set(outputs), list(outputs)
    while stack:
        t = stack.pop()
        for x in t.inputs:
            if isinstance(x, Tensor):
                if x.time > t.time:
                    raise StaleGraphError(
                        f"{x.label} was assigned after {t.label} had been computed from it, so the graph is "
                        "of numbers that are gone. Compute the forward pass again, then call backward."
                    )
                if x._requires_grad and x not in found:
                    found.add(x)
                    stack.append(x)
    return sorted(found, key=attrgetter("time"), reverse=True)


def sweep(
    outputs: list[Tensor], seeds: list[Any], targets: set[Tensor] | None = None, symbolic: bool = False
) -> Iterator[tuple[Tensor, Any]]:
    """Yield (tensor, gradient), newest first, for every tensor on the way to `targets` (None: to all leaves).

    Gradients are arrays, computed from the arrays that forward used; or, when `symbolic`, Tensors computed
    from the Tensors by the same lines, so that they have a graph of their own.
    """
    order = ancestors(outputs)
    needed = set(order) if targets is None else set(targets)
    if targets is not None:  # nothing is computed on branches that lead elsewhere
        for t in reversed(order):
            if any(isinstance(x, Tensor) and x in needed for x in t.inputs):
                needed.add(t)
    gradients: dict[Tensor, Any] = {}
    for t, g in zip(outputs, seeds, strict=True):
        gradients[t] = gradients[t] + g if t in gradients else g
    for t in order:
        g, operation = gradients.pop(t, None), t.operation
        if g is None or t not in needed:
            continue
        yield t, named(g, outputs[0], t) if symbolic else g
        if operation is None:
            continue
        inputs, params, y, xs = t.inputs, t.params, t if symbolic else t._data, t.inputs
        if not symbolic:
            xs = tuple([x._data if isinstance(x, Tensor) else x for x in inputs])
        vjps = operation.vjps_for(len(xs)) if operation.variadic else operation.vjps
        for x, vjp in zip(inputs, vjps):  # noqa: B905 - `Operation` has counted them
            if vjp is None or not isinstance(x, Tensor) or x not in needed:
                continue
            gx, array = vjp(g, y, *xs, **params) if params else vjp(g, y, *xs), x._data
            if gx.shape != array.shape:
                gx = unbroadcast(gx, array.shape, operation.name)
            if gx.dtype is not array.dtype:
                gx = gx.astype(array.dtype)
            before = gradients.get(x)
            gradients[x] = gx if before is None else before + gx


def unbroadcast(g: Any, shape: tuple[int, ...], name: str) -> Any:
    """Sum a gradient over the axes that broadcasting added or stretched: (4, 2) back to (2,) or (4, 1)."""
    added = g.ndim - len(shape)
    if added == 1 and g.shape[1:] == shape:
        return g.sum(axis=0)
    if added < 0 or any(n not in (1, m) for n, m in zip(shape, g.shape[added:], strict=True)):
        raise GradientError(f"a vjp of {name} returned shape {g.shape} for an input of shape {shape}.")
    stretched = (k + added for k, n in enumerate(shape) if n == 1)
    return g.sum(axis=(*range(added), *stretched)).reshape(shape)


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Any = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> Any:
    """The gradients of `outputs` with respect to `inputs`, in the form of `inputs`; no `.grad` changes.

    Several outputs are summed, each weighted by its seed in `grad_outputs` (None: 1, for outputs of one
    element). create_graph gives the gradients a graph, to be differentiated again. allow_unused gives None,
    not an error, for an input that is not reached. GradientError says what else is missing.
    """
    outs = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    ins = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    given = [None] * len(outs) if grad_outputs is None else grad_outputs
    seeds = [grad_outputs] if isinstance(outputs, Tensor) else list(given)
    if len(seeds) != len(outs):
        raise GradientError(f"{len(outs)} outputs need as many grad_outputs; got {len(seeds)}.")
    for x in ins:
        if not isinstance(x, Tensor) or not x._requires_grad:
            raise GradientError(f"{getattr(x, 'label', x)} does not require a gradient: set requires_grad.")
    found = dict(_gradients(outs, seeds, set(ins), create_graph))
    missing = [x.label for x in ins if x not in found]
    if missing and not allow_unused:
        raise GradientError(f"the outputs do not depend on {missing[0]}; allow_unused=True gives None.")
    gradients = [found.get(x) for x in ins]
    return gradients[0] if isinstance(inputs, Tensor) else gradients


def backward(output: Tensor, gradient: Any = None, create_graph: bool = False) -> None:
    """Add d(output)/d(leaf) to `leaf.grad`, for every leaf that requires a gradient.

    The graph stays, so that it can be drawn; a second call adds again. If anything raises, no `.grad` has
    changed. `gradient` is the seed; None: 1, for an output of one element. With create_graph=True `leaf.grad`
    has a graph, which refers to `leaf`: prefer `grad` there. GradientError says what is missing.
    """
    for leaf, g in _gradients([output], [gradient], None, create_graph):
        leaf.grad = g


def _gradients(
    outs: list[Tensor], given: list[Any], targets: set[Tensor] | None, create_graph: bool
) -> list[tuple[Tensor, Tensor]]:
    """(target, gradient) for each one reached; None: (leaf, old .grad + gradient). No two share memory."""
    capture = current().capture
    symbolic = create_graph or capture is not None
    seeds = [_seed(t, g, symbolic) for t, g in zip(outs, given, strict=True)]
    shared, found = {id(seed._data if symbolic else seed) for seed in seeds}, []
    with switched(recording=create_graph):
        for t, g in sweep(outs, seeds, targets, symbolic):
            if capture is not None:
                capture.backward_of = t  # its vjps run next
            if t.operation is None if targets is None else t in targets:
                if targets is None and t.grad is not None:
                    g = g + (t.grad if symbolic else t.grad._data)
                array = g._data if symbolic else g
                if array.base is not None or id(array) in shared:  # a vjp may hand on its g, or a view of it
                    g = g.copy()
                shared.add(id(array))
                found.append((t, g if symbolic else Tensor.wrap(g)))
    if capture is not None:
        capture.backward_of = None
    if targets is None and not found:
        raise GradientError("no leaf requires a gradient any more: was trainable switched off?")
    return found


def _seed(output: Tensor, gradient: Any, symbolic: bool) -> Any:
    """The gradient that the sweep starts with."""
    what = getattr(output, "label", output)
    if not isinstance(output, Tensor) or not output._requires_grad:
        raise GradientError(
            f"{what} depends on nothing that requires a gradient: use mt.Variable, or requires_grad=True, "
            "for parameters, and compute outside no_grad()."
        )
    if gradient is None and output.size != 1:
        raise GradientError(
            f"{what} is no single number: which gradient is meant? Reduce it, .sum() or .mean(), or pass "
            f"backward(gradient=...) of shape {output.shape}."
        )
    seed = np.ones(output.shape, output.dtype) if gradient is None else gradient
    seed = seed if isinstance(seed, Tensor) else Tensor(seed, dtype=output.dtype)
    if seed.shape != output.shape:
        raise GradientError(f"the seed has shape {seed.shape}; the output's is {output.shape}.")
    seed = seed if seed.dtype == output.dtype else seed.astype(output.dtype)
    return seed if symbolic else seed._data
