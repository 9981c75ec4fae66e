"""Everything, one benchmark after the other; writes RESULTS.md and its pictures.

python benchmarks/run.py [--only NAME ...] [--rounds N] [--python PEERS_PYTHON]

The one idea: what was measured is kept as it was told, in `results/*.json`, and RESULTS.md is made of these
files and of nothing else. So one benchmark may be taken again without the others, and no number is written by
hand. `--only` with no name writes RESULTS.md anew and measures nothing.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import numpy as np
from harness import HERE, Benchmark, options
from report import Plot, Report, as_markdown, as_text

sys.path.insert(0, str(HERE.parent))  # microtensor, which draws the pictures

NAMES = (
    *("and_process", "xor_process", "xor_warm", "operations", "importing", "wheel_size", "pictures"),
    *("memory", "mlp", "nets", "growth"),
)
KEPT = "results"
TAKEN = ("machine", "date", "threads")  # what is told of each report; the versions are told once


def benchmark(name: str) -> Benchmark:
    """The benchmark of a program in this folder."""
    found: Benchmark = importlib.import_module(name).BENCHMARK
    return found


def written(folder: Path) -> str:
    """RESULTS.md, from the files in the folder."""
    reports = {
        name: Report.of_json(json.loads(path.read_text("utf-8")))
        for name in NAMES
        if (path := folder / KEPT / f"{name}.json").exists()
    }
    lines = [
        "# Results",
        "",
        (
            "Written by `python benchmarks/run.py` from `results/*.json`; how it is measured is told in "
            "[README.md](README.md). A cell has the median of the rounds; beside it stands microtensor's "
            "value over the peer's, round by round: the median, then the smallest and the largest. **Below "
            "1, microtensor is the better one.**"
        ),
        "",
        "## Goals",
        "",
        "| | goal | measured (min .. max) | |",
        "|---|---|---|---|",
    ]
    for name, report in reports.items():
        lines += [goal.judged(report) for goal in benchmark(name).goals]
    told = [is_ for report in reports.values() for what, is_ in report.machine.items() if what not in TAKEN]
    packages, _, blas = (
        zip(*(line.partition("; BLAS: ") for line in told), strict=True) if told else ((), 0, ())
    )
    versions = sorted({each for line in packages for each in line.split(", ")}, key=str.lower)
    lines += ["", f"Versions: {', '.join(versions)}. BLAS: {'; '.join(sorted(set(blas)))}."]
    for name, report in reports.items():
        about = benchmark(name)
        lines += ["", f"## {about.title}", "", *([about.about, ""] if about.about else [])]
        taken = "; ".join(f"{what}: {report.machine[what]}" for what in TAKEN if what in report.machine)
        lines += [f"`{name}.py`, {report.rounds} rounds. {taken}.", as_markdown(report, about.rows)]
        for plot in about.plots:
            if paint(plot, report, folder / KEPT):
                lines += ["", f"![{plot.title}]({KEPT}/{plot.name}.svg)"]
    return "\n".join(lines).rstrip() + "\n"


def paint(plot: Plot, report: Report, folder: Path) -> bool:
    """The picture of some rows, if they were measured."""
    from microtensor.plot.panel import Line, Panel, limits
    from microtensor.plot.sheet import single

    lines = []
    for peer in plot.peers:
        found = [(x, report.median(row, peer)) for row, x in plot.points.items()]
        points = np.array([(x, seconds * 1e3) for x, seconds in found if seconds is not None])
        if len(points):
            lines.append(Line(points[:, 0], points[:, 1], len(lines), peer))
    if not lines:
        return False
    xs, ys = [line.x for line in lines], [line.y for line in lines]
    panel = Panel(
        plot.title,
        limits(*xs, log=True),
        limits(*ys, log=True),
        plot.x_label,
        "ms",
        lines=tuple(lines),
        log=True,
        log_x=True,
        ends=True,
    )
    single(panel, 640.0, 320.0).save(folder / f"{plot.name}.svg")
    return True


def run() -> None:
    """Measure what was asked for; write what is known."""
    only = ("--only", {"nargs": "*", "choices": NAMES, "help": "these alone (default: all)"})
    out = ("--out", {"type": Path, "default": HERE, "metavar": "FOLDER", "help": "where RESULTS.md goes"})
    chosen = options(__doc__ or "", only, out)
    kept = chosen.out / KEPT
    kept.mkdir(parents=True, exist_ok=True)
    for name in NAMES if chosen.only is None else chosen.only:
        report = benchmark(name).take(chosen)
        text = json.dumps(report.as_json(), indent=1) + "\n"
        (kept / f"{name}.json").write_text(text, encoding="utf-8")
        print(as_text(report, {}, benchmark(name).goals), "", sep="\n", flush=True)
        (chosen.out / "RESULTS.md").write_text(written(chosen.out), encoding="utf-8")
    (chosen.out / "RESULTS.md").write_text(written(chosen.out), encoding="utf-8")


if __name__ == "__main__":
    run()
