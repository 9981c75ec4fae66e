"""Large graphs: groups by layer, then by pattern; and how a picture is chosen by size, style and depth."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import microtensor as mt
from microtensor import Tensor
from microtensor.graph import draw, trace
from microtensor.graph.collapse import MAX_CARDS, collapse
from microtensor.graph.trace import larger

from .samples import chain, fan_out, xor_loss


def dense_net(layers: int, wide: int = 3) -> Tensor:
    x = mt.Variable(np.ones((2, 2)), name="x")
    for k in range(layers):
        with mt.scope(f"dense_{k}"):
            w = mt.Variable(np.ones((x.shape[1], wide)) * 0.1, name="kernel")
            x = mt.tanh(x @ w + 0.5)
    return x.sum()


def blocks(count: int) -> Tensor:
    x = mt.Variable([0.5, 0.1], name="x")
    for k in range(count):
        with mt.scope(f"block_{k}"):
            with mt.scope("attention"):
                h = mt.softmax(x * 2.0)
            x = x + h
            with mt.scope("mlp"):
                h = mt.relu(x * 0.5)
            x = x + h
    return x.sum()


def test_layers_that_repeat_are_one_card_which_says_how_often():
    shown = draw(dense_net(200), lang="en").shown
    cards = [(n.label, n.operations, n.formula) for n in shown.nodes if n.kind == "group"]
    assert cards == [
        ("dense_0", 3, "3 operations · 10 params"),  # its kernel has another shape; x belongs to it
        ("dense_1 … dense_199", 597, "199 × 3 operations · 1,791 params"),
    ]
    assert "601 operations in 3 groups" in draw(dense_net(200), lang="en").text


def test_patterns_may_be_several_layers_long():
    shown = draw(blocks(80), lang="en").shown
    cards = [(n.label, n.operations) for n in shown.nodes if n.kind == "group"]
    assert sum(n for _, n in cards) == 480
    assert max(cards, key=lambda card: card[1])[1] > 460
    assert len(cards) <= 5


@pytest.mark.parametrize("seed", range(4))
def test_no_layers_alternate_too_wildly(seed):
    rng, x = np.random.default_rng(seed), mt.Variable(0.5, name="x")
    made = [x]
    for _ in range(900):
        with mt.scope(f"s{rng.integers(50)}"):
            a, b = (made[rng.integers(max(0, len(made) - 20), len(made))] for _ in range(2))
            made.append((mt.tanh, mt.sin, mt.relu)[rng.integers(3)](a) + b)
    graph = trace(made[-1] + sum(made[-9:-1], x), detail=False)
    shown = collapse(graph, "en")
    assert shown.collapsed <= MAX_CARDS + 1
    assert sum(n.operations for n in shown.nodes if n.number) == graph.operations
    place = {node.id: k for k, node in enumerate(shown.nodes)}
    assert all(place[e.source] < place[e.target] for e in shown.edges), "no cycles"
    ET.fromstring(draw(graph).svg)


def test_the_outputs_own_card_is_complete_however_large_the_graph():
    picture = draw(mt.mse(chain(1000), Tensor(1.0, name="y")), lang="en")
    assert "L = mean((h₁₀₀₀ − y)²)" in picture.svg
    assert "×2·(h₁₀₀₀−y)/N" in picture.svg


# --- the choice ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operations", "kind"), [(60, "full"), (61, "compact"), (400, "compact"), (401, "collapsed")]
)
def test_the_size_decides(operations, kind):
    picture = draw(chain(operations))
    found = "collapsed" if picture.shown.collapsed else "compact" if picture.style.compact else "full"
    assert found == kind
    assert picture.graph.operations == operations


def test_the_style_decides_before_the_size():
    every = draw(chain(450), style="ops")
    assert (every.shown.collapsed, every.style.compact) == (0, True)
    assert (
        every.svg.count('<g class="operation"') + every.svg.count('<g class="loss"') == 450 + 2
    )  # the legend's
    layers = draw(xor_loss(), style="layers", lang="en")
    assert [n.label for n in layers.shown.nodes] == ["dense", "dense_1", "y", "mse"]
    assert not layers.style.compact


@pytest.mark.parametrize(
    ("depth", "labels"),
    [
        (0, ["#1 … #12"]),
        (1, ["block_0", "block_1"]),
        (2, ["block_0/attention", "block_0", "block_0/mlp", "block_0", "block_1/attention", "block_1",
             "block_1/mlp", "block_1"]),
    ],
)  # fmt: skip
def test_depth_is_the_number_of_levels_with_cards(depth, labels):
    shown = draw(blocks(2), depth=depth).shown
    assert [n.label for n in shown.nodes if n.kind == "group"] == labels


def test_graphs_are_measured_without_walking_all_of_them():
    assert larger(chain(100), 99)
    assert not larger(chain(100), 100)
    y = chain(50_000)
    seen = 0

    class Counted(tuple):
        def __iter__(self):
            nonlocal seen
            seen += 1
            return super().__iter__()

    t = y
    while not t.is_leaf:
        t.inputs, t = Counted(t.inputs), t.inputs[0]
    assert larger(y, 400)
    assert seen <= 401


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"depth": -1}, "depth is a number of levels"),
        ({"depth": True}, "depth is a number of levels"),
        ({"style": "cards"}, 'style is "ops"'),
        ({"direction": "RL"}, 'direction is "LR"'),
        ({"values": "yes"}, 'values is True, False or "auto"'),
        ({"grads": 1}, 'grads is True, False or "auto"'),
        ({"width": 0}, "width is a number of pixels"),
    ],
)
def test_wrong_choices_are_answered_in_sentences(options, words):
    with pytest.raises(ValueError, match=words):
        draw(xor_loss(), **options)


def test_auto_shows_values_and_gradients():
    assert draw(xor_loss(), values="auto", grads="auto").svg == draw(xor_loss(), values=True, grads=True).svg
    assert "+0.1342" not in draw(xor_loss(), grads=False).svg


def test_work_grows_as_the_graph_does():
    """Counted, not timed: nodes, edges and lines of twice as many operations are twice as many."""
    sizes = [len(draw(chain(n), style="ops").svg) for n in (500, 1000, 2000)]
    assert 1.9 < (sizes[2] - sizes[1]) / (sizes[1] - sizes[0]) < 2.2
    ET.fromstring(draw(fan_out(60), style="ops").svg)
