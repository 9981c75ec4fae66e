"""`loss` at the end of a notebook's cell is its picture; other tensors are their text."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

import microtensor as mt
from microtensor import graph, notebook
from tests.graph.samples import chain, xor_loss


def test_a_loss_shows_its_graph():
    loss = xor_loss()
    bundle = loss._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"image/svg+xml": graph.draw(loss).svg, "text/plain": repr(loss)}
    ET.fromstring(bundle["image/svg+xml"])
    assert loss.grad is None


def test_what_has_no_graph_shows_its_text():
    w = mt.Variable([1.0])
    with mt.no_grad():
        unrecorded = w * 2.0
    for tensor in (w, mt.constant([1.0]), mt.constant([1.0]) * 2.0, unrecorded, (w * 2.0).detach()):
        assert tensor._repr_mimebundle_() == {}


def test_a_stale_graph_and_a_huge_one_do_not_disturb():
    w = mt.Variable(1.0)
    loss = w * w
    w.assign(2.0)
    assert loss._repr_mimebundle_() == {}
    assert chain(notebook.MOST + 1)._repr_mimebundle_() == {}
    assert "image/svg+xml" in chain(notebook.MOST)._repr_mimebundle_()
    x = mt.Variable(np.ones(2))
    for _ in range(200):
        x = x + x  # 2^200 paths
    assert "image/svg+xml" in x._repr_mimebundle_()


def test_pictures_are_loaded_by_who_asks(tmp_path: Path):
    code = (
        "import sys, microtensor as mt\n"
        "loss = mt.Variable(1.0) * 2.0\n"
        "assert 'microtensor.graph' not in sys.modules\n"
        "print(sorted(loss._repr_mimebundle_()))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True, text=True, cwd=tmp_path, env={"PYTHONPATH": str(Path(mt.__file__).parents[1])},
    )  # fmt: skip
    assert done.stdout == "['image/svg+xml', 'text/plain']\n", done.stderr
