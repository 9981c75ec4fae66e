"""Nested lists, tuples and dicts of things: taking them apart, and putting them together again in the same
form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_NESTS = (list, tuple, dict)


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
    """The leaves alone: that is asked at every step, so nothing is made for the way back."""
    if not isinstance(nested, _NESTS):
        return [nested]
    leaves: list[Any] = []
    for item in nested.values() if isinstance(nested, dict) else nested:
        if isinstance(item, _NESTS):
            leaves += leaves_of(item)
        else:
            leaves.append(item)
    return leaves


def form_of(nested: Any) -> Any:
    """How the leaves are nested, as something that can be a key: two nestings of one form have their leaves
    in one order.
    """
    if not isinstance(nested, _NESTS):
        return None
    if isinstance(nested, dict):
        return dict, *nested, *map(form_of, nested.values())
    return type(nested), *[form_of(item) if isinstance(item, _NESTS) else None for item in nested]


def leaves_like(form: Any, nested: Any) -> list[Any]:
    """The leaves of `nested` in the order in which those of `form` come: dicts are matched by their keys.

    ValueError if it is nested in another way.
    """
    if isinstance(form, dict):
        if not isinstance(nested, dict) or set(nested) != set(form):
            keys = sorted(map(str, nested)) if isinstance(nested, dict) else type(nested).__name__
            raise ValueError(f"expected a dict with the keys {sorted(map(str, form))}; got {keys}.")
        return [leaf for key in form for leaf in leaves_like(form[key], nested[key])]
    if isinstance(form, list | tuple):
        if not isinstance(nested, list | tuple) or len(nested) != len(form):
            got = f"{len(nested)}" if isinstance(nested, list | tuple) else f"a {type(nested).__name__}"
            raise ValueError(f"expected the same form: {len(form)} things in a list or tuple; got {got}.")
        return [leaf for a, b in zip(form, nested, strict=True) for leaf in leaves_like(a, b)]
    return [nested]


def map_tree(function: Callable[[Any], Any], nested: Any) -> Any:
    """The same nesting, of what the function makes of each leaf."""
    leaves, rebuild = flatten(nested)
    return rebuild([function(leaf) for leaf in leaves])
