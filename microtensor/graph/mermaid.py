"""Mermaid: the graph as a flowchart that GitHub, notebooks and wikis draw from text.

The one idea: Mermaid reads a label as Markdown, HTML, icons and mathematics, so nothing of that alphabet is
let in: of ASCII only letters, digits, blanks and `(),-/=+` stay as they are, and what else a label holds is
written as `#code;`. The ids are ours, of the same few characters, and begin with `n_`, since `end` or `graph`
would be words of the language.
"""

from __future__ import annotations

import re

from .badges import Badge, badges
from .captions import layer_title
from .cards import Style, card
from .collapse import collapse
from .identity import Ids
from .labels import label_lines
from .lettering import clean
from .records import Graph, Node
from .style import DARK, LIGHT

MARKS = {"bad": "⚠", "warn": "⚠"}  # a badge has no ground of its own here
MAX_LINES, MAX_TEXT = 500, 50_000  # Mermaid refuses more lines, or more characters
MAX_ID = 48
# What is written as a code: at a line's beginning, where Markdown has its lists and headings, all but letters
# and digits; elsewhere all of ASCII but a few; a point that is none of a number.
_RISKY = re.compile(r"^[!-/:-@\[-`{-~]|[!-'*:-<>-@\[-`{-~]|(?<!\d)\.|\.(?!\d)|(?<=^\d)\)")
# Lines are seen on a light page and on a dark one: 3 to 1.
VALUE, GRADIENT = "stroke:#2f7fd0,stroke-width:1.6px", "stroke:#d0621e,stroke-width:2px,stroke-dasharray:5 4"
# Icons, mathematics and Mermaid's own marks (ﬂ° ¶ß) are looked for when the codes are decoded: there a
# space of no width parts them.
_DECODED = re.compile(r"(?<=\$)(?=\$)|(?<=:)(?=fa-)|(?<=ﬂ)(?=°)|(?<=¶)(?=ß)")
# Shapes: what stands before and after the label.
SHAPES = {
    "input": ("([", "])"),
    "parameter": ("(", ")"),
    "constant": ("[/", "/]"),
    "operation": ("[", "]"),
    "loss": ("[[", "]]"),
    "update": ("(", ")"),
    "reference": ("[/", "/]"),
    "layer": ("(", ")"),
    "group": ("{{", "}}"),
}
BORDERS = {
    "input": ("inputground", "input", "stroke-dasharray:4 3"),
    "parameter": ("parameterground", "parameter", "stroke-width:1.6px"),
    "constant": ("layer", "constant", "stroke-dasharray:2 3"),
    "operation": ("card", "line", "stroke-width:1.2px"),
    "loss": ("card", "loss", "stroke-width:2.6px"),
    "update": ("parameterground", "parameter", "stroke-width:2.6px"),
    "reference": ("card", "soft", "stroke-dasharray:2 3"),
    "layer": ("card", "soft", "stroke-width:1.4px"),
    "group": ("layer", "constant", "stroke-dasharray:9 3"),
}


def mermaid(graph: Graph, style: Style | None = None, theme: str = "auto") -> str:
    """The graph as the text of a Mermaid flowchart: solid lines for values, dashed ones for gradients.

    Mermaid draws at most 500 lines and 50,000 characters; a graph that needs more is collapsed by layer.

    >>> import microtensor as mt
    >>> from microtensor.graph import trace
    >>> text = mermaid(trace(mt.Variable(3.0, name="w") * 2.0), Style("en"))
    >>> print(*text.splitlines()[5:10], sep="\\n")
      n_w("w<br/>weight<br/>scalar · float32<br/>3.000<br/>∇ +2.0000")
      n_constant[/"2<br/>constant<br/>scalar · Python float"/]
      n_w --> n_multiply
      n_constant --> n_multiply
      n_multiply -.->|"×2"| n_w
    """
    style = style or Style()
    text = _flowchart(graph, style, theme)
    lines = sum(1 + (edge.flows and style.grads) for edge in graph.edges)
    if (lines > MAX_LINES or len(text) > MAX_TEXT) and not graph.collapsed:
        return _flowchart(collapse(graph, style.lang), style, theme)
    return text


