"""The lecture's gates, and the weights that every program starts from (they learn them): AND with one neuron,
400 epochs; XOR with two layers, 2,000. Arguments: "and" or "xor". Imports almost nothing: each import would
be part of what is measured.
"""

from __future__ import annotations

import sys

XOR = "xor" in sys.argv[1:]
EPOCHS = 20 if "quick" in sys.argv[1:] else 2000 if XOR else 400
RATE = 0.3
X = [[1, 1], [1, 0], [0, 1], [0, 0]]
Y = [[0], [1], [1], [0]] if XOR else [[1], [0], [0], [0]]
# (kernel, bias) of each layer, all of them sigmoids
LAYERS = (
    [([[0.9, -0.7], [-0.8, 1.1]], [0.0, 0.0]), ([[1.0], [0.8]], [0.0])] if XOR else [([[0.4], [-0.3]], [0.0])]
)


def report(seconds: float, loss: float) -> None:
    """Print what was measured, where the harness looks for it."""
    print(f'{{"rows": {{"training": {seconds}}}, "note": "loss {loss:.4f}"}}')  # JSON
