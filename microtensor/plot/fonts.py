"""Korean in matplotlib's pictures: letters where a font has them, Latin letters where none has; never boxes.

The one idea: matplotlib draws with the fonts of the machine, so whether it can write 손실 is found out, by
asking fonts for the letter 가, before anything is written.
"""

from __future__ import annotations

import functools
import unicodedata
import warnings
from typing import Any

PREFERRED = (
    *("Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic", "Nanum Gothic", "Noto Sans KR"),
    *("Noto Sans CJK KR", "Noto Sans CJK JP", "NanumBarunGothic", "UnDotum", "Baekmuk Gulim", "AppleGothic"),
)
_INITIALS = "g kk n d tt r m b pp s ss _ j jj ch k t p h"
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i"
_FINALS = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t"


@functools.cache
def korean_font() -> str | None:
    """A family that has Korean letters; None, with a warning once, where the machine has none."""
    found = _search()
    if found is None:
        warnings.warn(
            "matplotlib finds no font with Korean letters, so its pictures are labelled in English; install "
            "one, such as NanumGothic, or save as .svg with microtensor.plot.drawn, whose letters come from "
            "whoever shows it.",
            UserWarning,
            stacklevel=4,
        )
    return found


def _search() -> str | None:
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    files: dict[str, str] = {}
    for entry in font_manager.fontManager.ttflist:
        files.setdefault(entry.name, entry.fname)
    likely = sorted(
        n for n in files if any(w in n for w in ("CJK", "KR", "Nanum", "Gothic", "Batang", "Gulim"))
    )
    for name in (*PREFERRED, *likely):
        if name in files:
            try:
                if FT2Font(files[name]).get_char_index(ord("가")):
                    return name
            except (OSError, RuntimeError):  # a font file that is gone or broken
                continue
    return None


def families() -> list[str]:
    """What to draw with: the user's font, and after it one with Korean letters, if there is one."""
    from matplotlib import rcParams

    own = list(rcParams["font.family"])
    found = korean_font()
    return [*own, found] if found else own


def shown(text: str) -> str:
    """The text as it can be drawn: as it is with a Korean font, in Latin letters without.

    >>> romanised("손실 loss")
    'sonsil loss'
    """
    return text if not has_korean(text) or korean_font() else romanised(text)


def has_korean(text: str) -> bool:
    """Is there a Korean letter in it?"""
    return any("가" <= c <= "힣" or unicodedata.name(c, "").startswith("HANGUL") for c in text)


def romanised(text: str) -> str:
    """Korean syllables in Latin letters, one by one: Revised Romanization without its sound changes."""
    return "".join(_syllable(ord(c) - 0xAC00) if "가" <= c <= "힣" else _single(c) for c in text)


def _syllable(number: int) -> str:
    initial, rest = divmod(number, 21 * 28)
    vowel, final = divmod(rest, 28)
    letters = _INITIALS.split()[initial], _VOWELS.split()[vowel], _FINALS.split()[final]
    return "".join(letters).replace("_", "")


def _single(c: str) -> str:
    return "?" if unicodedata.name(c, "").startswith("HANGUL") else c


def language(lang: str) -> str:
    """The language that can be written: the wished one, or English."""
    return lang if lang == "en" or korean_font() else "en"


def dressed(artist: Any) -> None:
    """Give all texts of an artist fonts that have their letters."""
    from matplotlib.text import Text

    for text in artist.findobj(Text):
        if has_korean(text.get_text()):
            text.set_text(shown(text.get_text()))
            text.set_fontfamily(families())
