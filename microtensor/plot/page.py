"""The film's page: one file with a slider, and the strip for those without JavaScript.

The one idea: all frames lie in the page as the paths of their areas; moving the slider only exchanges them.
The script and the style sheet are files of their own, `film.js` and `film.css`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from ..graph.lettering import escape
from .sheet import Sheet, single
from .style import colours, style_sheet
from .svg import Frame as Place
from .svg import line_data, region_data
from .words import word

if TYPE_CHECKING:
    from .film import Film, Frame
    from .planes import Plane

FRAMES = 60
POINTS = 12  # rows of the table
PLANE, WIDE, LOW = 360.0, 560.0, 190.0  # sizes of the pictures

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "slider": "Moment of the training",
        "play": "Play",
        "pause": "Pause",
        "first": "First",
        "last": "Last",
        "before": "Before training",
        "epoch": "Epoch {epoch}",
        "loss": "loss {loss}",
        "keys": "Keys: ← → one frame, Home and End, Space plays.",
        "strip": "The whole film at a glance",
        "point": "point",
        "target": "target",
        "answer": "answer",
        "nojs": "The slider needs JavaScript; the strip shows the film without it.",
    },
    "ko": {
        "slider": "학습의 순간",
        "play": "재생",
        "pause": "멈춤",
        "first": "처음",
        "last": "끝",
        "before": "학습 전",
        "epoch": "에포크 {epoch}",
        "loss": "손실 {loss}",
        "keys": "키: ← → 한 장면씩, Home과 End, 스페이스바는 재생.",
        "strip": "한눈에 보는 학습 과정",
        "point": "점",
        "target": "정답",
        "answer": "예측",
        "nojs": "슬라이더에는 자바스크립트가 필요합니다. 없으면 아래 띠 그림으로 볼 수 있습니다.",
    },
}


def page(film: Film) -> str:
    """The text of the page. ValueError if nothing was filmed."""
    if not film.frames:
        raise ValueError("nothing was filmed yet: give the film to fit, fit(..., callbacks=[film]).")
    say = {key: escape(text) for key, text in _words(film.lang).items()}
    frames, title = film.chosen(FRAMES), escape(film.heading)
    pictures = _pictures(film, frames[-1])
    drawn = {name: f'<div id="{name}">{sheet.markup(styled=False)}</div>' for name, sheet in pictures.items()}
    shown = f'<div class="curves">{drawn["losses"]}{drawn["weights"]}</div>'
    if film.plane is not None:
        shown = f'<div class="side">{drawn["plane"]}{_table(film.plane, say)}</div>\n{shown}'
    main = f"""<section id="live" hidden>
<div class="controls">
<button id="play" type="button">{say["play"]}</button>
<label for="moment">{say["slider"]}</label>
<input id="moment" type="range" min="0" max="{len(frames) - 1}" value="{len(frames) - 1}" step="1">
<output id="now" for="moment" aria-live="polite"></output>
</div>
<div class="pictures">
{shown}
</div>
<p class="note">{say["keys"]}</p>
</section>
<noscript><p class="note">{say["nojs"]}</p></noscript>
<section>
<h2>{say["strip"]}</h2>
<div class="strip" tabindex="0" role="region" aria-label="{say["strip"]}">
{replace(film.strip, title="").markup(styled=False)}</div>
</section>"""
    script = f"""<script type="application/json" id="film">{_json(_data(film, frames, pictures))}</script>
<script>
{own_file("film.js")}</script>
"""
    return whole_page(title, main, film.lang, film.theme, style_sheet(film.theme), script)


def whole_page(
    title: str, main: str, lang: str, theme: str = "auto", style: str = "", script: str = ""
) -> str:
    """A page of its own, from doctype to end; title, main and script are HTML already."""
    return f"""<!DOCTYPE html>
