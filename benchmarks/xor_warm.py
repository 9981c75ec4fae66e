"""XOR's 8,000 steps inside `fit`, in a process that has done it before; and what the progress bar costs.

python benchmarks/xor_warm.py [--rounds N] [--json FILE]
"""

from __future__ import annotations

import argparse

from harness import OURS, Benchmark, Goal, Peer, main
from report import JIT, Report
from warm import converse

PEERS = (
    Peer(OURS, "xor_warm", ("numpy",), elsewhere=False, arguments=("xor",)),
    Peer(JIT, "xor_warm", ("numpy",), elsewhere=False, arguments=("xor", "jit")),
)
ROWS = {
    "again": "2,000 epochs more with a model that has trained",
    "new": "2,000 epochs with a model that is new: its program is found, or made",
    "bar": "2,000 epochs more with the progress bar (verbose=1), written to a pipe",
}


def take(options: argparse.Namespace) -> Report:
    """All rows."""
    return converse("XOR inside fit, warm", PEERS, {row: row for row in ROWS}, options, pin=False)


BENCHMARK = Benchmark(
    "XOR inside `fit`, warm",
    take,
    rows=ROWS,
    goals=(
        Goal("XOR, 8,000 steps inside a warm fit", "again", 0.008),
        Goal("the same with jit_compile=True", "again", 0.001, peer=JIT),
        Goal("the progress bar to a pipe, against none", "bar", 3.0, ("again", OURS)),
    ),
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
