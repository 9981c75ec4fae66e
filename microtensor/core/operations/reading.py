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
    *(np.array_equal, np.array_equiv, np.allclose, np.iscomplexobj, np.isrealobj),
    *(np.array_repr, np.array_str, np.array2string, np.may_share_memory, np.shares_memory, np.result_type),
)


OF_FORM = (np.shape, np.ndim, np.size)  # these need no numbers, so a step that is being captured may ask them


def _answered(question: Callable[..., Any], read: Callable[[Any], Any]) -> Callable[..., Any]:
    """The question, asked about the numbers of the tensors."""

    @functools.wraps(question)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return question(*(read(x) if isinstance(x, Methods) else x for x in args), **kwargs)

    return answer


by_numpy.entered.update({question: _answered(question, lambda t: t.numpy()) for question in QUESTIONS})
by_numpy.entered.update({question: _answered(question, lambda t: t._data) for question in OF_FORM})
