"""The lecture's XOR, and the weights that every program starts from (they learn it). Imports almost nothing:
each import would be part of what is measured.
"""

from __future__ import annotations

import json
import sys

EPOCHS = 20 if "quick" in sys.argv[1:] else 2000
RATE = 0.3
X = [[1, 1], [1, 0], [0, 1], [0, 0]]
Y = [[0], [1], [1], [0]]
W1, B1 = [[0.9, -0.7], [-0.8, 1.1]], [0.0, 0.0]
W2, B2 = [[1.0], [0.8]], [0.0]


def report(seconds: float, loss: float) -> None:
    """Print what was measured, where the harness looks for it."""
    print(json.dumps({"rows": {"training": seconds}, "note": f"loss {loss:.4f}"}))
