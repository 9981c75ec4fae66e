"""What gradients that have a graph of their own are called: `d sigmoid/dz`.

The one idea: in a graph of a gradient's gradient, most operations were written by no one: the sweep ran
vjps. A name on what each step arrived at lets errors and pictures of that graph be read.
"""

from __future__ import annotations

from typing import Any

from ..state import current


def named(gradient: Any, of: Any, by: Any) -> Any:
    """The same tensor; if nobody named it, it is called `d of/dby` from here on, or "seed" where it begins.

    >>> import microtensor as mt
    >>> z = mt.Variable(0.5, name="z")
    >>> mt.core.autograd.grad(mt.sigmoid(z), z, create_graph=True).name
    'd sigmoid/dz'
    """
    computed = gradient.operation is not None
    if gradient.name is None and current().recording and (computed or not gradient.requires_grad):
        gradient.name = "seed" if of is by and not computed else f"d {_short(of)}/d{_short(by)}"
    return gradient


def _short(tensor: Any) -> str:
    """`kernel` of "sequential/dense/kernel:0"; what computed it, if it has no name."""
    name = (tensor.name or "").rsplit("/", 1)[-1].split(":")[0]
    return name or (tensor.operation.name if tensor.operation is not None else "x")
