"""The stepper page in a real browser: keys, clicks, addresses, languages, light and dark, small and large.

Every test also holds that the page complains of nothing and asks nobody for anything (see `conftest`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import microtensor as mt
from microtensor import keras
from microtensor.graph import draw, step
from microtensor.graph.lettering import number
from microtensor.optim import SGD, Adam
from tests.graph.hostile import graph_of
from tests.graph.samples import chain, diamond, fan_out, xor_loss

from .conftest import HERE, listening, missing, screenshot

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
FOUR = {"x": ((1, 1), (1, 0), (0, 1), (0, 0)), "y": ((0,), (1,), (1,), (0,))}
STEPS = 23  # of XOR with an optimizer: 7 forward, 11 backward, 5 to update


def abc() -> mt.Tensor:
    a, b, c = (mt.Variable(v, name=n) for v, n in ((2.0, "a"), (-3.0, "b"), (0.5, "c")))
    return (a + b) * c


PAGES = {
    "xor": lambda: step(xor_loss(), SGD(0.3), lang="en"),
    "batch": lambda: step(xor_loss(**FOUR), Adam(0.1), lang="both"),
    "expression": lambda: step(abc(), lang="ko"),
    "diamond": lambda: step(diamond(), SGD(0.1, momentum=0.9), lang="en"),
    "branches": lambda: step(fan_out(), lang="en"),
    "collapsed": lambda: step(chain(1200) * 2.0, SGD(0.1), lang="en"),
    "leaf": lambda: step(mt.Variable(np.eye(9), name="w"), lang="en"),
}


LOOKS = [  # width, colours, language
    (320, "light", "en"), (500, "light", "ko"), (500, "dark", "en"),
    (1366, "light", "en"), (1366, "dark", "ko"),
]  # fmt: skip


@pytest.fixture(scope="session")
def files(tmp_path_factory: Any) -> dict[str, str]:
    """The address of each page."""
    folder: Path = tmp_path_factory.mktemp("stepper")
    return {name: make().save(folder / f"{name}.html").as_uri() for name, make in PAGES.items()}


@pytest.fixture
def xor(page: Any, files: dict[str, str]) -> Any:
    page.emulate_media(reduced_motion="reduce")
    page.goto(files["xor"])
    return page


def at(page: Any) -> str:
    return page.inner_text("#count")


def card(page: Any, name: str) -> Any:
    return page.locator(f'[data-node="{name}"]')


def row(page: Any, k: int) -> Any:
    """The row of a step in the table."""
    return page.locator("tr:has(td)").nth(k - 1)


def seen(page: Any, name: str, kind: str) -> list[str]:
    """The numbers of a card that can be seen."""
    return card(page, name).evaluate(
        f"card => [...card.querySelectorAll('.{kind}s text')]"
        ".filter(text => getComputedStyle(text).opacity === '1').map(text => text.textContent)"
    )


def words(text: Any) -> str:
    """What is shown of a text that has a version for each language."""
    shown: str = text.evaluate(
        "text => [...text.children].filter(span => getComputedStyle(span).display !== 'none')"
        ".map(span => span.textContent).join()"
    )
    return shown


def wait(page: Any) -> None:
    """Until nothing fades any more."""
    page.wait_for_function("document.getAnimations().length === 0")


# --- moving -------------------------------------------------------------------------------------------------


def test_keys(xor: Any) -> None:
    assert at(xor) == f"1 / {STEPS}"
    for key, expected in (
        ("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", STEPS), ("ArrowRight", STEPS),
        ("Home", 1), ("ArrowLeft", 1),
    ):  # fmt: skip
        xor.keyboard.press(key)
        assert at(xor) == f"{expected} / {STEPS}", key
    assert xor.evaluate("location.hash") == "#1"


def test_keys_with_modifiers_belong_to_the_browser(xor: Any) -> None:
    for key in ("Control+ArrowRight", "Alt+End", "Meta+End", "Control+l"):
        xor.keyboard.press(key)
        assert at(xor) == f"1 / {STEPS}"
        assert xor.input_value("#words") == "en"


def test_buttons_and_the_slider(xor: Any) -> None:
    for button, expected in (("#next", 2), ("#last", STEPS), ("#back", STEPS - 1), ("#first", 1)):
        xor.click(button)
        assert at(xor) == f"{expected} / {STEPS}"
    xor.focus("#at")
    xor.keyboard.press("ArrowRight")
    assert at(xor) == f"2 / {STEPS}", "the slider moves by one, not by two"
    assert xor.get_attribute("#at", "aria-valuetext") == f"2 / {STEPS}, forward, dense/add"
    for phase, expected in (("backward", 8), ("update", 19), ("forward", 1)):
        xor.click(f".phases .{phase}")
        assert at(xor) == f"{expected} / {STEPS}"
        assert xor.locator(".phases [aria-current]").get_attribute("class") == phase


def test_space_plays_to_the_end_and_any_move_stops_it(xor: Any) -> None:
    xor.clock.install()
    xor.reload()
    xor.keyboard.press("Space")
    assert xor.get_attribute("#play", "aria-pressed") == "true"
    assert xor.get_attribute(".panel", "aria-live") == "off"
    xor.clock.run_for(3000)
    assert at(xor) == f"3 / {STEPS}"
    xor.keyboard.press("ArrowLeft")
    assert xor.get_attribute("#play", "aria-pressed") == "false"
    assert xor.get_attribute(".panel", "aria-live") == "polite"
    xor.clock.run_for(3000)
    assert at(xor) == f"2 / {STEPS}"
    xor.click("#play")
    xor.clock.run_for(60_000)
    assert at(xor) == f"{STEPS} / {STEPS}"
    assert xor.get_attribute("#play", "aria-pressed") == "false"


def test_a_link_leads_to_a_step(page: Any, files: dict[str, str]) -> None:
    page.goto(files["xor"] + "#15")
    assert at(page) == f"15 / {STEPS}"
    assert page.inner_text(".panel code") == "dense/add"
    page.evaluate("location.hash = '#9'")
    page.wait_for_function("document.querySelector('#count').textContent.startsWith('9 ')")
    for strange, expected in (("#99", STEPS), ("#0", 1), ("#-3", 1), ("#<b>", 1)):
        page.goto("about:blank")
        page.goto(files["xor"] + strange)
        assert at(page) == f"{expected} / {STEPS}"


def test_a_card_leads_to_its_steps(xor: Any) -> None:
    kernel = card(xor, "dense_1/kernel")
    for expected in (14, 21, 14):
        kernel.click()
        assert at(xor) == f"{expected} / {STEPS}"
    card(xor, "x").click()
    assert at(xor) == f"1 / {STEPS}", "an input has no step of its own: the first that uses it"


def test_cards_are_reached_and_opened_without_a_mouse(xor: Any) -> None:
    names = []
    xor.focus(".stage")
    for _ in range(13):
        xor.keyboard.press("Tab")
        names.append(xor.evaluate("document.activeElement.dataset.node"))
    assert set(names) >= {"x", "dense/kernel", "dense/sigmoid", "mse", "y"}
    card(xor, "mse").focus()
    xor.keyboard.press("Enter")
    assert at(xor) == f"7 / {STEPS}"
    xor.keyboard.press("Space")
    assert at(xor) == f"8 / {STEPS}"
    assert xor.evaluate("document.activeElement.dataset.node") == "mse"


@pytest.mark.parametrize("name", [" ", "   ", "\u200b", "가 나", "x" * 500, "<b>" * 300])
def test_cards_with_any_names_are_reached_and_opened(page: Any, tmp_path: Path, name: str) -> None:
    page.goto(step(graph_of(name), SGD(0.1)).save(tmp_path / "x.html").as_uri())
    cards = page.locator("[data-node]")
    page.focus(".stage")
    for k in range(cards.count()):
        page.keyboard.press("Tab")
        assert cards.nth(k).evaluate("card => card === document.activeElement"), k
        assert page.locator("[data-node].now").count() == 1
    page.keyboard.press("Enter")
    assert cards.last.evaluate("card => card.classList.contains('now')")


def test_rows_lead_to_their_steps(xor: Any) -> None:
    assert not xor.is_visible("table")
    xor.click("#open")
    assert xor.get_attribute("#open", "aria-expanded") == "true"
    row(xor, 10).click()
    assert at(xor) == f"10 / {STEPS}"
    assert xor.locator("tr.now").inner_text().startswith("10")


# --- what is shown ------------------------------------------------------------------------------------------


def test_numbers_come_when_they_are_computed(xor: Any) -> None:
    graph = PAGES["xor"]().drawing.graph
    hidden = graph.node("dense/sigmoid")
    value = [number(x) for x in hidden.value.ravel().tolist()]
    gradient = [number(x, 4, signed=True) for x in hidden.gradient.ravel().tolist()]
    for k in range(1, STEPS):
        wait(xor)
        assert at(xor) == f"{k} / {STEPS}"
        assert seen(xor, "x", "value") == ["1.000", "0.000"]
        assert seen(xor, "dense/sigmoid", "value") == (value if k >= 3 else [])
        assert seen(xor, "dense/sigmoid", "grad") == (gradient if k >= 13 else [])
        xor.keyboard.press("ArrowRight")


def test_lines_come_with_their_numbers(xor: Any) -> None:
    opacity = "e => getComputedStyle(e).opacity"
    edge = xor.locator('g[data-source="dense_1/add"]')
    label = xor.locator('text[data-source="dense_1/add"]')
    for k, forward, back in ((5, "0.22", "0"), (6, "1", "0"), (9, "1", "0"), (10, "1", "1")):
        xor.evaluate(f"location.hash = '#{k}'")
        xor.wait_for_function(f"document.querySelector('#count').textContent.startsWith('{k} ')")
        wait(xor)
        assert edge.locator("path.forward").evaluate(opacity) == forward
        assert edge.locator("path.back").evaluate(opacity) == back
        assert label.evaluate(opacity) == back


def test_the_panel_tells_upstream_times_local_derivative(page: Any, files: dict[str, str]) -> None:
    page.goto(files["xor"] + "#14")
    assert page.inner_text(".panel > code") == "∂L/∂W = h₃ᵀ · ∂L/∂h₄"
    roles = page.locator(".panel var").evaluate_all(
        "chips => chips.map(chip => getComputedStyle(chip, ':before').content.slice(1, -1))"
    )
    assert roles == ["local derivative", "upstream", "gradient"]
    assert page.locator(".panel :is(b, samp)").all_inner_texts() == [
        "0.673\n0.261", "−0.1918", "−0.1290\n−0.0501",
    ]  # fmt: skip


def test_the_update_changes_the_numbers_on_cards_and_back(xor: Any) -> None:
    before = seen(xor, "dense/kernel", "value")
    xor.keyboard.press("End")
    wait(xor)
    assert seen(xor, "dense/kernel", "value") == ["0.634", "−0.848", "−0.530", "0.910"]
    assert seen(xor, "mse", "value") == ["0.142"]
    assert xor.inner_text(".panel > code") == "L → L′"
    assert xor.locator(".panel :is(b, samp)").all_inner_texts() == ["0.1597", "0.1419"]
    xor.keyboard.press("Home")
    assert seen(xor, "dense/kernel", "value") == before


def test_pointing_at_a_parameter_shows_its_paths(xor: Any) -> None:
    card(xor, "dense_1/bias").hover()
    assert xor.locator("[data-node].path").evaluate_all("cards => cards.map(c => c.dataset.node)") == [
        "dense_1/bias", "dense_1/add", "dense_1/sigmoid", "mse",
    ]  # fmt: skip
    assert xor.locator("g.edge.path").count() == 3
    label = xor.locator('text[data-source="dense/add"]')
    assert label.evaluate("text => getComputedStyle(text).opacity") == "0", "what has not come is not seen"
    xor.mouse.move(5, 5)
    assert xor.locator(".path").count() == 0


def test_zoom_and_pan(page: Any, files: dict[str, str]) -> None:
    page.goto(files["branches"])
    width = "document.querySelector('.stage svg').getBoundingClientRect().width"
    first = page.evaluate(width)
    page.keyboard.press("+")
    assert page.evaluate(width) == pytest.approx(first * 1.25, rel=1e-3)
    page.keyboard.press("-")
    page.click("#out")
    assert page.evaluate(width) == pytest.approx(first * 0.8, rel=1e-3)
    page.keyboard.press("0")
    assert page.evaluate(width) == pytest.approx(first, rel=1e-3)
    for _ in range(3):
        page.keyboard.press("+")
    box = page.locator(".stage").bounding_box()
    x, y = box["x"] + 640, box["y"] + 200
    before, step = page.evaluate("document.querySelector('.stage').scrollLeft"), at(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 150, y, steps=5)
    page.mouse.up()
    assert page.evaluate("document.querySelector('.stage').scrollLeft") == pytest.approx(before + 150, abs=2)
    assert at(page) == step, "a drag is no click"
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(f"{width} > {first * 2.2}")


def test_the_card_of_the_step_is_in_sight(page: Any, files: dict[str, str]) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 500, "height": 800})
    for name in ("branches", "batch", "diamond"):
        page.goto(files[name])
        for _ in range(40):
            page.keyboard.press("ArrowRight")
            inside = page.evaluate(
                "() => { const a = document.querySelector('.now .card').getBoundingClientRect(),"
                " b = document.querySelector('.stage').getBoundingClientRect();"
                " return a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 }"
            )
            assert inside, (name, at(page))


# --- readers differ -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme", "lang"), LOOKS)
def test_nothing_sticks_out(
    page: Any, files: dict[str, str], name: str, width: int, scheme: str, lang: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(files[name])
    page.select_option("#words", lang)
    for key in ("Home", "End"):
        page.keyboard.press(key)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    screenshot(page, f"{name}-{width}-{scheme}-{lang}")
    if page.is_visible("#open"):
        page.click("#open")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("width", "least"), [(320, 0.9), (500, 0.9), (800, 0.72), (1366, 0.72)])
def test_the_picture_can_be_read(
    browser: Any, files: dict[str, str], script: bool, width: int, least: float
) -> None:
    """As wide as there is room; but not so small that nobody can read it, and then its frame scrolls."""
    context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 800})
    page = listening(context)
    page.goto(files["batch"])
    room, shown, natural = page.locator(".stage").evaluate(
        "stage => [stage.clientWidth, stage.querySelector('svg').getBoundingClientRect().width,"
        " stage.querySelector('svg').viewBox.baseVal.width]"
    )
    context.close()
    assert shown == pytest.approx(max(least * natural, min(room, 1.15 * natural)), abs=1)
    assert page.complaints == []


def test_languages(xor: Any) -> None:
    heading, bias = xor.locator("h1"), card(xor, "dense/bias").locator(".sub").first
    assert heading.inner_text() == "One training step"
    assert words(bias) == "b · bias"
    xor.keyboard.press("l")
    assert heading.inner_text() == "학습 한 걸음"
    assert words(bias) == "b · 편향"
    assert xor.evaluate("document.documentElement.lang") == "ko"
    assert "행과 열을" in xor.inner_text(".panel")
    assert "row" not in xor.inner_text(".panel")
    xor.select_option("#words", "both")
    assert heading.inner_text() == "One training step학습 한 걸음"
    assert words(bias) == "b · bias 편향"
    xor.focus("#words")
    xor.keyboard.press("ArrowRight")
    assert at(xor) == f"1 / {STEPS}", "a list of languages has its own arrows"


def test_light_and_dark(page: Any, files: dict[str, str]) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = "rgb(255, 255, 255)", "rgb(17, 22, 29)"
    page.emulate_media(color_scheme="dark")
    page.goto(files["xor"])
    assert page.evaluate(ground) == dark
    page.keyboard.press("t")
    assert page.evaluate(ground) == light
    assert page.get_attribute("#theme", "aria-label") == "theme: light"
    page.keyboard.press("T")
    assert page.evaluate(ground) == dark
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == dark, "chosen is chosen"
    page.keyboard.press("t")
    assert page.evaluate(ground) == light, "auto again"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == light, "paper is white"


def test_calm_where_motion_is_not_wanted(xor: Any) -> None:
    duration = "getComputedStyle(document.querySelector('.values text')).transitionDuration"
    assert xor.evaluate(duration) == "0s"
    xor.emulate_media(reduced_motion="no-preference")
    assert xor.evaluate(duration) == "0.2s"


@pytest.mark.parametrize("width", [500, 1366])
def test_without_javascript_everything_is_there(browser: Any, files: dict[str, str], width: int) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = listening(context)
    page.goto(files["batch"])
    assert page.locator("tr:has(td)").count() == STEPS
    assert row(page, 23).is_visible()
    assert not page.is_visible(".bar")
    assert not page.is_visible(".panel")
    assert page.locator(".stage").evaluate("stage => stage.scrollHeight <= stage.clientHeight")
    assert words(page.locator('[data-node="dense/bias"] .sub').first) == "b · bias 편향"
    assert page.locator('[data-node="dense/bias"] .grads text').all_text_contents() == ["+0.0067", "−0.0060"]
    assert page.locator('[data-node="dense/bias"]').get_attribute("tabindex") is None
    context.close()
    assert page.complaints == []


def test_without_steps_the_picture_is_whole(page: Any, files: dict[str, str], tmp_path: Path) -> None:
    page.goto(draw(mt.Variable([1.5, -2.0], name="w")).save(tmp_path / "w.html").as_uri())
    assert seen(page, "w", "value") == ["1.500", "−2.000"]
    assert not any(map(page.is_visible, (".moves", ".track", "#count", ".panel", ".keys", "table", "#open")))
    assert card(page, "w").get_attribute("role") is None, "nothing happens when it is pressed"
    page.keyboard.press("ArrowRight")
    page.select_option("#words", "ko")
    assert page.inner_text("h1") == "w · 매개변수 1개 (수 2개)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_model_as_neurons(page: Any, tmp_path: Path, scheme: str) -> None:
    model = keras.Sequential([keras.layers.Dense(2, activation="tanh", input_shape=(2,), name="two of them")])
    page.emulate_media(color_scheme=scheme)
    page.goto(draw(model, style="neurons").save(tmp_path / "neurons.html").as_uri())
    assert page.locator(".neuron circle").count() == page.locator(".weight[data-source] path").count() == 4
    ground = "getComputedStyle(document.querySelector('.input circle')).fill"
    assert page.evaluate(ground) == {"light": "rgb(241, 237, 251)", "dark": "rgb(42, 33, 70)"}[scheme]
    card(page, "x₂").hover()
    assert page.locator("[data-node].path").evaluate_all("all => all.map(c => c.dataset.node)") == [
        "x₂", "two of them 1", "two of them 2",
    ]  # fmt: skip
    page.select_option("#words", "ko")
    assert words(page.locator(".legend text").first) == "양의 가중치"
    assert page.inner_text("h1") == f"{model.name}: 층 1개 · 매개변수 6개"


def test_on_paper_everything_is_there(xor: Any) -> None:
    xor.emulate_media(media="print")
    wait(xor)
    assert seen(xor, "dense/sigmoid", "grad") == ["−0.2109", "+0.1342"]
    assert row(xor, 23).is_visible()
    assert not xor.is_visible(".bar")
    assert not xor.is_visible(".panel")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["xor", "batch", "collapsed", "leaf"])
def test_axe_finds_nothing_serious(page: Any, files: dict[str, str], scheme: str, name: str) -> None:
    if not AXE.exists():
        missing("axe is not installed: npm ci --prefix tests/browser.")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(files[name])
    page.add_script_tag(path=str(AXE))
    for press in ("Home", "End"):
        page.keyboard.press(press)
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
    if page.is_visible("#open"):
        page.click("#open")
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]][:3]) for v in found] == []


def test_a_notebook_frame_shows_it(page: Any) -> None:
    page.set_content("<!doctype html>" + PAGES["xor"]()._repr_html_())
    frame = page.frame_locator("iframe")
    frame.locator("#next").click()
    assert frame.locator("#count").inner_text() == f"2 / {STEPS}"


def test_names_are_text_in_the_browser_too(page: Any, tmp_path: Path) -> None:
    name = "</script><img src=x onerror=alert(1)>]]>\"'"
    w = mt.Variable(1.0, name="w")
    w.name = name
    operation = mt.Operation(name, lambda x: x * 2, lambda g, y, x: g * 2, formula=name, local=name)
    with mt.scope(name):
        y = operation(w)
    page.goto(step(y, SGD(0.1), title=name).save(tmp_path / "x.html").as_uri())
    page.keyboard.press("End")
    assert page.inner_text("h1") == name
    assert page.locator("img").count() == 0
