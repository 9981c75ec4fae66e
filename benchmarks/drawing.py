"""What a picture of a gradient graph costs, from the loss to the SVG's text, beside Graphviz.

python benchmarks/drawing.py [--rounds N] [--json FILE]

Times are the processor's, not the clock's: a picture is one thread, and on a shared machine it waits.
Graphviz draws bare boxes and lines of the same graph, without numbers, gradients or formulas, and gives up
after a minute. The programs are `peers/drawing_*.py`.
"""

from __future__ import annotations

from harness import OURS, Peer, measure, options, show

PEERS = (
    Peer(OURS, "drawing_microtensor", ("numpy",), elsewhere=False),
    Peer("Graphviz", "drawing_dot", (), elsewhere=False),
)
ROWS = {
    "xor": "a training step of XOR: 7 operations, with all numbers",
    "hundred": "a net of 34 layers: 101 operations, in compact cards",
    "thousand": "1,000 operations, every one drawn (--quick: 100)",
    "thousand, collapsed": "the same as it is drawn unless one asks: in groups",
    "ten thousand": "10,000 operations, every one drawn (--quick: 200)",
    "hundred thousand, collapsed": "100,000 operations in groups (--quick: 1,000)",
}

if __name__ == "__main__":
    chosen = options(__doc__ or "")
    show(measure("The cost of a picture", PEERS, chosen), ROWS, chosen)
