"""Shapes: every axis, every order of axes, every form of index."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..sampling import REAL, Domain, Sample, Shape
from .forms import each, unary

ROWS = Domain(0, 3, kind="int")  # which of three

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

_AXES3 = [{"axis": axis} for axis in (0, 1, -1, -2)]
_ALL_AXES = [None, *itertools.permutations(range(3)), (-1, 0, 1), (0, -1, -2)]
SAMPLES: dict[str, list[Sample]] = {
    "astype": unary(dtype="float64"),
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
    "moveaxis": each(
        (2, 3, 4),
        [
            {},
            *(
                {"source": a, "destination": b}
                for a, b in ((0, 2), (-1, 0), (1, 1), ((0, 1), (-1, 0)), ((2, 0), (0, 1)))
            ),
        ],
    ),
    "flip": [
        *each((2, 3, 4), [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}]),
        *each((), [{}]),
        *each((0, 3), [{}]),
    ],
    "roll": [
        *each((2, 3), [{}, {"shift": -2}, {"shift": 1, "axis": 0}, {"shift": 2, "axis": -1}]),
        *each((2, 3), [{"shift": (1, 2), "axis": (0, 1)}, {"shift": 1, "axis": (0, 1)}]),
        *each((4,), [{"shift": 5}]),
    ],
    **{
        name: [*each((3, 4), [{}, {"k": 1}, {"k": -1}]), *each((2, 3, 3), [{}]), *each((0, 3), [{}])]
        for name in ("tril", "triu")
    },
    "pad": [
        *each((2, 3), [{}, {"pad_width": 1}, {"pad_width": (1, 2)}, {"pad_width": ((0, 1), (2, 0))}]),
        *each((3,), [{"pad_width": 2, "constant_values": 5.0}]),
        *each((0, 2), [{"pad_width": 1}]),
    ],
    "index_update": [
        Sample((shape, np.empty(shape)[index].shape), {"index": index})
        for shape, index in INDICES
        if len(np.unique(np.arange(np.prod(shape, dtype=int)).reshape(shape)[index]))
        == np.empty(shape)[index].size
    ],
    "take": [
        *[
            Sample(((3, 4), shape), {"axis": axis}, (REAL, ROWS))
            for shape in ((), (5,), (2, 2))
            for axis in (0, 1, -1)
        ],
        Sample(((3, 4), (5,)), {}, (REAL, ROWS)),
        Sample(((4,), (0,)), {"axis": 0}, (REAL, ROWS)),
    ],
    "untake": [
        Sample(((5, 4), (5,)), {"shape": (3, 4), "axis": 0}, (REAL, ROWS)),
        Sample(((4, 2), (2,)), {"shape": (4, 3), "axis": -1}, (REAL, ROWS)),
        Sample(((5,), (5,)), {"shape": (3, 4)}, (REAL, ROWS)),
    ],
    "take_along_axis": [
        Sample(((3, 4), (3, 2)), {}, (REAL, ROWS)),
        Sample(((3, 4), (5, 4)), {"axis": 0}, (REAL, ROWS)),
        Sample(((2, 3, 3), (2, 1, 3)), {"axis": 1}, (REAL, ROWS)),
    ],
    "put_along_axis": [
        Sample(((3, 2), (3, 2)), {"shape": (3, 4)}, (REAL, ROWS)),
        Sample(((5, 4), (5, 4)), {"shape": (3, 4), "axis": 0}, (REAL, ROWS)),
    ],
    **{
        name: [
            *each((2, 3, 4), [{}, {"axis": 0}, {"axis": 1}, {"axis": None}]),
            *each((5,), [{}]),
            *each((0, 3), [{}]),
        ]
        for name in ("sort", "argsort")
    },
    "searchsorted": [Sample(((1,), (3,))), Sample(((1,), ()), {"side": "right"})],
    "unique": [*each((2, 3), [{}]), *each((0,), [{}])],
    "ravel": [*each((2, 3), [{}]), *each((), [{}])],
    "atleast_1d": [*each((2, 3), [{}]), *each((), [{}])],
    **{name: [Sample(((2, 3),), order=0), Sample(((),), order=0)] for name in ("zeros_like", "ones_like")},
    "full_like": [Sample(((2, 3), ())), Sample(((2, 3), (3,))), Sample(((), ()))],
    "pad_as": [
        *each(
            (2, 3),
            [
                {"pad_width": 1},
                {"pad_width": 1, "mode": "edge"},
                {"pad_width": ((0, 1), (1, 0)), "mode": "wrap"},
            ],
        ),
        *each((4,), [{"pad_width": (2, 3), "mode": "reflect"}, {"pad_width": (2, 5), "mode": "symmetric"}]),
    ],
    **{
        name: [Sample(((2, 3), (2, 3))), Sample(((3,), (3,))), Sample(((1, 2),))]
        for name in ("hstack", "vstack")
    },
    "split": each(
        (4, 6),
        [{"indices_or_sections": 2}, {"indices_or_sections": 3, "axis": 1}, {"indices_or_sections": [1, 3]}],
    ),
    "array_split": each(
        (5, 3),
        [
            {"indices_or_sections": 2},
            {"indices_or_sections": [1, 1, 4]},
            {"indices_or_sections": 4, "axis": -1},
        ],
    ),
    "tile": [*each((2, 3), [{"reps": 2}, {"reps": (2, 1)}, {"reps": (2, 1, 3)}]), *each((), [{"reps": 3}])],
    "repeat": [
        *each((2, 3), [{"repeats": 2}, {"repeats": 2, "axis": 0}, {"repeats": [1, 0, 2], "axis": -1}]),
        *each((), [{"repeats": 2}]),
    ],
    "meshgrid": [
        Sample(((2,), (3,))),
        Sample(((2,), (3,)), {"indexing": "ij"}),
        Sample(((2,), (3,), (4,))),
        Sample(((3,),)),
    ],
    "diagonal": [
        *each((3, 4), [{}, {"offset": 1}, {"offset": -2}, {"offset": 9}]),
        *each((2, 3, 4), [{"axis1": 1, "axis2": 2}, {"axis1": -1, "axis2": 0, "offset": 1}]),
    ],
    "diag": [*each((3, 4), [{}, {"k": 1}]), *each((3,), [{}, {"k": 2}, {"k": -1}])],
}
