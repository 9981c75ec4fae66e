"""DOT: the picture in Graphviz's language, with the same cards and labels as the SVG.

The one idea: what a card and an edge say is decided elsewhere; here it becomes tables that Graphviz lays
out. Every text goes through one door, `escaped`, into a table's cell, where it can only ever be text. The
text is written by us, so that it needs neither the `dot` program nor any package.
"""

from __future__ import annotations

import hashlib
from typing import Any

from .badges import Badge, badges
from .captions import caption, layer_title, legend
from .cards import NUM, SUB, TITLE, Block, Style, card
from .labels import LABEL, label_lines
from .lettering import cells, escape
from .records import Edge, Graph, Group, Node
from .style import DARK, LIGHT
from .thickness import THIN, norm, thickness

FONT, MONO = "Helvetica,Arial,sans-serif", "DejaVu Sans Mono,Consolas,Menlo,monospace"
# Of each kind the border, as in the SVG: (style, width in points, colour, ground).
BORDERS = {
    "input": ("rounded,filled,dashed", 1.2, "input", "inputground"),
    "parameter": ("rounded,filled", 1.6, "parameter", "parameterground"),
    "constant": ("filled,dotted", 1.2, "constant", "layer"),
    "operation": ("rounded,filled", 1.2, "line", "card"),
    "loss": ("rounded,filled", 2.6, "loss", "card"),
    "update": ("rounded,filled", 2.6, "parameter", "parameterground"),
    "reference": ("filled,dotted", 0.8, "soft", "page"),
    "layer": ("rounded,filled", 1.4, "soft", "card"),
    "group": ("filled,dashed", 1.2, "constant", "layer"),
}
MAX_ID = 200
# Operations: in larger graphs labels get no room of their own, which takes `dot` minutes. (Without `newrank`
# it may fail at labels between layers: "trouble in init_rank".)
ROOMY = 30
Colours = dict[str, str]
Found = dict[str, tuple[Badge, ...]]  # the badges of each node that has any


def dot(graph: Graph, style: Style | None = None, theme: str = "auto", title: str | None = None) -> str:
    """The graph as DOT text. A file cannot ask the reader's system, so the theme "auto" is the light one.

    >>> import microtensor as mt
    >>> from microtensor.graph import trace
    >>> text = dot(trace(mt.Variable(3.0, name="w") * 2.0))
    >>> '"w" -> "multiply" [color="#0a5aa8"' in text
    True
    """
    return "digraph {\n" + "".join(statements(graph, style or Style(), theme, title)) + "}\n"


def digraph(graph: Graph, style: Style | None = None, theme: str = "auto", title: str | None = None) -> Any:
    """The same as a `graphviz.Digraph` of the PyPI package, to be changed or rendered with its methods."""
    from graphviz import Digraph  # type: ignore[import-untyped]

    return Digraph(body=statements(graph, style or Style(), theme, title))


def statements(graph: Graph, style: Style, theme: str, title: str | None) -> list[str]:
    """What stands between the braces, a line each: the page, the layers, the cards, the edges."""
    colours = DARK if theme == "dark" else LIGHT
    framed = {name for group in graph.groups for name in group.nodes}
    largest = max((norm(edge.contribution) for edge in graph.edges), default=0.0)
    roomy = graph.operations <= ROOMY or bool(graph.collapsed)
    found = badges(graph, style)
    lines = [*_page(graph, style, colours, title, "0.45" if roomy else "1.0")]
    for number, group in enumerate(graph.groups):
        lines += _layer(group, number, graph, found, style, colours)
    lines += [_node(node, found, style, colours) for node in graph.nodes if node.id not in framed]
    for edge in graph.edges:
        on_path = edge.argument == 0 and bool(graph.node(edge.source).number)
        weight = 12 if on_path else 1
        lines += _edge(edge, style, colours, largest, weight, "label" if roomy else "xlabel")
    return [f"\t{line}\n" for line in lines]


def _page(graph: Graph, style: Style, colours: Colours, title: str | None, apart: str) -> list[str]:
    heading = _said(caption(graph, style.lang) if title is None else title, colours["soft"], 11.5)
    marks = {"forward": ("──▶", "value"), "back": ("◀╌╌", "grad")}
    key = "&#160;&#160;&#160;&#160;".join(
        _said(f"{marks[kind][0]} {words}", colours[marks[kind][1]], SUB)
        for kind, words in legend(graph, style)
        if kind in marks
    )
    page = {
        "rankdir": style.direction, "bgcolor": colours["page"], "fontname": FONT, "labelloc": "t",
        "labeljust": "l", "nodesep": "0.28", "ranksep": apart, "pad": "0.2", "newrank": "true",
    }  # fmt: skip
    label = f'<{heading}<BR ALIGN="LEFT"/>{key}<BR ALIGN="LEFT"/>>' if key else f"<{heading}>"
    return [
        f"graph [label={label} {_attributes(page)}]",
        f'node [shape="box" margin="0.06,0.04" fontname="{FONT}" fontcolor="{colours["text"]}"]',
        f'edge [arrowsize="0.7" fontname="{MONO}" fontsize="{LABEL}" fontcolor="{colours["grad"]}"]',
    ]


