"""What a test needs from the machine and does not find there."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def missing(sentence: str) -> NoReturn:
    """Skipped where somebody tries the suite; a failure where it is the gate."""
    if os.environ.get("CI"):
        pytest.fail(f"{sentence} CI has to have it.", pytrace=False)
    pytest.skip(sentence)


def dot_program() -> str:
    """Where the `dot` program is."""
    return shutil.which("dot") or missing("the program dot is not on PATH: install Graphviz.")
