"""The table of mathematics, one family a file. Each entry: the value, one vjp for each input, the formula.

A family is loaded when somebody first asks for something in it (see `table.Table`, `methods.Late`): most
programs use few of them.
"""

from __future__ import annotations

import importlib
from typing import Any

FAMILIES = (  # the chapters, in the order in which people read them
    *("arithmetic", "elementary", "trigonometry", "special", "rounding", "comparison", "reduction"),
    *("statistics", "shape", "joining", "indexing", "product", "linalg", "inverse", "decompositions"),
    *("measures", "activation", "gating", "piecewise", "loss", "likelihood", "margin", "convolution"),
    *("random", "reading"),
)


def __getattr__(name: str) -> Any:
    if name in FAMILIES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *FAMILIES})
