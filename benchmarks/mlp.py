"""A net of MNIST's size, 784-128-10: samples a second, on one thread and on two.

python benchmarks/mlp.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]

The same arithmetic everywhere: float32, ReLU, softmax cross-entropy on integer labels, SGD or Adam, the same
first weights, the same batches. `step`: one batch again and again; `fit`: an epoch over 60,000 random samples
that are shuffled, by the library's own `fit`, or by the loop that its users write. `matmuls`: the products of
matrices of a step alone, by each library that has such a thing.
"""

from __future__ import annotations

import argparse

from harness import OURS, Benchmark, Goal, Peer, main
from report import JIT, Report
from warm import converse

NET, BATCHES = "784-128-10", (32, 128, 1024)
PEERS = (
    Peer(OURS, "mlp_microtensor", ("numpy",), elsewhere=False),
    Peer(JIT, "mlp_microtensor", ("numpy",), elsewhere=False, arguments=("jit",)),
    Peer("microtensor, run_eagerly=True", "mlp_microtensor", ("numpy",), False, arguments=("eager",)),
    Peer("NumPy by hand", "mlp_numpy", ("numpy",), elsewhere=False),
    Peer("PyTorch", "mlp_torch", ("torch",)),
    Peer("PyTorch, torch.compile", "mlp_torch", ("torch",), arguments=("compile",)),
    Peer("JAX, jit", "mlp_jax", ("jax",)),
    Peer("Keras on JAX", "mlp_keras", ("keras", "jax"), arguments=("jax",)),
    Peer("Keras on Torch", "mlp_keras", ("keras", "torch"), arguments=("torch",)),
    Peer("Keras on TensorFlow", "mlp_keras", ("keras", "tensorflow"), arguments=("tensorflow",)),
    Peer("scikit-learn, MLPClassifier", "mlp_sklearn", ("sklearn",)),
    Peer("tinygrad, TinyJit", "mlp_tinygrad", ("tinygrad",)),
    Peer("MyGrad", "mlp_mygrad", ("mygrad",)),
    Peer("autograd", "mlp_autograd", ("autograd",)),
)
MANY = (OURS, JIT, "PyTorch", "JAX, jit")


def row(optimizer: str, kind: str, batch: int, threads: int = 1) -> str:
    """The name of a row."""
    head = "matmuls alone" if kind == "matmuls" else f"{optimizer}, {kind}"
    return f"{head}, {threads} thread{'s' * (threads > 1)} | batch {batch}"


def take(options: argparse.Namespace) -> Report:
    """One thread: all of them, epochs with SGD only the fast ones; two threads: the fast ones, with Adam."""
    fast = tuple(peer for peer in PEERS if peer.name in MANY)
    report = _asked(options, 1, {"step": ("sgd", "adam"), "matmuls": ("adam",), "fit": ("adam",)}, PEERS)
    again = _asked(options, 1, {"fit": ("sgd",)}, fast)
    second = _asked(options, 2, dict.fromkeys(("step", "matmuls", "fit"), ("adam",)), fast)
    for more in (again, second):
        report.values |= more.values
        report.samples |= more.samples
        report.skipped |= more.skipped
    report.machine["threads"] += f", then {second.machine['threads']}; each table says which"
    return report


def _asked(
    options: argparse.Namespace, threads: int, kinds: dict[str, tuple[str, ...]], peers: tuple[Peer, ...]
) -> Report:
    questions = {}
    for kind, optimizers in kinds.items():
        for optimizer in optimizers:
            for batch in BATCHES[: 1 if options.quick else None]:
                questions[row(optimizer, kind, batch, threads)] = f"{NET} {optimizer} {batch} {kind}"
    samples = {name: int(question.split()[2]) for name, question in questions.items()}
    title = f"784-128-10, {threads} thread{'s' * (threads > 1)}"
    return converse(title, peers, questions, options, threads, samples)


def _goals() -> list[Goal]:
    goals = []
    for optimizer in ("sgd", "adam"):
        for peer, limit in ((OURS, 1.45), (JIT, 1.15)):
            text = f"784-128-10, {optimizer}, batch 128, a step of {peer} against NumPy's matmuls alone"
            against = row("", "matmuls", 128), peer
            goals.append(Goal(text, row(optimizer, "step", 128), limit, against, peer))
    for kind in ("step", "fit"):
        for optimizer, threads in (("sgd", 1), ("adam", 1), ("adam", 2)):
            where, *also = (row(optimizer, kind, batch, threads) for batch in BATCHES)
            for ours in (OURS, JIT):
                for peer in ("PyTorch", "JAX, jit"):
                    text = f"784-128-10, {where.split(' | ')[0]}, every batch: {ours} / {peer}"
                    goals.append(Goal(text, where, 1.0, ("", peer), ours, also=tuple(also)))
    return goals


BENCHMARK = Benchmark(
    "A net of MNIST's size, 784-128-10", take, goals=tuple(_goals()), about=(__doc__ or "").split("\n\n")[2]
)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
