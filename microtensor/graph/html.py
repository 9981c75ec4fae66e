"""The stepper page: one HTML file that goes through a gradient graph, a step at a time.

The one idea: everything that can be read stands in the file as HTML, the picture and a table of all steps,
so it is complete without JavaScript and on paper. The script only shows less: the numbers that are known
by now, and the table's row of this step. It computes nothing and asks nobody for anything.
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from itertools import groupby
from string import Template
from typing import TYPE_CHECKING, Any

from .captions import caption
from .cards import Style, card
from .lettering import clean, escape, number, summary
from .records import Array, Graph, Node
from .steps import Chip, Step, steps
from .style import FIXED, SANS, variables
from .telling import PHASES, ROLES, Words
from .update import Update

if TYPE_CHECKING:
    from .drawing import Drawing

MAX_ROWS, MAX_COLUMNS = 8, 8  # of an array that is written out in a chip
ARROWS = {"forward": "→", "backward": "←", "update": "↻"}
TITLE = {
    False: ("Backpropagation, step by step", "한 걸음씩 보는 역전파"),
    True: ("One training step", "학습 한 걸음"),
}
_WORDS = {
    "key_step": ("step", "이동"),
    "key_play": ("play", "재생"),
    "key_theme": ("light, dark", "밝게, 어둡게"),
    "key_words": ("language", "언어"),
    "key_zoom": ("zoom; click a card to go to its step", "확대; 카드를 누르면 그 단계로 갑니다"),
    "all": ("All steps as a table", "모든 단계를 표로 보기"),
    "head_node": ("card", "카드"),
    "head_step": ("what happens", "하는 일"),
}
DARK_WHEN = {"auto": "screen and (prefers-color-scheme:dark)", "light": "not all", "dark": "screen"}
_FOR_READERS = re.compile(r"^ +|^ *(//.*|/\*.*\*/)?\n", re.MULTILINE)
_GROUP = r'<g class="(?:frame|legend|edge)[^>]*>|<g [^>]*data-node[^>]*>'
_WIDTH = re.compile(r' width="([\d.]+)"')
_CARD = re.compile(r'<g [^>]*data-node="([^"]*)"')
_EDGE = re.compile(r'<g class="edge" data-source="([^"]*)" data-target="([^"]*)" data-argument="([^"]*)"')
_TEXT = re.compile(rf'({_GROUP})|(?:( data-(?:source|group)="[^>]*))?>([^<>]*)</text>')


def page(
    graph: Drawing | Graph,
    update: Update | None = None,
    *,
    lang: str = "both",
    theme: str = "auto",
    title: str | None = None,
) -> str:
    """The stepper page of a traced graph, as the text of an HTML file; where no step is, the picture alone.

    Args:
        graph: what `trace` made; or a Drawing, whose language, theme and title then are the page's.
        update: what an optimizer makes of the parameters; None: the page ends with the gradients.
        lang: which language it starts in: "en", "ko" or "both"; the reader can switch.
        theme: "auto", "light" or "dark"; the reader can switch.
        title: the heading; None: "One training step".

    Raises:
        ValueError: an unknown lang or theme.

    >>> import microtensor as mt
    >>> from microtensor.graph import trace
    >>> text = page(trace(mt.Variable(3.0, name="w") * 2.0))
    >>> text.count("<tr><td>"), "http" in text.replace("http://www.w3.org/2000/svg", "")
    (3, False)
    """
    from .drawing import draw  # here: a drawing saves itself as a page

    drawing = draw(graph, lang=lang, theme=theme, title=title) if isinstance(graph, Graph) else graph
    lang = drawing.style.lang
    told = _told(drawing.restyled(lang="both"), update)
    numbers = {"values": True, "grads": True} if told else {}
    spoken = {to: drawing.restyled(lang=to, **numbers) for to in ("both", "en", "ko")}
    goes_back = any(step.phase == "backward" for step in told)
    heading = TITLE[update is not None] if goes_back else _caption(spoken)
    if drawing.title is not None:
        heading = spoken["en"].title or "", spoken["ko"].title or ""
    picture = _picture({to: drawing.picture("page") for to, drawing in spoken.items()})
    return _asset("page.html").substitute(
        lang="ko" if lang == "ko" else "en",
        words=lang,
        theme=drawing.theme,
        plain=escape(f"{heading[lang == 'ko']} · {drawing.graph.node(drawing.graph.root).label}"),
        light=variables("light"),
        dark=variables("dark"),
        when=DARK_WHEN[drawing.theme],
        css=_asset("page.css").substitute(sans=SANS, fixed=FIXED) + _roles(told),
        title=_both(heading),
        counts="" if goes_back else ' class="counts"',
        caption=_both(_caption(spoken)) if goes_back else "",
        optimizer=f"<code>{escape(update.optimizer)}</code>" if update is not None else "",
        phases=_phases(told),
        count=max(1, len(told)),
        picture=picture,
        wide=_WIDTH.findall(picture)[0],
        table="" if told else " hidden",
        rows=_rows(told),
        data=_data(spoken["both"], told, picture),
        js=_asset("page.js").template,
        **{key: _both(words) for key, words in _WORDS.items()},
    )


def _told(drawing: Drawing, update: Update | None) -> tuple[Step, ...]:
    """The steps; of a model's layers there are none, as nothing was computed."""
    graph = drawing.graph
    return () if graph.node(graph.root).kind == "layer" else steps(drawing.pictured, update, graph)


