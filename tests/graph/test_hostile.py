"""A picture is only a picture: whatever a name holds is shown as text, and adds nothing to any format."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from typing import Any

import pytest

from microtensor.graph import draw
from tests.missing import dot_program

from .hostile import NAMES, documents, graph_of, honest, shown

EACH = pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))


def elements(xml: str) -> Counter[Any]:
    """How often each element occurs with which attributes."""
    return Counter((e.tag, *sorted(e.attrib)) for e in ET.fromstring(xml).iter())


def test_there_are_sixty_and_more():
    assert len(set(NAMES)) >= 60


@EACH
def test_svg(name):
    picture = draw(graph_of(name)).svg
    assert elements(picture) == elements(draw(honest()).svg)
    texts = [e.text for e in ET.fromstring(picture).iter() if (e.get("class") or "") == "title"]
    assert shown(name) in texts or not shown(name), "shown as it was written"


@EACH
def test_text(name):
    table, plain = str(draw(graph_of(name))), str(draw(honest()))
    assert len(table.splitlines()) == len(plain.splitlines())
    assert not {c for c in table if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {"\n"}


@EACH
def test_json(name):
    data, plain = (json.loads(draw(graph).json) for graph in (graph_of(name), honest()))
    assert [sorted(node) for node in data["nodes"]] == [sorted(node) for node in plain["nodes"]]
    assert data["steps"]
    assert [s["edges"] for s in data["steps"]] == [s["edges"] for s in plain["steps"]]
    assert all(re.fullmatch(r"[\w./-]+", node["id"]) for node in data["nodes"]), "an id has no syntax"


LABEL = r'"(?:[^"<>`*_\[\]{}|&$:@\\~^!?%\';#]|\#\d+;|<br/>)*"'
MERMAID = re.compile(
    rf"""flowchart\ LR | \ \ subgraph\ layer\d+\[{LABEL}\] | \ \ \ \ direction\ LR | \ \ end
    | \ {{2,4}}n_\w+(?:\(\[{LABEL}\]\)|\({LABEL}\)|\[/{LABEL}/\]|\[{LABEL}\]|\[\[{LABEL}\]\]|{{{{{LABEL}}}}})
    | \ \ n_\w+\ (?:-->|-\.->)(?:\|{LABEL}\|)?\ n_\w+
    | \ \ (?:classDef|class|linkStyle)\ [\w\#:,. -]+""",
    re.VERBOSE | re.ASCII,
)


@EACH
def test_mermaid(name):
    text = draw(graph_of(name)).mermaid
    for line in text.splitlines():
        assert MERMAID.fullmatch(line), line
    assert len(text.splitlines()) == len(draw(honest()).mermaid.splitlines())


def test_dot_reads_no_more_nodes_edges_and_attributes_than_there_are():
    texts = "".join(draw(graph_of(name)).dot for name in NAMES) + draw(honest()).dot
    done = subprocess.run([dot_program(), "-Tjson0"], input=texts.encode(), capture_output=True, check=True)
    assert done.stderr == b""
    graphs = documents(done.stdout.decode())
    assert len(graphs) == len(NAMES) + 1
    plain = graphs[-1]
    for name, graph in zip(NAMES, graphs, strict=False):
        for kind in ("objects", "edges"):
            keys, expected = ([sorted({*item} - {"edges"}) for item in g[kind]] for g in (graph, plain))
            assert keys == expected, name[:80]
        assert sorted(graph) == sorted(plain)


def test_dot_draws_names_as_they_were_written():
    texts = "".join(draw(graph_of(name)).dot for name in NAMES) + draw(honest()).dot
    done = subprocess.run([dot_program(), "-Tsvg"], input=texts.encode(), capture_output=True, check=True)
    pictures = [part + "</svg>" for part in done.stdout.decode().split("</svg>")[:-1]]
    assert len(pictures) == len(NAMES) + 1
    pictures = [picture[picture.index("<svg") :] for picture in pictures]
    plain = elements(pictures[-1])
    for name, picture in zip(NAMES, pictures, strict=False):
        assert set(elements(picture)) == set(plain), name[:80]
        texts_drawn = [drawn(e.text) for e in ET.fromstring(picture).iter() if e.tag.endswith("text")]
        assert drawn(shown(name)) in texts_drawn or not shown(name).strip(), name[:80]


def drawn(text: str | None) -> str:
    """Graphviz writes blanks as no-break spaces."""
    return (text or "").replace("\xa0", " ").strip()
