"""Nested lists, tuples and dicts of things: taking them apart, and putting them together again in the same
form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def flatten(nested: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """(the leaves in order, a function that makes the same nesting of as many other leaves).

    Lists, tuples, named tuples and dicts nest; everything else, None included, is a leaf.

    >>> leaves, rebuild = flatten({"w": [1, 2], "b": 3})
    >>> leaves
    [1, 2, 3]
    >>> rebuild([10, 20, 30])
    {'w': [10, 20], 'b': 30}
    """
    if isinstance(nested, dict):
        keys = list(nested)
        leaves, rebuild = flatten([nested[key] for key in keys])
        return leaves, lambda new: dict(zip(keys, rebuild(new), strict=True))
    if not isinstance(nested, list | tuple):
        return [nested], lambda new: new[0]
    parts = [flatten(item) for item in nested]
    named = isinstance(nested, tuple) and hasattr(nested, "_fields")

    def rebuild_sequence(new: list[Any]) -> Any:
        items, start = [], 0
        for leaves, rebuild in parts:
            items.append(rebuild(new[start : start + len(leaves)]))
            start += len(leaves)
        return type(nested)(*items) if named else type(nested)(items)

    return [leaf for leaves, _ in parts for leaf in leaves], rebuild_sequence


def leaves_of(nested: Any) -> list[Any]:
    """The leaves alone."""
    return flatten(nested)[0]


def map_tree(function: Callable[..., Any], *nested: Any) -> Any:
    """The same nesting, of what the function makes of each leaf (or of the leaves at the same place in
    each).
    """
    leaves, rebuild = flatten(nested[0])
    others = [leaves_of(other) for other in nested[1:]]
    for other in others:
        if len(other) != len(leaves):
            raise ValueError(
                f"nested values must have the same form: {len(leaves)} leaves, and {len(other)}."
            )
    return rebuild([function(*group) for group in zip(leaves, *others, strict=True)])
