"""The stepper page as text: whole, self-contained, the same every time, and no name can be more than text."""

from __future__ import annotations

import hashlib
import json
import re
import time
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given

import microtensor as mt
from microtensor import keras
from microtensor.graph import Stepper, draw, step, trace
from microtensor.graph.html import embedded, page
from microtensor.graph.lettering import number
from microtensor.graph.style import DARK, LIGHT
from microtensor.optim import SGD, Adam
from microtensor.program import capture

from ..pictures import printed_in_processes
from .samples import chain, dags, diamond, fan_out, xor_loss

VOID = {"meta", "input", "path", "rect"}
SVG_URL = "http://www.w3.org/2000/svg"  # the name of a language, which nobody fetches


class Read(HTMLParser):
    """What a browser makes of a page: tags, attributes, texts; and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        (self.scripts if self.open[-1:] == ["script"] else self.texts).append(data)


def data_of(text: str):
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', text)[1])


def picture_of(text: str) -> str:
    return re.search(r'<svg class="mt".*?</svg>', text, re.DOTALL)[0]


def cards_of(text: str) -> list[str]:
    """The ids of the cards, by their number in the picture, which the script is told."""
    return re.findall(r'data-node="([^"]*)"', text)


def numbers_of(text: str, node: str, kind: str) -> list[str]:
    """The numbers on a card of the picture."""
    picture = ET.fromstring(picture_of(text))
    card = picture.find(f".//*[@data-node='{node}']")
    return ["".join(e.itertext()) for e in card.findall(f"*[@class='{kind}s']/{{{SVG_URL}}}text")]


def rows_of(text: str) -> list[str]:
    return re.findall(r"<tr><td>.*?</tr>", text, re.DOTALL)


def test_xor_is_told_whole():
    text = step(xor_loss(), SGD(0.3)).html
    rows = rows_of(text)
    assert len(rows) == len(data_of(text)) == 23
    plain = [re.sub(r"<[^>]+>", " ", row) for row in rows]
    for k, numbers in {
        1: "0.620 −0.840", 7: "0.1597", 9: "−0.7992", 13: "−0.2109 +0.1342", 16: "−0.0464 +0.0259",
        19: "0.6339 −0.8478", 23: "0.1597 → L′ 0.1419",
    }.items():  # fmt: skip
        assert numbers in " ".join(plain[k - 1].replace("&#10;", " ").split()), k
    assert "SGD(learning_rate=0.3)" in text


def test_numbers_stand_in_chips_and_cards_in_the_same_writing():
    """Each gradient that a row ends with is what the card of that node shows."""
    graph = trace(xor_loss())
    text = page(graph)
    rows = rows_of(text)
    for told, row in zip(data_of(text), rows, strict=True):
        if told["shows"] == "gradient":
            last = re.findall(r"<(b|samp)>(.*?)</", row)[-1][1].replace("&#10;", " ").split()
            name = cards_of(text)[told["card"]]
            numbers = graph.node(name).gradient.ravel().tolist()
            assert last == [number(x, 4, signed=True) for x in numbers]
            assert numbers_of(text, name, "grad") == last


def test_the_script_is_told_of_cards_and_lines_by_their_number_in_the_picture():
    for make in (xor_loss, diamond, fan_out, lambda: chain(1200)):
        told = step(make(), SGD(0.1))
        text = told.html
        cards = cards_of(text)
        found = r'<g class="edge" data-source="([^"]*)" data-target="([^"]*)" data-argument="([^"]*)"'
        lines = [" ".join(ends) for ends in re.findall(found, text)]
        for each, data in zip(told.steps, data_of(text), strict=True):
            assert data["card"] == (cards.index(each.node) if each.node in cards else None)
            assert each.edges == tuple(lines[line] for line in data["lines"])
            for card, texts in data.get("texts", {}).items():
                assert len(numbers_of(text, cards[int(card)], "value")) == len(texts)


def test_it_asks_nobody_for_anything():
    text = step(xor_loss(), Adam(0.1)).html
    assert text.count(SVG_URL) == 1
    rest = text.replace(SVG_URL, "")
    assert not re.search(
        r"https?:|//[\w-]+\.\w|@import|url\(|fetch\(|XMLHttp|WebSocket|import\(|eval\(", rest
    )
    names = {name for name, _ in Read(text).attributes}
    assert not names & {"src", "href", "srcset", "action", "xlink:href"}
    assert not any(name.startswith("on") for name in names)


def test_it_is_small_and_quickly_written():
    loss, optimizer = xor_loss(), SGD(0.3)
    assert len(step(loss, optimizer).html.encode()) < 59_000

    def seconds() -> float:
        start = time.process_time()
        step(loss, optimizer).html  # noqa: B018
        return time.process_time() - start

    assert any(seconds() < 0.020 for _ in range(50)), "12 ms on a quiet machine"


@pytest.mark.parametrize("make", [xor_loss, diamond, fan_out, lambda: chain(1200)])
@pytest.mark.parametrize("lang", ["en", "ko", "both"])
def test_it_is_well_formed(make, lang):
    text = step(make(), SGD(0.1), lang=lang).html
    read = Read(text)
    assert f'data-words="{lang}"' in text
    assert '<html lang="ko"' in text if lang == "ko" else '<html lang="en"' in text
    ET.fromstring(picture_of(text))
    assert any("가" <= c <= "힣" for text in read.texts for c in text)
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("make", [xor_loss, diamond, fan_out, lambda: chain(1200)])
def test_every_word_of_the_picture_can_be_switched(make):
    """In one language no word of the other is left, whatever the picture looks like in each."""
    picture = ET.fromstring(picture_of(step(make()).html))
    found = {"en": 0, "ko": 0}
    for element in picture.iter(f"{{{SVG_URL}}}text"):
        versions = {span.get("class"): span.text for span in element}
        if not versions:
            assert not any("가" <= c <= "힣" for c in element.text or "")
            continue
        assert set(versions) == {"en", "ko", "both"}
        for lang in found:
            has_korean = any("가" <= c <= "힣" for c in versions[lang])
            assert has_korean == (lang == "ko"), versions
            found[lang] += 1
    assert found["en"] == found["ko"] > 3


@given(dags())
def test_any_graph_has_a_page(output):
    read = Read(page(trace(output)))
    assert "NaN" not in " ".join(value for name, value in read.attributes if name in ("x", "y", "width"))


HOSTILE = (
    "</script><script>alert(1)</script>", "]]>", "\"'><img src=x onerror=alert(1)>", "<!--", "\u202egnp.exe",
    "&lt;b&gt;", "${alert(1)}",
    "a\nb\u2028c", "\x00\x1b[31m", "\ud800", "가 나", "$title $data", "", "x" * 500,
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_and_no_more(name):
    w = mt.Tensor([1.0], requires_grad=True, name=name)
    operation = mt.Operation(name or "f", lambda x: x * 2, lambda g, y, x: g * 2, formula=name, local=name)

    class Strange(SGD):
        pass

    Strange.__doc__ = f"w ← {name}"
    with mt.scope(name or "s"):
        y = operation(w) * w
    expected, read = Read(step(xor_loss(), SGD(0.1)).html), Read(step(y.sum(), Strange(0.1), title=name).html)
    assert read.tags <= expected.tags
    assert {name for name, _ in read.attributes} <= {name for name, _ in expected.attributes}
    assert len(read.scripts) == len(expected.scripts) == 2
    assert json.loads(read.scripts[0])
    assert read.scripts[1] == expected.scripts[1]
    text = "".join(read.texts)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b\u2028]", text)
    text.encode()


def test_data_cannot_end_their_element():
    hostile = {"</script><!--&": ["<script>", "]]>"]}
    text = embedded(hostile)
    assert not set("<>&") & set(text)
    assert text.isascii()
    assert json.loads(text) == hostile


def test_the_same_bytes_in_two_processes():
    program = (
        "from tests.graph.samples import xor_loss, diamond, fan_out\n"
        "from microtensor.graph import step\n"
        "from microtensor.optim import Adam\n"
        "import hashlib\n"
        "for make in (xor_loss, diamond, fan_out):\n"
        "    print(hashlib.sha256(step(make(), Adam(0.1)).html.encode()).hexdigest())\n"
    )
    printed = printed_in_processes(program)
    assert len(printed) == 1
    here = step(xor_loss(), Adam(0.1)).html
    assert hashlib.sha256(here.encode()).hexdigest() in printed.pop()


def test_a_drawing_gives_its_own_page():
    drawing = draw(xor_loss(), lang="ko", theme="dark", title="수업")
    text = page(drawing)
    assert 'data-words="ko" data-theme="dark"' in text
    assert "<h1>수업</h1>" in text
    assert len(rows_of(text)) == 18
    assert text == page(drawing.graph, lang="ko", theme="dark", title="수업")


def test_a_drawing_without_numbers_still_has_a_page_with_them():
    assert "−0.0464" in page(draw(xor_loss(), values=False, grads=False))


def test_a_large_graph_is_told_by_its_cards():
    with mt.scope("long"):
        y = chain(1200)
    told = step(y * y, SGD(1e-6))
    assert told.drawing.shown.collapsed
    assert "1,201 operations in 2 groups" in told.html
    assert len(rows_of(told.html)) == len(told.steps) < 20
    assert told.steps[-2].node == "long/w"  # a parameter that stands inside a card
    assert len(told.html) < 70_000


def test_large_arrays_are_told_by_their_statistics():
    w = mt.Variable(np.linspace(-1, 1, 100).reshape(10, 10), name="w")
    text = step((w * w).sum(), SGD(0.1)).html
    assert "−1.0000 … 1.0000, ⌀" in text


def test_colours_are_those_of_the_picture():
    text = step(xor_loss()).html
    for palette in (LIGHT, DARK):
        for name, colour in palette.items():
            assert f"--{name}:{colour};" in text


def test_saving(tmp_path):
    told = step(xor_loss(), SGD(0.3), title="XOR")
    path = told.save(tmp_path / "XOR 한 걸음.html")
    assert path.read_text(encoding="utf-8") == str(told) == told.html
    assert [p.name for p in tmp_path.iterdir()] == ["XOR 한 걸음.html"]
    with pytest.raises(ValueError, match=r"one of \.html, \.htm; got 'xor\.svg'"):
        told.save(tmp_path / "xor.svg")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        told.save(tmp_path / "missing" / "xor.html")


def test_a_notebook_shows_it_in_a_frame_of_its_own():
    told = step(xor_loss())
    read = Read(told._repr_html_())
    assert read.tags == {"iframe"}
    assert dict(read.attributes)["srcdoc"] == told.html


def test_it_says_what_it_is():
    told = step(xor_loss(), SGD(0.3))
    assert isinstance(told, Stepper)
    assert repr(told) == "<Stepper of mse: 23 steps>"
    assert repr(step(lambda: xor_loss())) == "<Stepper of mse: 18 steps>"


def test_a_leaf_has_a_page_without_steps():
    text = step(mt.Variable(1.0, name="w")).html
    assert data_of(text) == []
    Read(text)


MODEL = keras.Sequential(
    [keras.layers.Dense(2, activation="tanh", input_shape=(2,)), keras.layers.Dense(1, name="out")]
)


@pytest.mark.parametrize(
    "make",
    [
        lambda: draw(xor_loss()),
        lambda: draw(xor_loss(), direction="TB", width=500),
        lambda: draw(xor_loss(), style="layers"),
        lambda: draw(chain(1200), depth=0),
        lambda: draw(mt.Variable([1.0], name="w"), values=False),
        lambda: draw(MODEL),
        lambda: draw(MODEL, style="layers", direction="TB"),
        lambda: draw(MODEL, style="neurons"),
        lambda: draw(MODEL, [[1.0, 0.0]], style="neurons", lang="ko", title="신경"),
        lambda: draw(MODEL, [[1.0, 0.0]]),
        lambda: draw(capture(lambda x: x * 2.0, mt.Tensor(1.0)).program),
    ],
)
def test_a_page_shows_the_picture_that_the_svg_is(make):
    drawing = make()
    alone, on_page = (
        [(e.tag, {k: v for k, v in e.attrib.items() if k not in ("id", "aria-labelledby")}) for e in shown]
        for shown in (
            ET.fromstring(drawing.restyled(lang="both").svg).iter(),
            (e for e in ET.fromstring(picture_of(drawing.html)).iter() if not e.tag.endswith("tspan")),
        )
    )
    assert on_page == alone


def test_what_only_goes_forward_is_not_called_backpropagation():
    text = draw(capture(lambda x: x * 2.0, mt.Tensor(1.0)).program, lang="en").html
    assert "Backprop" not in text
    assert '<span lang="en">&lt;lambda&gt;: 1 operation</span>' in text


def test_wrong_calls_are_answered_in_sentences():
    with pytest.raises(TypeError, match="a gradient graph is drawn from a Tensor"):
        step(3.0)
    with pytest.raises(TypeError, match="a gradient graph is drawn from a Tensor"):
        step(lambda: 3.0)
    with pytest.raises(ValueError, match='lang is one of "en", "ko" and "both"'):
        step(xor_loss(), lang="jp")
    with pytest.raises(ValueError, match="theme is one of"):
        step(xor_loss(), theme="pink")
    with pytest.raises(TypeError, match="optimizer must have"):
        step(xor_loss(), "sgd")
    with pytest.raises(TypeError, match="step takes a loss"):
        step(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]))
    with pytest.raises(ValueError, match="theme is one of"):
        step(xor_loss(), theme="page")


def test_the_page_is_made_of_files_that_are_shipped():
    """What stands beside the modules is part of the package: named by no list, so none can be forgotten."""
    from importlib import resources

    for name in ("page.html", "page.css", "page.js"):
        assert resources.files("microtensor.graph").joinpath(name).is_file()
