"""Prune: what nobody uses is not computed.

    %4 = exp(%2)                    (gone: no row and no end of the program uses %4)
    %5 = multiply(%2, %3)           %5 = multiply(%2, %3)
    return %5                       return %5

Random rows stay: each draw moves the stream of random numbers on, and the next draw must be the next one.
"""

from __future__ import annotations

from ..ir import Program, Value


def prune(program: Program) -> Program:
    """Only the rows, constants and states that lead to an end."""
    used: set[Value] = {*program.outputs, *(v for _, v in program.updates), *(s for s, _ in program.updates)}
    rows = []
    for row in reversed(program.rows):
        if row.result in used or row.operation.random:
            used.update(row.values)
            rows.append(row)
    constants = {v: array for v, array in program.constants.items() if v in used}
    return program.replace(rows=reversed(rows), constants=constants)
