"""Curves over epochs: losses and weights.

The one idea: an epoch's number is the place, and what was not computed (nan, a loss before training) is no
point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..graph.words import checked
from .panel import Array, Line, Panel, limits
from .words import word

MOST_WEIGHTS = 16  # lines; more are shown as one line for each array: its norm


def loss_panel(
    history: Any, keys: Sequence[str] | None = None, log: bool = False, lang: str = "both", marks: Any = ()
) -> Panel:
    """The loss of each epoch.

    history: what `fit` returned, its dict, a list of losses, or a dict of several {name: any of these}.
    keys: which of its numbers; None: all losses ("loss", "val_loss").
    """
    checked(lang)
    named = _named_series(history, keys)
    lines = tuple(Line(np.arange(1, len(v) + 1), v, k, name) for k, (name, v) in enumerate(named.items()))
    if log:
        lines = tuple(Line(s.x, np.where(s.y > 0, s.y, np.nan), s.kind, s.name) for s in lines)
    longest = max((len(line.y) for line in lines), default=0)
    shown = [line.y for line in lines]
    at = limits(*shown, log=log) if log else limits(*shown, np.zeros(1))
    finite = any(np.isfinite(y).any() for y in shown)
    return Panel(
        title=word("loss curve", lang),
        x_limits=(0.0, float(max(longest, 1))),
        y_limits=at,
        x_label=word("epoch", lang),
        counted=True,
        y_label=word("loss", lang) if keys is None or len(keys) != 1 else keys[0],
        lines=lines,
        log=log,
        marks=tuple(marks),
        note=_told(lines) if finite else word("nothing", lang),
    )


def _told(lines: Sequence[Line]) -> str:
    ends = (f"{s.name} {s.y[0]:.4g} → {s.y[-1]:.4g} ({len(s.y)})" for s in lines if len(s.y))
    return "; ".join(ends)


def _named_series(history: Any, keys: Sequence[str] | None, prefix: str = "") -> dict[str, Array]:
    """Each line's name and numbers."""
    found = getattr(history, "history", history)
    found = getattr(found, "losses", found)
    if not isinstance(found, Mapping):
        return {prefix or "loss": _numbers(found)}
    nested = {k: v for k, v in found.items() if hasattr(v, "history") or isinstance(v, Mapping)}
    if nested:
        series: dict[str, Array] = {}
        for name, one in found.items():
            series |= _named_series(one, keys, str(name))
        return series
    is_history = prefix or hasattr(history, "history") or "loss" in found
    wanted = keys or ([k for k in found if k in ("loss", "val_loss")] if is_history else list(found))
    missing = [k for k in wanted if k not in found]
    if missing:
        raise ValueError(
            f"the history has no {missing[0]!r}; it has {', '.join(map(repr, found)) or 'nothing'}."
        )
    names = {k: (prefix if k == "loss" else f"{prefix} {k}") if prefix else str(k) for k in wanted}
    return {names[k]: _numbers(found[k]) for k in wanted}


def _numbers(values: Any) -> Array:
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = np.zeros((0, 0))
    if numbers.ndim != 1:
        raise TypeError(
            "a loss curve is drawn from what fit returned, from its .history, from a list of numbers, or "
            f"from a dict {{name: any of these}}; got {values!r:.60} of type {type(values).__name__}."
        )
    return numbers


def weights_panel(film: Any, lang: str = "both", marks: Any = ()) -> Panel:
    """Each weight at the epochs that a `Film` kept; of more than 16 weights, the norm of each array."""
    checked(lang)
    film = getattr(film, "recorded", film)  # a History knows its film
    if not hasattr(film, "frames"):
        raise ValueError(
            "the weights over epochs are drawn from a film: give fit a callback, "
            "film = microtensor.plot.Film(x, y), fit(..., callbacks=[film]), then weights(film)."
        )
    epochs = np.array([frame.epoch for frame in film.frames])
    lines: list[Line] = []
    single = sum(w.size for w in film.frames[0].weights) <= MOST_WEIGHTS if film.frames else True
    for k, name in enumerate(film.names):
        values = np.array([np.ravel(frame.weights[k]) for frame in film.frames], dtype=np.float64)
        if single:
            places = np.ndindex(film.frames[0].weights[k].shape)
            for column, place in zip(values.T, places, strict=True):
                index = f"[{','.join(map(str, place))}]" if place else ""
                lines.append(Line(epochs, column, len(lines), name + index))
        else:
            lines.append(Line(epochs, np.linalg.norm(values, axis=1), len(lines), f"‖{name}‖"))
    return Panel(
        title=word("weights", lang),
        x_limits=(0.0, float(max(epochs.max(initial=0), 1))),
        y_limits=limits(*(line.y for line in lines)),
        x_label=word("epoch", lang),
        counted=True,
        y_label=word("weight" if single else "norm", lang),
        lines=tuple(lines),
        ends=True,
        marks=tuple(marks),
        note=_told(lines) if lines else word("nothing", lang),
    )
