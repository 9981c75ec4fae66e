"""What one recorded operation costs, and ten layers of them.

python benchmarks/operations.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]

Each peer's program is in `peers/operations_*.py`. micrograd knows only scalars, so it is in the row of
scalars and in no other.
"""

from __future__ import annotations

from harness import OURS, Benchmark, Goal, Peer, main, measure

PEERS = (
    Peer(OURS, "operations_microtensor", ("numpy",), elsewhere=False),
    Peer("NumPy by hand", "operations_numpy", ("numpy",), elsewhere=False),
    Peer("PyTorch", "operations_torch", ("torch",)),
    Peer("MyGrad", "operations_mygrad", ("mygrad",)),
    Peer("autograd", "operations_autograd", ("autograd",)),
    Peer("micrograd", "operations_micrograd", ("micrograd",)),
)
ROWS = {
    "add": "a + b on (16, 16) float32, recorded (NumPy: only computed)",
    "scalar add": "a + b of two scalars, recorded (micrograd: Python floats)",
    "ten layers": "ten times h = tanh(h @ w + b), 16 x 16, batch 16, then sum: forward + backward",
    "ten layers, library's own": "the same through nn.Dense, and through torch.nn.Linear with Tanh",
    "chain": "y = y + x on one number, 10^6 times: forward + backward + free, once (--quick: 10^4)",
    "chain, forward": "its first part",
    "chain, backward": "its second part",
    "chain, free": "its last part: letting go of the graph",
}

BENCHMARK = Benchmark(
    "The cost of recorded operations",
    lambda options: measure("The cost of recorded operations", PEERS, options),
    rows=ROWS,
    goals=(
        Goal("one recorded operation on (16, 16)", "add", 1.2e-6),
        Goal("one recorded operation: against PyTorch", "add", 0.8, ("add", "PyTorch")),
        Goal(
            "ten layers, forward + backward: against PyTorch", "ten layers", 0.85, ("ten layers", "PyTorch")
        ),
        Goal("a chain of 10^6 operations", "chain", 6.0),
    ),
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
