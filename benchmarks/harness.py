"""Measuring several libraries side by side, so that the ratios can be believed.

The one idea: seconds on a shared machine mean little, the ratio of two of them taken one right after the
other means much. Every peer is a program of its own in `peers/`, run in a process of its own, so that no
library disturbs another's threads, memory or collector. A round runs each peer once; a ratio is taken within
a round; what is shown is the median of the rounds, with the smallest and the largest beside it. One round
before the first is not counted: it warms the disk and writes the compiled bytecode.

What a peer's program prints last, `{"rows": {row: seconds}, "note": text}`, is what it measured itself.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
OURS = "microtensor"
PROCESS = "process"  # the row of a whole process, from start to exit

# One thread each: a net of this size gains nothing from more, and a shared machine gives no steady number.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
# The first two force another kernel than the one OpenBLAS would choose; the others would let a process import
# something else, or compile its bytecode anew each time.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")

# Run once in each interpreter that is used.
_PROBE = """
import importlib.metadata as m, importlib.util as u, json, platform, sys
names = sys.argv[1:]
found = [n for n in names if u.find_spec(n)]
def version(n):
    try: return m.version(n)
    except m.PackageNotFoundError: return getattr(__import__(n), "__version__", "unknown")
blas = "kernel unknown: threadpoolctl is not installed"
if u.find_spec("threadpoolctl"):
    import numpy, threadpoolctl
    blas = ", ".join(
        f"{i.get('internal_api')} {i.get('version')} {i.get('architecture', '')}"
        for i in threadpoolctl.threadpool_info() if i.get("user_api") == "blas"
    ) or "no BLAS found"
print(json.dumps([platform.python_version(), {n: version(n) for n in found}, blas]))
"""


@dataclass(frozen=True)
class Peer:
    """Somebody who is measured: the program `peers/<program>.py`, which needs the modules `needs`.

    `elsewhere`: it runs under `--python`, so that peers stay out of the project's own environment.
    """

    name: str
    program: str
    needs: tuple[str, ...] = ()
    elsewhere: bool = True


@dataclass
class Report:
    """What was measured: seconds[row][peer] has one entry for each round."""

    title: str
    rounds: int
    machine: dict[str, str]
    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)  # of peers: what they printed
    skipped: dict[str, str] = field(default_factory=dict)  # peer: why

    def ratios(self, row: str, peer: str) -> list[float]:
        """microtensor's time over the peer's, round by round. Below 1, microtensor is the faster one."""
        ours, theirs = self.seconds[row].get(OURS, []), self.seconds[row][peer]
        return [a / b for a, b in zip(ours, theirs, strict=False)]

    def as_json(self) -> dict[str, Any]:
        """Everything, for `--json`."""
        rows = {
            row: {
                peer: {"seconds": times, "median": median(times), "ratios": self.ratios(row, peer)}
                for peer, times in peers.items()
            }
            for row, peers in self.seconds.items()
        }
        about = {"title": self.title, "rounds": self.rounds, "machine": self.machine}
        return {**about, "rows": rows, "notes": self.notes, "skipped": self.skipped}

    def as_text(self, titles: dict[str, str]) -> str:
        """The tables, one for each row that was measured."""
        lines = [f"{self.title}; rounds: {self.rounds}", ""]
        lines += [f"  {what}: {is_}" for what, is_ in self.machine.items()]
        for row, peers in self.seconds.items():
            lines += ["", f"{row}: {titles[row]}" if row in titles else row]
            lines.append(f"  {'':34}{'median':>10}   {OURS} / peer (min .. max)")
            for peer, times in peers.items():
                note = f"   {self.notes[peer]}" if self.notes.get(peer) else ""
                ratio = "" if peer == OURS else spread(self.ratios(row, peer))
                lines.append(f"  {peer:34}{duration(median(times)):>10}   {ratio:24}{note}".rstrip())
        lines += ["", *(f"  skipped: {peer}, {why}" for peer, why in self.skipped.items())]
        return "\n".join(lines).rstrip()


def duration(seconds: float) -> str:
    """0.0000012 as "1.20 us"."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds >= 10 * size else f"{seconds / size:.2f} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def spread(ratios: Sequence[float]) -> str:
    """The median of some ratios, and how far they are apart."""
    return f"{median(ratios):.3g} ({min(ratios):.3g} .. {max(ratios):.3g})" if ratios else ""


