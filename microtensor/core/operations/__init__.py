"""The table of mathematics, one family a file. Each entry: the value, one vjp for each input, the formula."""

from __future__ import annotations

from . import arithmetic as arithmetic  # in the order in which the table is read
from . import elementary as elementary
from . import rounding as rounding
from . import comparison as comparison
from . import reduction as reduction
from . import shape as shape
from . import joining as joining
from . import indexing as indexing
from . import linalg as linalg
from . import inverse as inverse, decompositions as decompositions, measures as measures
from . import activation as activation
from . import loss as loss
from . import random as random
from . import reading as reading
from .methods import attach
from .table import registry

attach(registry, indexing.frozen, indexing.At)

__all__ = [
    "activation",
    "arithmetic",
    "comparison",
    "elementary",
    "linalg",
    "loss",
    "random",
    "reduction",
    "shape",
]