def _flowchart(graph: Graph, style: Style, theme: str) -> str:
    names = _names(graph)
    framed = {id for group in graph.groups for id in group.nodes}
    found = badges(graph, style)
    rows = [f"flowchart {style.direction}"]
    for number, group in enumerate(graph.groups):
        rows.append(
            f'  subgraph layer{number}["{said(layer_title(group.id, group.parameters, style.lang))}"]'
        )
        rows.append(f"    direction {style.direction}")
        rows += [f"    {_node(graph.node(id), names, found, style)}" for id in group.nodes]
        rows.append("  end")
    rows += [f"  {_node(node, names, found, style)}" for node in graph.nodes if node.id not in framed]
    forward, back = list[str](), list[str]()
    for edge in graph.edges:
        source, target = names[edge.source], names[edge.target]
        label = "<br/>".join(map(said, label_lines(edge, style)))
        labelled = f'|"{label}"|' if label else ""
        flows = edge.flows and style.grads
        forward.append(f"  {source} -->{'' if flows else labelled} {target}")
        if flows:
            back.append(f"  {target} -.->{labelled} {source}")
    lines = forward + back[::-1]  # in the order in which they run
    return "\n".join([*rows, *lines, *_looks(graph, names, theme, len(forward), len(back))]) + "\n"


def _names(graph: Graph) -> dict[str, str]:
    """For each node a name that Mermaid takes for nothing else, made of the node's id."""
    ids = Ids()
    return {
        node.id: ids.new("", "n_" + re.sub(r"[^A-Za-z0-9]", "_", node.id)[:MAX_ID]) for node in graph.nodes
    }


def _node(node: Node, names: dict[str, str], found: dict[str, tuple[Badge, ...]], style: Style) -> str:
    face = card(node, style, found.get(node.id, ()))
    lines = [f"{face.title} {face.corner}", face.second, face.third]
    for block in face.blocks:
        rows = ["  ".join(row) for row in block.rows]
        lines += [f"∇ {rows[0]}", *rows[1:]] if block.gradient else rows
    lines += [f"{MARKS.get(badge.kind, '')} {badge.text}" for badge in face.badges]
    before, after = SHAPES[node.kind]
    return f'{names[node.id]}{before}"{"<br/>".join(said(line) for line in lines if line.strip())}"{after}'


def _looks(graph: Graph, names: dict[str, str], theme: str, forward: int, back: int) -> list[str]:
    """Colours, written out: a kind's ground, border and text. Lines go by their numbers."""
    colours = DARK if theme == "dark" else LIGHT
    rows = []
    for kind, (ground, border, line) in BORDERS.items():
        members = [names[node.id] for node in graph.nodes if node.kind == kind]
        if members:
            rows.append(
                f"  classDef {kind} fill:{colours[ground]},stroke:{colours[border]},"
                f"color:{colours['text']},{line}"
            )
            rows.append(f"  class {','.join(members)} {kind}")
    if graph.groups:
        frame = f"fill:{colours['layer']},stroke:{colours['line']},color:{colours['soft']}"
        rows.append(f"  classDef frame {frame}")
        rows.append(f"  class {','.join(f'layer{k}' for k in range(len(graph.groups)))} frame")
    for lines, look in ((range(forward), VALUE), (range(forward, forward + back), GRADIENT)):
        if lines:
            rows.append(f"  linkStyle {','.join(map(str, lines))} {look}")
    return rows


def said(text: str) -> str:
    """A line of a label, in which nothing means anything to Mermaid, Markdown or HTML.

    >>> said("w = 0.5"), said("- <b>"), said("[a](b)")
    ('w = 0.5', '#45; #60;b#62;', '#91;a#93;(b)')
    """
    tight = _DECODED.sub("\u200b", " ".join(clean(text).split()))
    return _RISKY.sub(lambda found: f"#{ord(found[0])};", tight)
