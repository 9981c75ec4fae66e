"""How large the wheel is that pip installs.

python benchmarks/wheel_size.py [--json FILE]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import HERE, Benchmark, Goal, main
from report import OURS, Report

ROW = "wheel"


def take(options: argparse.Namespace) -> Report:
    """One wheel: it does not change from round to round."""
    report = Report("The wheel", 1, unit="kB")
    with tempfile.TemporaryDirectory() as folder:
        told = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, str(HERE.parent)]
        done = subprocess.run(told, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["pip failed without a word"])[-1]
            report.skipped["the wheel"] = f"which pip could not make: {last}"
        else:
            report.add(ROW, OURS, 1, next(Path(folder).glob("*.whl")).stat().st_size / 1000)
    return report


BENCHMARK = Benchmark("The wheel", take, goals=(Goal("the wheel", ROW, 500.0),))

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
