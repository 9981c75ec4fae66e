"""How the training's pictures look: a style sheet for SVG, and the same colours for matplotlib.

The one idea: what a colour says is said a second time, by dashes, shapes or words. The grounds are half
transparent, so one picture serves on white and on black paper.
"""

from __future__ import annotations

from string import Template

from ..graph.style import DARK, FIXED, LIGHT, SANS, THEMES

__all__ = ["DARK_COLOURS", "DASHES", "LIGHT_COLOURS", "OPACITY", "colours", "dashes", "style_sheet"]

LIGHT_COLOURS = {
    **{name: LIGHT[name] for name in ("page", "text", "soft", "line", "value", "grad")},
    "boundary": LIGHT["text"], "high": "#d97400", "low": "#5a3fb0",
    "s0": "#0a5aa8", "s1": "#a83800", "s2": "#0a7a55", "s3": "#6b4fb3", "s4": "#8a5a00", "s5": "#b0266b",
}  # fmt: skip
DARK_COLOURS = {
    **{name: DARK[name] for name in ("page", "text", "soft", "line", "value", "grad")},
    "boundary": DARK["text"], "high": "#f0973a", "low": "#9a82f0",
    "s0": "#7dbdff", "s1": "#ffa672", "s2": "#4fd0a0", "s3": "#b9a3f5", "s4": "#e2b64d", "s5": "#ff8fc0",
}  # fmt: skip
DASHES = ("", "7 3", "2 3", "9 3 2 3", "13 4", "4 3 1.5 3")  # with the six colours, 36 kinds of lines
OPACITY = 0.13  # of one ground; five lie on each other where a model is sure

_SHAPES = f"""\
.mtp text{{font-family:{SANS};font-size:11px}}
.mtp .title{{font-size:12.5px;font-weight:650}}
.mtp .heading{{font-size:15px;font-weight:650}}
.mtp .formula{{font-family:{FIXED};font-size:10.5px}}
.mtp .tick{{font-size:10px}}
.mtp .end{{font-family:{FIXED};font-size:9.5px}}
.mtp .dotlabel{{font-size:10px;paint-order:stroke;stroke-width:3px;stroke-linejoin:round}}
.mtp .frame,.mtp .grid,.mtp .axis,.mtp .mark,.mtp .now{{fill:none;stroke-width:1}}
.mtp .mark{{stroke-dasharray:3 3}}
.mtp .now{{stroke-width:2}}
.mtp .curve{{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}}
.mtp .grad{{stroke-dasharray:5 4}}
.mtp .region{{fill-opacity:{OPACITY};fill-rule:evenodd}}
.mtp .dot{{stroke-width:1.8}}
""" + "".join(f".mtp .d{k}{{stroke-dasharray:{dash}}}\n" for k, dash in enumerate(DASHES) if dash)
_COLOURS = Template(
    """\
.mtp .page{fill:$page}.mtp text{fill:$text}
.mtp .tick,.mtp .label,.mtp .note{fill:$soft}
.mtp .frame,.mtp .axis{stroke:$soft}.mtp .grid{stroke:$line;stroke-opacity:.45}
.mtp .mark{stroke:$soft}.mtp .now{stroke:$grad}
.mtp .value{stroke:$value}.mtp .grad{stroke:$grad}.mtp .boundary{stroke:$boundary}
.mtp .high{fill:$high}.mtp .low{fill:$low}
.mtp .dot{stroke:$text}.mtp .hollow{fill:$page}.mtp .full{fill:$text}
.mtp .dotlabel{stroke:$page}.mtp text.value{fill:$value;stroke:none}.mtp text.grad{fill:$grad;stroke:none}
"""
    + "".join(
        f".mtp .s{k}{{stroke:$s{k}}}.mtp text.s{k}{{fill:$s{k};stroke:none}}.mtp .r{k}{{fill:$s{k}}}\n"
        for k in range(6)
    )
)


def dashes(series: int) -> int:
    """Which dashes a series has: not those of an earlier one of the same colour."""
    return (series + series // len(DASHES)) % len(DASHES)


def colours(theme: str) -> dict[str, str]:
    """The colours of "light" or "dark"."""
    return DARK_COLOURS if theme == "dark" else LIGHT_COLOURS


def style_sheet(theme: str) -> str:
    """The style sheet: light, dark, or what the reader's system prefers. ValueError for others."""
    if theme not in THEMES:
        raise ValueError(f'theme is one of "auto", "light" and "dark"; got {theme!r}.')
    rules = _COLOURS.substitute(colours(theme))
    if theme == "auto":
        rules += f"@media (prefers-color-scheme: dark){{\n{_COLOURS.substitute(DARK_COLOURS)}}}\n"
    return _SHAPES + rules