def _layer(
    group: Group, number: int, graph: Graph, found: Found, style: Style, colours: Colours
) -> list[str]:
    name = _said(layer_title(group.id, group.parameters, style.lang), colours["soft"], 11.5)
    look = _attributes(
        {"style": "rounded,filled", "color": colours["line"], "fillcolor": colours["layer"], "margin": "12"}
    )
    inside = [_node(graph.node(id), found, style, colours) for id in group.nodes]
    return [
        f"subgraph cluster_{number} {{",
        f"\tgraph [label=<<B>{name}</B>> {look}]",
        *(f"\t{line}" for line in inside),
        "}",
    ]


def _node(node: Node, found: Found, style: Style, colours: Colours) -> str:
    face = card(node, style, found.get(node.id, ()))
    kind, width, border, ground = BORDERS[node.kind]
    soft = colours["text" if node.number and node.kind != "group" else "soft"]
    # A grey corner, the rest in lines below: a table of two columns, as wide as its widest line.
    title = f"<B>{_said(face.title, colours['text'], TITLE)}</B>"
    corner = _said(face.corner, colours["soft"], SUB)
    rows = [
        f'<TD ALIGN="LEFT">{title}</TD><TD ALIGN="RIGHT">{corner}</TD>',
        *([_wide(_said(face.second, soft, SUB))] if face.second else []),
        *([_wide(_said(face.third, colours["soft"], SUB))] if face.third else []),
        *(_block(block, colours) for block in face.blocks),
        *(_badge(badge, colours) for badge in face.badges),
    ]
    table = "".join(f"<TR>{row}</TR>" for row in rows)
    look = _attributes(
        {"style": kind, "penwidth": f"{width}", "color": colours[border], "fillcolor": colours[ground]}
    )
    return (
        f'{quoted(node.id)} [label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1">'
        f"{table}</TABLE>> {look}]"
    )


def _wide(cell: str, ground: str = "", align: str = "LEFT") -> str:
    return f'<TD COLSPAN="2" ALIGN="{align}"{ground}>{cell}</TD>'


def _block(block: Block, colours: Colours) -> str:
    """Rows of numbers, one below the other in columns of equal width."""
    name = "grad" if block.gradient else "value"
    widest = max((cells(number) for row in block.rows for number in row), default=0)
    rows = [
        "&#160;&#160;".join("&#160;" * (widest - cells(text)) + escaped(text) for text in row)
        for row in block.rows
    ]
    numbers = f'<FONT FACE="{MONO}" COLOR="{colours[name]}" POINT-SIZE="{NUM}">{"<BR/>".join(rows)}</FONT>'
    return _wide(numbers, f' BGCOLOR="{colours[name + "ground"]}"', "CENTER")


def _badge(badge: Badge, colours: Colours) -> str:
    ground = f' BGCOLOR="{colours[badge.kind + "ground"]}"'
    return _wide(_said(badge.text, colours[badge.kind], SUB), ground)


def _edge(edge: Edge, style: Style, colours: Colours, largest: float, weight: int, name: str) -> list[str]:
    """The value's line; and, drawn the other way round, the gradient's. A heavy edge is drawn straight: the
    data's path from operation to operation. `name` is the label's: Graphviz knows two kinds.
    """
    ends = f"{quoted(edge.source)} -> {quoted(edge.target)}"
    label = "<BR/>".join(escaped(line) for line in label_lines(edge, style))
    labelled = f" {name}=<{label}>" if label else ""
    back = edge.flows and style.grads
    lines = [
        f'{ends} [color="{colours["value"]}" penwidth="1.4" weight="{weight}"{"" if back else labelled}]'
    ]
    if back:
        wide = thickness(norm(edge.contribution), largest) if largest else THIN
        lines.append(
            f'{ends} [dir="back" style="dashed" color="{colours["grad"]}" penwidth="{wide:.1f}" '
            f'weight="{weight}"{labelled}]'
        )
    return lines


def _said(text: str, colour: str, size: float) -> str:
    """Text in a table's cell, whatever it holds. A cell without text is an error of Graphviz's: a blank."""
    return f'<FONT COLOR="{colour}" POINT-SIZE="{size}">{escaped(text) or "&#160;"}</FONT>'


def escaped(text: str) -> str:
    """In labels, of tables too, Graphviz puts the node's name for `\\N`: a backslash is written twice."""
    return escape(text).replace("\\", "\\\\")


def _attributes(attributes: dict[str, str]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in attributes.items())


def quoted(id: str) -> str:
    """An id as DOT's quoted string, in which only the quote and the backslash mean something. Graphviz takes
    16,384 characters at most, so of a long one the end is its digest.
    """
    if len(id) > MAX_ID:
        id = f"{id[:MAX_ID]}~{hashlib.sha256(id.encode()).hexdigest()[:12]}"
    return '"' + id.replace("\\", "\\\\").replace('"', '\\"') + '"'
