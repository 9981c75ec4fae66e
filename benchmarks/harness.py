"""Measuring several libraries side by side, so that the ratios can be believed.

The one idea: seconds on a shared machine mean little, the ratio of two of them taken one right after the
other means much. Every peer is a program of its own in `peers/`, run in a process of its own, so that no
library disturbs another's threads, memory or collector. A round asks each peer once; a ratio is taken within
a round; what is shown is the median of the rounds, with the smallest and the largest beside it. One round
before the first is not counted: it warms the disk, writes the compiled bytecode, and compiles programs.

There are two ways. `measure` starts a peer anew each time, for what is cold: a whole process, its memory.
What the program prints last, `{"rows": {row: number}, "note": text}`, is what it measured itself. `converse`
(in `warm.py`) keeps all peers alive and asks one after the other for the same row.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from report import OURS, PROCESS, Goal, Plot, Report, as_text

HERE = Path(__file__).resolve().parent
PLACES = "MICROTENSOR_PEERS"  # an environment variable: Pythons that have the peers, as PATH has programs

THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "CPU_COUNT", "LOKY_MAX_CPU_COUNT"),
)
# The first two force another kernel than the one OpenBLAS would choose; the others would let a process import
# something else, or compile its bytecode anew each time.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")

SHORT = 0.5  # seconds that a process takes
AGAIN = 7  # times

# Run once in each interpreter that is used.
_PROBE = """
import importlib.metadata as m, importlib.util as u, json, platform, sys
names = sys.argv[1:]
found = [n for n in names if u.find_spec(n)]
packages = m.packages_distributions()
def version(n):
    return m.version(packages[n][0]) if n in packages else "unknown"
blas = "kernel unknown: threadpoolctl is not installed"
if "numpy" in found:
    import numpy
    about = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    blas = f"{about.get('name')} {about.get('version')}, " + blas
if u.find_spec("threadpoolctl"):
    import threadpoolctl
    blas = ", ".join(
        f"{i.get('internal_api')} {i.get('version')} {i.get('architecture', '')}"
        for i in threadpoolctl.threadpool_info() if i.get("user_api") == "blas"
    ) or "no BLAS found"
