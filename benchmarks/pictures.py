"""What pictures of gradient graphs cost, from the loss to the text of the file, with no program to help.

python benchmarks/pictures.py [--rounds N] [--json FILE]

Each row begins with the loss: the trace is in it. PATH is empty. Of the long ones, times are the processor's:
a picture is one thread, and on a shared machine it waits. The peer is Graphviz' `dot`, which is given DOT
text and writes SVG, from the start of the program to its exit: of XOR all that we draw, of longer graphs bare
boxes and lines. It gives up after a minute, and is skipped where it is not installed.
"""

from __future__ import annotations

from harness import OURS, Benchmark, Goal, Peer, main, measure

PEERS = (
    Peer(OURS, "pictures_microtensor", ("numpy",), elsewhere=False),
    Peer("Graphviz dot", "pictures_dot", ("numpy",), elsewhere=False, commands=("dot",)),
)
ROWS = {
    "svg": "XOR's step, 7 operations, as SVG: at most 5 ms",
    "text": "as a table",
    "mermaid": "as a Mermaid flowchart",
    "dot": "as DOT",
    "json": "as JSON",
    "1,000 operations": "a chain of them with one weight, as SVG, every one drawn",
    "10,000 operations": "the same, once",
    "1,000 operations, in groups": "as they are drawn unless one asks",
    "100,000 operations, in groups": "the same, once",
}

BENCHMARK = Benchmark(
    "Pictures",
    lambda options: measure("Pictures", PEERS, options),
    rows=ROWS,
    goals=(
        Goal("the picture of XOR", "svg", 0.005),
        Goal("the picture of 1,000 operations, every one drawn", "1,000 operations", 0.5),
        Goal("of 10,000 operations, every one drawn", "10,000 operations", 5.0),
        Goal("of 100,000 operations, in groups", "100,000 operations, in groups", 5.0),
    ),
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