def environment(peer: Peer) -> dict[str, str]:
    """What a measured process sees: threads fixed; nothing that bends NumPy's BLAS or Python's imports."""
    kept = {key: value for key, value in os.environ.items() if key not in UNSET}
    kept.update(dict.fromkeys(THREADS, "1"))
    return kept if peer.elsewhere else {**kept, "PYTHONPATH": str(HERE.parent)}


def measure(title: str, peers: Sequence[Peer], options: argparse.Namespace, cold: bool = False) -> Report:
    """Run the peers in rounds. `cold`: the row `process`, each whole process, is measured as well."""
    report = Report(title, options.rounds, {})
    present = _present(peers, options.python, report)
    for turn in range(options.rounds + 1):
        for peer in list(present):
            _progress(f"round {turn}/{options.rounds}: {peer.name}")
            try:
                took, said = _run(peer, options)
            except RuntimeError as error:
                if peer.name == OURS:
                    raise
                # A peer that cannot run here (another version, another system) is no reason to stop.
                report.skipped[peer.name] = f"which failed: {error}"
                present.remove(peer)
                continue
            if turn:
                report.notes[peer.name] = said.get("note", "")
                rows = {**({PROCESS: took} if cold else {}), **said.get("rows", {})}
                for row, seconds in rows.items():
                    report.seconds.setdefault(row, {}).setdefault(peer.name, []).append(seconds)
    _progress("")
    return report


def _run(peer: Peer, options: argparse.Namespace) -> tuple[float, dict[str, Any]]:
    """One process of a peer: seconds from start to exit, and what it said."""
    python = options.python if peer.elsewhere else sys.executable
    command = [python, str(HERE / "peers" / f"{peer.program}.py"), *(["quick"] if options.quick else [])]
    start = time.perf_counter()
    done = subprocess.run(command, env=environment(peer), capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise RuntimeError(f"{peer.name}: {last}")
    lines = done.stdout.strip().splitlines()
    return took, json.loads(lines[-1]) if lines else {}


def _present(peers: Sequence[Peer], python: str, report: Report) -> list[Peer]:
    """The peers whose modules are installed; notes the machine, the versions and the skipped ones."""
    report.machine["machine"] = f"{platform.system()} {platform.machine()}, {_cores()} cores" + _load()
    present: list[Peer] = []
    for elsewhere in (False, True):
        group = [peer for peer in peers if peer.elsewhere is elsewhere]
        if not group:
            continue
        names = {"numpy", *(name for peer in group for name in peer.needs)}
        command = [python if elsewhere else sys.executable, "-c", _PROBE, *sorted(names)]
        out = subprocess.run(command, env=environment(group[0]), capture_output=True, text=True, check=True)
        version, found, blas = json.loads(out.stdout)
        versions = ", ".join(f"{name} {number}" for name, number in found.items())
        report.machine["peers" if elsewhere else "here"] = f"Python {version}, {versions}; BLAS: {blas}"
        for peer in group:
            missing = [name for name in peer.needs if name not in found]
            if missing:
                where = "the Python of --python" if elsewhere else "this Python"
                report.skipped[peer.name] = f"because {', '.join(missing)} is not installed in {where}"
            else:
                present.append(peer)
    report.machine["threads"] = "1 for each library"
    return sorted(present, key=list(peers).index)


def _progress(line: str) -> None:
    if sys.stderr.isatty():
        print(line.ljust(60), end="\r", file=sys.stderr, flush=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load() -> str:
    """How busy the machine was: numbers taken while others compute are worth less."""
    return f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""


def options(description: str) -> argparse.Namespace:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description.strip().splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each peer runs (default: 5)")
    parser.add_argument(
        "--python",
        default=sys.executable,
        metavar="PATH",
        help="where the peers are installed (default: here)",
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run? The numbers are noise")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything measured to FILE")
    chosen = parser.parse_args()
    if chosen.rounds < 1:
        parser.error(f"--rounds is a number of rounds, 1 or more; got {chosen.rounds}")
    return chosen


def show(report: Report, titles: dict[str, str], chosen: argparse.Namespace) -> None:
    """Print the tables; write the file that was asked for."""
    print(report.as_text(titles))
    if chosen.json:
        chosen.json.write_text(json.dumps(report.as_json(), indent=1) + "\n", encoding="utf-8")
