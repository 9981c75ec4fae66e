"""The benchmark programs run, and say what they measured. No test asserts a time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("program", "rows"),
    [("operations.py", {"add", "ten layers", "chain"}), ("xor_process.py", {"process:", "training:"})],
)
def test_a_benchmark_runs_and_names_its_rows(program, rows, tmp_path):
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
    assert "NumPy by hand" in done.stdout
    assert json.loads(path.read_text("utf-8"))
