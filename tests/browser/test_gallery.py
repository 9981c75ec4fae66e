"""The gallery's page in a real browser: pictures fit or scroll, and are never too small to be read."""

from __future__ import annotations

from typing import Any

import pytest

from microtensor.graph import draw
from microtensor.plot import drawn, gallery
from tests.graph.samples import diamond, xor_loss

from .conftest import screenshot


@pytest.fixture(scope="module")
def address(tmp_path_factory: Any) -> str:
    pictures = {
        "xor.svg": ("The gradient graph of one step.", draw(xor_loss(), lang="en")),
        "diamond.svg": ("Two ways.", draw(diamond(), lang="en")),
        "loss.svg": ("The loss of each epoch.", drawn.loss([2.0, 1.0, 0.5])),
        "step.html": ("Backpropagation, step by step", draw(xor_loss())),
    }
    return gallery(tmp_path_factory.mktemp("gallery"), pictures, title="XOR").as_uri()


@pytest.mark.parametrize(("width", "scheme", "least"), [(500, "light", 0.9), (1366, "dark", 0.66)])
def test_pictures_can_be_read(page: Any, address: str, width: int, scheme: str, least: float) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.clientWidth / image.naturalWidth") >= least - 0.01
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    screenshot(page, f"gallery-{width}-{scheme}")
