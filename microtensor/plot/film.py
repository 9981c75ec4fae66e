"""Film: a callback that watches a training, and shows it: how boundary and weights became what they are.

The one idea: keeping a frame is cheap, because nobody ever writes into a tensor's array, so a frame holds the
arrays themselves; and how long training will be need not be known, because a film that is full drops every
second frame and goes on at half the pace.
"""

from __future__ import annotations

import copy
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..graph.saving import target
from ..graph.style import checked_theme
from ..graph.words import checked
from ..nn.callbacks.callback import Watcher
from .axes import require
from .curves import loss_panel, weights_panel
from .fonts import language
from .panel import Array, Panel
from .planes import Plane, answered
from .sheet import Sheet, write
from .words import numbered, word

STRIP = 6  # frames that a strip shows


class Frame(NamedTuple):
    """What was kept of one moment.

    epoch: how many were done; 0 is before training, and then loss is None. answers: on the plane's grid, and
    predictions: at the points; None without points.
    """

    epoch: int
    loss: float | None
    weights: tuple[Array, ...]
    answers: Array | None
    predictions: Array | None


class Film(Watcher):
    """A callback that films the training: `film.save("xor.html")` is a page with a slider.

    Args:
        x, y: the points to show, (N, 2), and their targets; without them, or for inputs of another width, a
            film shows losses and weights alone.
        frames: how many moments are kept, at least: between once and twice as many.
        threshold: where a single output changes its answer.
        title: the line above; None: "How it was learnt". lang: "en", "ko" or "both".
        theme: "auto" (as the reader's system prefers), "light" or "dark".

    Epochs are counted from 1, over several calls of `fit` of one model; another model begins a new film.

    Raises:
        ValueError: points that are not (N, 2), fewer than two frames, an unknown lang or theme.

    >>> import microtensor as mt
    >>> x, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [[0.0], [1.0], [1.0], [0.0]]
    >>> model = mt.keras.Sequential([mt.keras.layers.Dense(1, "sigmoid", input_shape=(2,))])
    >>> model.compile("sgd", "mse")
    >>> film = Film(x, y)
    >>> history = model.fit(x, y, epochs=3, verbose=0, callbacks=[film])
    >>> [frame.epoch for frame in film.frames]
    [0, 1, 2, 3]
    >>> history.film() is film
    True
    """

    def __init__(
        self,
        x: Any = None,
        y: Any = None,
        *,
        frames: int = 60,
        threshold: float = 0.5,
        title: str | None = None,
        lang: str = "both",
        theme: str = "auto",
    ) -> None:
        if not isinstance(frames, int) or frames < 2:
            raise ValueError(f"a film keeps at least 2 frames; got frames={frames!r}.")
        checked_theme(theme)
        self.lang, self.theme, self.title = checked(lang), theme, title
        self.plane = None if x is None else Plane(x, y, threshold)
        self.least = frames
        self._forget()

    def _forget(self) -> None:
        self.frames: list[Frame] = []
        self.losses: list[float] = []
        self.names: list[str] = []
        self._pace = 1

    # --- while training -------------------------------------------------------------------------------------

    def set_model(self, model: Any) -> None:
        if self.model is not model:
            self._forget()
            super().set_model(model)

    def on_train_begin(self, logs: Any = None) -> None:
        history = getattr(self.model, "history", None)
        if history is not None:
            history.recorded = self
        if not self.frames and self.model.built:
            self._keep()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.losses.append(float((logs or {}).get("loss", np.nan)))
        if len(self.losses) % self._pace == 0:
            self._keep()
            if len(self.frames) > 2 * self.least:
                self._pace *= 2
                self.frames = [frame for frame in self.frames if frame.epoch % self._pace == 0]

    def on_train_end(self, logs: Any = None) -> None:
        if self.losses and (not self.frames or self.frames[-1].epoch < len(self.losses)):
            self._keep()

    def _keep(self) -> None:
        model, epoch = self.model, len(self.losses)
        weights = model.trainable_variables
        self.names = [w.name.removesuffix(":0") for w in weights]
        answers = predictions = None
        if self.plane is not None:
            answers = answered(model, self.plane.grid)
            predictions = answered(model, self.plane.points.astype(np.float32))
        loss = self.losses[-1] if self.losses else None
        self.frames.append(Frame(epoch, loss, tuple(w.numpy() for w in weights), answers, predictions))

    # --- afterwards -----------------------------------------------------------------------------------------

    def shown(self, **how: Any) -> Film:
        """The same film with another title, lang or theme. TypeError for other settings."""
        other = copy.copy(self)
        for name, value in how.items():
            if name not in ("title", "lang", "theme"):
                raise TypeError(f"a film is shown with title=, lang= and theme=; got {name}=.")
            setattr(other, name, value)
        checked_theme(other.theme)
        checked(other.lang)
        return other

    @property
    def heading(self) -> str:
        """The line above."""
        return word("film", self.lang) if self.title is None else self.title

    def chosen(self, count: int) -> list[Frame]:
        """So many frames, the first and the last among them: half spread over the epochs, half over where the
        loss moved.
        """
        frames = self.frames
        if len(frames) <= count:
            return list(frames)
        epochs = np.array([frame.epoch for frame in frames], dtype=np.float64)
        losses = np.array([np.nan if frame.loss is None else frame.loss for frame in frames])
        moved = np.concatenate([[0.0], np.cumsum(np.nan_to_num(np.abs(np.diff(losses)), posinf=0.0))])
        passed = epochs / epochs[-1] + (moved / moved[-1] if moved[-1] > 0 else 0.0)
        found = {0, len(frames) - 1}
        for place in np.linspace(passed[0], passed[-1], count)[1:-1]:
            away = np.abs(passed - place)
            away[[*found]] = np.inf  # where the loss jumps, two places may be nearest to one frame
            found.add(int(away.argmin()))
        return [frames[k] for k in sorted(found)]

    def plane_panel(self, frame: Frame, title: str | None = None) -> Panel:
        """The decision boundary at that moment, with the epoch and the loss above it (one language: there is
        little room), or a title.
        """
        if self.plane is None or frame.answers is None:
            raise ValueError("this film was given no points: Film(x, y).")
        lang = "en" if self.lang == "both" else self.lang
        name, loss = (
            numbered("epoch", f"{frame.epoch:,}", lang),
            f"{word('loss', lang)} {frame.loss or 0:.4f}",
        )
        if frame.loss is None:
            name, loss = word("before", lang), f"{word('loss', lang)} –"
        plain = self.plane.panel(frame.answers, title or name, (), ("x₁", "x₂"), self.lang)
        return plain if title else replace(plain, formulas=(loss,), note=f"{name}, {loss}")

    def curve_panels(self, marks: tuple[float, ...] = ()) -> tuple[Panel, Panel]:
        """The losses, and the weights."""
        return loss_panel(self.losses, lang=self.lang, marks=marks), weights_panel(self, self.lang, marks)

    @property
    def strip(self) -> Sheet:
        """Some frames side by side, over the losses and the weights; the marks show when the frames were."""
        chosen = self.chosen(STRIP)
        loss, weights = self.curve_panels(tuple(float(frame.epoch) for frame in chosen))
        rows: list[tuple[Panel, ...]] = [(loss,), (weights,)]
        heights = [150.0, 210.0]
        if self.plane is not None and chosen:
            rows.insert(0, tuple(self.plane_panel(frame) for frame in chosen))
            heights.insert(0, min(430.0, 1296.0 / len(chosen)))
        return Sheet(tuple(rows), tuple(heights), 1120.0, self.heading, self.theme)

    @property
    def svg(self) -> str:
        """The strip, as the text of an SVG file."""
        return self.strip.svg

    @property
    def html(self) -> str:
        """The page with the slider: one file, which needs no network."""
        from .page import page

        return page(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page (.html) or the strip (.svg; .png and .pdf with matplotlib). Returns the path.

        Raises:
            ValueError: another suffix, or nothing was filmed. FileNotFoundError: there is no such folder.
        """
        path = target(path, (".html", ".svg", ".png", ".pdf"))
        if not self.frames:
            raise ValueError("nothing was filmed yet: give the film to fit, fit(..., callbacks=[film]).")
        if path.suffix.lower() == ".html":
            write(path, self.html)
            return path
        shown = self
        if path.suffix.lower() != ".svg":
            require()
            shown = self.shown(lang=language(self.lang))
        return shown.strip.save(path)

    def __repr__(self) -> str:
        return f"<Film of {len(self.losses)} epochs, {len(self.frames)} frames>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the strip."""
        return (
            {"image/svg+xml": self.svg, "text/plain": repr(self)}
            if self.frames
            else {"text/plain": repr(self)}
        )
