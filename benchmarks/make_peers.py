"""Makes environments with the peers in `benchmarks/.peers`, where the other programs find them.

python benchmarks/make_peers.py [torch] [jax] [tensorflow] [others]

The one idea: libraries that want other versions of each other's needs stay apart, and all of them stay out of
the project's environment. pip is asked as it is configured here; with PyTorch's own index of CPU wheels in
PIP_EXTRA_INDEX_URL, two gigabytes less are loaded. tinygrad compiles with clang, which has to be there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import venv
from pathlib import Path

PLACE = Path(__file__).resolve().parent / ".peers"
GROUPS = {
    "torch": ("torch>=2.13", "keras>=3.15"),
    "jax": ("jax>=0.10", "keras>=3.15"),
    "tensorflow": ("tensorflow", "keras>=3.15"),
    "others": ("mygrad", "autograd", "micrograd", "tinygrad", "scikit-learn"),
}


def make(group: str) -> None:
    """One environment."""
    folder = PLACE / group
    venv.create(folder, with_pip=True, clear=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    told = [str(python), "-m", "pip", "install", "-q", "numpy", "threadpoolctl", *GROUPS[group]]
    subprocess.run(told, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="which (default: all)")
    for chosen in parser.parse_args().groups or GROUPS:
        print(f"{chosen}: {', '.join(GROUPS[chosen])}", flush=True)
        make(chosen)