@functools.cache
def _asset(name: str) -> Template:
    """A file beside this one, without what is there for its readers: indentation, and lines of comment."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return Template(_FOR_READERS.sub("", text))


# --- words --------------------------------------------------------------------------------------------------


def _both(words: Words, tag: str = "span") -> str:
    """A text in both languages, of which the page shows one or both; one that is the same, once."""
    english, korean = map(escape, words)
    if english == korean:
        return english if tag == "span" else f"<{tag}>{english}</{tag}>"
    return f'<{tag} lang="en">{english}</{tag}><{tag} lang="ko">{korean}</{tag}>'


def _caption(spoken: dict[str, Drawing]) -> Words:
    return caption(spoken["en"].shown, "en"), caption(spoken["ko"].shown, "ko")


def _phases(told: tuple[Step, ...]) -> str:
    """A button for each phase, as wide as it is long."""
    parts = []
    for phase, some in groupby(enumerate(told, 1), lambda pair: pair[1].phase):
        numbers = [k for k, _ in some]
        parts.append(
            f'<button class="{phase}" data-go="{numbers[0]}" style="flex-grow:{len(numbers)}">'
            f"{ARROWS[phase]} {_both(PHASES[phase])}</button>"
        )
    return "".join(parts)


# --- the picture --------------------------------------------------------------------------------------------


def _picture(drawn: dict[str, str]) -> str:
    """The SVG with every text in three versions: in English, in Korean, in both.

    It is laid out for both, which is the widest; so switching moves nothing.
    """
    texts = {lang: {place: match[3] for place, match in _placed(drawn[lang])} for lang in ("en", "ko")}
    parts, end = [], 0
    for place, match in _placed(drawn["both"]):
        both = match[3]
        en, ko = (texts[lang].get(place, both) for lang in ("en", "ko"))
        parts.append(drawn["both"][end : match.start(3)])
        if en == ko == both:
            parts.append(both)
        else:
            parts.append(f'<tspan class="en">{en}</tspan><tspan class="ko">{ko}</tspan>')
            parts.append(f'<tspan class="both">{both}</tspan>')
        end = match.end(3)
    return "".join(parts) + drawn["both"][end:]


def _placed(picture: str) -> Iterator[tuple[tuple[str, int], re.Match[str]]]:
    """Every text with its place: the card, layer, line or legend that it belongs to, and its number there.

    By this, and not by their order alone, texts of pictures correspond that are laid out differently.
    """
    group, counts = "", Counter[str]()
    for match in _TEXT.finditer(picture):
        if match[1]:
            group = match[1]
            continue
        place = match[2] or group
        if place.startswith('<g class="edge'):
            continue  # between lines, and no label of one: numbers of operations, no words
        yield (place, counts[place]), match
        counts[place] += 1


# --- steps --------------------------------------------------------------------------------------------------


def _rows(told: tuple[Step, ...]) -> str:
    """The steps as rows of the table, a section for each phase."""
    parts = []
    for phase, some in groupby(enumerate(told, 1), lambda pair: pair[1].phase):
        rows = "\n".join(_row(k, step) for k, step in some)
        head = f"{ARROWS[phase]} {_both(PHASES[phase])}"
        parts.append(f'<tbody class="{phase}"><tr><th colspan="3">{head}</th></tr>\n{rows}</tbody>')
    return "\n".join(parts)


def _row(k: int, step: Step) -> str:
    """A step as a row; its last cell is what the panel shows."""
    parts = [f"<code>{escape(step.rule)}</code>", _line(step.line)]
    if step.beside:
        parts.append(_line(step.beside))
    parts += [_both(words, "p") for words in step.says]
    return f"<tr><td>{k}</td><td>{escape(step.node)}</td><td>{''.join(parts)}</td></tr>"


def _line(line: tuple[Chip | str, ...]) -> str:
    parts = [_chip(x) if isinstance(x, Chip) else f"<i>{escape(x)}</i>" for x in line]
    return f"<div>{''.join(parts)}</div>"


def _chip(chip: Chip) -> str:
    formula, numbers = escape(chip.formula), ""
    if chip.array is not None:
        if chip.array.size != 1:
            formula += f" <small>{chip.array.shape}</small>"
        numbers = _numbers(chip.array, chip.digits, chip.signed)
    return f'<var class="{chip.role}"><em>{formula}</em>{numbers}</var>'


def _roles(told: tuple[Step, ...]) -> str:
    """The words over chips, as a style sheet: they stand on every chip, and once in the file."""
    used = {chip.role for step in told for chip in (*step.line, *step.beside) if isinstance(chip, Chip)}
    words = ((role, *ROLES[role]) for role in ROLES if role in used)
    return "".join(f'.{role}{{--en:"{english}";--ko:"{korean}"}}\n' for role, english, korean in words)


def _numbers(array: Array, digits: int, signed: bool) -> str:
    """An array as rows of aligned numbers; a large one as its statistics."""
    if array.size == 1:
        return f"<b>{escape(number(array.reshape(-1)[0].item(), digits, signed))}</b>"
    if not array.size:
        return "<b>[]</b>"
    table = array.reshape(-1, array.shape[-1])
    if table.shape[0] > MAX_ROWS or table.shape[1] > MAX_COLUMNS:
        low, mean, high = summary(array, digits, signed)
        return f"<b>{low} … {high}, ⌀ {mean}</b>"
    rows = [[number(x, digits, signed) for x in row] for row in table.tolist()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.rjust(w) for text, w in zip(row, widths, strict=True)) for row in rows]
    return f"<samp>{'&#10;'.join(map(escape, lines))}</samp>"


# --- data ---------------------------------------------------------------------------------------------------


def _data(drawing: Drawing, told: tuple[Step, ...], picture: str) -> str:
    """What the script must know of each step: which card, which lines, what appears, which numbers change.

    Cards and lines go by their number in the picture. What stands on no card of its own (a parameter within a
    collapsed layer) has none, and what the picture does not draw is no line.
    """
    cards = {name: k for k, name in enumerate(_CARD.findall(picture))}
    lines = {line: k for k, line in enumerate(_EDGE.findall(picture))}
    nodes = {node.id: node for node in drawing.pictured.nodes}
    steps: list[dict[str, Any]] = []
    for step in told:
        data: dict[str, Any] = {
            "card": cards.get(escape(step.node)),
            "lines": [lines[ends] for edge in step.edges if (ends := _ends(edge)) in lines],
            "shows": step.shows,
        }
        texts = {
            cards[escape(name)]: _texts(replace(nodes[name], value=value), drawing.style)
            for name, value in step.values
            if name in nodes
        }
        steps.append({**data, "texts": texts} if texts else data)
    return embedded(steps)


def _ends(edge: str) -> tuple[str, ...]:
    """Source, target and argument of an edge's id, as the picture has them."""
    return tuple(map(escape, edge.split(" ")))


def _texts(node: Node, style: Style) -> list[str]:
    """The numbers of a node's value, as its card has them."""
    blocks = card(node, style).blocks
    return [clean(text) for block in blocks if not block.gradient for row in block.rows for text in row]


def embedded(data: Any) -> str:
    """JSON that may stand inside a script element: nothing in it can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
