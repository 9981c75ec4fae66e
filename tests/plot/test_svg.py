"""The SVG painter: well-formed, described, readable, the same in every process, and a name is only text."""

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microtensor import plot
from microtensor.plot import drawn
from microtensor.plot.panel import Dots, Line, Panel
from microtensor.plot.sheet import single
from microtensor.plot.style import DARK_COLOURS, LIGHT_COLOURS, style_sheet

from ..pictures import contrast, printed_in_processes
from .samples import SVG, WEIGHTS, X, Y, filmed, korean, texts, xor_model

ROOT = Path(__file__).parents[2]


def all_sheets(lang="both"):
    film = plot.Film(X, Y, lang=lang)
    _, history = filmed(film, 3)
    model = xor_model(WEIGHTS)
    return {
        "activation": drawn.activation("elu", lang=lang),
        "activations": drawn.activations(lang=lang),
        "loss": drawn.loss(history, lang=lang),
        "weights": drawn.weights(film, lang=lang),
        "boundary": drawn.decision_boundary(model, X, Y, lang=lang),
        "hidden": drawn.hidden_space(model, X, Y, lang=lang),
        "strip": film.strip,
    }


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_pictures_are_well_formed_and_described(theme):
    for sheet in all_sheets().values():
        svg = sheet.in_theme(theme).svg
        root = ET.fromstring(svg)
        title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert title.text
        assert desc.text
        assert all(group.find(f"{SVG}title") is not None for group in root.iter(f"{SVG}g"))
        assert ("@media" in svg) == (theme == "auto")
        assert not re.search(r"nan|inf\b", svg)
        assert not re.search(r"(href|src|url\()", svg)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_one_language_shows_no_word_of_the_other(lang):
    for name, sheet in all_sheets(lang).items():
        assert bool(korean(" ".join(texts(sheet.svg)))) == (lang == "ko"), name


def test_everything_lies_on_the_paper():
    for sheet in all_sheets().values():
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', sheet.svg).groups())
        for d in re.findall(r' d="((?:[ML]?-?[\d.]+,-?[\d.]+|Z)+)"', sheet.svg):
            points = np.array(re.findall(r"(-?[\d.]+),(-?[\d.]+)", d), dtype=float)
            assert (points >= 0).all()
            assert (points <= [width, height]).all()
        for text in ET.fromstring(sheet.svg).iter(f"{SVG}text"):
            assert 0 <= float(text.get("x")) <= width
            assert 0 <= float(text.get("y")) <= height


HOSTILE = (
    '"><script>alert(1)</script>', "a\nb", "\x00\x1b[31m", "]]>", "&<!--", "\u202egnp", "한글", "\ud800",
)  # fmt: skip


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)))
def test_any_name_is_text(name):
    at = np.array([0.0, 1.0])
    lines, dots = (Line(at, at, 0, name), Line(at, at, 1, name)), (Dots(at, at, 0, name, (name, name)),)
    words = {"x_label": name, "y_label": name, "formulas": (name, name), "note": name}
    panel = Panel(name, (0.0, 1.0), (0.0, 1.0), lines=lines, dots=dots, **words)
    for shown in (panel, replace(panel, ends=True)):
        root = ET.fromstring(single(shown).svg.encode("utf-8"))
        kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert kinds <= {"svg", "title", "desc", "style", "rect", "g", "path", "text", "circle"}


@pytest.mark.parametrize("colours", [LIGHT_COLOURS, DARK_COLOURS], ids=["light", "dark"])
def test_every_text_is_readable(colours):
    for name in ("text", "soft", "value", "grad", *(f"s{k}" for k in range(6))):
        assert contrast(colours[name], colours["page"]) >= 4.5, name


def test_the_same_picture_in_every_process():
    code = (
        "import hashlib; from microtensor.plot import drawn;"
        "print(hashlib.sha256((drawn.activations().svg + drawn.loss([3, 2, 1]).svg).encode()).hexdigest())"
    )
    made = printed_in_processes(code)
    here = hashlib.sha256((drawn.activations().svg + drawn.loss([3, 2, 1]).svg).encode()).hexdigest()
    assert made == {here}


def test_it_draws_without_matplotlib(tmp_path):
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import microtensor as mt\n"
        "print(mt.plot.drawn.activations().save('a.svg'))\n"
        "try: mt.plot.loss([1.0])\n"
        "except ModuleNotFoundError as error: print(error)\n"
        "try: mt.plot.drawn.loss([1.0]).save('a.png')\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=True,
    )
    assert done.stdout.count('pip install "microtensor[plot]"') == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


def test_two_on_one_page_share_no_id():
    svgs = [drawn.loss([1.0, 2.0]).svg, drawn.loss([2.0, 1.0]).svg]
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in svgs]
    assert len(ids[0]) == len(ids[1]) == 2
    assert not ids[0] & ids[1]


def test_a_sheet_saves_itself_and_shows_itself(tmp_path):
    sheet = drawn.loss([3.0, 1.0], lang="en")
    assert sheet.save(tmp_path / "loss.SVG").read_text("utf-8") == sheet.svg == sheet._repr_svg_()
    assert repr(sheet) == "<Sheet of 1 panel: Loss by epoch>"
    with pytest.raises(ValueError, match=r"one of \.svg, \.png, \.pdf; got 'loss\.gif'"):
        sheet.save(tmp_path / "loss.gif")
    with pytest.raises(FileNotFoundError, match="make it first"):
        sheet.save(tmp_path / "nowhere" / "loss.svg")
    with pytest.raises(ValueError, match='theme is one of "auto"'):
        sheet.in_theme("sepia")
    with pytest.raises(ValueError, match='theme is one of "auto"'):
        style_sheet("")
