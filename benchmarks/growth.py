"""How a step's time grows with the layers, their width and the batch; and what the first step costs.

python benchmarks/growth.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]
"""

from __future__ import annotations

import argparse

from harness import OURS, Benchmark, Peer, Plot, main
from report import JIT, Report
from warm import converse

PEERS = (
    Peer(OURS, "mlp_microtensor", ("numpy",), elsewhere=False),
    Peer(JIT, "mlp_microtensor", ("numpy",), elsewhere=False, arguments=("jit",)),
    Peer("PyTorch", "mlp_torch", ("torch",)),
    Peer("JAX, jit", "mlp_jax", ("jax",)),
)
LAYERS = (1, 2, 5, 10, 20, 50, 100, 200)
WIDTHS = (2, 8, 32, 128, 512, 2048)
BATCHES = (1, 8, 64, 512, 8192)


def questions(quick: bool) -> dict[str, str]:
    """{row: what is asked for it}."""
    ends = slice(0, 2) if quick else slice(None)
    asked = {f"layers of 64, batch 32 | {n}": f"64x{n + 1} adam 32 step" for n in LAYERS[ends]}
    asked |= {f"two layers, batch 32, width | {n}": f"{n}x3 adam 32 step" for n in WIDTHS[ends]}
    asked |= {f"784-128-10, batch | {n}": f"784-128-10 adam {n} step" for n in BATCHES[ends]}
    return asked | {f"first step, layers of 64 | {n}": f"64x{n + 1} adam 32 first" for n in LAYERS[ends]}


def take(options: argparse.Namespace) -> Report:
    """All rows."""
    return converse("Growth", PEERS, questions(options.quick), options)


def _plots() -> tuple[Plot, ...]:
    names, peers = questions(False), tuple(peer.name for peer in PEERS)
    told = {
        "layers of 64, batch 32": ("growth_layers", "A step, by the number of layers", "layers of 64 units"),
        "two layers, batch 32, width": ("growth_width", "A step, by the width of its layers", "units"),
        "784-128-10, batch": ("growth_batch", "A step of 784-128-10, by its batch", "samples"),
        "first step, layers of 64": (
            "growth_first",
            "From a new net to its third step",
            "layers of 64 units",
        ),
    }
    plots = []
    for head, (name, title, label) in told.items():
        points = {row: float(row.split(" | ")[1]) for row in names if row.startswith(f"{head} |")}
        plots.append(Plot(name, title, label, points, peers))
    return tuple(plots)


BENCHMARK = Benchmark(
    "Growth",
    take,
    rows={
        "first step, layers of 64": "a new net is built and takes three steps (PyTorch and JAX: one): what "
        "is captured and compiled on the way is in it"
    },
    plots=_plots(),
    about="Adam, float32, one thread.",
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
