"""A gallery is a folder of files and a page that names each of them."""

import re

import pytest

from microtensor import plot
from microtensor.plot import drawn

from .samples import X, Y, filmed


def test_every_picture_is_a_file_and_on_the_page(tmp_path):
    film = plot.Film(X, Y)
    filmed(film, 2)
    pictures = {
        "film.html": ("The <film>", film),
        "loss.svg": ('The "loss" & more', drawn.loss([2.0, 1.0])),
    }
    index = plot.gallery(tmp_path / "new" / "folder", pictures, title="A & B")
    text = index.read_text("utf-8")
    assert sorted(path.name for path in index.parent.iterdir()) == ["film.html", "index.html", "loss.svg"]
    assert re.findall(r'href="([^"]+)"', text) == ["film.html", "loss.svg"]
    assert re.findall(r'<img src="([^"]+)" alt="([^"]+)"', text) == [
        ("loss.svg", "The &quot;loss&quot; &amp; more")
    ]
    assert "<h1>A &amp; B</h1>" in text
    assert "The &lt;film&gt;" in text
    assert not re.search(r"https?:", text)
    assert plot.gallery(index.parent, pictures, lang="ko").read_text("utf-8").count("학습의 그림들") == 2


@pytest.mark.parametrize("name", ["../loss.svg", "a/b.svg", "index.html", "", ".."])
def test_a_name_is_a_plain_file_name(tmp_path, name):
    with pytest.raises(ValueError, match="plain file name"):
        plot.gallery(tmp_path / "x", {name: ("", drawn.loss([1.0]))})
    assert not (tmp_path / "x").exists()
