"""Families of operations are loaded when they are needed, and nobody who looks something up notices."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import microtensor as mt
from microtensor.core import operations

SELDOM = {"convolution", "decompositions", "gating", "inverse", "joining", "likelihood", "margin", "measures"}
SELDOM |= {"piecewise"}


def loaded_after(code: str, prefix: str = f"{operations.__name__}.") -> set[str]:
    """The families (or other modules of ours) that are loaded when a fresh process has run this."""
    told = "import sys, numpy as np, microtensor as mt\n" + code + "\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", told],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(mt.__file__).parent.parent), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return {name.removeprefix(prefix) for name in done.stdout.split() if name.startswith(prefix)}


TRAINING = """
model = mt.keras.Sequential([mt.keras.layers.Dense(2, "sigmoid", input_shape=(2,)), mt.keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.eye(2), np.eye(2)[:, :1], batch_size=1, epochs=2, verbose=0)
"""


def test_a_small_net_is_trained_without_most_families():
    assert not loaded_after(TRAINING) & SELDOM


def test_nor_is_loaded_what_it_does_not_ask_for():
    others = {"callbacks.progress_logger", "constraints", "losses.crossentropies", "regularizers"}
    assert not loaded_after(TRAINING, "microtensor.nn.") & others
    assert not loaded_after(TRAINING, "numpy.random")
    assert not loaded_after(TRAINING, "microtensor.optim.") & {"accumulation", "averaging", "clipping"}


@pytest.mark.parametrize(
    "code",
    [
        "assert mt.linalg.det(np.eye(2)).numpy() == 1",
        "assert np.linalg.det(mt.Tensor(np.eye(2))).numpy() == 1",
        "assert mt.core.registry['det'].name == 'det'",
        "assert mt.core.registry.get('det') is not None",
        "assert 'det' in mt.core.registry",
        "assert 'det' in {*mt.core.registry}",
        "assert mt.core.operations.measures.det.name == 'det'",
        "import pickle; pickle.loads(b'cmicrotensor.core.operations.table\\nentry\\n(Vdet\\ntR.')",
    ],
)
def test_whoever_asks_for_an_operation_finds_it(code):
    assert "measures" not in loaded_after("")
    assert "measures" in loaded_after(code)


MANNERS = {"__init__", "bits", "calling", "decorating", "dtypes", "formula", "gradient_names", "methods"}
MANNERS |= {"table", "typesetting"}


def test_every_other_file_is_a_family():
    files = {path.stem for path in Path(operations.__file__).parent.glob("*.py")}
    assert files - MANNERS == set(operations.FAMILIES)
    assert set(operations.FAMILIES) <= set(dir(operations))


def test_an_unknown_family_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = operations.nothing


@pytest.mark.parametrize("name", ["add", "sin", "gelu", "det"])
def test_a_name_of_a_family_that_is_not_loaded_is_taken(name):
    """Else the family would fail when somebody needs it, far from the cause."""
    loaded_after(f"""
from microtensor.core.operations.table import operation
try:
    operation({name!r}, lambda x: x, lambda g, y, x: g)
except ValueError as error:
    assert "already" in str(error)
else:
    raise AssertionError("taken twice")
assert float((mt.Tensor(1.0) + 1).exp()) > 7
""")
