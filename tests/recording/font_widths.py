"""Record tests/data/font_widths.json with fontTools: how wide characters are in the fonts that readers have.

python tests/recording/font_widths.py FOLDER...     # with .ttf and .ttc files; fontTools is no dependency

Liberation has the widths of Arial and Courier New. Hangul syllables are all of one width in a font, and 가
stands for them.
"""

import json
import sys
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

CHARACTERS = [chr(c) for c in range(32, 127)] + list(
    "가·×−–…→↔↑✓✗√∂∞Σσ⋮ᵀ⁻⁰¹²³⁴⁵⁶⁷⁸⁹ˣʸᵃᵇᵍʰ₀₁₂₃₄₅₆₇₈₉ₖ≤≥≠⌊⌋⌈⌉∧∨¬ŷ′′αβγδεθλμπ"
)
FONTS = {  # family: {weight: (file, its number in a collection)}
    "DejaVu Sans": {"normal": ("DejaVuSans.ttf", 0), "bold": ("DejaVuSans-Bold.ttf", 0)},
    "Liberation Sans": {"normal": ("LiberationSans-Regular.ttf", 0), "bold": ("LiberationSans-Bold.ttf", 0)},
    "Noto Sans CJK KR": {"normal": ("NotoSansCJK-Regular.ttc", 1), "bold": ("NotoSansCJK-Bold.ttc", 1)},
    "DejaVu Sans Mono": {"normal": ("DejaVuSansMono.ttf", 0)},
    "Liberation Mono": {"normal": ("LiberationMono-Regular.ttf", 0)},
}

files = {path.name: path for folder in sys.argv[1:] for path in sorted(Path(folder).rglob("*.tt?"))}
recorded = {}
for family, weights in FONTS.items():
    for weight, (name, number) in weights.items():
        font = TTCollection(files[name])[number] if name.endswith(".ttc") else TTFont(files[name])
        assert str(font["name"].getBestFamilyName()) == family, (name, font["name"].getBestFamilyName())
        glyphs, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        recorded[f"{family}/{weight}"] = {
            c: round(widths[glyphs[ord(c)]][0] / em, 4) for c in CHARACTERS if ord(c) in glyphs
        }
path = Path(__file__).parents[1] / "data" / "font_widths.json"
path.write_text(json.dumps(recorded, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
