"""The samples of every operation in the table: `samples["softmax"]`, a list of ways to call it.

The one idea: an operation without an entry here fails the suite, so none can be added unproven. An entry
names every variant that its vjp could get wrong: each axis, negative and in tuples, with and without
keepdims; each pair of shapes that broadcasts; 0-d; size 0; every form of index.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .sampling import CONDITION, POSITIVE, REAL, Domain, Sample, Shape

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


INDICES: tuple[tuple[Shape, Any], ...] = (
    ((5,), 2),
    ((5,), -1),
    ((5,), slice(1, 4)),
    ((5,), slice(None, None, -2)),
    ((5,), slice(3, 3)),
    ((5,), np.array([0, 3, 3, 0, 3])),
    ((5,), np.array([-1, 4, 1])),
    ((5,), np.array([[0, 1], [1, 1]])),
    ((5,), np.array([], dtype=np.intp)),
    ((5,), np.array([True, False, True, True, False])),
    ((5,), np.zeros(5, bool)),
    ((), ...),
    ((), ()),
    ((), None),
    ((3, 4), 1),
    ((3, 4), (1, 2)),
    ((3, 4), (-1, slice(None))),
    ((3, 4), (slice(None), 1)),
    ((3, 4), (slice(None, None, 2), slice(1, None))),
    ((3, 4), (..., 0)),
    ((3, 4), (None, 1, None, slice(0, 2))),
    ((3, 4), np.array([2, 0, 2])),
    ((3, 4), (slice(None), np.array([1, 1, 3]))),
    ((3, 4), (np.array([0, 0, 2]), np.array([1, 1, 3]))),
    ((3, 4), (np.array([[0], [2]]), np.array([1, 1]))),
    ((3, 4), (1, np.array([0, 0]))),
    ((3, 4), np.arange(12).reshape(3, 4) % 3 == 0),
    ((3, 4), (np.array([True, False, True]), slice(1, 3))),
    ((3, 4), (np.array([True, False, True]), 2)),
    ((2, 3, 4), (np.array([0, 0]), slice(None), np.array([1, 1]))),
    ((2, 3, 4), (slice(None), None, np.array([1, 1]), 0)),
    ((2, 3, 4), (0, ..., np.array([3, 3, 0]))),
    ((0, 3), np.zeros((0, 3), bool)),
    ((0,), np.zeros(0, bool)),
    ((0, 3), slice(None)),
    ((0, 3), (slice(None), 1)),
)

MATRICES: tuple[tuple[Shape, Shape], ...] = (
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((2, 3), (3, 4)),
    ((1, 3), (3, 1)),
    ((3,), (2, 3, 4)),
    ((2, 2, 3), (3,)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (2, 3, 4)),
    ((1, 2, 3), (4, 3, 2)),
    ((3,), (2, 2, 3, 4)),
    ((2, 2, 2, 3), (3,)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
    ((0,), (0,)),
    ((0,), (0, 2)),
    ((2, 3), (3, 0)),
    ((0, 2, 3), (3, 4)),
)

_AXES3 = [{"axis": axis} for axis in (0, 1, -1, -2)]
_ALL_AXES = [None, *itertools.permutations(range(3)), (-1, 0, 1), (0, -1, -2)]
_CHOICES = (
    ((3,), (3,), (3,)),
    ((), (2, 3), (2, 3)),
    ((2, 1), (3,), ()),
    ((2, 3), (2, 1), (1, 3)),
    ((), (), ()),
    ((0, 3), (3,), (1,)),
    ((3,), (2, 3), ()),
)

samples: dict[str, list[Sample]] = {
    **{
        name: binary()
        for name in (
            *("add", "subtract", "multiply", "maximum", "minimum"),
            *("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
        )
    },
    "divide": binary(REAL, Domain(gap=0.5, pole=True)),
    "power": binary(POSITIVE, REAL),
    "where": [Sample(shapes, {}, (CONDITION, REAL, REAL)) for shapes in _CHOICES],
    **{
        name: unary()
        for name in (
            *("negative", "abs", "sign", "square", "exp", "tanh"),
            *("identity", "step", "relu", "sigmoid", "softplus"),
        )
    },
    "log": unary(POSITIVE),
    "sqrt": unary(POSITIVE),
    "leaky_relu": [*unary(), *unary(negative_slope=0.3), *unary(negative_slope=-0.5)],
    "elu": [*unary(), *unary(alpha=0.5)],
    "astype": unary(dtype="float64"),
    **{name: reductions() for name in ("sum", "mean", "max", "min", "all", "any")},
    **{name: positions() for name in ("argmax", "argmin")},
    "softmax": [
        *each((2, 3, 4), [{}, *({"axis": axis} for axis in (0, 1, 2, -1, -2, -3))]),
        *each((3,), [{}]),
        *each((), [{}]),
        *each((0, 3), [{}]),
        *each((2, 1), [{}]),
    ],
    "maxout": [
        *each((4,), [{}, {"pieces": 4}, {"pieces": 1}]),
        *each((2, 6), [{}, {"pieces": 3}]),
        *each((2, 1, 4), [{}]),
        *each((0, 4), [{}]),
    ],
    "mse": each(((3,), (3,)), [{}])
    + each(((2, 3), (2, 3)), [{}])
    + [Sample(((), ())), Sample(((2, 1), (2, 1)))],
    "reshape": [
        *each((2, 3), [{}, {"shape": (3, 2)}, {"shape": -1}, {"shape": (1, -1, 2)}, {"shape": (6,)}]),
        *each((), [{"shape": (1, 1)}, {"shape": ()}]),
        *each((1,), [{"shape": ()}]),
        *each((0, 3), [{"shape": (3, 0)}, {"shape": (0, 5)}]),
    ],
    "transpose": [
        *each((2, 3, 4), [{"axes": axes} for axes in _ALL_AXES]),
        *each((2, 3), [{}, {"axes": (1, 0)}, {"axes": (-1, 0)}]),
        *each((3,), [{}]),
        *each((), [{}]),
        *each((0, 3), [{}]),
    ],
    "swapaxes": [
        *each(
            (2, 3, 4),
            [{}, *({"axis1": a, "axis2": b} for a, b in ((0, 1), (0, -1), (2, 0), (-3, -2), (1, 1)))],
        ),
        *each((0, 3), [{}]),
    ],
    "squeeze": [
        *each((1, 3, 1), [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}]),
        *each((1, 1), [{}, {"axis": 1}]),
        *each((2, 3), [{}]),
        *each((), [{}]),
        *each((1, 0), [{}]),
    ],
    "expand_dims": [
        *each((2, 3), [{}, {"axis": 0}, {"axis": 1}, {"axis": -2}, {"axis": (0, -1)}, {"axis": (1, 2)}]),
        *each((), [{"axis": 0}]),
        *each((0,), [{"axis": 0}]),
    ],
    "broadcast_to": [
        *each((3,), [{"shape": (3,)}, {"shape": (2, 3)}, {"shape": (2, 2, 3)}, {"shape": (0, 3)}]),
        *each((), [{"shape": ()}, {"shape": (2, 3)}]),
        *each((2, 1), [{"shape": (2, 3)}, {"shape": (4, 2, 3)}]),
        *each((1, 1), [{"shape": (2, 3)}, {"shape": (2, 0)}]),
        *each((1, 3), [{"shape": (2, 2, 3)}]),
    ],
    "concatenate": [
        *each(((2, 3), (1, 3)), [{}, {"axis": 0}, {"axis": -2}, {"axis": None}]),
        *each(((2, 1), (2, 3), (2, 0)), [{"axis": 1}, {"axis": -1}, {"axis": None}]),
        *each(((2, 1, 2), (2, 3, 2)), [{"axis": 1}]),
        *each(((3,),), [{}]),
        *each(((3,), (2,), (1,)), [{}]),
    ],
    "stack": [
        *each(((2, 3), (2, 3)), [{}, *_AXES3, {"axis": 2}, {"axis": -3}]),
        *each(((), (), ()), [{}, {"axis": -1}]),
        *each(((3,),), [{}, {"axis": 1}]),
        *each(((0,), (0,)), [{"axis": 1}]),
    ],
    "getitem": [Sample((shape,), {"index": index}) for shape, index in INDICES],
    "scatter": [
        Sample((np.empty(shape)[index].shape,), {"index": index, "shape": shape}) for shape, index in INDICES
    ],
    "matmul": [Sample(pair) for pair in MATRICES],
    "uniform": [Sample((), {"shape": shape, "seed": 7}) for shape in ((), (3,), (2, 0), 4)],
    "normal": [Sample((), {"shape": shape, "seed": 7}) for shape in ((), (3,), (2, 0), 4)],
}
