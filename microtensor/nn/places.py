"""Where the outputs of a model are: the keys that lead to each, `("a", 0)`, `()` for the only one.

The one idea: taken apart into a dict {place: leaf}, what was nested in lists, tuples and dicts needs no
recursion any more, and y, outputs, weights, losses and metrics are matched by their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .keras_tensor import is_shape

Place = tuple[Any, ...]


def is_nested(value: Any) -> bool:
    """Does it hold several things? A shape, a tuple of numbers, and the config of an object do not."""
    if isinstance(value, dict):
        return not {"class_name", "config"} <= set(value)
    return isinstance(value, list) or (isinstance(value, tuple) and not is_shape(value))


def by_place(nested: Any) -> dict[Place, Any]:
    """{place: leaf}, dicts in the order of their keys, as Keras counts outputs.

    >>> by_place({"b": [1.5, None], "a": 2.5})
    {('a',): 2.5, ('b', 0): 1.5, ('b', 1): None}
    """
    found: dict[Place, Any] = {}
    waiting: list[tuple[Place, Any]] = [((), nested)]
    while waiting:
        place, value = waiting.pop()
        if not is_nested(value):
            found[place] = value
        else:
            waiting += [((*place, key), part) for key, part in reversed(_items(value))]
    return found


def _items(value: Any) -> list[tuple[Any, Any]]:
    if not isinstance(value, dict):
        return list(enumerate(value))
    try:
        return sorted(value.items(), key=lambda item: item[0])
    except TypeError:  # keys of several kinds
        return list(value.items())


def in_places(
    y: Any, output: Any, names: Sequence[str] | None = None, wanted: Iterable[Place] = ()
) -> dict[Place, Any]:
    """The leaves of y by the places of the outputs to which they belong.

    Args:
        y: nested as the output is (a list for a tuple is fine); or a list of as many; or a dict by `names`
            for a list of outputs; or of as many as are `wanted`, the places of those that have a loss.
        output: the outputs, or their shapes.

    Raises:
        ValueError: y is nested in another way.
    """
    places, given = list(by_place(output)), by_place(y)
    if set(given) == set(places):
        return given
    if names and isinstance(y, dict) and set(y) == set(names) and len(names) == len(places):
        return dict(zip(places, (y[name] for name in names), strict=True))
    for takers in (places, list(wanted)):
        if len(given) == len(takers) and not isinstance(y, dict):
            return dict(zip(takers, given.values(), strict=True))
    raise ValueError(
        f"y_true and y_pred have different structures.\ny_true: {sketch(y)}\ny_pred: {sketch(output)}\n"
    )


def sketch(nested: Any) -> str:
    """How it is nested, with a star for each leaf: [*, {a: *}]."""
    if not is_nested(nested):
        return "*"
    if isinstance(nested, dict):
        return "{" + ", ".join(f"{key!r}: {sketch(part)}" for key, part in nested.items()) + "}"
    return "[" + ", ".join(map(sketch, nested)) + "]"


def free(name: str, taken: Iterable[str]) -> str:
    """The name, numbered if it is taken: mae, mae_1."""
    number, found = 1, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found