<html lang="{"ko" if lang == "ko" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}{page_style(own_file("page.css"), theme)}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{main}
</main>
{script}</body>
</html>
"""


def page_style(css: str, theme: str) -> str:
    """A page's own style sheet, with the colours of the theme in the place of $names."""
    light = Template(css).substitute(colours("dark" if theme == "dark" else "light"))
    if theme != "auto":
        return light
    rules = "\n".join(
        line for line in css.splitlines() if "$" in line
    )  # one rule a line: those of colour again
    return (
        f"{light}@media (prefers-color-scheme: dark){{\n{Template(rules).substitute(colours('dark'))}\n}}\n"
    )


def _pictures(film: Film, last: Frame) -> dict[str, Sheet]:
    """What moves with the slider."""
    loss, weights = film.curve_panels()
    tall = max(LOW, 60.0 + 12.0 * len(weights.lines))
    pictures = {"losses": single(loss, WIDE, LOW), "weights": single(weights, WIDE, tall)}
    if film.plane is not None:
        plane = film.plane_panel(last, word("boundary", film.lang))
        pictures = {"plane": single(plane, PLANE, PLANE + 26.0), **pictures}
    return pictures


def _data(film: Film, frames: list[Frame], pictures: dict[str, Sheet]) -> dict[str, Any]:
    """All that the script exchanges."""
    at = {name: sheet.places()[0] for name, sheet in pictures.items()}
    say = _words(film.lang)
    return {
        "words": {"play": say["play"], "pause": say["pause"]},
        "curves": {name: [place.top, place.bottom] for name, place in at.items() if name != "plane"},
        "frames": [_frame(film, frame, at, say) for frame in frames],
    }


def _frame(film: Film, frame: Frame, at: dict[str, Place], say: dict[str, str]) -> dict[str, Any]:
    said = say["before"]
    if frame.loss is not None:
        epoch, loss = (
            say["epoch"].format(epoch=f"{frame.epoch:,}"),
            say["loss"].format(loss=f"{frame.loss:.4f}"),
        )
        said = f"{epoch} · {loss}"
    found: dict[str, Any] = {
        "said": said,
        "x": {name: round(float(at[name].x(frame.epoch)), 1) for name in ("losses", "weights")},
    }
    if film.plane is not None:
        panel = film.plane_panel(frame)
        found["regions"] = [region_data(region, at["plane"]) for region in panel.regions]
        found["boundary"] = line_data(panel.lines[0], at["plane"])
        found["answers"] = _told(frame)
    return found


def _told(frame: Frame) -> list[str]:
    """What was answered at each point that the table shows."""
    if frame.predictions is None:
        return []
    return [" ".join(f"{value:.3f}" for value in row) for row in frame.predictions[:POINTS].tolist()]


def _table(plane: Plane, say: dict[str, str]) -> str:
    """The points, their targets, and a place for what is answered."""
    rows = []
    for k, point in enumerate(plane.points[:POINTS].tolist()):
        target = "" if plane.classes is None else f"<td>{plane.classes[k]}</td>"
        name = f"({', '.join(f'{v:g}' for v in point)})"
        rows.append(f'<tr><th scope="row">{name}</th>{target}<td class="answer"></td></tr>')
    head = "" if plane.classes is None else f'<th scope="col">{say["target"]}</th>'
    return (
        f'<table id="answers"><thead><tr><th scope="col">{say["point"]}</th>{head}'
        f'<th scope="col">{say["answer"]}</th></tr></thead>\n<tbody>{"".join(rows)}</tbody></table>'
    )


def _json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")


def own_file(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _words(lang: str) -> dict[str, str]:
    if lang != "both":
        return _WORDS[lang]
    pairs = {key: (english, _WORDS["ko"][key]) for key, english in _WORDS["en"].items()}
    both = {key: f"{english} · {korean}" for key, (english, korean) in pairs.items()}
    return {**both, "epoch": "Epoch 에포크 {epoch}", "loss": "loss 손실 {loss}"}  # each number once
