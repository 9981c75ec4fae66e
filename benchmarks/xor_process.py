"""XOR's 2,000 epochs as the lecture runs them, as a cold process: from `python` to its exit.

python benchmarks/xor_process.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]

A 2-2-1 net of sigmoids, mean squared error, SGD with 0.3, one sample at a time: 8,000 steps. All start from
the same weights; the note beside a peer is its last loss, which shows that the work was done. microtensor's
`fit` shuffles the samples, as Keras does, so its loss differs a little. Each program is in `peers/xor_*.py`.
"""

from __future__ import annotations

from harness import OURS, PROCESS, Peer, measure, options, show

PEERS = (
    Peer(OURS, "xor_microtensor", ("numpy",), elsewhere=False),
    Peer("a process that only imports NumPy", "xor_import_numpy", ("numpy",), elsewhere=False),
    Peer("NumPy by hand", "xor_numpy", ("numpy",), elsewhere=False),
    Peer("micrograd", "xor_micrograd", ("micrograd",)),
    Peer("PyTorch", "xor_torch", ("torch",)),
)
ROWS = {
    PROCESS: "the whole process (--quick: 20 epochs instead of 2,000)",
    "training": "only the 2,000 epochs, timed inside the process",
}

if __name__ == "__main__":
    chosen = options(__doc__ or "")
    show(measure("XOR, 2,000 epochs, batch 1", PEERS, chosen, cold=True), ROWS, chosen)
