"""The benchmarks run and name what they measure. No time is asserted: machines differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def run(program: str, *arguments: str, **environment: str) -> str:
    command = [sys.executable, str(BENCHMARKS / program), "--rounds", "1", "--quick", *arguments]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    ("program", "rows", "peers"),
    [
        (
            "operations.py",
            ["add", "scalar add", "ten layers", "ten layers, library's own", "chain", "chain, free"],
            ["NumPy by hand", "PyTorch", "MyGrad", "autograd", "micrograd"],
        ),
        (
            "xor_process.py",
            ["process", "training"],
            ["NumPy by hand", "a process that only imports NumPy", "micrograd", "PyTorch"],
        ),
    ],
)
def test_it_runs_and_names_its_rows(program: str, rows: list[str], peers: list[str], tmp_path: Path) -> None:
    file = tmp_path / "measured.json"
    # The forced kernel would be used by whoever sees it: measured processes must not.
    printed = run(program, "--json", str(file), OPENBLAS_CORETYPE="nonsense")
    measured = json.loads(file.read_text())
    for row in rows:
        assert f"\n{row}: " in printed
        assert measured["rows"][row]["microtensor"]["median"] > 0
    for peer in peers:
        assert peer in printed  # measured, or skipped in words
        there = any(peer in of_row for of_row in measured["rows"].values())
        assert there != (peer in measured["skipped"])


def test_all_programs_learn_the_same_xor() -> None:
    printed = run("xor_process.py")
    losses = {line.split("loss ")[1] for line in printed.splitlines() if " loss 0" in line}
    assert {loss[:4] for loss in losses} == {"0.26"}  # after --quick's 20 epochs


def test_a_number_of_rounds_that_is_none_is_refused() -> None:
    command = [sys.executable, str(BENCHMARKS / "operations.py"), "--rounds", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "1 or more; got 0" in done.stderr


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import harness

    yield harness
    sys.modules.pop("harness")


def test_what_is_not_installed_is_skipped_in_words(harness) -> None:
    peers = [
        harness.Peer("floor", "xor_import_numpy", ("numpy",)),
        harness.Peer("Absent", "xor_numpy", ("a_module_that_is_not_there",)),
        harness.Peer("Broken", "a_program_that_is_not_there"),
    ]
    options = harness.argparse.Namespace(rounds=1, python=sys.executable, quick=True, json=None)
    report = harness.measure("title", peers, options, cold=True)
    assert list(report.seconds["process"]) == ["floor"]
    text = report.as_text({})
    assert "skipped: Absent, because a_module_that_is_not_there is not installed in the Python" in text
    assert "skipped: Broken, which failed: " in text


def test_measured_processes_see_fixed_threads_and_no_forced_kernel(harness, monkeypatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "nonsense")
    monkeypatch.setenv("OMP_NUM_THREADS", "64")
    seen = harness.environment(harness.Peer("any", "any"))
    assert "OPENBLAS_CORETYPE" not in seen
    assert seen["OMP_NUM_THREADS"] == seen["OPENBLAS_NUM_THREADS"] == "1"


def test_ratios_are_taken_round_by_round(harness) -> None:
    report = harness.Report(
        "title", 3, {}, {"row": {"microtensor": [1.0, 2.0, 6.0], "other": [2.0, 8.0, 6.0]}}
    )
    assert report.ratios("row", "other") == [0.5, 0.25, 1.0]
    assert harness.spread(report.ratios("row", "other")) == "0.5 (0.25 .. 1)"
    assert [harness.duration(s) for s in (2.0, 0.0123, 1.5e-6, 7e-8)] == [
        "2.00 s",
        "12.3 ms",
        "1.50 us",
        "70 ns",
    ]
