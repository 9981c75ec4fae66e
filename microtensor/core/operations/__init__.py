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
from . import inverse as inverse
from . import decompositions as decompositions
from . import measures as measures
from . import activation as activation
from . import gating as gating
from . import piecewise as piecewise
from . import loss as loss
from . import likelihood as likelihood
from . import margin as margin
from . import convolution as convolution
from . import random as random
from . import reading as reading
from .methods import attach
from .table import registry

attach(registry, indexing.frozen, indexing.At)
