"""What this library saves, the real Keras opens, and the other way round: predictions, weights, optimizer
state, and one more epoch of training.

Runs where Keras is: in the interpreter that the variable MICROTENSOR_KERAS_PYTHON names, or in this one.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from . import side
from .cases import CASES, RANDOM

ROOT = Path(__file__).parents[2]
KERAS = os.environ.get("MICROTENSOR_KERAS_PYTHON") or (
    sys.executable if importlib.util.find_spec("keras") else None
)
pytestmark = [
    pytest.mark.skipif(
        KERAS is None, reason="Keras is not here; MICROTENSOR_KERAS_PYTHON names its interpreter"
    ),
    pytest.mark.xdist_group("interop"),
]


def run(kind: str, task: str, *folders: Path) -> None:
    python = KERAS if kind == "keras" else sys.executable
    assert python is not None
    done = subprocess.run(
        [python, "-m", "tests.interop.side", kind, task, *map(str, folders)],
        cwd=ROOT,
        env={**os.environ, "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "jax"), "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, tuple[Any, Any]]]:
    """For each writer and case: what the writer noted, and what both readers did."""
    folder = tmp_path_factory.mktemp("exchange")
    noted: dict[str, dict[str, Any]] = {}
    for writer in ("ours", "keras"):
        (folder / writer).mkdir()
        run(writer, "write", folder / writer)
        for reader in ("ours", "keras"):
            (folder / f"{writer}-{reader}").mkdir()
            run(reader, "read", folder / writer, folder / f"{writer}-{reader}")
        noted[writer] = {
            name: [
                json.loads((folder / where / f"{name}.json").read_text())
                for where in (writer, f"{writer}-ours", f"{writer}-keras")
            ]
            for name in CASES
        }
    return noted


def close(mine: Any, theirs: Any, tolerance: float) -> None:
    assert len(mine) == len(theirs)
    for a, b in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("writer", ["ours", "keras"])
def test_a_model_is_the_same_on_both_sides(exchanged: Any, writer: str, name: str) -> None:
    written, ours, theirs = exchanged[writer][name]
    assert "error" not in written, written["error"]
    for reader, read in (("ours", ours), ("keras", theirs)):
        assert "error" not in read, f"{reader}: {read['error']}"
        assert read["warnings"] == [], reader
        for key in ("predict", "weights", "optimizer"):
            close(read["keras"][key], written[key], 2e-6)
        for kind in ("h5", "weights.h5"):
            close(read[kind]["predict"], written["predict"], 2e-6)
    if name not in RANDOM:
        for key in ("predict", "weights", "optimizer"):
            close(ours["trained on"][key], theirs["trained on"][key], 2e-5)


def test_the_cases_are_ten_and_more() -> None:
    assert len(CASES) >= 10
    assert set(CASES) >= RANDOM
    assert side.BATCH > 1
