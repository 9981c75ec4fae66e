"""A real browser for what people open in one: the system's Chromium, steered by Playwright.

The one idea: a page of ours needs nothing from outside and complains of nothing, so a message in the
console, an uncaught error, a dialog or a request that leaves the computer fails whatever test it happens
in, without the test asking.

What pages look like is kept for people to look at: `screenshot` writes screenshots/*.png, which git ignores.

`page` is an empty page. Without the browser a test is skipped on a student's machine and fails in CI.
`mermaid` is a page that has loaded Mermaid; `npm ci --prefix tests/browser` installs it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.missing import missing

HERE = Path(__file__).parent
MERMAID = HERE / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSIDE = ("file:", "data:", "blob:", "about:")  # what needs no network


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))  # one process, so one browser, has them all


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium, launched once: `$MICROTENSOR_CHROMIUM`, or the one on PATH."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing('Playwright is not installed: pip install "microtensor[browser]".')
    path = os.environ.get("MICROTENSOR_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        missing("there is no Chromium on PATH: install it (apt-get install chromium).")
    with sync_playwright() as playwright:
        # Without a sandbox, as containers run as root; all that is opened here is written by the tests.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """An empty page of 1280 × 800; its complaints are the test's failures (`page.complaints`, a list)."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = listening(context)
    yield page
    context.close()
    assert page.complaints == []


@pytest.fixture(scope="package")
def mermaid_page(browser: Any) -> Any:
    """Loaded once: it is large."""
    if not MERMAID.exists():
        missing("Mermaid is not installed: npm ci --prefix tests/browser.")
    page = listening(browser.new_context())
    page.set_content("<!doctype html><body></body>")
    page.add_script_tag(path=str(MERMAID))
    page.evaluate("mermaid.initialize({startOnLoad: false})")
    return page


@pytest.fixture
def mermaid(mermaid_page: Any) -> Iterator[Any]:
    """A page with `await mermaid.render(id, text)`. Its complaints are the test's failures, too."""
    mermaid_page.complaints.clear()
    yield mermaid_page
    assert mermaid_page.complaints == []


def screenshot(page: Any, name: str) -> None:
    """Keep what the whole page looks like, when nothing fades any more."""
    page.wait_for_function("document.getAnimations().length === 0")
    page.screenshot(path=HERE / "screenshots" / f"{name}.png", full_page=True)


def listening(context: Any) -> Any:
    """A new page, and the list `page.complaints` of what it complains of."""
    page = context.new_page()
    heard: list[str] = []
    page.complaints = heard

    def route(route: Any) -> None:
        if route.request.url.startswith(INSIDE):
            route.continue_()
        else:
            heard.append(f"request: {route.request.url[:200]}")
            route.abort()

    def dialog(dialog: Any) -> None:
        heard.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda message: heard.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("dialog", dialog)
    page.on("popup", lambda popup: heard.append(f"popup: {popup.url}"))
    page.on("websocket", lambda socket: heard.append(f"websocket: {socket.url}"))
    context.route("**/*", route)
    return page
