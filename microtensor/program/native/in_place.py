"""In place: which states may be written over while a step runs, by what they become.

The one idea: a state may change as soon as nobody reads the old one any more, and as soon as nothing can go
wrong any more. Then the optimizer's rule is one loop over memory that reads each number once and writes it
once, and a step needs no second set of weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..ir import Program, Row, Value
from .accumulate import is_accumulation
from .c_source import is_loop, may_refuse, nests, supported
from .places import root
from .products import is_product


def written_over(
    program: Program, parts: Sequence[Sequence[Row]], views: Mapping[Value, Row]
) -> dict[Value, Value]:
    """{state: what it becomes}, for the states whose new numbers may be written over the old ones.

    Args:
        program: of the step.
        parts: its rows in the order in which they run; what is in one part may be in one loop.
        views: the rows of the program that only say how numbers are read.
    """
    ordered = [row for part in parts for row in part]
    loop_of: dict[Value, int] = {}
    for part in parts:
        for number, (start, stop) in enumerate(nests(part), len(loop_of)):
            loop_of.update((row.result, number) for row in part[start:stop])
    maker = {row.result: row for row in ordered}
    may_fail = [loop_of[row.result] for row in ordered if _may_fail(row)]
    reads: dict[Value, list[tuple[int, bool]]] = {}
    for row in ordered:
        if row.result not in views:
            for x in row.values:
                reads.setdefault(root(x, views), []).append((loop_of[row.result], x in views))
    ends = {root(v, views) for v in (*program.outputs, *(v for _, v in program.updates))}
    found: dict[Value, Value] = {}
    for state, v in program.updates:
        if v not in maker or not supported(maker[v]) or v in found.values():
            continue
        if not is_loop(maker[v]) and not _adds_to(state, maker[v], views):
            continue
        here = loop_of[v]
        old = all(k < here or (k == here and not viewed) for k, viewed in reads.get(state, []))
        if old and state not in ends and not any(k > here for k in may_fail):
            found[state] = v
    return found


def _adds_to(state: Value, row: Row, views: Mapping[Value, Row]) -> bool:
    """Is it a product that is added to this state, and made of others?"""
    return is_accumulation(row) and state not in [root(x, views) for x in row.inputs[:2]]


def _may_fail(row: Row) -> bool:
    return may_refuse(row) or not (supported(row) or is_product(row))
