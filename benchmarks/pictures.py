"""What a picture of one XOR step costs in each format, with no program to help: PATH is empty.

python benchmarks/pictures.py [--rounds N] [--json FILE]

Each row begins with the loss: the trace is in it. The peer is Graphviz' `dot`, which is given the DOT text
and draws SVG, from the start of the program to its exit; it is skipped where it is not installed.
"""

from __future__ import annotations

from harness import OURS, Peer, measure, options, show

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
}

if __name__ == "__main__":
    chosen = options(__doc__ or "")
    show(measure("Pictures of an XOR step", PEERS, chosen), ROWS, chosen)
