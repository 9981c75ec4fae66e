"""Planes: what a model answers everywhere between its points.

The one idea: two numbers go in, so all inputs lie on a sheet of paper. Where the answer crosses one half is
the decision boundary; a hidden layer of two units moves the points onto a second sheet, on which one straight
line is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..core.state import no_grad
from ..graph.words import checked
from .contour import outline, region
from .panel import Array, Dots, Limits, Line, Panel, Region
from .words import word

SIDE = 41  # points along each side of the grid
MARGIN = 0.35  # of the points' span, around them
STEPS = (0.0, 0.1, 0.2, 0.3, 0.4)  # how far from the boundary it gets darker; 0.5 is a sure answer


class Plane:
    """The points, the window around them, and the grid on which a model is asked.

    Args:
        x: (N, 2) inputs. y: N targets: numbers on both sides of `threshold`, classes, or one-hot rows.
        threshold: where a single output changes its answer.

    Raises:
        ValueError: x is not (N, 2), y has another length.
    """

    def __init__(self, x: Any, y: Any = None, threshold: float = 0.5, window: Limits | None = None) -> None:
        self.points = np.asarray(x, dtype=np.float64)
        if self.points.ndim != 2 or self.points.shape[1] != 2 or not len(self.points):
            raise ValueError(
                "a plane shows inputs of two numbers: x has shape (N, 2); "
                f"got {self.points.shape}. For other inputs there is the loss and the weights."
            )
        self.threshold = threshold
        self.classes = None if y is None else _classes(y, len(self.points), threshold)
        self.x, self.y = (window, window) if window else tuple(map(_window, self.points.T))

    @property
    def grid(self) -> Array:
        """(SIDE², 2) inputs, row by row from below."""
        across, up = np.meshgrid(np.linspace(*self.x, SIDE), np.linspace(*self.y, SIDE))
        return np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)

    def panel(
        self, answers: Array, title: str, labels: tuple[str, ...], names: tuple[str, str], lang: str
    ) -> Panel:
        """The picture of what was answered on the grid. answers: (SIDE², outputs)."""
        if answers.ndim != 2 or len(answers) != SIDE * SIDE:
            raise ValueError(
                "a plane shows a model that gives one row of answers for each input; got shape "
                f"{answers.shape} for {SIDE * SIDE} inputs."
            )
        values = [column.reshape(SIDE, SIDE).astype(np.float64) for column in answers.T]
        regions, lines = self._binary(values[0]) if len(values) == 1 else self._classes_of(values)
        return Panel(
            title=title,
            x_limits=self.x,
            y_limits=self.y,
            x_label=names[0],
            y_label=names[1],
            regions=regions,
            lines=lines,
            dots=self._dots(labels, lang),
            note=title,
        )

    def _binary(self, values: Array) -> tuple[tuple[Region, ...], tuple[Line, ...]]:
        """One output: darker the surer, on either side."""
        away = values - self.threshold
        spread = max(1.0, 2 * float(np.max(np.abs(away[np.isfinite(away)]), initial=0.0)))
        regions = [
            region(sign * away, step * spread, self.x, self.y, kind)
            for sign, kind in ((1, "high"), (-1, "low"))
            for step in STEPS
        ]
        return tuple(regions), (_boundary(outline(away, 0.0, self.x, self.y)),)

    def _classes_of(self, values: list[Array]) -> tuple[tuple[Region, ...], tuple[Line, ...]]:
        """Several outputs: for each class the region where it is the largest."""
        regions: list[Region] = []
        borders: list[Array] = []
        for k, own in enumerate(values):
            lead = own - np.max([other for j, other in enumerate(values) if j != k], axis=0)
            regions.append(region(lead, 0.0, self.x, self.y, k))
            borders += outline(lead, 0.0, self.x, self.y)
        return tuple(regions), (_boundary(borders),)

    def _dots(self, labels: tuple[str, ...], lang: str) -> tuple[Dots, ...]:
        classes = np.zeros(len(self.points), dtype=int) if self.classes is None else self.classes
        found = []
        for k in sorted(set(classes.tolist())):
            own = classes == k
            texts = tuple(t for t, mine in zip(labels, own, strict=True) if mine) if labels else ()
            name = "" if self.classes is None else (f"정답 {k}" if lang == "ko" else f"y = {k}")
            found.append(Dots(self.points[own, 0], self.points[own, 1], k, name, texts))
        return tuple(found)


def _boundary(pieces: Iterable[Array]) -> Line:
    """All pieces as one line with gaps: each frame of a film has one boundary."""
    gap = np.full((1, 2), np.nan)
    points = np.concatenate([gap, *(part for piece in pieces for part in (piece, gap))])
    return Line(points[:, 0], points[:, 1], "boundary")


def _window(values: Array) -> Limits:
    low, high = float(values.min()), float(values.max())
    more = (high - low) * MARGIN or 0.5
    return low - more, high + more


def _classes(y: Any, count: int, threshold: float) -> Array:
    given = np.atleast_1d(np.asarray(y))
    rows: Array = given.reshape(len(given), -1)
    if len(rows) != count:
        raise ValueError(f"x has {count} points and y has {len(rows)}: one target belongs to each point.")
    if rows.shape[1] > 1:
        return np.asarray(rows.argmax(axis=1))
    flat = rows[:, 0]
    whole = np.all(flat == np.round(flat)) and flat.min() >= 0
    found = np.asarray(flat if whole else flat > threshold)
    return found.astype(int)


def answered(model: Callable[..., Any], inputs: Array) -> Array:
    """What the model answers, as (N, outputs): one forward, without a graph, and as in `predict`."""
    with no_grad():
        try:
            answer = model(inputs, training=False)
        except TypeError:  # a plain function
            answer = model(inputs)
    found = np.asarray(answer)
    return found.reshape(len(found), -1) if found.ndim else found


def boundary_panel(
    model: Any, x: Any, y: Any = None, threshold: float = 0.5, lang: str = "both", title: str | None = None
) -> Panel:
    """The decision boundary of a model of two inputs, with points. model: anything that is called."""
    checked(lang)
    plane = Plane(x, y, threshold)
    heading = word("boundary", lang) if title is None else title
    return plane.panel(answered(model, plane.grid), heading, (), ("x₁", "x₂"), lang)


def hidden_panel(
    model: Any, x: Any, y: Any = None, layer: Any = None, threshold: float = 0.5, lang: str = "both"
) -> Panel:
    """Where a hidden layer of two units has put the points, and the line that the rest draws there.

    layer: its name, its number, itself; None: the last hidden layer of two units.
    """
    checked(lang)
    layers = _layers(model)
    at = _found(layers, layer, x)
    points = np.asarray(_through(layers[: at + 1], x))
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            f"the hidden space is drawn for two units; layer {layers[at].name!r} gives {points.shape[1:]}. "
            "Choose another with layer=, or look at the decision boundary."
        )
    low, high = float(points.min()), float(points.max())
    unit = low >= -0.001 and high <= 1.001  # sigmoids: the whole square that they can reach
    window = (-0.15, 1.15) if unit else _window(points)
    plane = Plane(points, y, threshold, window)
    given = [f"({', '.join(f'{v:g}' for v in row)})" for row in np.asarray(x, dtype=np.float64).tolist()]
    unit_name = word("hidden unit", lang)
    return plane.panel(
        np.asarray(_through(layers[at + 1 :], plane.grid)).reshape(len(plane.grid), -1),
        f"{word('hidden', lang)}: {layers[at].name}",
        tuple(given),
        (f"{unit_name} 1", f"{unit_name} 2"),
        lang,
    )


def _layers(model: Any) -> list[Any]:
    layers = list(getattr(model, "layers", ()))
    if len(layers) < 2:
        raise ValueError(
            "the hidden space needs a chain of at least two layers (Sequential); "
            f"got {type(model).__name__} with {len(layers)}."
        )
    return layers


def _found(layers: list[Any], wanted: Any, x: Any) -> int:
    names = [layer.name for layer in layers]
    if wanted is None:
        widths = [np.shape(_through(layers[: k + 1], x))[1:] for k in range(len(layers) - 1)]
        fitting = [k for k, width in enumerate(widths) if width == (2,)]
        if not fitting:
            raise ValueError(
                f"the hidden space needs a hidden layer of two units; {', '.join(names)} have none."
            )
        return fitting[-1]
    if isinstance(wanted, int) and -len(layers) <= wanted < len(layers):
        return wanted % len(layers)
    for k, layer in enumerate(layers):
        if wanted is layer or wanted == layer.name:
            return k
    raise ValueError(f"the model has no layer {wanted!r}; it has {', '.join(names)}.")


def _through(layers: list[Any], x: Any) -> Any:
    value: Any = np.asarray(x, dtype=np.float32)
    with no_grad():
        for layer in layers:
            value = layer(value)
    return value
