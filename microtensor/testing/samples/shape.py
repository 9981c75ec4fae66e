"""Shapes: every axis, every order of axes, every form of index."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..sampling import Sample, Shape
from .forms import each, unary

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
}
