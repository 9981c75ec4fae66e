"""What a picture of one XOR step costs in each format, with no program to help: PATH is empty.

python benchmarks/pictures.py [--rounds N] [--json FILE]

Each row begins with the loss: the trace is in it. The peer is Graphviz' `dot`, which is given the DOT text
and draws SVG, from the start of the program to its exit; it is skipped where it is not installed.
"""

from __future__ import annotations

from harness import OURS, Benchmark, Goal, Peer, main, measure

PEERS = (
    Peer(OURS, "pictures_microtensor", ("numpy",), elsewhere=False),
    Peer("Graphviz dot", "pictures_dot", ("numpy",), elsewhere=False),
)
ROWS = {
    "svg": "XOR's step, 7 operations, as SVG: at most 5 ms",
    "text": "as a table",
    "mermaid": "as a Mermaid flowchart",
    "dot": "as DOT",
    "json": "as JSON",
    "1,000 operations": "a chain of them, as SVG",
    "10,000 operations": "a chain of them, as SVG, once",
}

BENCHMARK = Benchmark(
    "Pictures",
    lambda options: measure("Pictures", PEERS, options),
    rows=ROWS,
    goals=(
        Goal("the picture of XOR", "svg", 0.005),
        Goal("the picture of 1,000 operations", "1,000 operations", 0.5),
        Goal("the picture of 10,000 operations", "10,000 operations", 5.0),
    ),
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
