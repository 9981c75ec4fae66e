"""Merge: what is computed twice is computed once.

    %4 = subtract(1, %2)            %4 = subtract(1, %2)
    %5 = multiply(%3, %4)           %5 = multiply(%3, %4)
    %6 = subtract(1, %2)            (gone: %6 is %4)

Random rows are never merged: two draws are two draws.
"""

from __future__ import annotations

from typing import Any

from ..ir import Program, Value, key_of


def merge(program: Program) -> Program:
    """Equal rows become one, and equal constants too."""
    now: dict[Value, Value] = {}
    first: dict[Any, Value] = {}
    constants = {}
    for v, array in program.constants.items():
        known = first.setdefault(("constant", key_of(array)), v)
        if known is v:
            constants[v] = array
        else:
            now[v] = known
    rows = []
    for row in program.rows:
        row = row.renamed(now)
        if not row.operation.random:
            args = tuple(("value", x.number) if isinstance(x, Value) else key_of(x) for x in row.inputs)
            known = first.setdefault((id(row.operation), args, key_of(row.params)), row.result)
            if known is not row.result:
                now[row.result] = known
                continue
        rows.append(row)
    ends = [now.get(v, v) for v in program.outputs]
    updates = [(state, now.get(v, v)) for state, v in program.updates]
    return program.replace(rows=rows, constants=constants, outputs=ends, updates=updates)
