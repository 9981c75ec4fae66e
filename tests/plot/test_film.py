"""A film keeps what it should, at a price that does not grow, and shows it as strip and as page."""

import copy
import gc
import html
import json
import pickle
import re
import weakref
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microtensor as mt
from microtensor import keras, plot
from microtensor.plot.film import Frame
from microtensor.plot.page import page

from .samples import SVG, X, Y, filmed, korean, texts, xor_model


@pytest.fixture(scope="module")
def film():
    """XOR, learnt in 300 epochs or not."""
    film = plot.Film(X, Y, frames=20, lang="en")
    filmed(film, 300)
    return film


def data(text):
    return json.loads(re.search(r'<script type="application/json" id="film">(.*?)</script>', text)[1])


def test_it_keeps_the_beginning_the_end_and_even_steps(film):
    epochs = [frame.epoch for frame in film.frames]
    assert (epochs[0], epochs[-1]) == (0, 300)
    assert len(set(np.diff(epochs[:-1]))) == 1
    assert 20 <= len(epochs) <= 42
    assert len(film.losses) == 300


def test_what_it_keeps_is_what_was(film):
    model = xor_model()
    start = model.get_weights()
    film = plot.Film(X, Y)
    history = model.fit(X, Y, epochs=4, verbose=0, callbacks=[film])
    first, last = film.frames[0], film.frames[-1]
    assert first.loss is None
    assert [w.tolist() for w in first.weights] == [w.tolist() for w in start]
    assert [w.tolist() for w in last.weights] == [w.tolist() for w in model.get_weights()]
    assert [frame.loss for frame in film.frames[1:]] == history.history["loss"] == film.losses
    assert last.predictions == pytest.approx(model.predict(X, verbose=0))
    assert last.answers == pytest.approx(model.predict(film.plane.grid, verbose=0, batch_size=4000), abs=1e-6)
    assert not np.array_equal(first.weights[0], last.weights[0])


def test_a_frame_copies_no_weights():
    film = plot.Film()
    model, _ = filmed(film, 3)
    kept = film.frames[-1].weights[0]
    assert np.shares_memory(kept, model.weights[0].numpy())
    with pytest.raises(ValueError, match="read-only"):
        kept[:] = 0


@pytest.mark.parametrize("epochs", [1, 2, 7, 8, 9, 40, 41, 100])
def test_however_long_training_is_the_film_is_not(epochs):
    film = plot.Film(frames=4)
    filmed(film, epochs)
    kept = [frame.epoch for frame in film.frames]
    assert kept[0] == 0
    assert kept[-1] == epochs
    assert kept == sorted(set(kept))
    assert min(epochs + 1, 4) <= len(kept) <= 9


def test_a_second_fit_goes_on_and_another_model_begins_anew():
    film = plot.Film(X, Y)
    model, first = filmed(film, 3)
    _, second = filmed(film, 2, model)
    assert [frame.epoch for frame in film.frames] == [0, 1, 2, 3, 4, 5]
    assert film.losses == pytest.approx(first.history["loss"] + second.history["loss"])
    filmed(film, 1)
    assert [frame.epoch for frame in film.frames] == [0, 1]


def test_a_training_that_stops_early_has_its_last_frame():
    film = plot.Film(X, Y, frames=2)
    stop = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: stop_at(epoch))
    model = xor_model()

    def stop_at(epoch):
        model.stop_training = epoch == 6

    model.fit(X, Y, epochs=50, verbose=0, callbacks=[film, stop])
    assert film.frames[-1].epoch == 7


def test_filming_changes_nothing():
    def trained(callbacks):
        mt.set_random_seed(5)
        model = xor_model()
        history = model.fit(X, Y, epochs=20, batch_size=1, verbose=0, callbacks=callbacks)
        return [w.tobytes() for w in model.get_weights()], history.history

    import random

    states = random.getstate(), np.random.get_state()
    try:
        assert trained([plot.Film(X, Y)]) == trained([])
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def test_a_model_that_is_built_while_it_is_trained():
    film = plot.Film(X, Y)
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    filmed(film, 2, model)
    assert film.frames[-1].epoch == 2
    assert film.frames[-1].answers.shape == (41 * 41, 1)


def test_the_history_knows_the_film():
    film = plot.Film(X, Y, lang="en")
    _, history = filmed(film, 2)
    assert history.film() is film
    korean_film = history.film(lang="ko", title="배타적 논리합")
    assert "배타적 논리합" in texts(korean_film.svg)
    assert film.lang == "en"
    with pytest.raises(ValueError, match=r"not filmed: give fit a callback.*callbacks=\[film\]"):
        xor_model().fit(X, Y, epochs=1, verbose=0).film()
    with pytest.raises(TypeError, match="got speed="):
        history.film(speed=2)
    with pytest.raises(ValueError, match="lang is one of"):
        history.film(lang="fr")
    assert pickle.loads(pickle.dumps(history)).film().losses == film.losses
    assert copy.deepcopy(film).svg == film.svg


def test_a_film_keeps_no_model_alive():
    film = plot.Film(X, Y)
    model, _ = filmed(film, 2)
    gone = weakref.ref(model)
    gc.collect()
    gc.disable()
    try:
        del model, _
        assert gone() is None
    finally:
        gc.enable()
    assert film.model is None
    assert "<svg" in film.svg


def test_a_film_without_points_or_for_wider_inputs():
    film = plot.Film(lang="en")
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse")
    model.fit(np.eye(3), [[0.0], [1.0], [0.0]], epochs=3, verbose=0, callbacks=[film])
    assert "Decision boundary" not in film.html
    assert {"Loss by epoch", "Weights by epoch"} <= set(texts(film.svg))
    assert set(data(film.html)["frames"][0]) == {"said", "x"}


