"""Colours, light and dark, and the style sheet of a picture.

The one idea: colours are written out in each rule, and again in the rules for dark, since programs that
show SVG without being browsers know neither variables nor media queries, and shall show the light
picture. Kinds differ by border and word as well as by colour. A test computes the contrast of every text:
at least 4.5 to 1.
"""

from __future__ import annotations

import re
from string import Template

THEMES = ("auto", "light", "dark")

LIGHT = {
    "page": "#ffffff", "text": "#1b2330", "soft": "#566070", "line": "#b9c2cf",
    "card": "#ffffff", "layer": "#f5f7fa",
    "value": "#0a5aa8", "valueground": "#e8f1fb", "grad": "#a83800", "gradground": "#fdeee5",
    "parameter": "#0a7a55", "parameterground": "#e8f6f0", "input": "#6b4fb3", "inputground": "#f1edfb",
    "constant": "#6b7480", "loss": "#1b2330",
    "bad": "#a3132e", "badground": "#fde8ec", "warn": "#7a5200", "warnground": "#fdf3d8",
    "good": "#0a6b3d", "goodground": "#e4f6ec", "note": "#4a5565", "noteground": "#eef1f5",
}  # fmt: skip
DARK = {
    "page": "#11161d", "text": "#e8edf4", "soft": "#a3afbf", "line": "#465162",
    "card": "#1a212b", "layer": "#161c25",
    "value": "#7dbdff", "valueground": "#12304d", "grad": "#ffa672", "gradground": "#42240f",
    "parameter": "#4fd0a0", "parameterground": "#0f3327", "input": "#b9a3f5", "inputground": "#2a2146",
    "constant": "#98a3b3", "loss": "#e8edf4",
    "bad": "#ff9aa9", "badground": "#4a1420", "warn": "#f2cf7e", "warnground": "#40310c",
    "good": "#7fdcaa", "goodground": "#0f3a24", "note": "#b5c0cf", "noteground": "#242d39",
}  # fmt: skip

SANS = 'system-ui,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans CJK KR","Noto Sans KR",sans-serif'
FIXED = 'ui-monospace,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK KR",monospace'

_SHAPES = f"""\
.mt{{font-family:{SANS}}}
.mt .title{{font-size:12.5px;font-weight:650}}
.mt .sub,.mt .corner{{font-size:9.5px}}
.mt .caption{{font-size:11.5px}}
.mt .name{{font-size:11.5px;font-weight:600}}
.mt .num,.mt .label,.mt .values,.mt .grads{{font-family:{FIXED};font-size:10.5px}}
.mt .num,.mt .values,.mt .grads{{text-anchor:middle}}
.mt .name,.mt .label{{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}}
.mt .card{{stroke-width:1.2}}
.mt .input .card{{stroke-dasharray:4 3}}
.mt .constant .card{{stroke-dasharray:1.5 2.5}}
.mt .parameter .card{{stroke-width:1.6}}
.mt .loss .card{{stroke-width:2.6}}
.mt .update .card{{stroke-width:2.6}}
.mt .reference .card{{stroke-width:.8;stroke-dasharray:1.5 2.5}}
.mt .weight path{{fill:none;stroke-linecap:butt}}
.mt .negative path{{stroke-dasharray:6 3}}
.mt .label.positive,.mt .label.negative{{stroke-width:6px}}
.mt .curve,.mt .axis{{fill:none;stroke-width:1.7}}
.mt .axis{{stroke-width:.8}}
.mt .pill{{stroke-width:.7}}
.mt .column{{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}}
.mt .layer .card{{stroke-width:1.4}}
.mt .group .card{{stroke-width:1.2;stroke-dasharray:9 3}}
.mt .forward,.mt .back{{fill:none;stroke-width:1.5}}
.mt .back{{stroke-dasharray:5 3}}
"""
_COLOURS = Template(
    """\
.mt .page{fill:$page}.mt text{fill:$text}
.mt .sub,.mt .corner,.mt .caption,.mt .name{fill:$soft}.mt .formula{fill:$text}
.mt .card{fill:$card;stroke:$line}
.mt .frame .layer{fill:$layer;stroke:$line}.mt .name{stroke:$layer}
.mt .column{stroke:$page}
.mt .parameter .card{fill:$parameterground;stroke:$parameter}
.mt .update .card{fill:$parameterground;stroke:$parameter}
.mt .reference .card{fill:$page;stroke:$soft}
.mt .input .card{fill:$inputground;stroke:$input}
.mt .constant .card{fill:$layer;stroke:$constant}
.mt .loss .card{stroke:$loss}
.mt .layer .card{stroke:$soft}
.mt .group .card{fill:$layer;stroke:$constant}
.mt .valueground,.mt .values{fill:$valueground}.mt .gradground,.mt .grads{fill:$gradground}
.mt .value,.mt .values text,.mt .forwardhead{fill:$value}.mt .grad,.mt .grads text,.mt .backhead{fill:$grad}
.mt .changedground{fill:$warnground}
.mt .movedground{fill:$noteground}
.mt .bar{fill:$line}
.mt .forward{stroke:$value}.mt .back{stroke:$grad}
.mt .positive path{stroke:$value}.mt .negative path{stroke:$grad}
.mt .curve{stroke:$text}.mt .axis{stroke:$line}
.mt .label{fill:$grad;stroke:$page}.mt .label.there,.mt .label.positive{fill:$value}
"""
    + "".join(
        f".mt .{kind} .pill{{fill:${kind}ground;stroke:${kind}}}.mt .{kind} .sub{{fill:${kind}}}\n"
        for kind in ("bad", "warn", "good", "note")
    )
)


def checked_theme(theme: str) -> str:
    """A theme that a picture may have. ValueError for others."""
    if theme not in THEMES:
        raise ValueError(f'theme is one of "auto", "light" and "dark"; got {theme!r}.')
    return theme


def style_sheet(theme: str) -> str:
    """The style sheet of a theme: light, dark, or what the reader's system prefers. ValueError for others.

    That of "page" names its colours as variables, which the page around the picture sets: `variables`.
    """
    if theme == "page":
        return _SHAPES + _COLOURS.substitute({name: f"var(--{name})" for name in LIGHT})
    colours = _COLOURS.substitute(DARK if checked_theme(theme) == "dark" else LIGHT)
    if theme == "auto":
        colours += f"@media (prefers-color-scheme: dark){{\n{_COLOURS.substitute(DARK)}}}\n"
    return _SHAPES + colours


def needed(sheet: str, picture: str) -> str:
    """The style sheet without the lines that are only about classes which the picture has not.

    >>> needed(".mt .card{stroke:red}\\n.mt .input .card{stroke:blue}\\n", '<rect class="card"/>')
    '.mt .card{stroke:red}\\n'
    """
    there = {"mt", *(name for names in re.findall(r'class="([^"]*)"', picture) for name in names.split())}

    def seen(line: str) -> bool:
        selectors = re.sub("{[^{}]*}", ",", line).rstrip().rstrip(",").split(",")
        return any(there.issuperset(re.findall(r"\.([a-z]+)", selector)) for selector in selectors)

    return "".join(line for line in sheet.splitlines(keepends=True) if seen(line))


def variables(theme: str) -> str:
    """The colours of a theme, "light" or "dark", as CSS variables: `--page:#ffffff;...`."""
    return "".join(f"--{name}:{colour};" for name, colour in (DARK if theme == "dark" else LIGHT).items())
