"""GradientTape: TensorFlow's way to ask for gradients.

Our tensors record their graph anyway, so the tape records nothing, and what was computed from a variable
before the block is followed too (TensorFlow would give None). It remembers what it was told to watch, how
often it may be asked, and whether another tape is looking on, which then can differentiate what this one
computes.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

from .core import Tensor, autograd
from .core.operations.joining import stack
from .core.operations.shape import zeros_like
from .nn.parameter import Parameter
from .tree import leaves_of, map_tree

_running: ContextVar[int] = ContextVar("tapes that are recording", default=0)


class GradientTape:
    """Records what happens in a `with` block, and gives gradients of it.

    Args:
        persistent: may `gradient` be called more than once?
        watch_accessed_variables: are all trainable variables watched, or only what `watch` names?

    >>> import microtensor as mt
    >>> x = mt.Variable(3.0)
    >>> with GradientTape() as tape:
    ...     y = x * x
    >>> float(tape.gradient(y, x))
    6.0
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self.persistent, self.watch_accessed_variables = persistent, watch_accessed_variables
        self._watched: set[Tensor] = set()
        self._used = self._recording = False

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise ValueError("Tape is already recording.")
        self._recording = True
        _running.set(_running.get() + 1)
        return self

    def __exit__(self, *exception: object) -> None:
        self._recording = False
        _running.set(max(_running.get() - 1, 0))

    def watch(self, tensor: Any) -> None:
        """Give gradients for these constants too. They require gradients from now on, so use them after
        this.
        """
        for t in leaves_of(tensor):
            if not isinstance(t, Tensor):
                raise ValueError(f"tape.watch takes tensors; got {t!r} of type {type(t).__name__}.")
            if not t.requires_grad:
                t.requires_grad = True
            self._watched.add(t)

    def gradient(
        self, target: Any, sources: Any, output_gradients: Any = None, unconnected_gradients: str = "none"
    ) -> Any:
        """The gradients of the target (its elements summed) for each source, in the structure of `sources`.

        None, or zeros if unconnected_gradients is "zero", for what the target does not depend on, for
        integers, and for constants that nobody watched.

        Raises:
            RuntimeError: a second use of a tape that is not persistent.
        """
        self._may_be_asked()
        if unconnected_gradients not in ("none", "zero"):
            raise ValueError(
                f"unconnected_gradients must be 'none' or 'zero'; got {unconnected_gradients!r}."
            )
        flat = leaves_of(sources)
        for source in flat:
            if not isinstance(source, Tensor):
                raise ValueError(f"tape.gradient takes tensors as sources; got {source!r}.")
        asked = list(dict.fromkeys(x for x in flat if self._watches(x)))
        targets = leaves_of(target)
        for t in targets:
            if not isinstance(t, Tensor):
                raise ValueError(
                    f"tape.gradient takes tensors as target; got {t!r:.60}. float() loses the graph."
                )
        weights = [None] * len(targets)
        if output_gradients is not None:
            weights = (
                leaves_of(output_gradients) if isinstance(target, list | tuple | dict) else [output_gradients]
            )
        if len(weights) != len(targets):
            raise ValueError(f"output_gradients has {len(weights)} weights for {len(targets)} targets.")
        self._used = True
        reached = [
            (t, np.ones(t.shape, t.dtype) if w is None else w)
            for t, w in zip(targets, weights, strict=True)
            if t.requires_grad
        ]
        found: dict[Tensor, Tensor | None] = {}
        if asked and reached:
            outputs, seeds = zip(*reached, strict=True)
            watched_by_another = _running.get() > 0
            gradients = autograd.grad(outputs, asked, seeds, watched_by_another, allow_unused=True)
            found = dict(zip(asked, gradients, strict=True))
        if unconnected_gradients == "zero":
            zeros = {x: zeros_like(x) for x in flat if found.get(x) is None}
            found = {**found, **zeros}
        return map_tree(found.get, sources)

    def jacobian(self, target: Tensor, source: Tensor) -> Tensor | None:
        """The derivatives of each element of the target, of shape (*target's, *source's), or None."""
        self._may_be_asked()
        if not isinstance(target, Tensor) or not isinstance(source, Tensor):
            raise ValueError(f"tape.jacobian takes two tensors; got {target!r:.30} and {source!r:.30}.")
        self._used = True
        if not target.requires_grad or not self._watches(source):
            return None
        graph = _running.get() > 0
        rows = []
        for seed in np.eye(target.size, dtype=target.dtype):
            g = autograd.grad(target, source, seed.reshape(target.shape), graph, allow_unused=True)
            if g is None:
                return None
            rows.append(g)
        stacked: Tensor = stack(rows) if rows else Tensor.wrap(np.zeros((0, *source.shape), source.dtype))
        return stacked.reshape((*target.shape, *source.shape))

    def _may_be_asked(self) -> None:
        if self._used and not self.persistent:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of gradients (or "
                "jacobians): use GradientTape(persistent=True)."
            )

    def _watches(self, x: Tensor) -> bool:
        if x in self._watched:
            return True
        variable = isinstance(x, Parameter) or x.operation is not None
        return self.watch_accessed_variables and variable and x.requires_grad
