"""Passes: functions from a program to a better one. Each is a page, and keeps every bit of the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..ir import Program
from .fuse import fuse
from .lower import lower
from .merge import merge
from .prune import prune
from .simplify import simplify

__all__ = ["PASSES", "fuse", "improved", "lower", "merge", "prune", "simplify", "stages"]

PASSES: tuple[Callable[[Program], Program], ...] = (lower, simplify, merge, prune, fuse)


def improved(program: Program) -> Program:
    """The program after all passes."""
    for each in PASSES:
        program = each(program)
    return program


def stages(program: Program) -> Iterator[tuple[str, Program]]:
    """("lower", the program after it), and so on: what each pass makes of it."""
    for each in PASSES:
        program = each(program)
        yield each.__name__, program
