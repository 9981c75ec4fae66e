"""The loss that `compile` chose: of the one output, or the weighted sum over several, however nested.

The one idea: names are looked up when they are said, so that a wrong one is told at once; which output each
loss is for, and what depends on shapes ("crossentropy"), is decided when the first shapes are seen.
"""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from typing import Any

from . import losses
from .keras_tensor import shapes_of
from .metrics.means import Mean
from .places import Place, by_place, free, in_places, is_nested

BY_SHAPE = ("crossentropy", "ce")  # the losses that are decided by shapes


class Term:
    """One loss of the sum: of the output at a place, times a weight; its mean is shown if there are more."""

    def __init__(self, place: Place, loss: Any, weight: float, shown: Mean) -> None:
        self.place, self.loss, self.weight, self.shown = place, loss, weight, shown


class Objective:
    """The loss of a model: of its output, or the weighted sum over its outputs.

    Args:
        loss: a name, a Loss, a function; or a list or dict of such, nested as the outputs are. None: no loss
            for this output. One alone is for each of several outputs.
        loss_weights: a number for each loss; None: 1.
        output_names: the names of the outputs, in order, for dicts where the model hands out a list.

    Raises:
        ValueError: an unknown name, another number of weights than of losses.
    """

    _passing = frozenset(["values"])  # see `fingerprint`

    def __init__(
        self, loss: Any, loss_weights: Any = None, output_names: Sequence[str] | None = None
    ) -> None:
        self.several = is_nested(loss)
        self.names = list(output_names) if output_names else None
        self._is_list = isinstance(loss, list | tuple)
        self._given = {place: _known_loss(each) for place, each in by_place(loss).items()}
        self._weights = _weights(loss_weights, list(self._given))
        self.terms: list[Term] | None = None
        self.values: list[Any] = []  # of the terms in the last call, if there are several

    @property
    def only(self) -> Any:
        """The loss, if there is one output and its loss is known; else None."""
        return self.terms[0].loss if self.terms and self.terms[0].place == () else None

    @property
    def metrics(self) -> list[Mean]:
        """The means of the losses so far, without their weights, if there are several."""
        return [term.shown for term in self.terms] if self.terms and len(self.terms) > 1 else []

    def resolve(self, y: Any, output: Any) -> None:
        """Decide, once, which output each loss is for. y and output: shapes.

        Raises:
            KeyError: there is no such output, or no target for it.
        """
        if self.terms is not None:
            return
        outputs = by_place(output)
        chosen = self._placed(outputs)
        targets = in_places(y, output, self.names, chosen)
        labels = dict(zip(outputs, self.names or [], strict=False))
        terms: list[Term] = []
        for place, (loss, weight) in chosen.items():
            if targets.get(place) is None:
                raise KeyError(
                    _nowhere(place, "either the model's output (`y_pred`) or in the labels (`y_true`)")
                )
            known = losses.for_compile(loss, targets[place], outputs[place])
            last = (
                place[-1:] if place and not isinstance(place[-1], int) else (labels.get(place) or known.name,)
            )
            label = free("/".join(map(str, (*place[:-1], *last))), [term.shown.name[:-5] for term in terms])
            terms.append(Term(place, known, weight, Mean(name=f"{label}_loss")))
        self.terms = terms

    def _placed(self, outputs: dict[Place, Any]) -> dict[Place, tuple[Any, float]]:
        """{place: (loss, weight)} of the outputs that have one."""
        said, weights = list(self._given), self._weights
        flat = all(len(place) == 1 for place in said)
        if not self.several:
            return dict.fromkeys(outputs, (self._given[()], weights[0]))
        where = dict(zip(outputs, outputs, strict=True))
        if flat and self._is_list:
            if len(said) != len(outputs):
                few = f"{len(outputs)} output{'s' if len(outputs) > 1 else ''}"
                raise ValueError(f"there are {len(said)} losses in `loss`, but the model has {few}.")
            where = dict(zip(said, outputs, strict=True))
        elif (
            flat
            and self.names
            and set(said) <= {(name,) for name in self.names}
            and not set(said) <= set(where)
        ):
            where = {(name,): place for name, place in zip(self.names, outputs, strict=False)}
        for place, loss in self._given.items():
            if loss is not None and place not in where:
                raise KeyError(_nowhere(place, "the model's output (`y_pred`)"))
        pairs = zip(self._given.items(), weights, strict=True)
        return {where[place]: (loss, weight) for (place, loss), weight in pairs if loss is not None}

    def __call__(self, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """The weighted sum of the losses of a batch."""
        if self.terms is None:
            self.resolve(shapes_of(y), shapes_of(y_pred))
        terms = self.terms or []
        if len(terms) == 1 and terms[0].place == () and not is_nested(y):
            loss = terms[0].loss(y, y_pred, sample_weight)
            return loss if terms[0].weight == 1.0 else loss * terms[0].weight
        outputs, wanted = by_place(y_pred), [term.place for term in terms]
        targets = in_places(y, y_pred, self.names, wanted)
        weights = weights_in_places(sample_weight, y_pred, self.names, wanted)
        total: Any = None
        self.values = []
        for term in terms:
            value = term.loss(targets[term.place], outputs[term.place], weights.get(term.place))
            self.values.append(value)
            value = value if term.weight == 1.0 else value * term.weight
            total = value if total is None else total + value
        return total

    def take_in(self, values: Sequence[Any], samples: int) -> None:
        """Let the means that are shown know the losses of a batch, one for each term."""
        for term, value in zip(self.terms or [], values, strict=True):
            term.shown.update_state(value, sample_weight=samples)


def weights_in_places(
    weights: Any, output: Any, names: Sequence[str] | None, wanted: Sequence[Place] = ()
) -> dict[Place, Any]:
    """The sample weights of each output: one array is for all of them."""
    if weights is None:
        return {}
    if is_nested(weights):
        return in_places(weights, output, names, wanted)
    return dict.fromkeys(by_place(output), weights)


def _known_loss(loss: Any) -> Any:
    if loss is None or (isinstance(loss, str) and loss in BY_SHAPE):
        return loss
    return losses.as_loss(loss)


def _weights(given: Any, places: list[Place]) -> list[float]:
    """A weight for each loss, in their order."""
    found = by_place(list(given) if isinstance(given, tuple) else given)
    if isinstance(given, dict) and set(found) <= set(places):
        weights = [found.get(place, 1.0) for place in places]
    elif isinstance(given, dict):
        raise ValueError(f"`loss_weights` has keys {sorted(given)}; the losses are at {places}.")
    elif () in found:
        weights = [1.0 if given is None else given] * len(places)
    else:
        weights = list(found.values())
    if len(weights) != len(places):
        raise ValueError(
            f"`loss_weights` must match the number of losses, got {len(places)} losses and {len(weights)} "
            "weights."
        )
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, numbers.Real):
            raise ValueError(f"`loss_weights` must hold numbers; got {weight!r}.")
    return [float(weight) for weight in weights]


def _nowhere(place: Place, where: str) -> str:
    return f"The path: {place} in the `loss` argument, can't be found in {where}."
