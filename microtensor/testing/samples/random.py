"""Random numbers: with a seed, so that they repeat."""

from __future__ import annotations

from ..sampling import Sample

SAMPLES: dict[str, list[Sample]] = {
    "uniform": [Sample((), {"shape": shape, "seed": 7}) for shape in ((), (3,), (2, 0), 4)],
    "normal": [Sample((), {"shape": shape, "seed": 7}) for shape in ((), (3,), (2, 0), 4)],
}
