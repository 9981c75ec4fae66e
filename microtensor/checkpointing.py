"""checkpoint: memory for time. What a function computes on the way is not kept; backward computes it again.

A chain of n layers keeps n results for backward. In √n checkpointed pieces it keeps √n results between the
pieces, and for a moment the √n results of one piece.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .core import Operation, StaleGraphError, Tensor, autograd
from .core.operations.activation import identity
from .core.operations.shape import zeros_like
from .core.state import enable_grad
from .tree import flatten


def checkpoint(fn: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The same function, one operation to the graph: its inside is computed again when backward needs it.

    It must give one tensor, and the same one each time. Parameters that it uses without being passed them are
    found, and get their gradients too. Source: Chen et al., "Training deep nets with sublinear memory cost",
    2016.

    >>> x = Tensor([1.0, 2.0], requires_grad=True)
    >>> checkpoint(lambda x: (x * x).sum())(x).backward()
    >>> x.grad.tolist()
    [2.0, 4.0]
    """

    @functools.wraps(fn)
    def computed(*args: Any, **kwargs: Any) -> Tensor:
        leaves, rebuild = flatten(args)
        leaves = [
            Tensor(leaf) if isinstance(leaf, np.ndarray) else leaf for leaf in leaves
        ]  # nobody changes them
        at = [k for k, leaf in enumerate(leaves) if isinstance(leaf, Tensor)]

        def run(tensors: Sequence[Tensor]) -> Tensor:
            new = list(leaves)
            for k, tensor in zip(at, tensors, strict=True):
                new[k] = tensor
            y = fn(*rebuild(new), **kwargs)
            if not isinstance(y, Tensor):
                raise TypeError(f"checkpoint needs a function that gives one tensor; got {type(y).__name__}.")
            return y

        given = [leaves[k] for k in at]
        standing_in = [_standing_in_for(t) for t in given]
        y = run(standing_in)
        own = set(standing_in)
        graph = autograd.ancestors([y])
        parameters = [t for t in graph if t.is_leaf and t.requires_grad and t not in own]
        if not y.requires_grad:
            return y
        read = {
            x: x.time for t in graph for x in t.inputs if isinstance(x, Tensor) and x.is_leaf and x not in own
        }
        return _Piece(run, given, parameters, read).operation(getattr(fn, "__name__", "function"), y)

    return computed


class _Piece:
    """One call of a checkpointed function, as an operation on its arguments and on the parameters that it
    uses.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Tensor]], Tensor],
        given: list[Tensor],
        parameters: list[Tensor],
        read: dict[Tensor, int],
    ) -> None:
        self.run, self.given, self.parameters = run, given, parameters
        self.read = (
            read  # every tensor that the function read besides its arguments, and when it was assigned
        )
        self.seed: Any = None  # the gradient for which ...
        self.found: list[Any] = []  # ... these were computed, so that all inputs share one run

    def operation(self, name: str, y: Tensor) -> Tensor:
        value = y.numpy()  # computed already; the graph behind it goes when y does
        piece = Operation(f"checkpoint({name})", lambda *xs: value, self.vjp, formula=f"{name}(x)")
        return piece(*self.given, *self.parameters)

    def vjp(self, k: int, g: Any, y: Any, *xs: Any) -> Any:
        if self.seed is not g or self.found[k] is None:
            self.seed, self.found = g, self.gradients(g)
        gradient, self.found[k] = self.found[k], None
        return gradient

    def gradients(self, g: Any) -> list[Any]:
        symbolic = isinstance(g, Tensor)
        for x, time in self.read.items():
            if x.time != time:
                raise StaleGraphError(f"{x.label} was assigned after a checkpointed function had read it.")
        with enable_grad():
            inputs = [identity(t) if symbolic else _standing_in_for(t) for t in self.given]
            y = self.run(inputs)
        targets = [t for t in [*inputs, *self.parameters] if t.requires_grad]
        seed = g if symbolic else Tensor.wrap(g)
        found = dict(
            zip(targets, autograd.grad([y], targets, [seed], symbolic, allow_unused=True), strict=True)
        )
        full = []
        for t in [*inputs, *self.parameters]:
            gradient = found.get(t)
            full.append(zeros_like(t) if gradient is None else gradient)
        return full if symbolic else [gradient._data for gradient in full]


def _standing_in_for(t: Tensor) -> Tensor:
    """The same numbers as a leaf, which requires a gradient if the tensor does."""
    leaf = t.detach()
    leaf.requires_grad = t.requires_grad
    return leaf
