"""Linear algebra: vectors, matrices and stacks of them, in all pairs; matrices that are far from singular."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..sampling import POSITIVE, REAL, Array, Domain, Sample, Shape
from .forms import each

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


@dataclass(frozen=True)
class Regular(Domain):
    """Matrices near diag(1, 2, …): of full rank, with positive eigenvalues, and no two singular values near.

    A change of ±0.2 in each element moves a singular value of a 3x3 matrix by at most 0.6, and by far less
    as a rule. On kinks the matrices are diagonal.
    """

    def place(self, parts: Array) -> Array:
        return self.around(0.4 * (parts - 0.5))

    def corners(self, rng: np.random.Generator, shape: Shape) -> Array:
        return self.around(np.zeros(shape))

    def around(self, noise: Array) -> Array:
        rows, columns = noise.shape[-2:]
        placed: Array = noise + np.eye(rows, columns) * np.arange(1.0, columns + 1)
        return placed


REGULAR = Regular()
APART = Domain(gap=0.5, pole=True)
SQUARE: tuple[Shape, ...] = ((1, 1), (2, 2), (3, 3), (2, 3, 3), (2, 1, 2, 2), (0, 0), (0, 2, 2), (2, 0, 0))
WIDE_AND_TALL: tuple[Shape, ...] = ((2, 3), (3, 2), (1, 3), (3, 1), (2, 3, 2), (2, 2, 3), (2, 1, 3, 2))
EMPTY: tuple[Shape, ...] = ((0, 2, 3), (0, 3, 2), (0, 3), (3, 0))
SYSTEMS: tuple[tuple[Shape, Shape], ...] = (
    ((1, 1), (1,)),
    ((2, 2), (2,)),
    ((3, 3), (3, 2)),
    ((3, 3), (3, 1)),
    ((2, 3, 3), (3,)),
    ((2, 3, 3), (3, 2)),
    ((2, 2), (4, 2, 3)),
    ((2, 2, 2), (2, 2, 3)),
    ((4, 1, 2, 2), (2, 2, 1)),
    ((0, 0), (0,)),
    ((0, 0), (0, 2)),
    ((2, 2), (2, 0)),
    ((0, 2, 2), (2, 3)),
)
QUOTIENTS: tuple[tuple[Shape, Shape, Shape], ...] = (
    ((3, 3), (3, 3), (1, 1)),
    ((2, 3, 3), (2, 3, 3), (2, 1, 1)),
    ((2, 4, 3), (2, 1, 3), (2, 1, 1)),
    ((3,), (3,), ()),
    ((0, 3), (0, 3), (1, 1)),
)
LEAST_SQUARES: tuple[tuple[Shape, Shape], ...] = (
    ((3, 2), (3,)),
    ((3, 2), (3, 2)),
    ((3, 1), (3,)),
    ((2, 2), (2,)),
    ((2, 2), (2, 3)),
    ((2, 3), (2,)),
    ((2, 3), (2, 2)),
)
SUBSCRIPTS: tuple[tuple[str, tuple[Shape, ...]], ...] = (
    ("ij,jk->ik", ((2, 3), (3, 4))),
    ("ij,jk", ((2, 3), (3, 4))),
    ("ij , kj -> ki", ((2, 3), (4, 3))),
    ("i,i", ((3,), (3,))),
    ("i,j->ij", ((3,), (2,))),
    ("i,j->ji", ((3,), (2,))),
    ("ba", ((2, 3),)),
    ("ij->ji", ((2, 3),)),
    ("ij->", ((2, 3),)),
    ("ij->j", ((2, 3),)),
    ("ii", ((3, 3),)),
    ("ii->i", ((3, 3),)),
    ("iij->j", ((3, 3, 2),)),
    ("iii->i", ((2, 2, 2),)),
    ("ijij->ij", ((2, 3, 2, 3),)),
    ("ii,i->i", ((3, 3), (3,))),
    ("ii,jj->ij", ((2, 2), (3, 3))),
    ("ij,k->k", ((2, 3), (4,))),
    ("ijk,k->i", ((2, 3, 4), (4,))),
    ("bij,bjk->bik", ((2, 2, 3), (2, 3, 2))),
    ("...ij,...jk->...ik", ((2, 2, 3), (3, 2))),
    ("...ij,...jk", ((4, 1, 2, 3), (5, 3, 2))),
    ("...,...", ((2, 3), (3,))),
    ("i...,i->...", ((3, 2), (3,))),
    ("...i->i...", ((2, 3, 4),)),
    ("...ii->...", ((2, 3, 3),)),
    ("ij,ij->ij", ((1, 3), (2, 3))),
    ("ij,jk->ik", ((2, 1), (3, 2))),
    ("i,j,k->ikj", ((2,), (3,), (2,))),
    ("ij,jk,kl->il", ((2, 3), (3, 4), (4, 2))),
    ("ij,jk,ki", ((2, 3), (3, 2), (2, 2))),
    ("i,,i", ((3,), (), (3,))),
    ("ij,ij,ij,i->j", ((2, 3), (2, 3), (2, 3), (2,))),
    ("ij,jk->ik", ((2, 0), (0, 3))),
    ("i,j->ij", ((0,), (2,))),
    ("i->", ((0,),)),
    (",", ((), ())),
    ("", ((2, 3), (3,))),
)


def _matrices(shapes: Iterable[Shape], **params: Any) -> list[Sample]:
    return [Sample((shape,), params, (REGULAR,)) for shape in shapes]


def _systems(pairs: Iterable[tuple[Shape, Shape]]) -> list[Sample]:
    return [Sample(pair, {}, (REGULAR, REAL)) for pair in pairs]


def _dots(*more: tuple[Shape, Shape]) -> list[Sample]:
    pairs: tuple[tuple[Shape, Shape], ...] = (((), ()), ((), (2, 3)), ((3,), ()), ((3,), (3,)), ((0,), (0,)))
    return [Sample(pair) for pair in (*pairs, *more)]


_KEPT = [{"keepdims": keep} for keep in (False, True)]
_VECTOR_NORMS = [
    {"ord": kind, "axis": axis, **keep} for kind in (None, 1, 2, np.inf) for axis in (0, -1) for keep in _KEPT
]
_MATRIX_KINDS = (None, "fro", 1, 2, np.inf)
_MATRIX_NORMS = [
    {"ord": kind, "axis": axis, **keep}
    for kind in _MATRIX_KINDS
    for axis in ((0, 1), (-1, -2), (0, 2))
    for keep in _KEPT
]
SAMPLES: dict[str, list[Sample]] = {
    "matmul": [Sample(pair) for pair in MATRICES],
    "contract": [Sample(shapes, {"subscripts": text}) for text, shapes in SUBSCRIPTS],
    "einsum": [Sample(shapes, {"subscripts": text}) for text, shapes in SUBSCRIPTS if text],
    "dot": _dots(
        *(((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 2, 3), (3, 4)), ((2, 3), (2, 3, 4))),
        *(((3,), (2, 3, 4)), ((2, 2, 3), (2, 3, 2)), ((0, 3), (3, 2)), ((2, 2, 3), (3,))),
    ),
    "vdot": [Sample(pair) for pair in (((3,), (3,)), ((2, 3), (2, 3)), ((), ()), ((0, 2), (0, 2)))],
    "inner": _dots(((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((2, 2, 3), (4, 3)), ((0, 3), (2, 3))),
    "outer": _dots(((3,), (2,)), ((2, 3), (2,)), ((2, 2), (3, 1)), ((0,), (2,))),
    "tensordot": [
        Sample(((2, 3, 4), (3, 4, 2))),
        *each(((2, 3), (3, 4)), [{"axes": 1}, {"axes": 0}, {"axes": (1, 0)}, {"axes": ([-1], [-2])}]),
        *each(((2, 3, 4), (4, 3, 5)), [{"axes": ((1, 2), (1, 0))}, {"axes": ((2,), (0,))}]),
        *each(((3,), (3,)), [{"axes": 1}, {"axes": 0}]),
        *each(((), (2,)), [{"axes": 0}]),
        *each(((0, 2), (2, 3)), [{"axes": 1}]),
        *each(((2, 0), (0, 3)), [{"axes": 1}]),
    ],
    "kron": _dots(
        *(
            ((2,), (3,)),
            ((2, 3), (2, 2)),
            ((2, 3), (2,)),
            ((2,), (2, 3)),
            ((2, 1, 2), (2, 2)),
            ((0, 2), (2, 2)),
        )
    ),
    "trace": [
        *each((3, 3), [{}, {"offset": 1}, {"offset": -2}, {"offset": 5}]),
        *each((2, 3), [{}, {"offset": 2}, {"axis1": 1, "axis2": 0}]),
        *each((2, 3, 4), [{}, {"axis1": 1, "axis2": 2}, {"axis1": -1, "axis2": 0, "offset": -1}]),
        *each((0, 0), [{}]),
    ],
    "matrix_power": [
        *(Sample(((3, 3),), {"n": n}, (REGULAR,)) for n in (1, 2, 3, 5, -1, -2)),
        *_matrices(((1, 1), (2, 2, 2), (0, 0)), n=2),
        Sample(((2, 3, 3),), {"n": 0}, (REGULAR,), order=0),
    ],
    "inv": _matrices(SQUARE),
    "solve": _systems(SYSTEMS),
    "pinv": [*_matrices((*SQUARE[:4], *WIDE_AND_TALL, *EMPTY)), *_matrices(((3, 2),), rcond=1e-6)],
    "lstsq": _systems(LEAST_SQUARES),
    "det": _matrices(SQUARE),
    "cofactor": _matrices(SQUARE),
    "det_sign": _matrices(SQUARE),
    "logabsdet": _matrices(SQUARE),
    "slogdet": _matrices(SQUARE),
    "cholesky": [*_matrices(SQUARE), *_matrices(((3, 3), (2, 2, 2)), upper=True)],
    "qr_factors": _matrices((*SQUARE, *WIDE_AND_TALL, *EMPTY)),
    "qr": [*_matrices((*SQUARE, *WIDE_AND_TALL, *EMPTY)), *_matrices(((3, 3), (3, 2), (2, 3)), mode="r")],
    "eigenpairs": _matrices(SQUARE),
    "eigh": _matrices(SQUARE),
    "eigvalsh": _matrices(SQUARE),
    "singular_triplets": _matrices((*SQUARE, *WIDE_AND_TALL, *EMPTY)),
    "svd": [
        *_matrices(SQUARE),
        *_matrices((*WIDE_AND_TALL, *EMPTY), full_matrices=False),
        *_matrices(((3, 3), (2, 3)), compute_uv=False),
    ],
    "svdvals": _matrices((*SQUARE, *WIDE_AND_TALL, *EMPTY)),
    "quotient": [
        *(Sample(shapes, {}, (REAL, APART, POSITIVE)) for shapes in QUOTIENTS),
        Sample(QUOTIENTS[0], {"what": "svd"}, (REAL, APART, POSITIVE)),
    ],
    "euclidean_norm": [
        *each(
            (2, 3, 4), [{"axis": axis, **keep} for axis in (None, 0, -1, (0, 1), (2, 0)) for keep in _KEPT]
        ),
        *each((3,), [{}, {"axis": 0}]),
        *each((), [{}]),
        *each((0, 3), [{}, {"axis": 0}, {"axis": 1}]),
    ],
    "norm": [
        *each((2, 3), _VECTOR_NORMS),
        *each((2, 3, 4), _MATRIX_NORMS),
        *(Sample(((2, 3),), {"ord": kind, **keep}, (REGULAR,)) for kind in _MATRIX_KINDS for keep in _KEPT),
        *each((3,), [{"ord": kind} for kind in (None, 1, 2, np.inf)]),
        *each((2, 2, 2), [{}, {"keepdims": True}]),
        *each((), [{}]),
        *each((0, 3), [{}, {"ord": 1, "axis": 0}]),
    ],
}
