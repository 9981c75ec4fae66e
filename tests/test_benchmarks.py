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
        ("xor_process.py", {"process:", "training:"}, "NumPy by hand"),
        ("pictures.py", {"svg:", "text:", "mermaid:", "dot:", "json:"}, "Graphviz dot"),
        ("drawing.py", {"xor:", "thousand:", "hundred thousand, collapsed:"}, "times the memory"),
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
