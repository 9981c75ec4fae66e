"""Captured programs drawn, and what a pass has done to one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import microtensor as mt
from microtensor.graph import compare, draw
from microtensor.program import Program, capture
from microtensor.program.passes import PASSES, lower, prune


def program() -> Program:
    w = mt.Tensor([[0.5], [-1.0]], requires_grad=True, name="w")

    def step(x: mt.Tensor) -> mt.Tensor:
        with mt.scope("dense"):
            loss = mt.mean((mt.sigmoid(x @ w) - 1.0) ** 2)
        w.assign(w.detach() - 0.3 * mt.autograd.grad(loss, w))
        return loss

    return capture(step, mt.Tensor([[1.0, 0.0]]), names=["x"], name="step").program


def test_every_row_is_a_card_and_nothing_has_a_number() -> None:
    made = program()
    drawing = draw(made, lang="en")
    assert drawing.graph.operations == len(made.rows)
    assert {node.role for node in drawing.graph.nodes} >= {"input", "weight"}
    root = ET.fromstring(drawing.svg)
    words = {"".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert any("sigmoid" in word for word in words)
    assert any("matmul" in word for word in words)
    assert draw(made, lang="en").svg == drawing.svg


def test_a_comparison_says_what_is_gone_new_and_the_same() -> None:
    before = program()
    after = lower(before)
    shown = compare(before, after)
    assert any("sigmoid" in line for line in shown.gone)
    assert any("exp" in line for line in shown.new)
    assert [a for a, b in shown.rows if a == b and "matmul" in a]
    assert [a for a, _ in shown.rows if a] == shown.before
    assert [b for _, b in shown.rows if b] == shown.after
    assert len(shown.before) == len(before.rows)
    assert shown.text.count("\n− ") == len(shown.gone)
    assert shown.text.count("\n+ ") == len(shown.new)


@pytest.mark.parametrize("each", PASSES)
def test_every_pass_can_be_shown(each: object, tmp_path: Path) -> None:
    before = program()
    shown = compare(before, each(before))  # type: ignore[operator]
    ET.parse(shown.save(tmp_path / "pass.svg"))
    assert (shown.save(tmp_path / "pass.txt")).read_text(encoding="utf-8") == shown.text + "\n"
    assert compare(before, each(before)).svg == shown.svg  # type: ignore[operator]


def test_nothing_done_is_no_mark() -> None:
    before = prune(program())
    shown = compare(before, before)
    assert (shown.gone, shown.new) == ([], [])
    assert "−" not in shown.text


def test_wrong_calls_are_answered_in_sentences(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="compare takes two programs"):
        compare(program(), 3)
    with pytest.raises(ValueError, match=r"saved as .svg or .txt; got 'x.png'"):
        compare(program(), program()).save(tmp_path / "x.png")
