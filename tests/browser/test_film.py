"""The film's page in a real browser: slider, keys, link, sizes, dark, and without JavaScript."""

from __future__ import annotations

import json
import re

import pytest

from microtensor import keras, plot

from .conftest import screenshot

X = [[1, 1], [1, 0], [0, 1], [0, 0]]
Y = [[1], [1], [1], [0]]
EPOCHS = 30


@pytest.fixture(scope="module")
def film():
    film = plot.Film(X, Y, lang="en", title="OR")
    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid", input_shape=(2,))])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")
    model.fit(X, Y, epochs=EPOCHS, batch_size=1, verbose=0, callbacks=[film])
    return film


@pytest.fixture(scope="module")
def address(film, tmp_path_factory):
    return film.save(tmp_path_factory.mktemp("film") / "or.html").as_uri()


@pytest.fixture(scope="module")
def frames(film):
    return json.loads(re.search(r'id="film">(.*?)</script>', film.html)[1])["frames"]


def shown(page):
    """The number of the frame, what is said of it, and everything that should follow the slider."""
    return page.evaluate(
        """() => ({
            at: Number(document.querySelector("#moment").value),
            said: document.querySelector("#now").textContent,
            heard: document.querySelector("#moment").getAttribute("aria-valuetext"),
            boundary: document.querySelector("#plane .boundary").getAttribute("d"),
            regions: [...document.querySelectorAll("#plane .region")].map((r) => r.getAttribute("d")),
            answers: [...document.querySelectorAll("#answers .answer")].map((c) => c.textContent),
            cursors: [...document.querySelectorAll(".now")].map((c) => +c.getAttribute("d").split(/[M,]/)[1]),
        })"""
    )


def check(page, frames, number):
    found, frame = shown(page), frames[number]
    assert found["at"] == number
    assert found["said"] == found["heard"] == frame["said"]
    assert found["boundary"] == frame["boundary"]
    assert found["regions"] == frame["regions"]
    assert found["answers"] == frame["answers"]
    assert found["cursors"] == [frame["x"]["losses"], frame["x"]["weights"]]


def test_it_opens_with_what_was_learnt(page, address, frames):
    page.goto(address)
    check(page, frames, EPOCHS)
    assert page.title() == "OR"
    assert page.locator("#live").is_visible()
    assert not page.locator("noscript p").is_visible()


def test_keys_move_it(page, address, frames):
    page.goto(address)
    for key, number in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", EPOCHS)):
        page.keyboard.press(key)
        check(page, frames, number)
    page.keyboard.press("ArrowRight")
    check(page, frames, EPOCHS)


def test_the_slider_itself_is_a_slider(page, address, frames):
    page.goto(address)
    slider = page.get_by_role("slider", name="Moment of the training")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    check(page, frames, EPOCHS - 1)
    slider.fill("3")
    check(page, frames, 3)
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + box["height"] / 2)
    check(page, frames, 0)


def test_a_link_leads_to_a_frame_and_follows(page, address, frames):
    page.goto(f"{address}#7")
    check(page, frames, 7)
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("#8")
    page.goto(f"{address}#900")
    check(page, frames, EPOCHS)
    page.goto(f"{address}#nonsense")
    check(page, frames, EPOCHS)


def test_it_plays_to_the_end_and_stops(page, address, frames):
    page.clock.install(time=0)
    page.goto(address)
    page.clock.pause_at(3_600_000)  # from here on time stands still, but for `run_for`
    play = page.get_by_role("button")
    play.click()
    assert play.text_content() == "Pause"
    check(page, frames, 0)
    page.clock.run_for(1000)
    assert 5 <= shown(page)["at"] < EPOCHS
    page.evaluate("document.activeElement.blur()")  # off the button, which has the space bar for itself
    page.keyboard.press(" ")
    assert play.text_content() == "Play"
    stopped = shown(page)["at"]
    page.clock.run_for(1000)
    assert shown(page)["at"] == stopped
    play.click()
    page.clock.run_for(10_000)
    check(page, frames, EPOCHS)
    assert play.text_content() == "Play"


def test_nothing_plays_for_those_who_want_less_motion(page, address):
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    assert not page.get_by_role("button").is_visible()
    page.keyboard.press(" ")
    assert shown(page)["at"] == EPOCHS


@pytest.mark.parametrize("width", [320, 500, 1366])
def test_it_fits_the_screen(page, address, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("#moment", "#plane svg", "#losses svg", "#weights svg", "#answers"):
        box = page.locator(part).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    strip = page.evaluate("(() => { const s = document.querySelector('.strip'); return s.scrollWidth; })()")
    assert strip >= 900


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(17, 22, 29)")])
def test_it_is_as_light_as_the_system(page, address, scheme, ground):
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    screenshot(page, f"film-{scheme}")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    assert page.evaluate("getComputedStyle(document.querySelector('#plane .page')).fill") == ground


def test_without_javascript_there_is_the_strip(browser, address):
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(address)
        assert not page.locator("#live").is_visible()
        assert page.locator(".strip svg").is_visible()
        assert page.locator("noscript").text_content().startswith("The slider needs JavaScript")
    finally:
        context.close()
