"""What an import costs: whole processes that import a library and end.

python benchmarks/importing.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]
"""

from __future__ import annotations

import argparse

from harness import OURS, PROCESS, Benchmark, Goal, Peer, main, measure
from report import Report

NUMPY = "NumPy alone"
MODULES = {
    "PyTorch": "torch",
    "JAX": "jax",
    "Keras": "keras",
    "TensorFlow": "tensorflow",
    "tinygrad": "tinygrad",
    "MyGrad": "mygrad",
    "autograd": "autograd",
    "scikit-learn": "sklearn",
}
PEERS = (
    Peer(OURS, "import_microtensor", ("numpy",), elsewhere=False),
    Peer(NUMPY, "import_numpy", ("numpy",), elsewhere=False),
    *(Peer(name, "import_module", (module,), arguments=(module,)) for name, module in MODULES.items()),
)


def take(options: argparse.Namespace) -> Report:
    """Whole processes."""
    report = measure("Importing", PEERS, options, cold=True)
    report.values = {"import": report.values[PROCESS]}
    return report


BENCHMARK = Benchmark(
    "Importing",
    take,
    rows={"import": "a process that imports it and ends"},
    goals=(Goal("import over NumPy's own", "import", 0.030, ("import", NUMPY), minus=True),),
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
