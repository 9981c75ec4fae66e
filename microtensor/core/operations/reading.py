"""NumPy's questions about numbers: `np.allclose(t, a)`, `np.shape(t)`. They are answered with Python's
values.

Nothing differentiable comes out, so no gradient can be lost; everything else that NumPy has and the table has
not is refused.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .methods import Methods
from .table import by_numpy

QUESTIONS = (
    *(np.shape, np.ndim, np.size, np.array_equal, np.array_equiv, np.allclose, np.iscomplexobj, np.isrealobj),
    *(np.array_repr, np.array_str, np.array2string, np.may_share_memory, np.shares_memory, np.result_type),
)


def _answered(question: Callable[..., Any]) -> Callable[..., Any]:
    """The question, asked about the numbers of the tensors."""

    @functools.wraps(question)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return question(*(x.numpy() if isinstance(x, Methods) else x for x in args), **kwargs)

    return answer


by_numpy.update({question: _answered(question) for question in QUESTIONS})
