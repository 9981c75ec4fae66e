"""DOT, Mermaid and JSON: what they hold, whether their own programs read them, how large they may be."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import microtensor as mt
from microtensor.graph import draw, trace
from microtensor.graph.mermaid import MAX_LINES, MAX_TEXT
from microtensor.graph.style import DARK, LIGHT
from microtensor.graph.thickness import norm
from tests.missing import dot_program

from .samples import chain, dags, diamond, fan_out, xor_loss


def read_by_dot(text: str) -> Any:
    done = subprocess.run([dot_program(), "-Tjson0"], input=text.encode(), capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def ends(graph: Any) -> list[tuple[str, str]]:
    names = {thing["_gvid"]: thing["name"] for thing in graph["objects"]}
    return [(names[e["tail"]], names[e["head"]]) for e in graph["edges"]]


# --- DOT ----------------------------------------------------------------------------------------------------


def test_dot_holds_every_node_edge_and_layer():
    picture = draw(xor_loss())
    graph = read_by_dot(picture.dot)
    things = [thing["name"] for thing in graph["objects"]]
    assert things[:3] == ["cluster_0", "cluster_1", "cluster_2"], "a layer each, and the loss"
    assert sorted(things[3:]) == sorted(node.id for node in picture.graph.nodes)
    solid = [e for e in graph["edges"] if e.get("style") != "dashed"]
    dashed = [e for e in graph["edges"] if e.get("style") == "dashed"]
    assert len(solid) == len(picture.graph.edges)
    assert len(dashed) == sum(edge.flows for edge in picture.graph.edges)
    assert all(e["dir"] == "back" for e in dashed)
    assert [e["label"] for e in dashed if "label" in e] == [
        *("xᵀ·", "×1", "×1", "×h₃·(1−h₃)", "·Wᵀ", "h₃ᵀ·", "×1", "×1", "×h₆·(1−h₆)", "×2·(h₆−y)/N"),
    ]
    assert {pair: ends(graph).count(pair) for pair in ends(graph)} == {
        (e.source, e.target): 1 + e.flows for e in picture.graph.edges
    }


def test_a_vanishing_gradient_is_a_thin_line():
    picture = draw(xor_loss())
    dashed = [e for e in read_by_dot(picture.dot)["edges"] if e.get("style") == "dashed"]
    widths = [float(e["penwidth"]) for e in dashed]
    sizes = [norm(e.contribution) for e in picture.graph.edges if e.flows]
    assert max(widths) == widths[sizes.index(max(sizes))] == 3.1
    assert [w for _, w in sorted(zip(sizes, widths, strict=True))] == sorted(widths)


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_dot_has_the_colours_of_its_theme(theme):
    text = draw(xor_loss(), theme=theme).dot
    colours = set(re.findall(r"#[0-9a-f]{6}", text))
    assert colours <= set((DARK if theme == "dark" else LIGHT).values())


@settings(max_examples=10, deadline=None)
@given(dags())
def test_dot_reads_any_graph(output):
    picture = draw(output)
    graph = read_by_dot(picture.dot)
    assert len(graph["objects"]) == len(picture.graph.nodes) + len(picture.graph.groups)
    assert len(graph["edges"]) == sum(1 + e.flows for e in picture.graph.edges)


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
@pytest.mark.parametrize("values", [True, False])
def test_a_digraph_is_the_same_text(lang, values):
    import graphviz

    picture = draw(xor_loss(), lang=lang, values=values, grads=not values, title="제목 <b>")
    digraph = picture.to_graphviz()
    assert isinstance(digraph, graphviz.Digraph)
    assert digraph.source == picture.dot
    read_by_dot(digraph.source)


def test_what_is_odd_is_drawn():
    wide = mt.Variable(np.arange(200.0).reshape(10, 20), name="wide")
    empty = mt.Variable(np.zeros((0, 3)), name="empty")
    bad = mt.Variable([np.nan, np.inf], name="bad")
    unreached = mt.constant([1.0, 2.0])
    output = (wide * 2.0).sum() + empty.sum() + (bad * unreached).sum() + (unreached * 3.0).sum()
    for picture in (draw(output), draw(mt.Variable(1.0)), draw(chain(1000)), draw(fan_out(40))):
        read_by_dot(picture.dot)
        assert picture.mermaid.startswith("flowchart LR\n")


# --- Mermaid ------------------------------------------------------------------------------------------------


def test_mermaid_has_a_line_for_each_value_and_each_gradient():
    picture = draw(xor_loss())
    lines = picture.mermaid.splitlines()
    forward = [line for line in lines if "-->" in line]
    back = [line for line in lines if "-.->" in line]
    assert len(forward) == len(picture.graph.edges)
    assert len(back) == sum(e.flows for e in picture.graph.edges)
    assert back[0] == '  n_mse -.->|"×2·(h₆−y)/N"| n_dense_1_sigmoid', "backward, in the order it runs"
    assert [line for line in lines if line.startswith("  subgraph")] == [
        '  subgraph layer0["dense · 6 params"]',
        '  subgraph layer1["dense#95;1 · 3 params"]',
        '  subgraph layer2["loss · 손실"]',
    ]
    kernel = "W · weight 가중치<br/>2×2 · float64<br/>0#46;620 −0#46;840"
    assert kernel.replace("#46;", ".") in picture.mermaid


def test_mermaid_gets_no_more_than_it_draws():
    for output in (fan_out(95), chain(300)):
        picture = draw(output)
        assert picture.shown.collapsed == 0
        arrows = picture.mermaid.count("-->") + picture.mermaid.count("-.->")
        assert arrows <= MAX_LINES
        assert len(picture.mermaid) <= MAX_TEXT
    assert "operations" in draw(fan_out(95)).mermaid


# --- JSON ---------------------------------------------------------------------------------------------------


def test_json_is_the_whole_step():
    picture = draw(xor_loss())
    data = json.loads(picture.json)
    assert list(data) == ["format", "root", "operations", "nodes", "edges", "groups", "steps"]
    assert [g["id"] for g in data["groups"]] == ["dense", "dense_1", "loss"]
    nodes = {n["id"]: n for n in data["nodes"]}
    for node in picture.graph.nodes:
        np.testing.assert_array_equal(np.array(nodes[node.id]["value"]), node.value)
        if node.gradient is not None:
            np.testing.assert_array_equal(np.array(nodes[node.id]["gradient"]), node.gradient)
    order = [n["id"] for n in data["nodes"] if n["number"]]
    phases = {phase: list(steps) for phase, steps in groupby(data["steps"], lambda step: step["phase"])}
    assert [step["node"] for step in phases["forward"]] == order
    assert [step["node"] for step in phases["backward"]] == order[::-1]


@given(dags())
def test_the_steps_of_json_can_be_walked(output):
    """Forward a value is there before it is read; backward a gradient is complete before it flows on."""
    data = trace(output).to_json()
    kinds = {n["id"]: n["number"] for n in data["nodes"]}
    there = {id for id, number in kinds.items() if not number}
    uses = {id: sum(e["source"] == id and e["flows"] for e in data["edges"]) for id in kinds}
    seen: set[int] = set()
    for step in data["steps"]:
        for number in step["edges"]:
            edge = data["edges"][number]
            assert edge["target"] == step["node"]
            if step["phase"] == "forward":
                assert edge["source"] in there
            else:
                assert edge["flows"]
                uses[edge["source"]] -= 1
                seen.add(number)
        if step["phase"] == "backward":
            assert uses[step["node"]] == 0
        there.add(step["node"])
    assert seen == {k for k, e in enumerate(data["edges"]) if e["flows"]}


def test_two_runs_give_the_same_bytes(tmp_path):
    for suffix in (".dot", ".gv", ".mmd", ".json"):
        files = [draw(diamond()).save(tmp_path / f"{k}{suffix}").read_bytes() for k in range(2)]
        assert files[0] == files[1] != b""
