"""The table of mathematics, one family a file. Each entry: the value, one vjp for each input, the formula.

What a tensor's operators and methods need is loaded with the engine, and so are questions like `np.shape(t)`;
the other families when somebody first asks for something in them (see `table.Table`): most programs never do.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import activation as activation
from . import arithmetic as arithmetic
from . import comparison as comparison
from . import elementary as elementary
from . import indexing as indexing
from . import linalg as linalg
from . import reading as reading
from . import reduction as reduction
from . import rounding as rounding
from . import shape as shape
from .methods import attach
from .table import registry

FAMILIES = (  # in the order in which the table is read
    *("arithmetic", "elementary", "rounding", "comparison", "reduction", "shape", "joining", "indexing"),
    *("linalg", "inverse", "decompositions", "measures", "activation", "gating", "piecewise", "loss"),
    *("likelihood", "margin", "convolution", "random", "reading"),
)


def __getattr__(name: str) -> Any:
    if name in FAMILIES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *FAMILIES})


attach(registry, indexing.frozen, indexing.At)