def test_the_strip_shows_moments_and_marks_them(film):
    shown = texts(film.svg)
    assert {"before training", "loss –", "epoch 300"} <= set(shown)
    planes = [p for p in film.strip.panels if p.regions]
    assert len(planes) == 6
    loss = film.strip.panels[-2]
    assert loss.marks == tuple(float(frame.epoch) for frame in film.chosen(6))
    assert ET.fromstring(film.svg).tag == f"{SVG}svg"


def test_moments_are_chosen_where_the_loss_moves():
    film = plot.Film()
    filmed(film, 40)
    losses = [1.0] * 30 + [1.0 - 0.1 * k for k in range(1, 11)]
    film.frames = [f._replace(loss=losses[f.epoch - 1] if f.epoch else None) for f in film.frames]
    chosen = [frame.epoch for frame in film.chosen(6)]
    assert (chosen[0], chosen[-1]) == (0, 40)
    assert sum(epoch > 28 for epoch in chosen) >= 3
    assert film.chosen(1000) == film.frames


@given(st.lists(st.floats(0, 1), min_size=30, max_size=30), st.integers(2, 31))
def test_so_many_moments_are_chosen_wherever_the_loss_jumps(losses, count):
    film = plot.Film()
    film.frames = [Frame(epoch, loss, (), None, None) for epoch, loss in enumerate([None, *losses])]
    chosen = [frame.epoch for frame in film.chosen(count)]
    assert len(set(chosen)) == len(chosen) == count
    assert (chosen[0], chosen[-1]) == (0, 30)


def test_the_page_is_one_file_with_all_frames(film):
    text = film.html
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert not re.search(r"<(link|img|iframe)|\bsrc=|@import|url\(", text)
    frames = data(text)["frames"]
    assert len(frames) == len(film.chosen(60))
    assert all(len(frame["regions"]) == 10 and len(frame["answers"]) == 4 for frame in frames)
    assert frames[0]["said"] == "Before training"
    assert frames[-1]["said"] == f"Epoch 300 · loss {film.losses[-1]:.4f}"
    assert f'max="{len(frames) - 1}"' in text
    assert len(text) < 150_000


def test_the_page_has_a_strip_for_those_without_javascript(film):
    text = film.html
    assert '<section id="live" hidden>' in text
    assert "<noscript>" in text
    assert text.count("<svg") == 4
    assert film.strip.markup(styled=False).count("epoch 300") == text.count("epoch 300") > 1


def test_the_page_is_dark_for_those_who_want_it(film):
    both = film.html
    assert both.count("prefers-color-scheme: dark") == 2  # the page's and the pictures'
    dark = film.shown(theme="dark").html
    assert "#11161d" in dark
    assert "prefers-color-scheme" not in dark
    assert "#11161d" not in film.shown(theme="light").html


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
def test_the_page_speaks(film, lang):
    text = film.shown(lang=lang).html
    assert bool(korean(re.sub(r"font[^;}]*[;}]", "", text))) == (lang != "en")
    assert f'<html lang="{"ko" if lang == "ko" else "en"}">' in text


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", '"&<', "한글"])
def test_a_title_is_only_text(title):
    film = plot.Film(X, Y, title=title)
    filmed(film, 1)
    text = page(film)
    assert "<script>alert" not in text
    assert f"<h1>{html.escape(title)}</h1>" in text
    assert title in texts(film.svg)


def test_a_layers_name_cannot_end_the_script():
    film = plot.Film(X, Y)
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), name="a<b")])
    model.compile("sgd", "mse")
    filmed(film, 1, model)
    ET.fromstring(film.svg)
    assert "a<b" not in film.html


def test_saving_is_by_suffix(tmp_path, film):
    assert film.save(tmp_path / "xor.html").read_text("utf-8") == film.html
    assert film.save(tmp_path / "xor.svg").read_text("utf-8") == film.svg
    with pytest.raises(ValueError, match=r"one of \.html, \.svg, \.png, \.pdf"):
        film.save(tmp_path / "xor.gif")
    with pytest.raises(FileNotFoundError, match="make it first"):
        film.save(tmp_path / "no" / "xor.html")
    with pytest.raises(ValueError, match="nothing was filmed yet"):
        plot.Film(X, Y).save(tmp_path / "empty.svg")
    with pytest.raises(ValueError, match="nothing was filmed yet"):
        assert plot.Film(X, Y).html
    assert sorted(path.name for path in tmp_path.iterdir()) == ["xor.html", "xor.svg"]


def test_a_notebook_shows_the_strip(film):
    assert film._repr_mimebundle_() == {"image/svg+xml": film.svg, "text/plain": repr(film)}
    assert repr(film).startswith("<Film of 300 epochs, ")
    assert plot.Film()._repr_mimebundle_() == {"text/plain": "<Film of 0 epochs, 0 frames>"}


@pytest.mark.parametrize(
    ("arguments", "how", "words"),
    [
        ((), {"frames": 1}, "at least 2 frames"),
        ((), {"lang": "de"}, "lang is one of"),
        ((), {"theme": "red"}, "theme is one of"),
        (([[1.0]],), {}, r"shape \(N, 2\)"),
    ],
)
def test_wrong_films_are_sentences(arguments, how, words):
    with pytest.raises(ValueError, match=words):
        plot.Film(*arguments, **how)


def test_a_loss_that_is_nan_is_shown_as_such():
    film = plot.Film(X, Y, lang="en")
    filmed(film, 3)
    film.losses[1] = float("nan")
    film.frames[2] = film.frames[2]._replace(loss=float("nan"))
    assert "loss nan" in texts(film.svg)
    assert data(film.html)["frames"][2]["said"] == "Epoch 2 · loss nan"
