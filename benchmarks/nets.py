"""A larger net and a deeper one: 784-512-512-10, and fifty layers of 64.

python benchmarks/nets.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]
"""

from __future__ import annotations

import argparse

from harness import Benchmark, main
from mlp import PEERS
from report import Report
from warm import converse

NETS = {"784-512-512-10": "784-512-512-10", "50 layers of 64": "64x51"}
LEFT_OUT = ("tinygrad",)  # takes minutes to compile fifty layers


def take(options: argparse.Namespace) -> Report:
    """Adam's step and the matmuls alone, batch 128; an epoch for the larger net."""
    questions, batch = {}, 4 if options.quick else 128
    for name, net in NETS.items():
        kinds = ("step", "matmuls", "fit") if net.startswith("784") else ("step", "matmuls")
        questions |= {f"{name} | {kind}": f"{net} adam {batch} {kind}" for kind in kinds}
    peers = [peer for peer in PEERS if not peer.name.startswith(LEFT_OUT)]
    return converse("Larger and deeper", peers, questions, options, samples=dict.fromkeys(questions, batch))


BENCHMARK = Benchmark("A larger net and a deeper one", take, about="Adam, batch 128, one thread.")

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
