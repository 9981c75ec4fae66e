"""The metrics that `compile` chose: those that ignore sample weights, and those that use them.

The one idea: a metric is made when it is said, and gets its output, and the name under which it is shown,
when the first shapes are seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import metrics
from .keras_tensor import shapes_of
from .objective import weights_in_places
from .places import Place, by_place, free, in_places, is_nested, sketch


class Entry:
    """A metric, under the name that is shown, of the output at a place (None: not yet known)."""

    def __init__(self, name: str, metric: metrics.Metric, weighted: bool, place: Place | None) -> None:
        self.name, self.metric, self.weighted, self.place = name, metric, weighted, place


class Measures:
    """The metrics of a model.

    Args:
        plain, weighted: a list of names, Metrics or functions; for several outputs a dict or a list of such,
            nested as the outputs are, where one output may have a list of them.
        output_names: the names of the outputs, in order.

    Raises:
        ValueError: an unknown name, or what is neither list nor dict.
    """

    def __init__(
        self, plain: Any = None, weighted: Any = None, output_names: Sequence[str] | None = None
    ) -> None:
        self.names = list(output_names) if output_names else None
        self._given: list[tuple[str, Any, dict[Place, metrics.Metric]]] = []
        for argument, given in (("metrics", plain), ("weighted_metrics", weighted)):
            if given is not None and not isinstance(given, list | tuple | dict):
                raise ValueError(
                    f"Expected `{argument}` argument to be a list, tuple, or dict. Received instead: "
                    f"{argument}={given} of type {type(given)}"
                )
            said = by_place(given or [])
            made = {place: metrics.as_metric(each) for place, each in said.items() if each is not None}
            self._given.append((argument, given, made))
        self.entries: list[Entry] = []
        for argument, _, made in self._given:
            for metric in made.values():
                self._enter(None, metric, argument == "weighted_metrics", None)
        self._form: Any = None  # how the outputs are nested; None: not seen yet

    def _enter(self, label: Any, metric: metrics.Metric, weighted: bool, place: Place | None) -> None:
        taken = [entry.name for entry in self.entries]
        prefix = "" if label is None else f"{label}_"
        name = prefix + metric.name
        if weighted and name in taken:
            name = f"{prefix}weighted_{metric.name}"
        self.entries.append(Entry(free(name, taken), metric, weighted, place))

    @property
    def resolved(self) -> bool:
        """Is it known which output each metric is for?"""
        return self._form is not None or not self.entries

    def resolve(self, output: Any) -> None:
        """Decide, once, which output each metric is for. output: shapes.

        Raises:
            ValueError: the metrics are nested in another way than the outputs.
        """
        if self._form is not None:
            return
        places, names = list(by_place(output)), self.names
        flat = is_nested(output) and all(len(place) == 1 for place in places)
        if flat and isinstance(output, dict):
            if names is None or set(names) != set(output):
                names = [place[0] for place in places]
            places = [(name,) for name in names]
        labels: dict[Place, Any] = {}
        if len(places) > 1 and names is not None:
            labels = dict(zip(places, names, strict=False))
        provisional, self.entries = self.entries, []
        try:
            for argument, given, made in self._given:
                owners = [
                    (_owner(place, given, places, flat, names), metric) for place, metric in made.items()
                ]
                if any(owner is None for owner, _ in owners):
                    raise ValueError(
                        f"Invalid `{argument}`. `{argument}` should contain metrics objects and match the "
                        f"output structure of the model: {sketch(output)}.\nReceived: {argument}={given}"
                    )
                for owner, metric in sorted(owners, key=lambda pair: places.index(pair[0])):
                    self._enter(labels.get(owner), metric, argument == "weighted_metrics", owner)
        except ValueError:
            self.entries = provisional
            raise
        self._form = output

    @property
    def all(self) -> list[metrics.Metric]:
        """The metrics, in the order in which they are shown."""
        return [entry.metric for entry in self.entries]

    def check(self, y: Any, output: Any) -> None:
        """Raise ValueError for shapes that a metric cannot compare."""
        if not self.entries:
            return
        self.resolve(output)
        targets, outputs = self._matched(y, output)
        for entry in self.entries:
            entry.metric.check(targets[entry.place], outputs[entry.place])

    def update(self, y: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in. y, y_pred, sample_weight: tensors."""
        if not self.entries:
            return
        if self._form is None:
            self.resolve(shapes_of(y_pred))
        targets, outputs = self._matched(y, y_pred)
        weights = weights_in_places(sample_weight, y_pred, self.names, list(targets))
        for entry in self.entries:
            target, given = _array(targets[entry.place]), _masked(outputs[entry.place])
            weight = weights.get(entry.place or ()) if entry.weighted else None
            if weight is None:
                entry.metric.update_state(target, given)
            else:
                entry.metric.update_state(target, given, sample_weight=_array(weight))

    def _matched(self, y: Any, output: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
        if not is_nested(output) and not is_nested(y):
            return {(): y}, {(): output}
        measured = list(dict.fromkeys(entry.place for entry in self.entries if entry.place is not None))
        return in_places(y, output, self.names, measured), by_place(output)


def _owner(place: Place, given: Any, places: list[Place], flat: bool, names: list[str] | None) -> Any:
    """The place of the output that a metric, said at a place of the argument, is for; None: there is none."""
    if len(places) == 1:
        return places[0]
    if flat and not isinstance(given, dict):
        return places[place[0]] if len(given) == len(places) else None
    if flat and names is not None and len(names) == len(places):
        return places[names.index(place[0])] if place[0] in names else None
    return next((place[:n] for n in range(len(place), 0, -1) if place[:n] in places), None)


def _array(value: Any) -> np.ndarray:
    return value.numpy() if hasattr(value, "numpy") else np.asarray(value)


def _masked(value: Any) -> Any:
    """The numbers; as a tensor, if it carries a mask."""
    mask = getattr(value, "_keras_mask", None)
    if mask is None:
        return _array(value)
    value = value.detach()
    value._keras_mask = mask
    return value
