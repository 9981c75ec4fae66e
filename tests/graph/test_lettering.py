"""Text stays on its card and on the page, by the widths that fonts have."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microtensor as mt
from microtensor.graph import draw, lettering
from microtensor.graph.style import style_sheet

from .samples import chain, dags, diamond, fan_out, xor_loss

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = json.loads((Path(__file__).parents[1] / "data" / "font_widths.json").read_text("utf-8"))
# What browsers take for `system-ui` and `ui-monospace`: DejaVu on a bare Linux, the widest of the usual ones;
# Liberation has the widths of Arial and Courier New. Korean is Noto's, as wide as Malgun Gothic or wider.
READERS = {"DejaVu": ("DejaVu Sans", "DejaVu Sans Mono"), "Arial": ("Liberation Sans", "Liberation Mono")}


def advance(c: str, family: str, weight: str) -> float:
    """The width of a character, in units of the font size, as a browser finds it: by falling back."""
    if unicodedata.combining(c):
        return 0.0
    wanted = "가" if unicodedata.east_asian_width(c) in "WF" else c
    for name in (
        f"{family}/{weight}",
        f"{family}/normal",
        f"Noto Sans CJK KR/{weight}",
        f"DejaVu Sans/{weight}",
    ):
        if wanted in WIDTHS.get(name, {}):
            return WIDTHS[name][wanted]
    return 1.0 if wanted == "가" else 0.85


RULES = {
    selector.strip(): rule
    for selectors, rule in re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet("light"))
    for selector in selectors.split(",")
    if "font-size" in rule
}


def font(kind: str) -> tuple[float, bool, bool]:
    """(size, is it bold, is it monospaced) of a class, by the style sheet."""
    rule = next(RULES[f".mt .{name}"] for name in kind.split() if f".mt .{name}" in RULES)
    size = re.search(r"font-size:([\d.]+)px", rule)
    assert size is not None
    return float(size[1]), "font-weight" in rule, "monospace" in rule


def extent(element: ET.Element, reader: str) -> tuple[float, float]:
    """Where a text begins and ends."""
    kind = element.get("class", "num")  # numbers on cards have no class of their own
    size, bold, mono = font(kind)
    family = READERS[reader][mono]
    width = size * sum(advance(c, family, "bold" if bold else "normal") for c in element.text or "")
    x, anchor = float(element.get("x", "0")), element.get("text-anchor")
    if anchor is None and "num" in kind.split():
        anchor = "middle"  # by the style sheet
    start = x - (width if anchor == "end" else width / 2 if anchor == "middle" else 0.0)
    return start, start + width


def check(svg: str) -> None:
    root = ET.fromstring(svg)
    page = float(root.get("width", "0"))
    for reader in READERS:
        for text in root.iter(f"{SVG}text"):
            start, end = extent(text, reader)
            assert start >= 0, (reader, text.text)
            assert end <= page, (reader, text.text)
        for group in root.iter(f"{SVG}g"):
            if group.get("data-node") is None or group.find(f"{SVG}rect") is None:
                continue
            card = group.find(f"{SVG}rect")
            left, right = float(card.get("x")), float(card.get("x")) + float(card.get("width"))
            rows: dict[str, list[tuple[float, float, str]]] = {}
            for text in group.iter(f"{SVG}text"):
                start, end = extent(text, reader)
                assert start >= left, (reader, text.text)
                assert end <= right, (reader, text.text)
                rows.setdefault(text.get("y", ""), []).append((start, end, text.text or ""))
            for row in rows.values():
                row.sort()
                for (_, end, one), (start, _, other) in itertools.pairwise(row):
                    assert end <= start, (reader, one, other)


def test_the_widths_are_those_of_the_fonts():
    assert WIDTHS["DejaVu Sans Mono/normal"]["0"] == 0.6021
    assert WIDTHS["Liberation Sans/normal"]["0"] == 0.5562
    assert font("title") == (12.5, True, False)
    assert font("num value") == (10.5, False, True)
    assert font("sub formula") == (9.5, False, False)


@pytest.mark.parametrize("make", [xor_loss, diamond, fan_out, lambda: chain(70), lambda: chain(500)])
@pytest.mark.parametrize("lang", ["en", "ko", "both"])
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_text_stays_on_its_card(make, lang, direction):
    check(draw(make(), lang=lang, direction=direction).svg)


@given(dags(), st.sampled_from(["en", "ko", "both"]), st.integers(300, 2000))
def test_text_stays_on_its_card_in_any_graph(output, lang, width):
    check(draw(output, lang=lang, width=width).svg)


@given(
    st.text(st.sampled_from("abcxyzWM@_0189.가한글층·×ŷ αβ"), min_size=1, max_size=40),
    st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=9),
)
def test_names_and_numbers_stay_on_their_cards(name, numbers):
    w = mt.Variable(np.array(numbers), name=name)
    with mt.scope(name), np.errstate(all="ignore"):
        y = mt.tanh(w * 2.0)
    check(draw(y.sum()).svg)


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
def test_badges_stay_on_their_cards(lang):
    w = mt.Variable([[-30.0, 30.0], [np.nan, 1.0]], name="w")
    never = mt.Variable(1.0, name="never")
    with np.errstate(all="ignore"):
        y = mt.relu(mt.sigmoid(w * 40.0) * 0.0 - 1.0) * 0.0
    check(draw(y.sum(), lang=lang, parameters=[never], check=False).svg)
    check(draw(xor_loss(), lang=lang, check=True).svg)


def test_a_card_that_is_too_narrow_is_seen(monkeypatch):
    monkeypatch.setattr(lettering, "_em", lambda c: 0.4)
    with pytest.raises(AssertionError, match="DejaVu"):
        check(draw(xor_loss(), lang="both").svg)
