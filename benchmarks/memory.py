"""The most memory that a process holds which trains 784-128-10 for an epoch of MNIST's size.

python benchmarks/memory.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]
"""

from __future__ import annotations

import argparse

from harness import OURS, Benchmark, Goal, Peer, main, measure
from report import JIT, Report

ROW, FLOOR = "peak memory", "NumPy and the data, nothing else"
PEERS = (
    Peer(OURS, "mlp_microtensor", ("numpy",), elsewhere=False),
    Peer(JIT, "mlp_microtensor", ("numpy",), elsewhere=False, arguments=("jit",)),
    Peer(FLOOR, "mlp_data", ("numpy",), elsewhere=False),
    Peer("NumPy by hand", "mlp_numpy", ("numpy",), elsewhere=False),
    Peer("PyTorch", "mlp_torch", ("torch",)),
    Peer("JAX, jit", "mlp_jax", ("jax",)),
    Peer("Keras on JAX", "mlp_keras", ("keras", "jax"), arguments=("jax",)),
    Peer("Keras on Torch", "mlp_keras", ("keras", "torch"), arguments=("torch",)),
    Peer("Keras on TensorFlow", "mlp_keras", ("keras", "tensorflow"), arguments=("tensorflow",)),
    Peer("scikit-learn, MLPClassifier", "mlp_sklearn", ("sklearn",)),
)


def take(options: argparse.Namespace) -> Report:
    """The peaks, in MB."""
    report = measure("Memory of an epoch", PEERS, options, "memory")
    report.unit = "MB"
    return report


BENCHMARK = Benchmark(
    "Memory of one epoch of MNIST's size",
    take,
    goals=(
        Goal("memory over NumPy and the data", ROW, 60.0, (ROW, FLOOR), minus=True),
        Goal("the same with jit_compile=True", ROW, 60.0, (ROW, FLOOR), peer=JIT, minus=True),
        Goal("memory against PyTorch", ROW, 1.0, (ROW, "PyTorch")),
        Goal("memory against JAX", ROW, 1.0, (ROW, "JAX, jit")),
    ),
    about="60,000 samples of 784 float32 are 179 MB. Adam, batch 128. 1 MB is 2^20 bytes.",
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
