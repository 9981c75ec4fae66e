"""Fuse: runs of rows that work element by element become neighbours, and one group.

    %3 = multiply(%1, %2)           | %3 = multiply(%1, %2)
    %4 = matmul(%3, w)              | %5 = negative(%3)
    %5 = negative(%3)                 %4 = matmul(%3, w)

A group can run as one loop over the elements: what one row makes, the next one uses while it is still in the
processor's registers or its nearest cache. Rows change places only where none waits for the other, so every
result is the same, bit for bit.
"""

from __future__ import annotations

from ..ir import Program, Row, Shape


def fuse(program: Program) -> Program:
    """Bring rows of one shape together, as far as their inputs allow, and number the groups."""
    rows = program.rows
    waits, users = _order(rows)
    # Those that are ready and could go on with a group, the first one last.
    by_shape: dict[Shape, list[int]] = {}

    def ready(k: int) -> None:
        if is_loop(rows[k]):
            _put(k, by_shape.setdefault(rows[k].result.shape, []))

    for first, count in enumerate(waits):
        if not count:
            ready(first)
    ordered: list[int] = []
    done, left = [False] * len(rows), 0  # `left`: none before it is left
    shape: Shape | None = None  # of the group that is being filled
    while len(ordered) < len(rows):
        k = _next(by_shape.get(shape, []) if shape is not None else [], done)
        if k < 0:
            k = left = done.index(False, left)  # all that it waits for comes before it, and is done
            shape = rows[k].result.shape if is_loop(rows[k]) else None
        done[k] = True
        ordered.append(k)
        for user in users[k]:
            waits[user] -= 1
            if not waits[user]:
                ready(user)
    return program.replace(rows=_numbered([rows[k] for k in ordered]))


def is_loop(row: Row) -> bool:
    """Does it work element by element, so that it can be part of a group?"""
    return row.operation.elementwise and not row.operation.random and bool(row.result.shape)


def _order(rows: tuple[Row, ...]) -> tuple[list[int], list[list[int]]]:
    """How many rows each one waits for, and which ones wait for it. Draws wait for the draw before."""
    place = {row.result: k for k, row in enumerate(rows)}
    waits, users = [0] * len(rows), [[] for _ in rows]  # type: tuple[list[int], list[list[int]]]
    draw: int | None = None
    for k, row in enumerate(rows):
        before = {place[x] for x in row.values if x in place}
        if row.operation.random:
            before |= set() if draw is None else {draw}
            draw = k
        waits[k] = len(before)
        for j in before:
            users[j].append(k)
    return waits, users


def _put(k: int, ready: list[int]) -> None:
    """Into its place among numbers that fall. (`bisect`, written out: loading it takes longer than all passes
    over a small net.)
    """
    low, high = 0, len(ready)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ready[middle] > k else (low, middle)
    ready.insert(low, k)


def _next(ready: list[int], done: list[bool]) -> int:
    """The first row that is ready and was not begun with; -1: there is none."""
    while ready:
        k = ready.pop()
        if not done[k]:
            return k
    return -1


def _numbered(rows: list[Row]) -> list[Row]:
    """Neighbours of one shape share a number; a row alone has none."""
    numbered, group, k = [], 0, 0
    while k < len(rows):
        stop = k
        while stop < len(rows) and is_loop(rows[stop]) and rows[stop].result.shape == rows[k].result.shape:
            stop += 1
        together = stop - k > 1
        group += together
        numbered += [row.grouped(group if together else 0) for row in rows[k : max(stop, k + 1)]]
        k = max(stop, k + 1)
    return numbered
