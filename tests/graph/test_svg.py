"""The picture is well-formed, the same in every process, readable, and no name can be more than text."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microtensor as mt
from microtensor.graph import draw, trace
from microtensor.graph.style import DARK, LIGHT, style_sheet
from microtensor.graph.words import WORDS

from ..pictures import contrast, printed_in_processes
from .samples import dags, diamond, fan_out, xor_loss

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_xor_shows_names_words_numbers_and_derivatives():
    found = texts(draw(xor_loss()).svg)
    for text in (
        *("matmul", "sigmoid", "mse", "kernel", "bias", "1×2 · float64", "h₁ = x W", "#3"),
        *("input 입력", "target 정답", "W · weight 가중치", "b · bias 편향", "loss 손실"),
        *("0.673", "−0.840", "−0.2109", "+0.1342", "+1.0000", "0"),
        *("×h₃·(1−h₃)", "xᵀ·", "·Wᵀ", "×1", "×2·(h₆−y)/N"),
        *("dense · 6 params", "dense_1 · 3 params", "mse = 0.1597 · 7 operations, 4 parameters (9 numbers)"),
    ):
        assert text in found, text


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_one_language_shows_no_word_of_the_other(lang):
    found = "\n".join(texts(draw(xor_loss(), lang=lang).svg))
    korean = re.findall(r"[가-힣]+", found)
    assert bool(korean) == (lang == "ko")
    if lang == "ko":
        assert all(word[0] not in found for key, word in WORDS.items() if key in ("target", "weight"))


@pytest.mark.parametrize("make", [xor_loss, diamond, fan_out])
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_pictures_are_well_formed_and_described(make, theme):
    root = ET.fromstring(draw(make(), theme=theme).svg)
    assert root.tag == f"{SVG}svg"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert all(card.find(f"{SVG}title") is not None for card in root.iter(f"{SVG}g") if card.get("class") in {
        "input", "parameter", "operation", "loss", "constant", "edge",
    } and card.find(f"{SVG}text") is not None)  # fmt: skip


@given(dags())
def test_any_graph_is_well_formed_and_finite(output):
    svg = draw(output).svg
    ET.fromstring(svg)
    assert not re.search(r'="[^"]*(nan|inf)[^"]*"', svg)


HOSTILE = (
    '"><script>alert(1)</script>', "a\nb\tc", "\x00\x1b[31m", "]]>", "&amp;<!--", "'", "\u202egnp",
    "한글 이름",
    "</text>", "", "/", "\ud800", "\ufffe", "x" * 500, ":0",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name):
    check_name(name)


@given(st.text(max_size=20))
def test_any_name_is_text(name):
    check_name(name)


def check_name(name: str) -> None:
    w = mt.Variable([1.0], name="w")
    w.name = name
    operation = mt.Operation(name or "f", lambda x: x * 2, lambda g, y, x: g * 2, formula=name, local=name)
    with mt.scope(name or "s"):
        y = operation(w) * w
    drawing = draw(y.sum(), title=name)
    root = ET.fromstring(drawing.svg.encode("utf-8"))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "style", "rect", "g", "text", "path"),
    }
    assert not any(key.startswith("on") or "href" in key for element in root.iter() for key in element.attrib)
    assert all(line.isprintable() for line in drawing.text.split("\n"))
    assert drawing.json.isascii()


def test_the_same_bytes_in_two_processes():
    program = (
        "from tests.graph.samples import xor_loss, diamond, fan_out\n"
        "from microtensor.graph import draw\n"
        "import hashlib\n"
        "for make in (xor_loss, diamond, fan_out):\n"
        "    d = draw(make())\n"
        "    for text in (d.svg, d.text, d.json):\n"
        "        print(hashlib.sha256(text.encode()).hexdigest())\n"
    )
    printed = printed_in_processes(program)
    assert len(printed) == 1
    here = draw(xor_loss()).svg
    assert hashlib.sha256(here.encode()).hexdigest() in printed.pop()


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_every_text_can_be_read(palette):
    grounds = ("page", "card", "layer", "parameterground", "inputground")
    pairs = [(ink, ground) for ink in ("text", "soft") for ground in grounds]
    pairs += [(kind, f"{kind}ground") for kind in ("bad", "warn", "good", "note")]
    pairs += [
        ("value", "page"),
        ("value", "layer"),
        ("value", "valueground"),
        ("grad", "gradground"),
        ("grad", "page"),
        ("grad", "layer"),
    ]
    for ink, ground in pairs:
        assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for border in ("parameter", "input", "constant", "loss"):
        assert contrast(palette[border], palette["page"]) >= 3, border


def test_kinds_differ_by_more_than_colour():
    sheet = style_sheet("light")
    borders = {
        kind: re.findall(rf"\.mt \.{kind} \.card{{(stroke-[^}}]*)}}", sheet)
        for kind in ("input", "constant", "parameter", "loss", "group")
    }
    shapes = [tuple(found) for found in borders.values()]
    assert all(shapes)
    assert len(set(shapes)) == len(shapes)


def test_the_dark_sheet_is_for_those_who_prefer_it():
    assert "prefers-color-scheme: dark" in style_sheet("auto")
    assert DARK["page"] not in style_sheet("light")
    assert LIGHT["page"] not in style_sheet("dark")


@pytest.mark.parametrize("shape", [(9, 9), (1, 9), (100,), (3, 0), (2, 2, 2), (40, 30), (8, 8)])
def test_arrays_in_full_or_as_statistics_and_a_heat_map(shape):
    values = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    svg = draw(mt.Variable(values, name="w").sum(), lang="en").svg
    found = texts(svg)
    small = max(shape, default=1) <= 8
    assert any(text.startswith("mean ") for text in found) == (not small and values.size > 0)
    assert ("fill-opacity" in svg) == (not small and values.size > 0)
    assert ("empty" in found) == (values.size == 0)


def test_what_was_not_computed_is_no_zero():
    w, never = mt.Variable(1.0, name="w"), mt.Variable(0.0, name="condition")
    y = mt.where(never, w, 2.0)
    svg = draw(y, lang="en").svg
    assert "grad –" in texts(svg)
    assert trace(y).node("condition").gradient is None


def test_numbers_can_be_left_out():
    found = texts(draw(xor_loss(), values=False, grads=False).svg)
    assert "0.673" not in found
    assert "+0.1342" not in found
    assert "×1" not in found
