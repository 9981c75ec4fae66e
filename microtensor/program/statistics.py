"""Statistics: what a run of a program costs, in numbers for people."""

from __future__ import annotations

from typing import NamedTuple


class Statistics(NamedTuple):
    """What a run of a program costs."""

    operations: int
    flops: int  # additions, multiplications and calls of elementary functions
    bytes_made: int  # by all rows together, if each had memory of its own
    bytes_held: int  # by constants and states

    def __str__(self) -> str:
        return (
            f"{self.operations:,} operations, {self.flops:,} flops, {self.bytes_made:,} bytes made, "
            f"{self.bytes_held:,} bytes held"
        )
