"""The README's code runs, and its picture is what the code draws."""

import random
import re
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


def test_the_picture_is_current():
    from microtensor import graph, lecture
    from microtensor.keras.backend import clear_session

    clear_session()  # as the command does before each gate
    states = random.getstate(), np.random.get_state()
    drawn = graph.draw(lecture.one_step(lecture.train("xor").model), lang="en")._repr_svg_()
    random.setstate(states[0])
    np.random.set_state(states[1])
    kept = (ROOT / "docs" / "xor_graph.svg").read_text("utf-8")
    numbers = r"[−+-]?\d+\.\d+|\b[td][0-9a-f]{10}\b"  # they may differ in the last digits between machines
    assert re.sub(numbers, "#", kept) == re.sub(numbers, "#", drawn), (
        "run: python -m microtensor --gate xor --lang en --out docs"
    )
