"""Flowcharts as Mermaid itself reads and draws them."""

from __future__ import annotations

from typing import Any

import pytest

from microtensor.graph import draw
from tests.graph.samples import diamond, fan_out, xor_loss

DRAWN = """async text => {
    const drawn = await mermaid.render('drawn', text);
    document.body.innerHTML = drawn.svg;
    const all = selector => [...document.body.querySelectorAll(selector)];
    const dashed = e => getComputedStyle(e).strokeDasharray.includes(',');
    return {
        nodes: all('.node').length,
        layers: all('.cluster').map(e => e.textContent.trim()),
        solid: all('.edgePaths path').filter(e => !dashed(e)).length,
        dashed: all('.edgePaths path').filter(dashed).length,
        labels: all('.edgeLabel .label').map(e => e.textContent.trim()).filter(text => text),
        cut: all('.node .nodeLabel').filter(e => e.scrollWidth > e.parentElement.scrollWidth + 1).length,
    };
}"""


@pytest.mark.parametrize("output", [xor_loss, diamond, lambda: fan_out(5)], ids=["xor", "diamond", "fan"])
def test_every_card_line_and_layer_is_drawn(mermaid: Any, output: Any) -> None:
    picture = draw(output())
    drawn = mermaid.evaluate(DRAWN, picture.mermaid)
    graph = picture.graph
    assert drawn["nodes"] == len(graph.nodes)
    assert len(drawn["layers"]) == len(graph.groups)
    assert drawn["solid"] == len(graph.edges)
    assert drawn["dashed"] == sum(edge.flows for edge in graph.edges)
    assert drawn["cut"] == 0


def test_labels_and_layers_say_what_the_svg_says(mermaid: Any) -> None:
    drawn = mermaid.evaluate(DRAWN, draw(xor_loss()).mermaid)
    assert sorted(drawn["layers"]) == ["dense · 6 params", "dense_1 · 3 params", "loss · 손실"]
    assert sorted(drawn["labels"]) == sorted(
        ["xᵀ·", *["×1"] * 4, "×h₃·(1−h₃)", "·Wᵀ", "h₃ᵀ·", "×h₆·(1−h₆)", "×2·(h₆−y)/N"]
    )


def test_the_largest_that_is_written_is_drawn(mermaid: Any) -> None:
    """A graph with more lines than Mermaid draws comes collapsed."""
    drawn = mermaid.evaluate(DRAWN, draw(fan_out(95)).mermaid)
    assert drawn["nodes"] > 2
