"""The forms that samples take: every kind of shape, every pair of shapes that broadcasts, every axis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..sampling import REAL, Domain, Sample, Shape

SHAPES: tuple[Shape, ...] = ((), (1,), (3,), (2, 3), (2, 1, 3), (0,), (2, 0, 3))
PAIRS: tuple[tuple[Shape, Shape], ...] = (
    ((), ()),
    ((3,), (3,)),
    ((2, 3), (2, 3)),
    ((2, 3), ()),
    ((), (2, 3)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 3), (1,)),
    ((1,), ()),
    ((2, 1), (1, 3)),
    ((1, 3), (2, 3)),
    ((2, 2, 3), (2, 1, 3)),
    ((2, 1), (4, 1, 3)),
    ((1, 1), (3,)),
    ((0, 3), (3,)),
    ((2, 0), (2, 1)),
    ((1,), (0,)),
)


def unary(*domains: Domain, **params: Any) -> list[Sample]:
    """One input, of every kind of shape."""
    return [Sample((shape,), params, domains or (REAL,)) for shape in SHAPES]


def binary(*domains: Domain, **params: Any) -> list[Sample]:
    """Two inputs, in every kind of pair of shapes."""
    return [Sample(pair, params, domains or (REAL,)) for pair in PAIRS]


def each(shape: Shape | tuple[Shape, ...], variants: Iterable[Mapping[str, Any]]) -> list[Sample]:
    """Inputs of these shapes (or one of this shape), with each variant of the parameters."""
    several = bool(shape) and isinstance(shape[0], tuple)
    shapes: Any = shape if several else (shape,)
    return [Sample(shapes, variant) for variant in variants]


def reductions() -> list[Sample]:
    """Every axis, negative and in tuples, none and all, with and without keepdims."""
    axes = (None, 0, 1, 2, -1, -2, -3, (0, 1), (0, 2), (2, 0), (-1, -3), (0, 1, 2), [0, -1], ())
    variants = [{"axis": axis, "keepdims": keep} for axis in axes for keep in (False, True)]
    zero_d = [{"axis": axis, "keepdims": keep} for axis in (None, ()) for keep in (False, True)]
    empty = [{"axis": axis} for axis in (1, -1, (1,))]
    return [*each((2, 3, 4), variants), *each((), zero_d), *each((0, 3), empty), *each((1,), variants[:4])]


def positions() -> list[Sample]:
    """Every axis of an operation that takes a single one."""
    axes = (None, 0, 1, 2, -1, -3)
    variants = [{"axis": axis, "keepdims": keep} for axis in axes for keep in (False, True)]
    return [*each((2, 3, 4), variants), *each((), [{}]), *each((0, 3), [{"axis": 1}])]
