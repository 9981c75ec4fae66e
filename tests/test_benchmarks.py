"""The benchmark programs run, and say what they measured. No test asserts a time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("program", "rows", "peer"),
    [
        ("operations.py", {"add", "ten layers", "chain"}, "NumPy by hand"),
        ("and_process.py", {"process:", "training:"}, "micrograd"),
        ("xor_process.py", {"process:", "training:"}, "NumPy by hand"),
        ("xor_warm.py", {"again:", "new:", "bar:"}, "jit_compile=True"),
        ("pictures.py", {"svg:", "text:", "mermaid:", "dot:", "json:"}, "Graphviz dot"),
        ("importing.py", {"import:"}, "NumPy alone"),
        ("memory.py", {"peak memory"}, "NumPy and the data"),
        ("mlp.py", {"adam, fit, 1 thread | batch 32", "matmuls alone, 2 threads"}, "NumPy by hand"),
        ("nets.py", {"784-512-512-10 | fit", "50 layers of 64 | step"}, "NumPy by hand"),
        ("growth.py", {"layers of 64, batch 32 | 2", "first step"}, "jit_compile=True"),
    ],
)
def test_a_benchmark_runs_and_names_its_rows(program, rows, peer, tmp_path):
    path = tmp_path / "measured.json"
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / program, "--rounds", "1", "--quick", "--json", path],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for row in rows:
        assert row in done.stdout
    assert peer in done.stdout
    assert json.loads(path.read_text("utf-8"))


def test_a_peer_whose_program_is_not_on_the_path_is_skipped(monkeypatch, tmp_path):
    """`pictures.py` stopped with a RuntimeError where Graphviz is not installed."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.setenv("PATH", str(tmp_path))
    from argparse import Namespace

    from harness import Peer, Report, find

    def peer(name, *commands):
        return Peer(name, "gate_numpy", ("numpy",), elsewhere=False, commands=commands)

    report = Report("", 1)
    present = find([peer("ours"), peer("dot", "dot")], Namespace(pythons=[]), report)
    assert [one.name for one in present] == ["ours"]
    assert report.skipped == {"dot": "because dot is not on PATH"}


def test_results_are_written_from_what_was_measured(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks/run.py", "--quick", "--rounds", "1", "--out", tmp_path]
        + ["--only", "xor_warm", "growth"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    text = (tmp_path / "RESULTS.md").read_text("utf-8")
    assert "| XOR, 8,000 steps inside a warm fit | ≤ 8.00 ms |" in text
    assert "![A step, by the number of layers](results/growth_layers.svg)" in text
    measured = json.loads((tmp_path / "results/xor_warm.json").read_text("utf-8"))
    assert set(measured["values"]) == {"again", "new", "bar"}
    assert (tmp_path / "results/growth_layers.svg").read_text("utf-8").startswith("<svg")


def test_goals_are_judged_by_the_median_of_ratios_within_a_round(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from report import Goal, Report

    report = Report("", 3)
    for turn, ours, slow, fast in ((1, 1.0, 4.0, 2.0), (2, 9.0, 36.0, 6.0), (3, 2.0, 2.0, 1.0)):
        for peer, seconds in (("microtensor", ours), ("slow", slow), ("fast", fast)):
            report.add("row", peer, turn, seconds)
    goal = Goal("faster than all", "row", 1.0, "all")
    assert goal.reached(report) == [0.5, 1.5, 2.0]
    assert goal.judged(report) == "| faster than all | ≤ 1 | 1.5 (0.5 .. 2) | **missed** |"
    assert goal._replace(but=("fast",)).judged(report).endswith("| reached |")
    assert Goal("less", "row", 1.0, ("row", "slow"), minus=True).reached(report) == [-3.0, -27.0, 0.0]
    assert (
        Goal("alone", "row", 2.0).judged(report)
        == "| alone | ≤ 2.00 s | 2.00 s (1.00 s .. 9.00 s) | reached |"
    )
    for turn in (1, 2, 3):
        report.add("other", "microtensor", turn, 5.0)
        report.add("other", "slow", turn, 1.0)
    assert Goal("both", "row", 1.0, ("", "slow"), also=("other",)).reached(report) == [5.0, 5.0, 5.0]
    assert Goal("nobody", "row", 1.0, ("row", "none")).judged(report).endswith("| not measured |")
