"""How wide the line of a gradient is drawn.

The one idea: a gradient that vanishes layer by layer shall be seen to do so, so the width goes by the
logarithm of the gradient's norm: a tenth of the largest gradient is 0.6 pixels less, down to a hairline.
"""

from __future__ import annotations

import math

import numpy as np

from .records import Array

THIN, THICK = 1.1, 3.1  # pixels


def norm(array: Array | None) -> float:
    """The Euclidean norm; 0 where there is none, or none that is finite."""
    if array is None or not array.size:
        return 0.0
    with np.errstate(all="ignore"):
        length = float(np.linalg.norm(array.astype(np.float64).ravel()))
    return length if math.isfinite(length) else 0.0


def thickness(size: float, largest: float) -> float:
    """The width of a line whose gradient has the norm `size`, in a picture whose largest is `largest`.

    >>> [round(thickness(size, 1.0), 1) for size in (1.0, 0.1, 1e-9, 0.0)]
    [3.1, 2.5, 1.1, 1.1]
    """
    if not size or not largest:
        return THIN
    return max(THIN, THICK + 0.6 * math.log10(size / largest))
