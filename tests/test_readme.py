"""The README's code runs, and its picture is what the code draws."""

import random
import re
import runpy
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_of_code_runs(block, capsys):
    states = random.getstate(), np.random.get_state()
    exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out
    random.setstate(states[0])
    np.random.set_state(states[1])


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_pictures_are_current():
    """All but numbers is as the code draws it, and what is drawn lies where it lay, up to rounding."""
    states = random.getstate(), np.random.get_state()
    make = runpy.run_path(str(ROOT / "docs" / "make_pictures.py"))
    drawn = make["pictures"]()
    random.setstate(states[0])
    np.random.set_state(states[1])
    assert set(drawn) == {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    for name, svg in drawn.items():
        assert f"docs/pictures/{name}" in README
        kept = (ROOT / "docs" / "pictures" / name).read_text("utf-8")
        assert re.sub(NUMBERS, "#", kept) == re.sub(NUMBERS, "#", svg), "run: python docs/make_pictures.py"
        for before, now in zip(boxes(kept), boxes(svg), strict=True):
            assert before == pytest.approx(now, abs=3.0), name


# What may differ in the last digits between machines: numbers, how many of them a path needs, and checksums.
NUMBERS = r' d="[^"]*"|[−+-]?\d+(,\d{3})*(\.\d+)?(e-?\d+)?|\b[td][0-9a-f]{10}\b'


def boxes(svg):
    """What each path without relative steps spans: left, right, top, bottom."""
    paths = re.findall(r' d="((?:[ML]?-?[\d.]+,-?[\d.]+|Z)+)"', svg)
    points = [np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", path), dtype=float) for path in paths]
    return [(*p.min(axis=0), *p.max(axis=0)) for p in points if len(p)]
