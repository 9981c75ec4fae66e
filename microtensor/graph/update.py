"""What an optimizer makes of the parameters, and the loss with what it made; nothing is changed.

The one idea: a copy of the optimizer takes a real step on copies of the parameters. So every rule, with its
state, clipping, decay and schedule, is shown as it is, and graph and optimizer stay where they were. Then
the loss is computed again: by the operations of the graph, or by the function that made it.
"""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core import Tensor
from ..core.autograd import ancestors
from .records import Array, Graph
from .trace import trace


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One parameter before and after the step; `state`: (name, before, after) of what is remembered."""

    before: Array
    gradient: Array
    after: Array
    state: tuple[tuple[str, Array, Array], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """A step: `rule` in words, `changes` by the id of a parameter, and all `values` computed again by id.

    `rate` is lr where the step was w − lr · g exactly, and None for every other rule.
    """

    optimizer: str
    rule: str
    rate: float | None
    changes: dict[str, Change]
    values: dict[str, Array]


def update(
    output: Tensor, graph: Graph, optimizer: Any, function: Callable[[], Tensor] | None = None
) -> Update:
    """What a step of the optimizer makes of the parameters that the graph has gradients of.

    Args:
        output: what the graph is of.
        graph: `trace(output)`.
        optimizer: of `microtensor.optim`, or another that has `apply(grads, variables)`.
        function: computes `output`; None: the operations of the graph are run again.

    Raises:
        TypeError: the optimizer has no `apply`.
        ValueError: nothing to update; or a checkpointed function, which only `function` can run again.

    >>> import microtensor as mt
    >>> w = mt.Variable(3.0, name="w")
    >>> y = w * w
    >>> made = update(y, trace(y), mt.optim.SGD(0.25))
    >>> float(made.changes["w"].after), float(made.values["multiply"]), float(w)
    (1.5, 2.25, 3.0)
    """
    if not callable(getattr(optimizer, "apply", None)):
        raise TypeError(
            f"optimizer must have `apply(grads, variables)`, as mt.optim.SGD(0.1) has; got {optimizer!r:.60}."
        )
    nodes = [node for node in graph.nodes if node.kind == "parameter"]
    found = dict(zip((node.id for node in nodes), _parameters(output), strict=True))
    gradients = {node.id: node.gradient for node in nodes if node.gradient is not None}
    if not gradients:
        raise ValueError(f"no parameter has a gradient of {output.label}, so there is nothing to update.")
    weights = {name: found[name] for name in gradients}
    changes, rate = _stepped(optimizer, weights, gradients)
    new = {weights[name]: change.after for name, change in changes.items()}
    values = _run_again(output, graph, new) if function is None else _call_again(function, graph, new)
    return Update(_described(optimizer), _rule(optimizer), rate, changes, values)


def _parameters(output: Tensor) -> Iterator[Tensor]:
    """The leaves with gradients, in the order in which `trace` meets them."""
    if output.is_leaf:
        if output.requires_grad:
            yield output
        return
    seen: set[Tensor] = set()
    for t in _made(output):
        for x in t.inputs:
            if isinstance(x, Tensor) and x.is_leaf and x.requires_grad and x not in seen:
                seen.add(x)
                yield x


def _made(output: Tensor) -> list[Tensor]:
    """The results of operations, in the order in which they ran."""
    return [t for t in reversed(ancestors([output])) if not t.is_leaf]


def _stepped(
    optimizer: Any, weights: dict[str, Tensor], gradients: dict[str, Array]
) -> tuple[dict[str, Change], float | None]:
    """What the step changes, and lr if it was w − lr · g."""
    copied, own = copy.deepcopy((optimizer, list(weights.values())))
    if callable(getattr(copied, "build", None)):
        copied.build(own)
    state_of: Callable[[Tensor], dict[str, Tensor]] = getattr(copied, "state_of", lambda w: {})
    before = [{slot: t.numpy().copy() for slot, t in state_of(w).items()} for w in own]
    with np.errstate(all="ignore"):  # a NaN shall be seen in the picture, not stop it
        copied.apply([Tensor.wrap(gradients[name].copy()) for name in weights], own)
    changes = {}
    for name, now, slots in zip(weights, own, before, strict=True):
        state = tuple((slot, slots[slot], t.numpy().copy()) for slot, t in state_of(now).items())
        changes[name] = Change(weights[name].numpy(), gradients[name], now.numpy().copy(), state)
    if any(change.state for change in changes.values()):
        return changes, None
    rate = float(np.asarray(getattr(optimizer, "learning_rate", np.nan)))
    with np.errstate(all="ignore"):
        plain = all(
            np.array_equal(c.before - rate * c.gradient, c.after, equal_nan=True) for c in changes.values()
        )
    return changes, rate if plain else None


def _described(optimizer: Any) -> str:
    """`SGD(learning_rate=0.3)`: without its name, and without the digits that float32 adds."""
    text = re.sub(r"\bname='[^']*', ", "", repr(optimizer), count=1)
    return re.sub(r"\d+\.\d{8,}", lambda match: f"{float(match[0]):.6g}", text)


def _rule(optimizer: Any) -> str:
    """The first line of the optimizer's own docstring is its formula."""
    kind = type(optimizer)
    first = (kind.__doc__ or "").strip().partition("\n")[0].partition(" Sources:")[0]
    return first if "←" in first else f"w ← {kind.__name__}(w, g)"


def _run_again(output: Tensor, graph: Graph, new: dict[Tensor, Array]) -> dict[str, Array]:
    """Every operation of the graph, with other numbers in the parameters."""
    values: dict[Any, Array] = dict(new)
    made = _made(output)
    for t in made:
        operation = t.operation
        assert operation is not None
        if operation.name.startswith("checkpoint("):
            raise ValueError(
                f"{operation.name} kept only its result, so it cannot be run again with other numbers: pass "
                "step() the function that computes the loss, instead of the loss."
            )
        xs = [values[x] if x in values else x.data if isinstance(x, Tensor) else x for x in t.inputs]
        with np.errstate(all="ignore"):
            values[t] = np.asarray(operation.forward(*xs, **t.params))
    ids = {node.number: node.id for node in graph.nodes if node.number}
    return {ids[number]: values[t] for number, t in enumerate(made, 1)}


def _call_again(function: Callable[[], Tensor], graph: Graph, new: dict[Tensor, Array]) -> dict[str, Array]:
    """The function, while the parameters hold other numbers. Values by id, and the result."""
    with _holding(new):
        again = trace(function())
    shapes = {node.id: node.shape for node in graph.nodes if node.number}
    values = {n.id: n.data for n in again.nodes if n.number and shapes.get(n.id) == n.shape}
    return {**values, graph.root: again.node(again.root).data}


@contextlib.contextmanager
def _holding(values: dict[Tensor, Array]) -> Iterator[None]:
    """Other numbers for a moment. No `assign`: it would tell graphs that their numbers are gone."""
    before = {t: t._data for t in values}
    try:
        for t, value in values.items():
            t._data = value
        yield
    finally:
        for t, value in before.items():
            t._data = value
