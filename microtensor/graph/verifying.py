"""check=True: are the gradients that the picture shows the slopes of the loss?

The one idea: a graph can be run again. Its operations, in the order in which they ran, are a function of the
parameters; the test kit compares that function's gradient with central differences, in double precision.
What was drawn at random stays as it was drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core import Tensor
from ..core.autograd import ancestors


def verified(output: Tensor) -> dict[Tensor, bool]:
    """For each parameter that the output reaches: does its gradient hold?

    Kinks nearer than 0.01 (a relu at 0.001) are no place to compare slopes, and may be reported as wrong.
    """
    if output.is_leaf:
        return {}
    leaves = [t for t in reversed(ancestors([output])) if t.is_leaf]
    if _agrees(output, leaves):
        return dict.fromkeys(leaves, True)
    return {leaf: _agrees(output, [leaf]) for leaf in leaves}


def _agrees(output: Tensor, leaves: list[Tensor]) -> bool:
    from ..testing.gradients import check_grads  # the test kit is for those who ask for it

    def again(*xs: Tensor) -> Tensor:
        return _run(output, dict(zip(leaves, xs, strict=True)))

    try:
        check_grads(again, *leaves, order=1, modes=("reverse",))
    except AssertionError:
        return False
    return True


def _run(output: Tensor, made: dict[Tensor, Tensor]) -> Tensor:
    """The output, computed anew in float64 from other parameters."""

    def now(x: Any) -> Any:
        if isinstance(x, Tensor) and x not in made:
            array = x.numpy()
            made[x] = Tensor(array.astype(np.float64) if array.dtype.kind == "f" else array)
        return made[x] if isinstance(x, Tensor) else x

    for t in reversed(ancestors([output])):
        if t.operation is not None and not t.operation.random:
            made[t] = t.operation(*map(now, t.inputs), **_wide(t.params))
    return now(output)  # type: ignore[no-any-return]


def _wide(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an operation, in double precision where they name a precision."""
    return {
        key: np.float64 if key == "dtype" and value is not None and np.dtype(value).kind == "f" else value
        for key, value in params.items()
    }