print(json.dumps([platform.python_version(), {n: version(n) for n in found}, blas]))
"""


@dataclass(frozen=True)
class Peer:
    """Somebody who is measured: the program `peers/<program>.py`, which needs the modules `needs`, and the
    `commands`, which are looked for on PATH.

    `elsewhere`: it runs where the peers are installed, so that they stay out of the project's environment.
    `arguments`: what its program is told. `slow`: it takes minutes, so one round has to do, the counted one.
    """

    name: str
    program: str
    needs: tuple[str, ...] = ()
    elsewhere: bool = True
    arguments: tuple[str, ...] = ()
    slow: bool = False
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Benchmark:
    """One of the programs in this folder: what it is about, and how its report is taken."""

    title: str
    take: Callable[[argparse.Namespace], Report]
    rows: dict[str, str] = field(default_factory=dict)  # what a row means, where its name does not say it
    goals: tuple[Goal, ...] = ()
    plots: tuple[Plot, ...] = ()
    about: str = ""


def environment(peer: Peer, threads: int = 1) -> dict[str, str]:
    """What a measured process sees: threads fixed; nothing that bends NumPy's BLAS or Python's imports."""
    kept = {key: value for key, value in os.environ.items() if key not in UNSET}
    kept.update(dict.fromkeys(THREADS, str(threads)))
    more = "true" if threads > 1 else "false"
    kept["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={more} intra_op_parallelism_threads={threads}"
    kept["TF_CPP_MIN_LOG_LEVEL"] = "2"
    return kept if peer.elsewhere else {**kept, "PYTHONPATH": str(HERE.parent)}


def command(peer: Peer, options: argparse.Namespace, *more: str) -> list[str]:
    """What starts a peer."""
    quick = ["quick"] if options.quick else []
    program = str(HERE / "peers" / f"{peer.program}.py")
    return [options.where[peer.name], program, *peer.arguments, *more, *quick]


def measure(
    title: str, peers: Sequence[Peer], options: argparse.Namespace, *more: str, cold: bool = False
) -> Report:
    """Run the peers in rounds. `cold`: the row `process`, each whole process, is measured as well; of a short
    one the median of some, since whoever comes first after a large one finds the caches full of it.
    """
    report = Report(title, options.rounds)
    present = find(peers, options, report)
    for turn in range(options.rounds + 1):
        for peer in list(present):
            if peer.slow and turn != 1:
                continue
            progress(f"{title}: round {turn}/{options.rounds}: {peer.name}")
            try:
                took, said = _run(peer, options, more)
                if cold and took < SHORT and not options.quick:
                    runs = [_run(peer, options, more) for _ in range(AGAIN)]
                    took, said = sorted(runs, key=lambda run: run[0])[AGAIN // 2]
            except RuntimeError as error:
                if not peer.elsewhere:
                    raise
                # A peer that cannot run here (another version, another system) is no reason to stop.
                report.skipped[peer.name] = f"which failed: {error}"
                present.remove(peer)
                continue
            if turn:
                report.notes[peer.name] = said.get("note", "")
                for row, value in {**({PROCESS: took} if cold else {}), **said.get("rows", {})}.items():
                    report.add(row, peer.name, turn, value)
    progress("")
    return report


def _run(peer: Peer, options: argparse.Namespace, more: Sequence[str]) -> tuple[float, dict[str, Any]]:
    """One process of a peer: seconds from start to exit, and what it said."""
    told, env = command(peer, options, *more), environment(peer)
    start = time.perf_counter()
    done = subprocess.run(told, env=env, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise RuntimeError(f"{peer.name}: {last}")
    lines = done.stdout.strip().splitlines()
    return took, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}


def find(peers: Sequence[Peer], options: argparse.Namespace, report: Report) -> list[Peer]:
    """The peers whose modules and commands are there; notes the machine, the versions and the skipped ones.

    options.where tells then which Python runs each of them.
    """
    report.machine |= machine()
    options.where = getattr(options, "where", {})
    here = [peer for peer in peers if not peer.elsewhere]
    present = _found_in(sys.executable, here, "here", options, report)
    for k, python in enumerate(options.pythons):
        waiting = [peer for peer in peers if peer.elsewhere and peer not in present]
        present += _found_in(python, waiting, f"peers {k + 1}", options, report)
    for peer in list(present):
        if absent := [name for name in peer.commands if shutil.which(name) is None]:
            report.skipped[peer.name] = f"because {', '.join(absent)} is not on PATH"
            present.remove(peer)
    for peer in peers:
        if peer not in present and peer.name not in report.skipped:
            where = "a Python of the peers" if peer.elsewhere else "this Python"
            report.skipped[peer.name] = f"because {', '.join(peer.needs)} is not installed in {where}"
    return sorted(present, key=list(peers).index)


def _found_in(
    python: str, peers: list[Peer], place: str, options: argparse.Namespace, report: Report
) -> list[Peer]:
    if not peers:
        return []
    names = {"numpy", *(name for peer in peers for name in peer.needs)}
    told = [python, "-c", _PROBE, *sorted(names)]
    out = subprocess.run(told, env=environment(peers[0]), capture_output=True, text=True, check=True)
    version, found, blas = json.loads(out.stdout)
    present = [peer for peer in peers if all(name in found for name in peer.needs)]
    if present:
        versions = ", ".join(f"{name} {number}" for name, number in found.items())
        report.machine[place] = f"Python {version}, {versions}; BLAS: {blas}"
    options.where |= {peer.name: python for peer in present}
    return present


def machine() -> dict[str, str]:
    """What the numbers were taken on, and how busy it was: what others compute meanwhile makes them worse."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    about = f"{platform.system()} {platform.machine()}, {_processor()}{cores} cores{load}"
    return {"machine": about, "date": time.strftime("%Y-%m-%d %H:%M"), "threads": "1 for each library"}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((f"{line.split(':')[1].strip()}, " for line in lines if line.startswith("model name")), "")


def progress(line: str) -> None:
    """Where it is, if somebody watches."""
    if sys.stderr.isatty():
        print(line[:99].ljust(100), end="\r", file=sys.stderr, flush=True)


def options(description: str, *more: tuple[str, dict[str, Any]]) -> argparse.Namespace:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description.strip().splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each peer is asked (default: 5)")
    parser.add_argument(
        "--python",
        action="append",
        metavar="PATH",
        help=f"where peers are installed; may be given several times (default: ${PLACES}, then the "
        "environments that make_peers.py made, then here)",
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run? The numbers are noise")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything measured to FILE")
    for name, how in more:
        parser.add_argument(name, **how)
    chosen = parser.parse_args()
    if chosen.rounds < 1:
        parser.error(f"--rounds is a number of rounds, 1 or more; got {chosen.rounds}")
    made = sorted(str(p) for p in HERE.glob(".peers/*/bin/python"))
    named = os.environ.get(PLACES, "").split(os.pathsep) if os.environ.get(PLACES) else []
    chosen.pythons = chosen.python or named or [*made, sys.executable]
    return chosen


def main(benchmark: Benchmark, description: str | None) -> None:
    """Take one benchmark; print its tables; write the file that was asked for."""
    chosen = options(description or "")
    report = benchmark.take(chosen)
    print(as_text(report, benchmark.rows, benchmark.goals))
    if chosen.json:
        chosen.json.write_text(json.dumps(report.as_json(), indent=1) + "\n", encoding="utf-8")


__all__ = ["OURS", "PROCESS", "Benchmark", "Goal", "Peer", "Plot", "main", "measure"]
