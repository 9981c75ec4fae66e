"""Writes the pictures that the README shows, docs/pictures/*.svg; a test holds them against the code.

python docs/make_pictures.py
"""

from __future__ import annotations

from pathlib import Path

from microtensor import lecture
from microtensor.keras.backend import clear_session

FOLDER = Path(__file__).parent / "pictures"
SHOWN = ("xor_graph.svg", "xor_film.svg", "activations.svg")


def pictures() -> dict[str, str]:
    """Each file's name and text."""
    clear_session()  # so that the layers have the names that the command gives them
    made = lecture.pictures([lecture.train("xor")], "en")
    return {name: made[name][1].svg for name in SHOWN}


if __name__ == "__main__":
    for name, svg in pictures().items():
        (FOLDER / name).write_text(svg, encoding="utf-8", newline="\n")
