"""AND's 400 epochs as the lecture runs them, as a cold process: from `python` to its exit.

python benchmarks/and_process.py [--rounds N] [--python PEERS_PYTHON] [--json FILE]
"""

from __future__ import annotations

from gates import benchmark
from harness import main

BENCHMARK = benchmark("AND", 400)

if __name__ == "__main__":
    main(BENCHMARK, __doc__)
