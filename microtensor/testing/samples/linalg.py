"""Linear algebra: vectors, matrices and stacks of them, in all pairs."""

from __future__ import annotations

from ..sampling import Sample, Shape

MATRICES: tuple[tuple[Shape, Shape], ...] = (
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((2, 3), (3, 4)),
    ((1, 3), (3, 1)),
    ((3,), (2, 3, 4)),
    ((2, 2, 3), (3,)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (2, 3, 4)),
    ((1, 2, 3), (4, 3, 2)),
    ((3,), (2, 2, 3, 4)),
    ((2, 2, 2, 3), (3,)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
    ((0,), (0,)),
    ((0,), (0, 2)),
    ((2, 3), (3, 0)),
    ((0, 2, 3), (3, 4)),
)

SAMPLES: dict[str, list[Sample]] = {
    "matmul": [Sample(pair) for pair in MATRICES],
}
