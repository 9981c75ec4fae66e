"""What a pass has done to a program: each row says what became of it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import microtensor as mt
from microtensor.graph import compare
from microtensor.graph.comparing import GROUNDS, MARKS
from microtensor.program import Program, capture
from microtensor.program.passes import PASSES, fuse, lower, prune, stages

from .test_programs import program, words_in


def swapped(made: Program, k: int) -> Program:
    """Two neighbours that do not need each other, the other way round."""
    rows = list(made.rows)
    rows[k], rows[k + 1] = rows[k + 1], rows[k]
    return made.replace(rows=rows)


def independent() -> Program:
    def two(x: mt.Tensor) -> list[mt.Tensor]:
        return [mt.exp(x), mt.sin(x), mt.cos(x)]

    return capture(two, mt.Tensor(1.0), names=["x"]).program


def test_a_comparison_says_what_is_gone_new_and_the_same() -> None:
    before = program()
    after = lower(before)
    shown = compare(before, after)
    assert any("sigmoid" in line for line in shown.gone)
    assert any("exp" in line for line in shown.new)
    assert [a for a, _ in shown.rows if a and a.mark == "same" and "matmul" in a.text]
    assert [a.text for a, _ in shown.rows if a] == [str(row) for row in before.rows]
    assert [b.text for _, b in shown.rows if b] == [str(row) for row in after.rows]
    assert shown.text.count("\n− ") == len(shown.gone)
    assert shown.text.count("\n+ ") == len(shown.new)


def test_a_row_that_merely_moved_is_not_gone_and_new() -> None:
    before = independent()
    shown = compare(before, swapped(before, 1), lang="en")
    assert (shown.gone, shown.new, shown.changed) == ([], [], [])
    assert len(shown.moved) == 1
    assert shown.title == "3 operations, then 3: 1 moved"
    assert shown.text.count("\n↕ ") == 1
    assert len(shown.text.splitlines()) == 4, "a row is written once, where it is now"
    assert words_in(shown.svg).count("↕") == 3, "in each column, and in the legend"
    assert shown.svg.count('<path class="axis"') == 1


def test_a_row_that_reads_something_else_is_changed() -> None:
    before = independent()
    x, first = before.inputs[0], before.rows[0].result
    last = before.rows[2].reading((first,))
    shown = compare(before, before.replace(rows=[*before.rows[:2], last]), lang="en")
    assert (shown.gone, shown.new, shown.moved) == ([], [], [])
    assert shown.changed == [str(last)]
    assert str(x) in next(a.text for a, _ in shown.rows if a and a.mark == "changed")
    assert f"\n~   {last}" in shown.text


@pytest.mark.parametrize("each", PASSES)
def test_every_pass_can_be_shown(each: Callable[[Program], Program], tmp_path: Path) -> None:
    before = program()
    after = each(before)
    shown = compare(before, after)
    ET.parse(shown.save(tmp_path / "pass.svg"))
    assert (shown.save(tmp_path / "pass.txt")).read_text(encoding="utf-8") == shown.text + "\n"
    assert compare(before, each(before)).svg == shown.svg
    kept = len(before.rows) - len(shown.gone)
    assert kept + len(shown.new) == len(after.rows)
    assert len(shown.text.splitlines()) == 1 + len(after.rows) + len(shown.gone)


def test_rows_that_run_as_one_have_a_bar() -> None:
    before = lower(program())
    shown = compare(before, fuse(before))
    together = sum(bool(row.group) for row in fuse(before).rows)
    assert together
    assert shown.text.count(" | ") == together
    assert shown.svg.count('class="bar"') == together + 1, "and in the legend"


def test_all_passes_in_a_row_leave_each_row_accounted_for() -> None:
    made = program()
    for _, after in stages(made):
        shown = compare(made, after)
        marks = [line.mark for pair in shown.rows for line in pair if line is not None]
        assert set(marks) <= {*GROUNDS, "same"}
        left = [a for a, _ in shown.rows if a]
        assert sum(a.mark == "moved" for a in left) == len(shown.moved)
        assert sum(a.mark == "changed" for a in left) == len(shown.changed)
        made = after


def test_nothing_done_is_no_mark() -> None:
    before = prune(program())
    shown = compare(before, before, lang="en")
    assert (shown.gone, shown.new, shown.changed, shown.moved) == ([], [], [], [])
    assert not [line for line in shown.text.splitlines() if line[0] in "−+~↕"]
    assert ":" not in shown.title


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", {"before", "after", "gone"}), ("ko", {"전", "후", "없어짐"}),
     ("both", {"before · 전", "after · 후", "gone · 없어짐"})],
)  # fmt: skip
def test_the_words_are_of_the_language(lang: str, words: set[str]) -> None:
    shown = compare(program(), lower(program()), lang=lang)
    assert words <= set(words_in(shown.svg))
    assert bool(re.search("[가-힣]", shown.title)) == (lang != "en")
    with pytest.raises(ValueError, match="lang is one of"):
        compare(program(), program(), lang="fr")


def test_nothing_stands_outside_of_the_picture() -> None:
    for name in ("w", "a_weight_with_a_very_long_name_that_is_longer_than_most"):
        w = mt.Tensor(np.ones((2, 2), np.float32), requires_grad=True, name=name)
        made = capture(lambda x, w=w: mt.sum((x @ w).exp() * 2.0), mt.Tensor([[1.0, 2.0]]), names=["x"])
        shown = compare(made.program, lower(made.program), title="t" * 90)
        root = ET.fromstring(shown.svg)
        wide, high = (float(number) for number in root.attrib["viewBox"].split()[2:])
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            words, code = "".join(text.itertext()), "white-space:pre" in text.attrib.get("style", "")
            needed = len(words) * 9.5 * 0.605 if code else 0.0
            assert float(text.attrib["x"]) + needed <= wide
            assert float(text.attrib["y"]) < high


def test_wrong_calls_are_answered_in_sentences(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="compare takes two programs"):
        compare(program(), 3)
    with pytest.raises(ValueError, match=r"one of .svg, .txt; got 'x.png'"):
        compare(program(), program()).save(tmp_path / "x.png")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        compare(program(), program()).save(tmp_path / "nowhere" / "x.svg")
    assert set(GROUNDS) < set(MARKS)
