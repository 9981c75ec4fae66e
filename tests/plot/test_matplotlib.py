"""The same pictures by matplotlib: on axes or as figures, outside pyplot, never with boxes for letters."""

import inspect
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from microtensor import plot
from microtensor.plot import drawn, fonts

from .samples import WEIGHTS, X, Y, filmed, korean, xor_model

pytest.importorskip("matplotlib")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def no_korean_font(monkeypatch):
    """A machine whose fonts have no Korean letters."""
    monkeypatch.setattr(fonts, "_search", lambda: None)
    fonts.korean_font.cache_clear()
    yield
    fonts.korean_font.cache_clear()


@pytest.fixture
def a_korean_font(monkeypatch):
    """A machine with a font that has them; here it is any, since nothing is rendered."""
    monkeypatch.setattr(fonts, "_search", lambda: "DejaVu Sans")
    fonts.korean_font.cache_clear()
    yield
    fonts.korean_font.cache_clear()


def all_figures(lang):
    film = plot.Film(X, Y, lang=lang)
    model, history = filmed(film, 3)
    return [
        plot.activation("sigmoid", lang=lang),
        plot.activations(lang=lang),
        plot.loss(history, log=True, lang=lang),
        plot.weights(film, lang=lang),
        plot.decision_boundary(model, X, Y, lang=lang),
        plot.hidden_space(model, X, Y, lang=lang),
    ]


def words(figure):
    from matplotlib.text import Text

    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_pictures_are_figures_that_render_without_a_warning():
    for figure in all_figures("en"):
        assert figure._repr_png_().startswith(b"\x89PNG")
        assert not korean(words(figure))


@pytest.mark.parametrize(("theme", "page"), [("light", 1.0), ("dark", 0x11 / 255)])
def test_the_strip_as_png_and_pdf(tmp_path, theme, page):
    from matplotlib.image import imread

    film = plot.Film(X, Y, theme=theme, lang="en")
    filmed(film, 1)
    image = imread(film.save(tmp_path / "film.png"))
    assert image.shape[1] == 2100
    assert image[0, 0, 0] == pytest.approx(page, abs=0.01)
    assert film.save(tmp_path / "film.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("no_korean_font")
def test_the_strip_is_english_without_a_korean_font(tmp_path):
    film = plot.Film(X, Y, lang="ko")
    filmed(film, 1)
    with pytest.warns(UserWarning, match="no font with Korean letters"):
        film.save(tmp_path / "film.png")


def test_on_axes_of_ones_own():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert plot.decision_boundary(xor_model(WEIGHTS), X, Y, ax=ax, lang="en") is ax
    assert len(ax.patches) == len(drawn.decision_boundary(xor_model(WEIGHTS), X, Y).panels[0].regions)
    assert ax.get_xlim() == pytest.approx((-0.35, 1.35))
    with pytest.raises(ValueError, match="paints 8 pictures, not onto one ax"):
        plot.activations(ax=ax, lang="en")


def test_both_painters_show_the_same_numbers():
    ax = plot.loss({"a": [3.0, 2.0], "b": [2.0, 1.0]}, lang="en").axes[0]
    panel = drawn.loss({"a": [3.0, 2.0], "b": [2.0, 1.0]}, lang="en").panels[0]
    for painted, line in zip(ax.lines, panel.lines, strict=True):
        assert painted.get_label() == line.name
        assert painted.get_ydata().tolist() == line.y.tolist()
    assert ax.get_ylim() == pytest.approx(panel.y_limits)


def test_pyplot_is_left_alone():
    code = (
        "import sys\nfrom microtensor import plot\nimport matplotlib\n"
        "before = dict(matplotlib.rcParams)\n"
        "plot.loss([2.0, 1.0], lang='en')._repr_png_(); plot.activations(lang='en')\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert dict(matplotlib.rcParams) == before\n"
        "import matplotlib.pyplot as plt\n"
        "plot.loss([2.0, 1.0], lang='en'); assert plt.get_fignums() == []\n"
    )
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "MPLBACKEND": "agg", "HOME": str(Path.home())}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_figure_can_be_pickled():
    figure = plot.loss([2.0, 1.0], lang="en")
    copy = pickle.loads(pickle.dumps(figure))
    assert type(copy) is type(figure)
    assert copy.axes[0].lines[0].get_ydata().tolist() == [2.0, 1.0]


def test_the_calls_say_what_they_take():
    for name in ("activation", "activations", "loss", "weights", "decision_boundary", "hidden_space"):
        call, sheet = getattr(plot, name), getattr(drawn, name)
        assert list(inspect.signature(call).parameters) == [*inspect.signature(sheet).parameters, "ax"]
        assert call.__doc__.startswith(sheet.__doc__)
        assert "ax: matplotlib's axes" in call.__doc__


@pytest.mark.usefixtures("no_korean_font")
def test_without_a_korean_font_pictures_are_english_and_it_is_said_once():
    with pytest.warns(UserWarning, match="no font with Korean letters") as said:
        figures = [*all_figures("both"), plot.loss([1.0], lang="ko")]
    assert len(said) == 1
    assert not any(korean(words(figure)) for figure in figures)
    figures[-1]._repr_png_()


@pytest.mark.usefixtures("no_korean_font")
def test_korean_names_become_latin_letters_without_a_font():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        figure = plot.loss({"학습률": [2.0, 1.0], "b": [1.0, 0.5]}, lang="ko")
        assert "hakseupryul" in words(figure)
        assert not korean(words(figure))
    figure._repr_png_()


@pytest.mark.usefixtures("a_korean_font")
def test_with_a_korean_font_pictures_are_korean():
    from matplotlib.text import Text

    figure = plot.activations(lang="both")
    assert {"시그모이드", "도함수"} <= set(korean(words(figure)))
    for text in figure.findobj(Text):
        if korean(text.get_text()):
            assert text.get_fontfamily() == fonts.families()
    assert "손실" in words(plot.loss([1.0], lang="ko"))


def test_the_font_that_is_found_has_the_letters():
    found = fonts._search()
    if found is None:
        pytest.skip("this machine has no font with Korean letters")
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    files = [entry.fname for entry in font_manager.fontManager.ttflist if entry.name == found]
    assert FT2Font(files[0]).get_char_index(ord("가"))
    for figure in all_figures("ko"):
        figure._repr_png_()  # a missing glyph would be a warning, and so an error


def test_romanization():
    assert fonts.romanised("손실 에포크 가중치 100") == "sonsil epokeu gajungchi 100"
    assert fonts.romanised("ㄱ값") == "?gap"
    assert fonts.romanised("plain") == "plain"


def test_labels_at_points_and_ends():
    figure = plot.hidden_space(xor_model(WEIGHTS), X, Y, lang="en")
    assert "(1, 0), (0, 1)" in words(figure)
    film = plot.Film(X, Y)
    filmed(film, 2)
    shown = words(plot.weights(film, lang="en"))
    assert all(f"output/kernel[{k},0]" in shown for k in (0, 1))


def test_several_classes_and_missing_numbers():
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    model = lambda x: -((x[:, None] - corners) ** 2).sum(axis=-1)  # noqa: E731
    plot.decision_boundary(model, corners, [0, 1, 2], lang="en")._repr_png_()
    plot.loss([np.nan, 1.0], lang="en")._repr_png_()
    plot.loss([], lang="en")._repr_png_()
