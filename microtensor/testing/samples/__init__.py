"""The samples of every operation in the table: `samples["softmax"]`, a list of ways to call it.

The one idea: an operation without an entry here fails the suite, so none can be added unproven. An entry
names every variant that its vjp could get wrong: each axis, negative and in tuples, with and without
keepdims; each pair of shapes that broadcasts; 0-d; size 0; every form of index.
"""

from __future__ import annotations

from ..sampling import Sample
from . import activation, convolution, elementwise, linalg, loss, random, reduction, shape

samples: dict[str, list[Sample]] = {
    **elementwise.SAMPLES,
    **reduction.SAMPLES,
    **shape.SAMPLES,
    **linalg.SAMPLES,
    **activation.SAMPLES,
    **loss.SAMPLES,
    **convolution.SAMPLES,
    **random.SAMPLES,
}
