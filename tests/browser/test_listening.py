"""The browser tests' own ears: what a page must not do is heard."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("html", "heard"),
    [
        ("<script>console.log('hello')</script>", "console log: hello"),
        ("<script>console.error('oh')</script>", "console error: oh"),
        ("<script>throw new Error('broken')</script>", "error: broken"),
        ("<script>alert('ran')</script>", "alert: ran"),
        ("<img src='https://example.invalid/x.png'>", "request: https://example.invalid/x.png"),
        (
            "<link rel=stylesheet href='http://example.invalid/x.css'>",
            "request: http://example.invalid/x.css",
        ),
        ("<script>fetch('http://example.invalid/').catch(() => 0)</script>", "request: http://example.inv"),
        ("<script>new WebSocket('ws://127.0.0.1:9/')</script>", "websocket: ws://127.0.0.1:9/"),
        ("<script>open('about:blank')</script>", "popup: about:blank"),
    ],
)
def test_what_a_page_must_not_do_is_heard(page: Any, html: str, heard: str) -> None:
    page.goto("about:blank")
    page.set_content("<!doctype html>" + html)
    page.wait_for_timeout(150)
    assert any(complaint.startswith(heard) for complaint in page.complaints), page.complaints
    page.complaints.clear()


def test_a_quiet_page_is_quiet(page: Any) -> None:
    page.set_content("<!doctype html><p>조용하다<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
    assert page.inner_text("p") == "조용하다"


def test_mermaid_is_there(mermaid: Any) -> None:
    drawn = mermaid.evaluate("mermaid.render('m', 'flowchart LR\\n  a[\"가\"] --> b').then(r => r.svg)")
    assert "<svg" in drawn
    assert "가" in drawn
