"""Names that try to be more than names, in every language that a picture is written in."""

from __future__ import annotations

import json
from typing import Any

import microtensor as mt
from microtensor import Tensor

NAMES = (
    # quotes and brackets of all languages
    '"', "'", "`", '"]', '"] --> x[', "\\", '\\"', "\\N", "\\G\\L", "%", "{}", "<>", "[[]]", "((", "|", "||",
    # HTML, SVG, XML
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", '"><image href="http://example.invalid/x.png"/>', "]]>", "<![CDATA[", "-->",
    "<!--", "<?xml?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&lt;b&gt;", "&amp;", "&#60;script&#62;", "&b;",
    "</style><style>*{display:none}", "</svg>", "</text>", "<b>bold</b>", "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "' onmouseover='alert(1)", '" onload="alert(1)',
    "<foreignObject><iframe src='javascript:alert(1)'></foreignObject>", "url(http://example.invalid)",
    # DOT
    'a"]; evil [label="x', "}; digraph {", "evil -> more", "<TABLE><TR><TD>x</TD></TR></TABLE>", "subgraph x",
    '", URL="http://example.invalid', '<IMG SRC="x.png"/>', "\\l\\r", "node", "// comment", "/* comment */",
    # Mermaid, Markdown
    "end", "graph", "click n_x call alert(1)", "%%{init: {}}%%", "%% comment", "#35;", "#quot;", "A-->B",
    "1. list", "- list", "**bold** _it_", "[link](javascript:alert(1))", "www.example.com", "$$x^2$$",
    "fa:fa-car", "@{shape: circle}", ":::loss", "ﬂ°°60¶ß", "`**markdown**`", "x; y", "***",
    # what is invisible, turned round, far too long, or not English
    "line\nbreak\r\ttab", "\x00\x01\x1b[31m\x7f", "\u202eright to left\u2066", "عربي עברית",
    '가중치 "따옴표" <태그>',
    "🧠🔥👩\u200d👧", "e\u0301" * 30, "\ud800", "\ufeff\u200b", "x" * 10_000, "<b>" * 3_000, "…", "  ",
)  # fmt: skip


def graph_of(*names: str) -> Tensor:
    """A small graph in which everything that can have a name has one of these."""
    parts = []
    for name in names:
        with mt.scope(name):
            part = Tensor([0.5, -1.0], requires_grad=True, name=name) * Tensor([1.0, 2.0], name=name)
        part.name = name
        parts.append(part)
    with mt.scope(names[0]):
        return mt.tanh(mt.stack(parts)).sum() + 1.0


def honest(count: int = 1) -> Tensor:
    """The same graph with names that want nothing: what may be there, and no more."""
    return graph_of(*(f"name {k}" for k in range(count)))


def shown(name: str) -> str:
    """What of a name stands on a card: one line, of what can be seen, as much as fits."""
    from microtensor.graph.cards import MAX_TITLE, TITLE
    from microtensor.graph.identity import short_name
    from microtensor.graph.lettering import clean, fitted, width

    return fitted(clean(short_name(name)), MAX_TITLE, lambda text: width(text, TITLE, bold=True))


def documents(text: str) -> list[Any]:
    """JSON texts that stand one after the other."""
    found, at, decoder = [], 0, json.JSONDecoder()
    while at < len(text.rstrip()):
        document, at = decoder.raw_decode(text, at)
        found.append(document)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found
