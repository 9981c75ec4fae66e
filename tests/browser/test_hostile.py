"""Whatever a name holds: opened in a browser, a picture shows it as text, and nothing runs or is fetched."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from microtensor.graph import draw
from tests.graph.hostile import NAMES, graph_of, honest, shown

CENSUS = """root => [...root.querySelectorAll('*')].map(
    e => e.tagName + ' ' + [...e.attributes].map(a => a.name).sort().join(' ')).sort()"""
TITLES = "root => [...root.querySelectorAll('text.title')].map(e => e.textContent)"
AT_ONCE = 9  # names in one picture
CHUNKS = [NAMES[start : start + AT_ONCE] for start in range(0, len(NAMES), AT_ONCE)]
PLAIN: dict[int, Any] = {}  # by the number of names, what Mermaid makes of honest ones
EACH = pytest.mark.parametrize("names", CHUNKS, ids=range(len(CHUNKS)))


@EACH
def test_svg_files(page: Any, tmp_path: Path, names: tuple[str, ...]) -> None:
    page.goto(draw(honest(len(names))).save(tmp_path / "plain.svg").as_uri())
    plain = page.evaluate(f"({CENSUS})(document)")
    page.goto(draw(graph_of(*names)).save(tmp_path / "hostile.svg").as_uri())
    assert page.evaluate(f"({CENSUS})(document)") == plain
    assert_shown(names, page.evaluate(f"({TITLES})(document)"))


@EACH
def test_svg_inside_a_page(page: Any, names: tuple[str, ...]) -> None:
    page.set_content("<!doctype html><body></body>")
    put = f"svg => {{document.body.innerHTML = svg; return ({CENSUS})(document)}}"
    plain = page.evaluate(put, draw(honest(len(names))).svg)
    assert page.evaluate(put, draw(graph_of(*names)).svg) == plain
    assert_shown(names, page.evaluate(f"({TITLES})(document)"))


@EACH
def test_pages_that_step_through(page: Any, tmp_path: Path, names: tuple[str, ...]) -> None:
    """The page holds names as text and as data for its script; neither becomes an element or runs."""
    page.goto(draw(honest(len(names))).save(tmp_path / "plain.html").as_uri())
    plain = page.evaluate(f"({CENSUS})(document)")
    page.goto(draw(graph_of(*names)).save(tmp_path / "hostile.html").as_uri())
    found = page.evaluate(f"({CENSUS})(document)")
    elements, wanted = (Counter(each.split()[0] for each in some) for some in (found, plain))
    assert not elements - wanted, "no element is added"
    assert {a for each in found for a in each.split()[1:]} <= {a for each in plain for a in each.split()[1:]}
    assert_shown(names, page.evaluate(f"({TITLES})(document)"))
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.title").strip()


@EACH
def test_mermaid(mermaid: Any, names: tuple[str, ...]) -> None:
    """Read by Mermaid itself: as many nodes, edges and layers as there are, and the names as they are."""
    if len(names) not in PLAIN:
        PLAIN[len(names)] = mermaid.evaluate(RENDERED, draw(honest(len(names)), lang="en").mermaid)
    plain = PLAIN[len(names)]
    found = mermaid.evaluate(RENDERED, draw(graph_of(*names), lang="en").mermaid)
    assert found["counts"] == plain["counts"]
    assert set(found["tags"]) <= set(plain["tags"])
    assert set(found["attributes"]) <= set(plain["attributes"])
    assert_shown(names, found["titles"])


def assert_shown(names: tuple[str, ...], titles: list[str]) -> None:
    """Blanks apart, which browsers draw as one; and the space of no width that `said` puts in."""
    seen = {" ".join(title.replace("\u200b", "").split()) for title in titles}
    for name in names:
        assert " ".join(shown(name).split()) in seen or not shown(name).strip(), name[:80]


RENDERED = """async text => {
    const drawn = await mermaid.render('drawn', text);
    document.body.innerHTML = drawn.svg;
    const all = [...document.body.querySelectorAll('*')];
    const count = selector => document.body.querySelectorAll(selector).length;
    return {
        counts: ['.node', '.cluster', '.edgePaths path', '.edgeLabel .label', 'a', 'img', 'script', 'i']
            .map(selector => selector + ' ' + count(selector)),
        tags: all.map(e => e.tagName),
        attributes: all.flatMap(e => [...e.attributes].map(a => a.name)),
        titles: [...document.body.querySelectorAll('.node .nodeLabel')].map(e => e.innerText.split('\\n')[0]),
    };
}"""
