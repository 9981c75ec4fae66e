"""Nested lists, tuples and dicts, with the names of `keras.tree`.

The one idea: a structure is taken apart into (keys, children) and put together again from children, level by
level; all else is written with these two. Dicts are walked in the order of their keys, ordered ones in their
own.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from typing import Any


class MAP_TO_NONE:  # noqa: N801 - Keras' name
    """What the function of `traverse` returns for "put None here"; None itself says "as it is"."""


def is_nested(structure: Any) -> bool:
    """Is it a list, a tuple or a dict?"""
    return isinstance(structure, list | tuple | dict)


def _parts(structure: Any) -> tuple[list[Any], list[Any]]:
    """(the keys, the children) of one level."""
    if not isinstance(structure, dict):
        return list(range(len(structure))), list(structure)
    keys = list(structure)
    if not isinstance(structure, OrderedDict):
        try:
            keys.sort()
        except TypeError:  # keys of several types keep the order in which they came
            keys = list(structure)
    return keys, [structure[key] for key in keys]


def _rebuilt(structure: Any, children: list[Any]) -> Any:
    """The same level with other children."""
    if isinstance(structure, dict):
        by_key = dict(zip(_parts(structure)[0], children, strict=True))
        items = [(key, by_key[key]) for key in structure]
        return (
            defaultdict(structure.default_factory, items)
            if isinstance(structure, defaultdict)
            else (OrderedDict(items) if isinstance(structure, OrderedDict) else dict(items))
        )
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*children)
    return tuple(children) if isinstance(structure, tuple) else list(children)


def _must_match(a: Any, b: Any) -> None:
    """ValueError unless b has the form of the one level a."""
    kinds = (dict,) if isinstance(a, dict) else (type(a),)
    if not isinstance(b, kinds) or (isinstance(a, tuple) and type(a) is not type(b)):
        raise ValueError(f"Structures differ: Expected an instance of {kinds[0].__name__}, got {b!s:.80}.")
    if isinstance(a, dict):
        if set(a) != set(b):
            raise ValueError(f"Structures differ: expected key(s) {_parts(a)[0]}, got {_parts(b)[0]}.")
    elif len(a) != len(b):
        raise ValueError(
            f"Structures differ: arity mismatch; expected {len(a)} in a {type(a).__name__}, got {len(b)}: "
            f"{b!s:.80}."
        )


def flatten(structure: Any) -> list[Any]:
    """The leaves, in order. None is one. Source: `keras.tree.flatten`.

    >>> flatten({"b": 1, "a": [2, 3]})
    [2, 3, 1]
    """
    return [leaf for _, leaf in flatten_with_path(structure)]


def flatten_with_path(structure: Any) -> list[tuple[tuple[Any, ...], Any]]:
    """(the keys on the way, the leaf) of each leaf. Source: `keras.tree.flatten_with_path`."""
    if not is_nested(structure):
        return [((), structure)]
    return [
        ((key, *path), leaf)
        for key, child in zip(*_parts(structure), strict=True)
        for path, leaf in flatten_with_path(child)
    ]


def map_structure(func: Callable[..., Any], *structures: Any, none_is_leaf: bool = True) -> Any:
    """The same structure of func(leaf), or of func(leaf of each). Source: `keras.tree.map_structure`.

    Raises:
        TypeError: func is no function. ValueError: no structures, or of different forms.
    """
    if not callable(func):
        raise TypeError(f"`func` must be callable. Received: func={func!r}")
    if not structures:
        raise ValueError("Must provide at least one structure")
    for other in structures[1:]:
        assert_same_structure(structures[0], other)
    if none_is_leaf:
        return map_structure_up_to(structures[0], func, *structures)
    return map_structure_up_to(
        structures[0], lambda *leaves: None if leaves[0] is None else func(*leaves), *structures
    )


def map_structure_up_to(shallow_structure: Any, func: Callable[..., Any], *structures: Any) -> Any:
    """func of what stands where the shallow structure ends. Source: `keras.tree.map_structure_up_to`."""
    if not structures:
        raise ValueError("Must provide at least one structure")
    if not is_nested(shallow_structure):
        return func(*structures)
    for structure in structures:
        _must_match(shallow_structure, structure)
    columns = zip(*(_children_as(shallow_structure, structure) for structure in structures), strict=True)
    inner = _parts(shallow_structure)[1]
    return _rebuilt(
        shallow_structure,
        [map_structure_up_to(s, func, *column) for s, column in zip(inner, columns, strict=True)],
    )


def _children_as(form: Any, structure: Any) -> list[Any]:
    return [structure[key] for key in _parts(form)[0]] if isinstance(form, dict) else list(structure)


def assert_same_structure(a: Any, b: Any, check_types: Any = None) -> None:
    """ValueError unless both have one form. Source: `keras.tree.assert_same_structure`."""
    if not is_nested(a):
        if is_nested(b):
            raise ValueError(f"Structures differ: expected a leaf, got {b!s:.80}.")
        return
    _must_match(a, b)
    for x, y in zip(_parts(a)[1], _children_as(a, b), strict=True):
        assert_same_structure(x, y)


def assert_same_paths(a: Any, b: Any) -> None:
    """ValueError unless the same keys reach the leaves of both. Source: `keras.tree.assert_same_paths`."""
    paths_a, paths_b = ({path for path, _ in flatten_with_path(s)} for s in (a, b))
    if paths_a != paths_b:
        raise ValueError(
            "`a` and `b` don't have the same paths. Paths in `a` missing in `b`: "
            f"{paths_a - paths_b or '{}'}. Paths in `b` missing in `a`: {paths_b - paths_a or '{}'}."
        )


def pack_sequence_as(structure: Any, flat_sequence: Sequence[Any]) -> Any:
    """Leaves in the form of a structure: `flatten` reversed. Source: `keras.tree.pack_sequence_as`.

    Raises:
        TypeError: the leaves are no sequence. ValueError: too many or too few of them.
    """
    if not hasattr(flat_sequence, "__iter__"):
        raise TypeError(f"flat_sequence must be a sequence of leaves. Received: {flat_sequence!r}")
    leaves = list(flat_sequence)
    wanted = len(flatten(structure))
    if len(leaves) != wanted:
        few = "few" if len(leaves) < wanted else "many"
        raise ValueError(f"Too {few} leaves for the structure; expected: {wanted}, got: {len(leaves)}.")
    left = iter(leaves)
    return map_structure_up_to(structure, lambda _: next(left), structure)


def traverse(func: Callable[[Any], Any], structure: Any, top_down: bool = True) -> Any:
    """func of each level and leaf: what it returns is put there, unless that is None. Source:
    `keras.tree.traverse`.

    >>> traverse(lambda x: x * 10 if isinstance(x, int) else None, [1, (2,)])
    [10, (20,)]
    """
    if not callable(func):
        raise TypeError(f"`func` must be callable. Received: func={func!r}")
    if top_down:
        put = func(structure)
        if put is not None:
            return None if put is MAP_TO_NONE else put
    if is_nested(structure):
        children = [traverse(func, child, top_down) for child in _parts(structure)[1]]
        structure = _rebuilt(structure, children)
    elif top_down:
        return structure
    if not top_down:
        put = func(structure)
        if put is not None:
            return None if put is MAP_TO_NONE else put
    return structure


def lists_to_tuples(structure: Any) -> Any:
    """Every list as a tuple. Source: `keras.tree.lists_to_tuples`."""
    return traverse(lambda x: tuple(x) if isinstance(x, list) else None, structure, top_down=False)


def map_shape_structure(func: Callable[[Any], Any], structure: Any) -> Any:
    """func of each shape, where a tuple or list of numbers and None is one. Source:
    `keras.tree.map_shape_structure`.
    """
    if isinstance(structure, list | tuple) and all(n is None or isinstance(n, int) for n in structure):
        return func(tuple(structure))
    if not is_nested(structure):
        raise ValueError(f"Cannot map function to unknown object {structure!s:.60}; a shape is a tuple.")
    return _rebuilt(structure, [map_shape_structure(func, child) for child in _parts(structure)[1]])
