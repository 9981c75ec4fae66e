"""Captured programs drawn, and what a pass has done to one."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

import microtensor as mt
from microtensor.graph import draw
from microtensor.graph.references import referenced
from microtensor.program import Program, capture
from microtensor.program.passes import PASSES


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


def words_in(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("each", [None, *PASSES])
def test_what_a_program_assigns_is_drawn(each: Any) -> None:
    """Nothing said that w becomes anything: the last subtraction stood there as if it were for nothing."""
    made = program() if each is None else each(program())
    drawing = draw(made, lang="en")
    (update,) = (node for node in drawing.graph.nodes if node.kind == "update")
    ((_, value),) = made.updates
    assert update.formula == f"w ← {value}"
    assert drawing.graph.operations == len(made.rows)
    (edge,) = (edge for edge in drawing.graph.edges if edge.target == update.id)
    assert drawing.graph.node(edge.source).symbol == str(value)
    assert "1 new value" in drawing.text.splitlines()[0]
    assert f"← #{drawing.graph.node(edge.source).number}" in drawing.text.splitlines()[-1]
    for text in (drawing.svg, drawing.dot, drawing.mermaid.replace("#37;", "%")):
        assert f"w ← {value}" in text


def test_constants_show_their_numbers() -> None:
    scale, one = mt.Tensor([2.5, -4.0]), mt.Tensor(1.5)
    made = capture(lambda x: x * scale + one, mt.Tensor([1.0, 2.0]), names=["x"]).program
    assert len(made.constants) == 2 or made.states  # whichever way a tensor from outside comes in
    known = made.replace(states=(), constants={v: t.numpy() for v, t in zip(
        made.states or made.constants, (scale, one), strict=True)})  # fmt: skip
    words = words_in(draw(known, lang="en").svg)
    assert {"2.500", "−4.000", "1.5"} <= set(words)


@pytest.mark.parametrize(
    ("lang", "names"),
    [("en", {"dense · backward", "backward"}), ("ko", {"dense · 역전파", "역전파"})],
)
def test_what_runs_backward_is_called_so(lang: str, names: set[str]) -> None:
    """A frame was called `'`."""
    x = mt.Tensor([[1.0, 0.0]])
    w = mt.Tensor([[0.5], [-1.0]], requires_grad=True, name="w")

    def step(x: mt.Tensor) -> mt.Tensor:
        with mt.scope("dense"):
            h = mt.sigmoid(x @ w)
        w.assign(w.detach() - mt.autograd.grad(mt.mean(h * h), w))
        return h

    drawing = draw(capture(step, x, names=["x"]).program, lang=lang)
    found = re.findall(r'<text class="name"[^>]*>(.*?)</text>', drawing.svg)
    assert {name.split(" · 2 ")[0] for name in found} >= names
    assert not [name for name in found if "'" in name or "&#39;" in name]
    assert {node.scope for node in drawing.graph.nodes} == {"", "dense", "dense/backward", "backward"}


def test_what_stands_far_away_is_named_and_not_pointed_at() -> None:
    made = program()
    drawing = draw(made, lang="en")
    pictured = referenced(drawing.graph, "en")
    again = [node for node in pictured.nodes if node.kind == "reference"]
    assert {node.label for node in again} >= {"x", "w"}
    assert pictured.operations == drawing.graph.operations
    assert len(pictured.edges) == len(drawing.graph.edges)
    back = [e for e in pictured.edges if pictured.node(e.target).scope.endswith("backward")]
    sources = [pictured.node(e.source) for e in back]
    assert sum(bool(s.number) and not s.scope.endswith("backward") for s in sources) == 1
    for node in again:  # each says whose value it is
        assert node.id in draw(made, lang="en").svg
        assert node.formula.removeprefix("= ") in {n.id for n in drawing.graph.nodes} | {"input"}


def test_layers_of_a_program_are_cards_without_frames() -> None:
    svg = draw(program(), style="layers", lang="en").svg
    assert 'class="frame"' not in svg
    assert "dense/backward" in words_in(svg)
