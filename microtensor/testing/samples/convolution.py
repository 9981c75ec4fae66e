"""Convolution and pooling: windows that overlap and that do not, strides, margins, images of none."""

from __future__ import annotations

import itertools
from typing import Any

from ..sampling import Sample, Shape

_IMAGES: tuple[Shape, ...] = ((2, 4, 5, 2), (1, 3, 3, 1))
_WINDOWS: list[dict[str, Any]] = [
    {"size": size, "strides": strides, "padding": padding}
    for size, strides, padding in itertools.product(
        ((2, 2), (3, 2), (1, 1)), ((1, 1), (2, 1), (3, 2)), ("valid", "same", ((1, 0), (0, 2)))
    )
]
_SLIDES: list[dict[str, Any]] = [
    {},
    {"strides": 2},
    {"padding": "same"},
    {"strides": (1, 2), "padding": "same"},
]
_POOLS: list[dict[str, Any]] = [
    *({}, {"padding": "same"}, {"pool_size": (3, 2)}, {"pool_size": 1}, {"strides": 1}, {"strides": (2, 1)}),
    {"pool_size": 3, "strides": 2, "padding": "same"},
]


def _patches(size: Any, strides: Any, padding: Any) -> Sample:
    """The patches that windows2d makes of images of 3 by 4."""
    counts = []
    for n, k, s, margin in zip((3, 4), size, strides, ((1, 0), (0, 2)), strict=True):
        short = 0 if padding == "valid" else sum(margin)
        counts.append(-(-n // s) if padding == "same" else (n + short - k) // s + 1)
    params = {"shape": (3, 4), "strides": strides, "padding": padding}
    return Sample(((2, *counts, *size, 2),), params)


SAMPLES: dict[str, list[Sample]] = {
    "windows2d": [
        Sample((_IMAGES[0],)),
        *(Sample((_IMAGES[0],), params) for params in _WINDOWS),
        Sample((_IMAGES[1],), {"size": 3}),
        Sample((_IMAGES[1],), {"padding": "same", "fill": 7.0}),
        Sample(((0, 3, 3, 2),)),
        Sample(((2, 3, 3, 0),)),
    ],
    "fold2d": [Sample(((2, 1, 1, 2, 2, 2),)), *(_patches(**params) for params in _WINDOWS)],
    "conv2d": [
        *(Sample((image, (3, 2, image[3], 3)), params) for image in _IMAGES for params in _SLIDES),
        Sample(((1, 3, 4, 2), (1, 1, 2, 3))),
        Sample(((0, 3, 4, 2), (2, 2, 2, 3))),
    ],
    "conv1d": [
        *(Sample(((2, 5, 2), (3, 2, 3)), params) for params in _SLIDES[:3]),
        Sample(((2, 5, 2), (3, 2, 3)), {"padding": "causal"}),
        Sample(((1, 5, 1), (2, 1, 1)), {"padding": "causal", "strides": 2}),
    ],
    "max_pool2d": [Sample((_IMAGES[0],), params) for params in _POOLS],
    "avg_pool2d": [Sample((_IMAGES[0],), params) for params in _POOLS],
}
