"""A tensor in a notebook: whoever ends a cell with `loss` sees its graph.

The one idea: the engine knows nothing of pictures. The front door puts this method on `Tensor`, and only a
notebook that asks loads the room that draws.
"""

from __future__ import annotations

from typing import Any

from .core import StaleGraphError, Tensor

MOST = 2_000  # operations: nobody who looks at a number wants to wait for a picture of more


def mimebundle(self: Tensor, include: Any = None, exclude: Any = None) -> dict[str, str]:
    """For a tensor that was computed: its graph, and its text. For others nothing, so that a notebook shows
    what it always shows: the text. Nor for a graph that a training step has made stale, or of more than 2,000
    operations (`mt.graph.draw` draws those).
    """
    if not self.requires_grad or self.is_leaf or _operations(self, MOST) > MOST:
        return {}
    from .graph import draw

    try:
        return {"image/svg+xml": draw(self).svg, "text/plain": repr(self)}
    except StaleGraphError:
        return {}


def _operations(output: Tensor, most: int) -> int:
    """How many operations made it; counting ends soon after `most`."""
    found, waiting = {output}, [output]
    while waiting and len(found) <= most:
        made = [x for x in waiting.pop().inputs if isinstance(x, Tensor) and not x.is_leaf and x not in found]
        found.update(made)
        waiting += made
    return len(found)
