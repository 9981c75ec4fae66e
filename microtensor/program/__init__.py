"""Program: a step of computation as data. Captured once, improved by small passes, printed as source, run.

The one idea: a step that trains is a list of rows, and each thing that is done with it (a pass, a source, a
picture) is a function of that list.
"""

from __future__ import annotations

from .capture import Captured, CaptureError, capture
from .ir import Program, ProgramError, Row, Value, interpret, typecheck
from .jit import jit
from .passes import improved, stages

__all__ = [
    "CaptureError",
    "Captured",
    "Program",
    "ProgramError",
    "Row",
    "Value",
    "capture",
    "improved",
    "interpret",
    "jit",
    "stages",
    "typecheck",
]
