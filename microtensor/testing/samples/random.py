"""Random numbers: with a seed, so that they repeat."""

from __future__ import annotations

from ..sampling import Sample

SAMPLES: dict[str, list[Sample]] = {
    "bernoulli": [Sample((), {"shape": shape, "seed": 7}) for shape in ((), (3,), (2, 0), 4)],
    "permutation": [Sample((), {"shape": n, "seed": 7}) for n in (0, 1, 50)],
    "choice": [
        Sample(((5,),), {"shape": (3,), "seed": 7}),
        Sample(((5,),), {"shape": 5, "replace": False, "seed": 7}),
    ],
    "uniform": [Sample((), {"shape": shape, "seed": 7}) for shape in ((), (3,), (2, 0), 4)],
    "normal": [Sample((), {"shape": shape, "seed": 7}) for shape in ((), (3,), (2, 0), 4)],
}
