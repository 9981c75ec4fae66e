"""Who trains the lecture's gates, for `and_process.py` and `xor_process.py`.

The one idea: a gate costs nothing to compute, so what is measured is what a library asks for being there: its
import, and its calls. All start from the same weights; the note beside a peer is its last loss, which shows
that the work was done. `fit` shuffles the samples, in microtensor as in Keras, so its loss differs a little.
"""

from __future__ import annotations

import argparse

from harness import OURS, PROCESS, Benchmark, Goal, Peer, measure
from report import Report

IMPORT = "a process that only imports NumPy"
PEERS = (
    Peer(OURS, "gate_microtensor", ("numpy",), elsewhere=False),
    Peer(IMPORT, "import_numpy", ("numpy",), elsewhere=False),
    Peer("NumPy by hand", "gate_numpy", ("numpy",), elsewhere=False),
    Peer("micrograd", "gate_micrograd", ("micrograd",)),
    Peer("autograd", "gate_autograd", ("autograd",)),
    Peer("MyGrad", "gate_mygrad", ("mygrad",)),
    Peer("PyTorch", "gate_torch", ("torch",)),
    Peer("JAX, jit", "gate_jax", ("jax",)),
    Peer("JAX, all in one scan", "gate_jax", ("jax",), arguments=("scan",)),
    Peer("tinygrad, TinyJit", "gate_tinygrad", ("tinygrad",), slow=True),
    Peer("Keras on JAX", "gate_keras", ("keras", "jax"), arguments=("jax",), slow=True),
    Peer("Keras on Torch", "gate_keras", ("keras", "torch"), arguments=("torch",), slow=True),
    Peer("Keras on TensorFlow", "gate_keras", ("keras", "tensorflow"), arguments=("tensorflow",), slow=True),
)


def benchmark(name: str, epochs: int) -> Benchmark:
    """One gate."""

    def take(options: argparse.Namespace) -> Report:
        return measure(f"{name}, {epochs:,} epochs, batch 1", PEERS, options, name.lower(), cold=True)

    # A neuron of Python floats has learned before NumPy is imported: AND is no race against micrograd.
    no_peers = (IMPORT,) if name == "XOR" else (IMPORT, "micrograd")
    whom = "all" if name == "XOR" else "all but micrograd"
    return Benchmark(
        f"{name} as a cold process",
        take,
        rows={
            PROCESS: "from `python` to its exit",
            "training": "only the epochs, timed inside; whatever compiles, compiles in there",
        },
        goals=(
            Goal(f"{name}, process: against the fastest of {whom}", PROCESS, 1.0, "all", but=no_peers),
            Goal(f"{name}, process: against one that only imports NumPy", PROCESS, 1.5, (PROCESS, IMPORT)),
        ),
        about=f"The lecture's {name}, {epochs:,} epochs of `fit(verbose=0)`, one sample at a time.",
    )
